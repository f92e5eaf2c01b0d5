/// The tensors of an encoder, by their place in it.
struct EncoderWeights: Sendable {
    typealias Weights = MappedTensors.Weights

    /// A matrix [outputs × inputs] with a number added to each output.
    struct Dense: Sendable {
        let weight: Weights
        let bias: Weights
    }

    /// Gain and shift of a layer normalisation.
    struct Norm: Sendable {
        let gain: Weights
        let shift: Weights
    }

    struct Layer: Sendable {
        let query: Dense
        let key: Dense
        let value: Dense
        let output: Dense
        let attentionNorm: Norm
        let inner: Dense
        let outer: Dense
        let norm: Norm
    }

    let words: Weights
    let positions: Weights
    let types: Weights
    let embeddingNorm: Norm
    let layers: [Layer]

    init(_ tensors: MappedTensors, _ shape: EncoderConfiguration) throws(ModelError) {
        // Models with a task's head keep the encoder under a name of its own.
        let prefix = tensors.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
        let (width, inner) = (shape.width, shape.innerWidth)
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) throws(ModelError) -> Dense {
            Dense(
                weight: try tensors.weights("\(prefix)\(name).weight", shape: [outputs, inputs]),
                bias: try tensors.weights("\(prefix)\(name).bias", shape: [outputs]))
        }
        func norm(_ name: String) throws(ModelError) -> Norm {
            // Files made from the first TensorFlow models call them gamma and beta.
            let isOld = tensors.contains("\(prefix)\(name).gamma")
            return Norm(
                gain: try tensors.weights("\(prefix)\(name).\(isOld ? "gamma" : "weight")", shape: [width]),
                shift: try tensors.weights("\(prefix)\(name).\(isOld ? "beta" : "bias")", shape: [width]))
        }
        words = try tensors.weights(
            "\(prefix)embeddings.word_embeddings.weight", shape: [shape.vocabularySize, width])
        positions = try tensors.weights(
            "\(prefix)embeddings.position_embeddings.weight", shape: [shape.positions, width])
        let typeName = "\(prefix)embeddings.token_type_embeddings.weight"
        types = try tensors.weights(typeName, shape: [tensors.rows(of: typeName) ?? 2, width])
        embeddingNorm = try norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for index in 0..<shape.layers {
            let name = "encoder.layer.\(index)"
            layers.append(
                Layer(
                    query: try dense("\(name).attention.self.query", width, width),
                    key: try dense("\(name).attention.self.key", width, width),
                    value: try dense("\(name).attention.self.value", width, width),
                    output: try dense("\(name).attention.output.dense", width, width),
                    attentionNorm: try norm("\(name).attention.output.LayerNorm"),
                    inner: try dense("\(name).intermediate.dense", inner, width),
                    outer: try dense("\(name).output.dense", width, inner), norm: try norm("\(name).output.LayerNorm")))
        }
        self.layers = layers
    }
}
