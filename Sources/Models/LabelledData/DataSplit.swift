package import Text

/// Dividing rows so that equal and nearly equal texts are always on one side.
package enum DataSplit {
    /// A part of a data set.
    package enum Part: String, Sendable, Codable, CaseIterable {
        case train
        case valid
        case test
    }

    /// Texts more alike than this (Jaccard index of character trigrams) stay on one side.
    package static let nearDuplicate = 0.6

    /// For each text a hash that it shares with its near-duplicates: the least identity among them.
    ///
    /// The hash of a text that has no near-duplicate depends on nothing but its normalised form, so a text stays on its
    /// side as a data set grows. In a set written from few templates a group holds at most a fiftieth of the rows.
    package static func groupHashes(of texts: TextBatch) -> [UInt64] {
        let normalizer = TextNormalizer()
        var buffer = NormalizedText()
        var identities: [UInt64] = []
        var sets = TrigramSets()
        for index in 0..<texts.count {
            texts.withText(index) { normalizer.normalize($0, into: &buffer) }
            identities.append(TextSignature.identity(buffer))
            sets.append(buffer, limit: 1000)
        }
        let groups = sets.groups(above: nearDuplicate, largest: max(20, texts.count / 50))
        var least = identities
        for (index, group) in groups.enumerated() { least[group] = min(least[group], identities[index]) }
        // Equal texts are one however many there are.
        var leastOfIdentity: [UInt64: UInt64] = [:]
        for (index, identity) in identities.enumerated() {
            leastOfIdentity[identity] = min(leastOfIdentity[identity] ?? .max, least[groups[index]])
        }
        return identities.map { leastOfIdentity[$0] ?? $0 }
    }

    /// The part of each row by the hash of its group; shares add up to at most 1, the rest is for training.
    package static func parts(groupHashes: [UInt64], valid: Double, test: Double) -> [Part] {
        precondition(valid >= 0 && test >= 0 && valid + test <= 1, "shares between 0 and 1")
        return groupHashes.map { hash in
            let place = place(of: hash)
            return place < test ? .test : place < test + valid ? .valid : .train
        }
    }

    /// A tenth of each row, 0 ..< 10, by the hash of its group; tenth 0 is what `parts` holds out as a tenth for validation.
    package static func tenths(groupHashes: [UInt64]) -> [Int] {
        groupHashes.map { Int(place(of: $0) * 10) }
    }

    /// Where a hash lies between 0 and 1.
    private static func place(of hash: UInt64) -> Double {
        Double(ByteHash.mix(hash ^ 0x5bd1_e995_7b93_2f1d) >> 11) * 0x1p-53
    }

    /// The fold of each row, `0 ..< count`: rows of one group share a fold, and the labels are spread evenly.
    ///
    /// The folds depend on the rows' hashes, labels and the seed, not on their order in the file.
    package static func stratifiedFolds(
        groupHashes: [UInt64], labels: [Int32], count: Int, seed: UInt64
    ) -> [Int] {
        precondition(groupHashes.count == labels.count && count >= 2, "a label for every row and two folds or more")
        var labelOfGroup: [UInt64: Int32] = [:]
        for (hash, label) in zip(groupHashes, labels) { labelOfGroup[hash] = min(labelOfGroup[hash] ?? label, label) }
        let ordered = labelOfGroup.map {
            (label: $0.value, rank: ByteHash.mix($0.key ^ ByteHash.mix(seed)), hash: $0.key)
        }
        .sorted { ($0.label, $0.rank, $0.hash) < ($1.label, $1.rank, $1.hash) }
        var foldOfGroup: [UInt64: Int] = [:]
        // Dealing goes on where the label before ended, so that rare labels do not all land in the first fold.
        for (place, group) in ordered.enumerated() { foldOfGroup[group.hash] = place % count }
        return groupHashes.map { foldOfGroup[$0] ?? 0 }
    }
}
