/// Signatures by which equal and nearly equal texts are found.
package enum TextSignature {
    /// The hash of a normalised text; texts that differ only in case, width, numbers or spacing share it.
    package static func identity(_ text: NormalizedText) -> UInt64 { text.withBytes { ByteHash.hash($0) } }

    /// A 64-bit similarity hash over character trigrams (Charikar 2002): similar texts differ in few bits.
    ///
    /// A text shorter than three characters has its identity as its similarity hash.
    package static func similarity(_ text: NormalizedText) -> UInt64 {
        text.withBytes { bytes in
            guard let base = bytes.baseAddress else { return ByteHash.mix(0) }
            var totals = InlineArray<64, Int32>(repeating: 0)
            var before: (UInt64, UInt64) = (0, 0)
            var seen = 0
            var index = 0
            while index < bytes.count {
                let (scalar, length) = Scalars.decodeValid(base, at: index)
                index += length
                seen += 1
                if seen >= 3 {
                    var hash = ByteHash.mix(before.0 << 42 ^ before.1 << 21 ^ UInt64(scalar))
                    for bit in 0..<64 {
                        totals[bit] += Int32(truncatingIfNeeded: hash & 1) * 2 - 1
                        hash >>= 1
                    }
                }
                before = (before.1, UInt64(scalar))
            }
            guard seen >= 3 else { return ByteHash.hash(bytes) }
            var signature: UInt64 = 0
            for bit in 0..<64 where totals[bit] > 0 { signature |= 1 << UInt64(bit) }
            return signature
        }
    }

    /// The number of bits in which two similarity hashes differ, 0 ... 64.
    package static func distance(_ a: UInt64, _ b: UInt64) -> Int { (a ^ b).nonzeroBitCount }

    /// Groups texts whose similarity hashes differ in at most `distance` bits; gives each text the first of its group.
    ///
    /// Candidates share one of `distance + 1` bands of bits, which every such pair does; long chains of near texts make
    /// one group. A band with very many texts is compared only against its first ones, so the cost stays bounded.
    package static func groups(of signatures: [UInt64], distance: Int) -> [Int] {
        precondition(distance >= 0 && distance < 16, "a distance below 16")
        var parents = Array(signatures.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        let bands = distance + 1
        for band in 0..<bands {
            let from = 64 * band / bands
            let width = 64 * (band + 1) / bands - from
            let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
            var buckets: [UInt64: [Int]] = [:]
            for (index, signature) in signatures.enumerated() {
                let key = signature >> UInt64(from) & mask
                for other in buckets[key, default: []].prefix(64)
                where TextSignature.distance(signature, signatures[other]) <= distance {
                    let (a, b) = (root(index), root(other))
                    if a != b { parents[max(a, b)] = min(a, b) }
                }
                buckets[key, default: []].append(index)
            }
        }
        return signatures.indices.map(root)
    }
}
