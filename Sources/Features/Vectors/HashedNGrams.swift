package import LinearAlgebra
package import Text

/// How texts become vectors: word and character n-grams, hashed into buckets, weighted by TF-IDF, of length one.
///
/// One scheme serves both ways of writing. In scripts with spaces the features are words and word pairs, and characters
/// within words (so that inflections and misspellings meet); in Chinese and kana they are runs of one to three
/// characters, in which a Latin word or a symbol counts as one character. A text's word and Chinese features together
/// have as much weight as the characters within its words, in proportion to how much of the text is words.
package struct HashedNGrams: Sendable, Hashable, Codable {
    /// Words in a row that make a feature, 1 ... this.
    package var wordOrder = 2
    /// Chinese characters in a row that make a feature, 1 ... this.
    package var ideographOrder = 3
    /// The shortest run of characters within a word that is a feature.
    package var shortestWithinWord = 2
    /// The longest run of characters within a word that is a feature; below the shortest, there are none.
    package var longestWithinWord = 5
    /// Two words of one text make a feature, in either order, when at most this many words lie between their starts;
    /// below 2 there are none. They stand for what a quadratic kernel would see.
    package var pairWindow = 4
    /// How much weight the pairs have against words and characters within words, 1 each.
    package var pairShare: Float = 0.35
    /// The inverse document frequency counts to this power.
    package var idfPower = 0.6
    /// There are two to the power of this many buckets, 12 ... 28.
    package var bits = 22
    /// Whether traditional Chinese characters count as simplified ones.
    package var simplifiesChinese = true
    /// Whether emoji count as their class: joy, love, approval, anger, sadness, disapproval.
    package var groupsEmoji = true
    /// Whether the first line of a text is a field of its own, a subject: its words and characters then count once more
    /// as those of the subject.
    package var hasSubject = false
    /// Whether a feature that occurs n times weighs 1 + ln n instead of n.
    package var isSublinear = true
    /// Features in fewer texts than this are left out.
    package var minimumTexts = 1
    /// Pairs in fewer texts than this are left out.
    package var minimumTextsOfPair = 2

    package init() {}

    /// Learns the weights from texts and gives the texts' vectors with them.
    package func fit(_ texts: TextBatch) -> (features: FittedHashedNGrams, matrix: SparseMatrix) {
        fit(count(texts), rows: Array(0..<texts.count))
    }

    /// Finds the features of texts once, for several trainings on parts of them.
    package func count(_ texts: TextBatch) -> CountedTexts { CountedTexts(texts, self) }

    /// Learns the weights from the texts at `rows` and gives those texts' vectors with them.
    package func fit(_ counted: CountedTexts, rows: [Int]) -> (features: FittedHashedNGrams, matrix: SparseMatrix) {
        var frequencies = [UInt32](repeating: 0, count: 1 << bits)
        frequencies.withUnsafeMutableBufferPointer { frequencies in
            counted.buckets.withUnsafeBufferPointer { buckets in
                for row in rows { for place in counted.range(of: row) { frequencies[Int(buckets[place])] += 1 } }
            }
        }
        var kept: [UInt32] = []
        var idf: [Float] = []
        let smoothed = Double(1 + rows.count)
        let firstPair = Int(NGramKernel.firstPairBucket(self))
        frequencies.withUnsafeBufferPointer { frequencies in
            var bucket = 0
            while bucket < frequencies.count {
                let frequency = Int(frequencies[bucket])
                if frequency != 0, frequency >= (bucket < firstPair ? minimumTexts : minimumTextsOfPair) {
                    kept.append(UInt32(bucket))
                    idf.append(Float(power(logarithm(smoothed / Double(1 + frequency)) + 1, idfPower)))
                }
                bucket += 1
            }
        }
        let features = FittedHashedNGrams(scheme: self, buckets: kept, idf: idf)
        return (features, features.matrix(of: counted, rows: rows))
    }
}

/// The distinct buckets of many texts with their counts.
package struct CountedTexts: Sendable {
    fileprivate(set) var buckets: [UInt32] = []
    fileprivate(set) var counts: [UInt32] = []
    fileprivate(set) var ends: [Int] = []
    /// For each text the share of words among its words and ideographs.
    fileprivate(set) var wordShares: [Float] = []

    /// Where the buckets of a text lie; their number is that of its distinct features.
    package func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    init(_ texts: TextBatch, _ scheme: HashedNGrams) {
        var scratch = VectorScratch()
        ends.reserveCapacity(texts.count)
        for index in 0..<texts.count {
            texts.withText(index) { scratch.count($0, scheme) }
            buckets.append(contentsOf: scratch.distinctBuckets)
            counts.append(contentsOf: scratch.distinctCounts)
            ends.append(buckets.count)
            wordShares.append(scratch.wordShare)
        }
    }
}

extension HashedNGrams {
    /// Whether every setting lies in its range; a scheme from a file may not.
    package var isValid: Bool {
        (12...28).contains(bits) && (1...3).contains(wordOrder) && (1...4).contains(ideographOrder)
            && (1...8).contains(shortestWithinWord) && (0...8).contains(longestWithinWord)
            && (0...15).contains(pairWindow) && pairShare >= 0 && pairShare.isFinite && idfPower.isFinite
    }
}
