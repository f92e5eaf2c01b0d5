internal import LinearAlgebra

extension EncoderTextModel {
    package func store(in file: inout SafetensorsFile) {
        file.metadata["encoder"] = TextClassifierFile.json(reference)
        switch head {
        case .linear(let head):
            file.metadata["head"] = TextClassifierFile.json("linear")
            file.tensors["head.weight"] = .init(head.weights)
            file.tensors["head.bias"] = .init(head.bias)
        case .kernel(let head):
            file.metadata["head"] = TextClassifierFile.json("kernel")
            file.tensors["head.weight"] = .init(head.weights)
            file.tensors["head.gamma"] = .init([head.gamma])
            file.tensors["head.mean"] = .init(head.scaling.means)
            file.tensors["head.factor"] = .init(head.scaling.factors)
            let halves = head.support.values.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }
            file.tensors["head.support"] = .init(halves, as: .bfloat16)
        }
    }

    /// Reads the head and opens the encoder that it was trained on.
    init(reading reader: TensorReader, labelCount: Int) throws(ModelError) {
        let reference: EncoderReference = try reader.metadata("encoder")
        guard (1...256).contains(reference.layers), (1...16_384).contains(reference.width),
            (1...32).contains(reference.views.count),
            reference.views.allSatisfy({ (0..<reference.layers).contains($0.layerFromEnd) })
        else { throw .damaged(path: reader.path, tensor: nil, reason: "an impossible encoder") }
        let columns = reference.width * reference.views.count
        let head = try EncoderHead(reading: reader, columns: columns, labelCount: labelCount)
        let encoder = try reference.open()
        guard encoder.configuration.layers == reference.layers, encoder.configuration.width == reference.width else {
            throw .damaged(path: reader.path, tensor: nil, reason: "an encoder of another size than its weights have")
        }
        self.init(reference: reference, head: head, encoder: encoder, cache: nil)
    }
}

extension EncoderHead {
    fileprivate init(reading reader: TensorReader, columns: Int, labelCount: Int) throws(ModelError) {
        let kind: String = try reader.metadata("head")
        switch kind {
        case "linear":
            self = .linear(
                DenseHead(
                    columns: columns, weights: try reader.floats("head.weight", count: columns * labelCount),
                    bias: try reader.floats("head.bias", count: labelCount)))
        case "kernel":
            let halves = try reader.integers("head.support", .bfloat16, UInt16.self)
            try reader.check("head.support", halves.count % columns == 0 && !halves.isEmpty, "does not hold whole rows")
            try reader.check(
                "head.support", halves.allSatisfy { $0 & 0x7f80 != 0x7f80 }, "holds a number that is not finite")
            let support = Matrix(
                rows: halves.count / columns, columns: columns,
                values: halves.map { Float(bitPattern: UInt32($0) << 16) })
            let gamma = try reader.floats("head.gamma", count: 1)[0]
            try reader.check("head.gamma", gamma > 0, "is not positive")
            self = .kernel(
                KernelHead(
                    scaling: ColumnScaling(
                        means: try reader.floats("head.mean", count: columns),
                        factors: try reader.floats("head.factor", count: columns)), support: support,
                    weights: try reader.floats("head.weight", count: support.rows * labelCount),
                    labelCount: labelCount, gamma: gamma))
        default: throw .unsupported(path: reader.path, reason: "a head \"\(kind)\" of another version; train it again")
        }
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
