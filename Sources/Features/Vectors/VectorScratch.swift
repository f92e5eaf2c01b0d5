package import Text

/// The buffers that one worker needs to turn texts into vectors; made once, used for text after text.
package struct VectorScratch: Sendable {
    private var normalizer = TextNormalizer()
    private var tokenizer = Tokenizer()
    private var text = NormalizedText()
    private var tokens: [Token] = []
    private var tokenCount = 0
    private var padded: [UInt8] = []
    private var buckets: [UInt32] = []
    /// Open addressing from bucket to its place among the distinct ones; twice as many slots as buckets.
    private var slots: [UInt64] = []
    private var distinct: [UInt32] = []
    private var counts: [UInt32] = []
    /// The number of distinct features of the last text, those that training has not seen among them.
    package private(set) var distinctCount = 0
    private(set) var wordShare: Float = 0

    /// The columns of the last vector; those from `count` on mean nothing.
    var indices: [Int32] = []
    /// The values of the last vector.
    var values: [Float] = []
    /// How many columns the last vector has.
    package internal(set) var count = 0

    package init() {}

    /// Calls `body` with the columns and values of the last vector.
    @inline(__always)
    package func withVector<Result>(
        _ body: (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try indices.withUnsafeBufferPointer { indices in
            try values.withUnsafeBufferPointer { values in
                try body(
                    UnsafeBufferPointer(rebasing: indices[..<count]), UnsafeBufferPointer(rebasing: values[..<count]))
            }
        }
    }

    /// Calls `body` with the normalised bytes and the tokens of the last text (of its subject, where that came last).
    package func withTokens(_ body: (UnsafeBufferPointer<UInt8>, ArraySlice<Token>) -> Void) {
        text.withBytes { body($0, tokens[..<tokenCount]) }
    }

    var distinctBuckets: ArraySlice<UInt32> { distinct[..<distinctCount] }
    var distinctCounts: ArraySlice<UInt32> { counts[..<distinctCount] }

    /// Finds the distinct buckets of a text and how often each occurs.
    mutating func count(_ input: UnsafeBufferPointer<UInt8>, _ scheme: HashedNGrams) {
        let kernel = NGramKernel(scheme)
        normalizer.simplifiesChinese = scheme.simplifiesChinese
        normalizer.groupsEmoji = scheme.groupsEmoji
        let extent = run(kernel, input, isSubject: false, from: 0)
        let units = extent.words + extent.ideographs
        wordShare = units == 0 ? 1 : Float(extent.words) / Float(units)
        var total = extent.buckets
        if scheme.hasSubject, let line = input.firstIndex(of: 0x0a), line > 0 {
            total += run(kernel, UnsafeBufferPointer(rebasing: input[..<line]), isSubject: true, from: total).buckets
        }
        collect(total)
    }

    /// Writes the buckets of a text behind the first `start` ones.
    private mutating func run(
        _ kernel: NGramKernel, _ input: UnsafeBufferPointer<UInt8>, isSubject: Bool, from start: Int
    ) -> NGramKernel.Extent {
        normalizer.normalize(input, into: &text)
        let length = text.count
        let most = start + kernel.capacity(bytes: length)
        if buckets.count < most { buckets += [UInt32](repeating: 0, count: most + most / 2 - buckets.count) }
        if padded.count < length + 32 { padded = [UInt8](repeating: 0, count: length * 2 + 64) }
        return text.withBytes { bytes in
            let found = tokenizer.tokenize(bytes, into: &tokens)
            tokenCount = found
            guard let base = bytes.baseAddress, found > 0 else { return NGramKernel.Extent() }
            return tokens.withUnsafeBufferPointer { tokens in
                padded.withUnsafeMutableBufferPointer { padded in
                    buckets.withUnsafeMutableBufferPointer { buckets in
                        guard let tokens = tokens.baseAddress, let padded = padded.baseAddress,
                            let buckets = buckets.baseAddress
                        else { return NGramKernel.Extent() }
                        return kernel.run(
                            base, tokens, found, isSubject: isSubject, padded: padded, out: buckets + start)
                    }
                }
            }
        }
    }

    /// Counts equal buckets, in the order of their first occurrence.
    private mutating func collect(_ total: Int) {
        distinctCount = 0
        guard total > 0 else { return }
        var size = 64
        while size < total * 2 { size *= 2 }
        if slots.count < size { slots = [UInt64](repeating: 0, count: size) }
        if distinct.count < total {
            distinct = [UInt32](repeating: 0, count: total * 2)
            counts = [UInt32](repeating: 0, count: total * 2)
        }
        let mask = UInt32(truncatingIfNeeded: size - 1)
        distinctCount = slots.withUnsafeMutableBufferPointer { slots in
            buckets.withUnsafeBufferPointer { buckets in
                distinct.withUnsafeMutableBufferPointer { distinct in
                    counts.withUnsafeMutableBufferPointer { counts in
                        slots.baseAddress?.update(repeating: 0, count: size)
                        var found = 0
                        for index in 0..<total {
                            let bucket = buckets[index]
                            let key = UInt64(bucket) &+ 1
                            var slot = (bucket &* 0x9e37_79b1) >> 7 & mask
                            while true {
                                let entry = slots[Int(slot)]
                                if entry == 0 {
                                    slots[Int(slot)] = key | UInt64(truncatingIfNeeded: found) << 32
                                    distinct[found] = bucket
                                    counts[found] = 1
                                    found += 1
                                    break
                                }
                                if entry & 0xffff_ffff == key {
                                    counts[Int(entry >> 32)] += 1
                                    break
                                }
                                slot = (slot &+ 1) & mask
                            }
                        }
                        return found
                    }
                }
            }
        }
    }
}
