package import LinearAlgebra
package import Text

/// Hashed n-grams with the weights learnt from texts: turns any text into a vector of length one.
package struct FittedHashedNGrams: Sendable {
    package let scheme: HashedNGrams
    /// The buckets that have a column, ascending.
    package let buckets: [UInt32]
    /// The inverse document frequency of each column: ln((1 + texts) / (1 + texts with it)) + 1.
    package let idf: [Float]
    /// For each 32 buckets which of them have a column (low half) and how many columns come before (high half).
    private let directory: [UInt64]
    /// The first columns of characters within words and of pairs.
    private let firstWithin: Int32
    private let firstPair: Int32
    private let bounds: (within: UInt32, pair: UInt32)

    /// The number of columns.
    package var columns: Int { buckets.count }

    /// Features with given columns, as a model file holds them; buckets ascend and lie within the scheme's.
    package init(scheme: HashedNGrams, buckets: [UInt32], idf: [Float]) {
        precondition(buckets.count == idf.count, "a weight for every bucket")
        precondition((12...28).contains(scheme.bits), "between 2^12 and 2^28 buckets")
        self.scheme = scheme
        self.buckets = buckets
        self.idf = idf
        var directory = [UInt64](repeating: 0, count: (1 << scheme.bits) / 32)
        for bucket in buckets { directory[Int(bucket >> 5)] |= 1 << UInt64(bucket & 31) }
        var before: UInt64 = 0
        for index in directory.indices {
            let bits = directory[index]
            directory[index] |= before << 32
            before += UInt64(bits.nonzeroBitCount)
        }
        self.directory = directory
        firstWithin = FittedHashedNGrams.firstColumn(of: NGramKernel.firstWithinWordBucket(scheme), buckets)
        firstPair = FittedHashedNGrams.firstColumn(of: NGramKernel.firstPairBucket(scheme), buckets)
        bounds = (NGramKernel.firstWithinWordBucket(scheme), NGramKernel.firstPairBucket(scheme))
    }

    /// The same features with only the columns at `columns`, ascending.
    package func keeping(_ columns: [Int]) -> FittedHashedNGrams {
        FittedHashedNGrams(scheme: scheme, buckets: columns.map { buckets[$0] }, idf: columns.map { idf[$0] })
    }

    /// The vectors of texts, a row each, columns in the order of their first occurrence in the text.
    package func transform(_ texts: TextBatch) -> SparseMatrix {
        var scratch = VectorScratch()
        var matrix = SparseMatrix(columns: columns)
        for index in 0..<texts.count {
            texts.withText(index) { vectorize($0, scratch: &scratch) }
            append(&scratch, to: &matrix)
        }
        return matrix
    }

    /// Leaves the vector of one text in `scratch`, for `withVector`; its columns are in no certain order.
    package func vectorize(_ text: UnsafeBufferPointer<UInt8>, scratch: inout VectorScratch) {
        scratch.count(text, scheme)
        weigh(scratch.distinctBuckets, scratch.distinctCounts, scratch.wordShare, &scratch)
    }

    /// Leaves in `scratch` the vector of the text that other features with an equal scheme were asked for last: its
    /// features are weighed anew, not looked for again.
    package func vectorizeAgain(scratch: inout VectorScratch) {
        weigh(scratch.distinctBuckets, scratch.distinctCounts, scratch.wordShare, &scratch)
    }

    /// The vectors of the texts at `rows`, a row each.
    package func matrix(of counted: CountedTexts, rows: [Int]) -> SparseMatrix {
        var scratch = VectorScratch()
        var matrix = SparseMatrix(columns: columns)
        matrix.reserve(rows: rows.count, values: rows.reduce(0) { $0 + counted.range(of: $1).count })
        for row in rows {
            let range = counted.range(of: row)
            weigh(counted.buckets[range], counted.counts[range], counted.wordShares[row], &scratch)
            append(&scratch, to: &matrix)
        }
        return matrix
    }

    private func append(_ scratch: inout VectorScratch, to matrix: inout SparseMatrix) {
        scratch.withVector { matrix.append(indices: $0, values: $1) }
    }

    private func weigh(
        _ buckets: ArraySlice<UInt32>, _ counts: ArraySlice<UInt32>, _ wordShare: Float, _ scratch: inout VectorScratch
    ) {
        let total = buckets.count
        if scratch.indices.count < total {
            scratch.indices = [Int32](repeating: 0, count: total * 2)
            scratch.values = [Float](repeating: 0, count: total * 2)
        }
        scratch.count = buckets.withUnsafeBufferPointer { buckets in
            counts.withUnsafeBufferPointer { counts in
                scratch.indices.withUnsafeMutableBufferPointer { indices in
                    scratch.values.withUnsafeMutableBufferPointer { values in
                        weigh(buckets, counts, wordShare, indices, values)
                    }
                }
            }
        }
    }

    private func weigh(
        _ buckets: UnsafeBufferPointer<UInt32>, _ counts: UnsafeBufferPointer<UInt32>, _ wordShare: Float,
        _ indices: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>
    ) -> Int {
        var unitEnergy: Float = 0
        var withinEnergy: Float = 0
        var pairEnergy: Float = 0
        var found = 0
        directory.withUnsafeBufferPointer { directory in
            idf.withUnsafeBufferPointer { idf in
                sublinearWeights.withUnsafeBufferPointer { sublinear in
                    for index in 0..<buckets.count {
                        let bucket = buckets[index]
                        let entry = directory[Int(bucket >> 5)]
                        let below = UInt64(bucket & 31)
                        guard entry >> below & 1 != 0 else { continue }
                        let before = (entry & ((1 << below) - 1)).nonzeroBitCount
                        let column = Int(entry >> 32) + before
                        let count = Int(counts[index])
                        let frequency =
                            !scheme.isSublinear
                            ? Float(count) : count < 64 ? sublinear[count] : 1 + logarithm(Float(count))
                        let value = frequency * idf[column]
                        if bucket < bounds.within {
                            unitEnergy += value * value
                        } else if bucket < bounds.pair {
                            withinEnergy += value * value
                        } else {
                            pairEnergy += value * value
                        }
                        indices[found] = Int32(truncatingIfNeeded: column)
                        values[found] = value
                        found += 1
                    }
                }
            }
        }
        // Units weigh 1 to the share of words for characters and for pairs, then the whole vector has length one.
        let unitShare: Float = unitEnergy > 0 ? 1 : 0
        let withinShare: Float = withinEnergy > 0 ? (unitEnergy > 0 ? wordShare : 1) : 0
        let pairShare: Float = pairEnergy > 0 ? wordShare * scheme.pairShare : 0
        let whole = unitShare + withinShare + pairShare
        let unitScale = unitEnergy > 0 ? (unitShare / (unitEnergy * whole)).squareRoot() : 0
        let withinScale = withinEnergy > 0 ? (withinShare / (withinEnergy * whole)).squareRoot() : 0
        let pairScale = pairEnergy > 0 ? (pairShare / (pairEnergy * whole)).squareRoot() : 0
        for index in 0..<found {
            let column = indices[index]
            values[index] *= column < firstWithin ? unitScale : column < firstPair ? withinScale : pairScale
        }
        return found
    }

    private static func firstColumn(of bucket: UInt32, _ buckets: [UInt32]) -> Int32 {
        var (low, high) = (0, buckets.count)
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle] < bucket { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
    }
}

/// 1 + ln n for small n.
private let sublinearWeights: [Float] = (0..<64).map { $0 == 0 ? 0 : 1 + logarithm(Float($0)) }
