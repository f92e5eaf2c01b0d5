internal import LinearAlgebra

extension RecurrentTextModel {
    package func store(in file: inout SafetensorsFile) {
        let shape = network.shape
        file.metadata["recurrent"] = TextClassifierFile.json(shape)
        file.metadata["longest"] = String(longest)
        file.metadata["units"] = TextClassifierFile.json(vocabulary.units)
        let numbers = network.parameters.numbers
        for (name, range) in RecurrentTextModel.tensors(shape) { file.tensors[name] = .init(Array(numbers[range])) }
    }

    private static func tensors(_ shape: RecurrentShape) -> [(name: String, range: Range<Int>)] {
        var out = [("embedding.weight", shape.embeddings)]
        for (direction, name) in ["forward", "backward"].enumerated() {
            out.append(("\(name).input", shape.inputWeights(direction)))
            out.append(("\(name).recurrent", shape.recurrentWeights(direction)))
            out.append(("\(name).bias", shape.biases(direction)))
        }
        out += [("output.weight", shape.outputWeights), ("output.bias", shape.outputBiases)]
        return shape.buckets > 0 ? out + [("grams.weight", shape.gramWeights)] : out
    }

    /// Reads the model; sizes that do not fit together are errors.
    init(reading reader: TensorReader, labelCount: Int) throws(ModelError) {
        let shape: RecurrentShape = try reader.metadata("recurrent")
        let units: [String] = try reader.metadata("units")
        let longest: Int = try reader.metadata("longest")
        guard shape.units == units.count, (1...10_000_000).contains(shape.units), (1...4096).contains(shape.embedding),
            (1...4096).contains(shape.width), shape.width % RecurrentKernels.widthMultiple == 0,
            shape.labels == labelCount, (0...16_777_216).contains(shape.buckets), (2...8).contains(shape.longestGram),
            (1...65_536).contains(longest), units.first == "",
            Set(units).count == units.count
        else { throw .damaged(path: reader.path, tensor: nil, reason: "an impossible recurrent shape") }
        let parameters = NumberBuffer(count: shape.parameters)
        for (name, range) in RecurrentTextModel.tensors(shape) {
            let numbers = try reader.floats(name, count: range.count)
            for (place, number) in zip(range, numbers) { parameters.base[place] = number }
        }
        self.init(
            vocabulary: UnitVocabulary(units: units), longest: longest,
            network: RecurrentNetwork(shape: shape, parameters: parameters))
    }
}
