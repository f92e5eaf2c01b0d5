internal import Features

extension LinearTextModel {
    package func store(in file: inout SafetensorsFile) {
        let entries = classifier.entries
        file.metadata["features"] = TextClassifierFile.json(features.scheme)
        file.tensors["features.bucket"] = .init(features.buckets, as: .uint32)
        file.tensors["features.idf"] = .init(features.idf)
        file.tensors["weights.bias"] = .init(classifier.bias)
        file.tensors["weights.offset"] = .init(classifier.offsets, as: .int32)
        file.tensors["weights.output"] = .init(entries.map { UInt16(truncatingIfNeeded: $0) }, as: .uint16)
        file.tensors["weights.value"] = .init(entries.map { UInt16(truncatingIfNeeded: $0 >> 16) }, as: .bfloat16)
    }

    /// Reads the model; every number that could lead out of bounds later is checked here.
    init(reading reader: TensorReader, labelCount: Int) throws(ModelError) {
        let scheme: HashedNGrams = try reader.metadata("features")
        guard scheme.isValid else {
            throw .damaged(path: reader.path, tensor: nil, reason: "an impossible feature scheme")
        }
        let buckets = try reader.integers("features.bucket", .uint32, UInt32.self)
        try reader.check("features.bucket", zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "not ascending")
        try reader.check("features.bucket", buckets.last ?? 0 < 1 << UInt32(scheme.bits), "beyond the last bucket")
        let idf = try reader.floats("features.idf", count: buckets.count)
        let outputs = labelCount == 2 ? 1 : labelCount
        let bias = try reader.floats("weights.bias", count: outputs)
        let offsets = try reader.integers("weights.offset", .int32, Int32.self, count: buckets.count + 1)
        let indices = try reader.integers("weights.output", .uint16, UInt16.self)
        try reader.check(
            "weights.offset",
            offsets.first == 0 && offsets.last.map(Int.init) == indices.count
                && zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "does not divide the weights")
        try reader.check("weights.output", indices.allSatisfy { Int($0) < outputs }, "names a label that is not there")
        let values = try reader.integers("weights.value", .bfloat16, UInt16.self, count: indices.count)
        try reader.check(
            "weights.value", values.allSatisfy { $0 & 0x7f80 != 0x7f80 }, "holds a weight that is not finite")
        self.init(
            features: FittedHashedNGrams(scheme: scheme, buckets: buckets, idf: idf),
            classifier: FittedLinearClassifier(
                labelCount: labelCount, bias: bias, offsets: offsets,
                entries: zip(indices, values).map { UInt32($1) << 16 | UInt32($0) }))
    }
}
