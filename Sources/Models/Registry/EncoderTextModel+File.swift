extension EncoderTextModel {
    package func store(in file: inout SafetensorsFile) {
        file.metadata["encoder"] = TextClassifierFile.json(reference)
        file.tensors["head.weight"] = .init(head.weights)
        file.tensors["head.bias"] = .init(head.bias)
    }

    /// Reads the head and opens the encoder that it was trained on.
    init(reading reader: TensorReader, labelCount: Int) throws(ModelError) {
        let reference: EncoderReference = try reader.metadata("encoder")
        guard (1...256).contains(reference.layers), (1...16_384).contains(reference.width),
            (1...32).contains(reference.views.count),
            reference.views.allSatisfy({ (0..<reference.layers).contains($0.layerFromEnd) })
        else { throw .damaged(path: reader.path, tensor: nil, reason: "an impossible encoder") }
        let columns = reference.width * reference.views.count
        let weights = try reader.floats("head.weight", count: columns * labelCount)
        let bias = try reader.floats("head.bias", count: labelCount)
        let encoder = try reference.open()
        guard encoder.configuration.layers == reference.layers, encoder.configuration.width == reference.width else {
            throw .damaged(path: reader.path, tensor: nil, reason: "an encoder of another size than its weights have")
        }
        self.init(
            reference: reference, head: DenseHead(columns: columns, weights: weights, bias: bias), encoder: encoder,
            cache: nil)
    }
}

extension StackedTextModel {
    package func store(in file: inout SafetensorsFile) {
        linear.store(in: &file)
        encoder.store(in: &file)
        file.tensors["stacking.weight"] = .init([weight])
    }

    /// Reads both parts and how they are joined.
    init(reading reader: TensorReader, labelCount: Int) throws(ModelError) {
        let weight = try reader.floats("stacking.weight", count: 1)[0]
        self.init(
            linear: try LinearTextModel(reading: reader, labelCount: labelCount),
            encoder: try EncoderTextModel(reading: reader, labelCount: labelCount), weight: weight)
    }
}
