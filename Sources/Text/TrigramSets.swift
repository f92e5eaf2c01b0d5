/// The sets of character trigrams of many texts, for measuring how alike the texts are.
///
/// Similarity is the Jaccard index of two sets: shared trigrams over all trigrams, 0 to 1. A text of one or two characters
/// has itself as its only trigram. Texts are compared in their normalised form, so numbers count as alike.
package struct TrigramSets: Sendable {
    /// Ascending within a text; numbers are given to trigrams as they first come up.
    private var items: [UInt32] = []
    private var ends: [Int] = []
    private var numbers: [UInt64: UInt32] = [:]
    /// For each trigram, by its number, how many texts hold it.
    private var frequency: [UInt32] = []

    package init() {}

    /// The sets of `first`, then those of `second`.
    package init(_ first: TrigramSets, _ second: TrigramSets) {
        self = first
        var translated = [UInt32](repeating: 0, count: second.frequency.count)
        for (trigram, number) in second.numbers { translated[Int(number)] = self.number(of: trigram) }
        for text in 0..<second.count {
            add(second.range(text).map { translated[Int(second.items[$0])] })
        }
    }

    package var count: Int { ends.count }

    /// Adds a normalised text; only its first `limit` characters count, so that one long mail does not cost a second.
    package mutating func append(_ text: NormalizedText, limit: Int = 4000) {
        var found: [UInt32] = []
        text.withBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            found.reserveCapacity(min(bytes.count, limit))
            // A trigram is three scalars packed into 63 bits.
            var window: UInt64 = 0
            var seen = 0
            var index = 0
            while index < bytes.count, seen < limit {
                let (scalar, length) = Scalars.decodeValid(base, at: index)
                index += length
                seen += 1
                window = (window << 21 | UInt64(scalar)) & (1 << 63 - 1)
                if seen >= 3 { found.append(number(of: window)) }
            }
            if seen < 3, seen > 0 { found.append(number(of: window)) }
        }
        add(found)
    }

    private mutating func number(of trigram: UInt64) -> UInt32 {
        if let known = numbers[trigram] { return known }
        let number = UInt32(frequency.count)
        numbers[trigram] = number
        frequency.append(0)
        return number
    }

    private mutating func add(_ numbers: [UInt32]) {
        var last = UInt32.max
        for number in numbers.sorted() where number != last {
            items.append(number)
            frequency[Int(number)] += 1
            last = number
        }
        ends.append(items.count)
    }

    private func range(_ text: Int) -> Range<Int> { (text == 0 ? 0 : ends[text - 1])..<ends[text] }

    /// The Jaccard index of two texts, 0 to 1; two empty texts are equal.
    package func similarity(_ a: Int, _ b: Int) -> Double {
        let (first, second) = (range(a), range(b))
        guard !first.isEmpty || !second.isEmpty else { return 1 }
        var shared = 0
        items.withUnsafeBufferPointer { items in
            var (i, j) = (first.lowerBound, second.lowerBound)
            let (firstEnd, secondEnd) = (first.upperBound, second.upperBound)
            while i < firstEnd, j < secondEnd {
                let (x, y) = (items[i], items[j])
                if x == y { shared += 1 }
                if x <= y { i += 1 }
                if y <= x { j += 1 }
            }
        }
        return Double(shared) / Double(first.count + second.count - shared)
    }

    /// For each of some texts the similarity to its nearest neighbour among them; 0 where it shares nothing.
    package func nearest(among rows: [Int]) -> [Double] {
        var holders = [[Int32]](repeating: [], count: frequency.count)
        for (place, row) in rows.enumerated() {
            for index in range(row) where frequency[Int(items[index])] > 1 {
                holders[Int(items[index])].append(Int32(place))
            }
        }
        var shared = [Int32](repeating: 0, count: rows.count)
        return rows.indices.map { place in
            var touched: [Int32] = []
            for index in range(rows[place]) {
                for other in holders[Int(items[index])] {
                    if shared[Int(other)] == 0 { touched.append(other) }
                    shared[Int(other)] += 1
                }
            }
            var best = 0.0
            let size = range(rows[place]).count
            for other in touched {
                if other != place {
                    let common = Int(shared[Int(other)])
                    best = max(best, Double(common) / Double(size + range(rows[Int(other)]).count - common))
                }
                shared[Int(other)] = 0
            }
            return best
        }
    }

    /// Pairs of texts that are more alike than a threshold, each once, the later text first.
    ///
    /// Candidates share one of their rarest trigrams (prefix filtering: Bayardo, Ma and Srikant 2007), so all pairs are
    /// found, unless a trigram that is rare in its texts is held by more than `crowd` of them.
    package func pairs(above threshold: Double, crowd: Int = 2000) -> [(Int, Int)] {
        precondition(threshold > 0 && threshold < 1, "a threshold between 0 and 1")
        var holders = [[Int32]](repeating: [], count: frequency.count)
        var out: [(Int, Int)] = []
        for row in 0..<count {
            let size = range(row).count
            guard size > 0 else { continue }
            // Rarest first, as frequency and number in one integer; a trigram of this text alone makes no pair, but it
            // counts in the prefix.
            let ranked = range(row).map { UInt64(frequency[Int(items[$0])]) << 32 | UInt64(items[$0]) }.sorted()
            let prefix = size - Int((threshold * Double(size)).rounded(.up)) + 1
            var candidates: Set<Int32> = []
            for rank in ranked.prefix(prefix) where rank >> 32 > 1 {
                let number = Int(truncatingIfNeeded: rank & 0xFFFF_FFFF)
                for other in holders[number] {
                    let otherSize = range(Int(other)).count
                    if Double(min(size, otherSize)) >= threshold * Double(max(size, otherSize)) {
                        candidates.insert(other)
                    }
                }
                if holders[number].count < crowd { holders[number].append(Int32(row)) }
            }
            for other in candidates.sorted() where similarity(row, Int(other)) > threshold {
                out.append((row, Int(other)))
            }
        }
        return out
    }

    /// Groups texts that are more alike than a threshold, directly or through others; gives each text the first of its
    /// group.
    ///
    /// - Parameter largest: no group grows beyond this many texts, so that sets written from a few templates can still be
    ///   divided.
    package func groups(above threshold: Double, largest: Int) -> [Int] {
        var parents = Array(0..<count)
        var sizes = Array(repeating: 1, count: count)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        for (later, earlier) in pairs(above: threshold) {
            let (a, b) = (root(later), root(earlier))
            guard a != b, sizes[a] + sizes[b] <= largest else { continue }
            parents[max(a, b)] = min(a, b)
            sizes[min(a, b)] += sizes[max(a, b)]
        }
        return parents.indices.map(root)
    }
}
