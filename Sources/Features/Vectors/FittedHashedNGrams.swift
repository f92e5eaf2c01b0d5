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
    private let kernelBounds: (word: UInt32, within: UInt32)

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
        kernelBounds = (NGramKernel.firstWordBucket(scheme), NGramKernel.firstWithinWordBucket(scheme))
    }

    /// The same features with only the columns at `columns`, ascending.
    package func keeping(_ columns: [Int]) -> FittedHashedNGrams {
        FittedHashedNGrams(scheme: scheme, buckets: columns.map { buckets[$0] }, idf: columns.map { idf[$0] })
    }

    /// The vectors of texts, a row each.
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

    func matrix(of counted: CountedTexts) -> SparseMatrix {
        var scratch = VectorScratch()
        var matrix = SparseMatrix(columns: columns)
        matrix.reserve(rows: counted.ends.count, values: counted.buckets.count)
        var start = 0
        for (end, share) in zip(counted.ends, counted.wordShares) {
            weigh(counted.buckets[start..<end], counted.counts[start..<end], share, &scratch)
            append(&scratch, to: &matrix)
            start = end
        }
        return matrix
    }

    private func append(_ scratch: inout VectorScratch, to matrix: inout SparseMatrix) {
        var packed = (0..<scratch.count).map {
            UInt64(UInt32(bitPattern: scratch.indices[$0])) << 32 | UInt64(scratch.values[$0].bitPattern)
        }
        packed.sort()
        for (place, entry) in packed.enumerated() {
            scratch.indices[place] = Int32(truncatingIfNeeded: entry >> 32)
            scratch.values[place] = Float(bitPattern: UInt32(truncatingIfNeeded: entry))
        }
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
                        if bucket < kernelBounds.within {
                            unitEnergy += value * value
                        } else {
                            withinEnergy += value * value
                        }
                        indices[found] = Int32(truncatingIfNeeded: column)
                        values[found] = value
                        found += 1
                    }
                }
            }
        }
        // The two blocks weigh 1 to the share of words, then the whole vector has length one.
        let share = unitEnergy > 0 && withinEnergy > 0 ? wordShare : 1
        let whole = (unitEnergy > 0 ? 1 : 0) + (withinEnergy > 0 ? share : 0)
        let unitScale = unitEnergy > 0 ? (1 / (unitEnergy * whole)).squareRoot() : 0
        let withinScale = withinEnergy > 0 ? (share / (withinEnergy * whole)).squareRoot() : 0
        let firstWithin = firstWithinColumn
        for index in 0..<found { values[index] *= Int(indices[index]) < firstWithin ? unitScale : withinScale }
        return found
    }

    /// The first column of characters within words.
    private var firstWithinColumn: Int {
        let index = Int(kernelBounds.within >> 5)
        return index < directory.count ? Int(directory[index] >> 32) : columns
    }
}

/// 1 + ln n for small n.
private let sublinearWeights: [Float] = (0..<64).map { $0 == 0 ? 0 : 1 + logarithm(Float($0)) }
