/// A trained linear classifier: gives every label a score for a sparse vector.
package struct FittedLinearClassifier: Sendable, Equatable {
    package let labelCount: Int
    /// A number added to each output; one output for two labels, else one a label.
    package let bias: [Float]
    /// Where each column starts in `entries`.
    package let offsets: [Int32]
    /// Weights that are not zero: the upper half is the weight as bfloat16, the lower half the output.
    package let entries: [UInt32]

    /// The number of columns of the vectors.
    package var columns: Int { offsets.count - 1 }
    /// The number of scores that are computed: one for two labels, else one a label.
    package var outputs: Int { bias.count }

    /// For each column the place of its weights in `dense`, in blocks of eight outputs; -1 where they are few.
    private let densePlaces: [Int32]
    /// The weights of columns with many as bfloat16, by output, so that eight are added at once.
    private let dense: [SIMD8<UInt16>]

    /// A classifier with given weights, as a model file holds them; every entry names an output.
    package init(labelCount: Int, bias: [Float], offsets: [Int32], entries: [UInt32]) {
        precondition(bias.count == (labelCount == 2 ? 1 : labelCount), "a bias for every output")
        precondition(offsets.first == 0 && offsets.last == Int32(entries.count), "whole columns")
        self.labelCount = labelCount
        self.bias = bias
        self.offsets = offsets
        self.entries = entries
        let blocks = (bias.count + 7) / 8
        var places = [Int32](repeating: -1, count: offsets.count - 1)
        var dense: [SIMD8<UInt16>] = []
        // Eight additions side by side cost little more than a scattered one.
        let columns = places.indices.filter { bias.count > 1 && Int(offsets[$0 + 1] - offsets[$0]) >= blocks }
        // Columns with many weights are the frequent ones: together they stay in the cache.
        let ordered = columns.sorted { (offsets[$1 + 1] - offsets[$1], $0) < (offsets[$0 + 1] - offsets[$0], $1) }
        for column in ordered {
            let range = Int(offsets[column])..<Int(offsets[column + 1])
            let start = dense.count
            places[column] = Int32(start)
            dense.append(contentsOf: repeatElement(.zero, count: blocks))
            for entry in entries[range] {
                let output = Int(entry & 0xffff)
                dense[start + output / 8][output % 8] = UInt16(truncatingIfNeeded: entry >> 16)
            }
        }
        densePlaces = places
        self.dense = dense
    }

    /// Keeps the weights that matter: those of at least `pruning` times the greatest one of their output.
    init(labelCount: Int, solution: DenseWeights, pruning: Float) {
        let columns = solution.blocks.first?.count ?? 0
        var least: [SIMD8<Float>] = []
        for block in solution.blocks {
            var greatest = SIMD8<Float>.zero
            for weights in block {
                let size = weights.replacing(with: -weights, where: weights .< 0)
                greatest.replace(with: size, where: size .> greatest)
            }
            least.append(greatest * pruning)
        }
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(columns + 1)
        var entries: [UInt32] = []
        for column in 0..<columns {
            for block in 0..<solution.blocks.count {
                let weights = solution.blocks[block][column]
                let isKept = weights.replacing(with: -weights, where: weights .< 0) .> least[block]
                if !any(isKept) { continue }
                for lane in 0..<8 where isKept[lane] {
                    entries.append(FittedLinearClassifier.entry(weights[lane], output: block * 8 + lane))
                }
            }
            offsets.append(Int32(entries.count))
        }
        self.init(labelCount: labelCount, bias: solution.bias, offsets: offsets, entries: entries)
    }

    /// A weight, rounded to the nearest bfloat16, with its output.
    static func entry(_ weight: Float, output: Int) -> UInt32 {
        let bits = weight.bitPattern
        let rounded = bits &+ 0x7fff &+ (bits >> 16 & 1)
        return rounded & 0xffff_0000 | UInt32(output)
    }

    /// The room that `score` needs: the number of labels, rounded up to eight.
    package var scoreCapacity: Int { (labelCount + 7) / 8 * 8 }

    /// Computes the score of every label for a vector; `scores` has room for `scoreCapacity` numbers.
    ///
    /// For two labels the scores are the margin and its opposite.
    package func score(
        indices: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>,
        into scores: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(scores.count >= scoreCapacity, "room for the scores")
        offsets.withUnsafeBufferPointer { offsets in
            entries.withUnsafeBufferPointer { entries in
                if outputs == 1 {
                    let sum = margin(indices, values, offsets, entries)
                    scores[0] = -sum
                    scores[1] = sum
                } else {
                    add(indices, values, offsets, entries, to: scores)
                }
            }
        }
    }

    private func margin(
        _ indices: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>,
        _ offsets: UnsafeBufferPointer<Int32>, _ entries: UnsafeBufferPointer<UInt32>
    ) -> Float {
        var sum = bias[0]
        for position in 0..<indices.count {
            let column = Int(indices[position])
            let start = Int(offsets[column])
            if start < Int(offsets[column + 1]) {
                sum += values[position] * Float(bitPattern: entries[start] & 0xffff_0000)
            }
        }
        return sum
    }

    private func add(
        _ indices: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>,
        _ offsets: UnsafeBufferPointer<Int32>, _ entries: UnsafeBufferPointer<UInt32>,
        to scores: UnsafeMutableBufferPointer<Float>
    ) {
        let blocks = (labelCount + 7) / 8
        guard let base = scores.baseAddress else { return }
        let raw = UnsafeMutableRawPointer(base)
        densePlaces.withUnsafeBufferPointer { places in
            dense.withUnsafeBufferPointer { dense in
                withUnsafeTemporaryAllocation(of: DenseTerm.self, capacity: indices.count + 1) { terms in
                    var found = 0
                    for position in 0..<indices.count {
                        let start = places[Int(indices[position])]
                        terms[found] = DenseTerm(start: start, value: values[position])
                        found += start >= 0 ? 1 : 0
                    }
                    // Four blocks at a time, whose sums stay in registers.
                    var block = 0
                    while block + 4 <= blocks {
                        var sums = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
                        for term in 0..<found {
                            let start = Int(terms[term].start) + block
                            let value = terms[term].value
                            sums.0 += widened(dense[start]) * value
                            sums.1 += widened(dense[start + 1]) * value
                            sums.2 += widened(dense[start + 2]) * value
                            sums.3 += widened(dense[start + 3]) * value
                        }
                        let size = MemoryLayout<Lanes>.size
                        raw.storeBytes(of: sums.0, toByteOffset: block * size, as: Lanes.self)
                        raw.storeBytes(of: sums.1, toByteOffset: (block + 1) * size, as: Lanes.self)
                        raw.storeBytes(of: sums.2, toByteOffset: (block + 2) * size, as: Lanes.self)
                        raw.storeBytes(of: sums.3, toByteOffset: (block + 3) * size, as: Lanes.self)
                        block += 4
                    }
                    while block < blocks {
                        var sum = Lanes.zero
                        for term in 0..<found {
                            sum += widened(dense[Int(terms[term].start) + block]) * terms[term].value
                        }
                        raw.storeBytes(of: sum, toByteOffset: block * MemoryLayout<Lanes>.size, as: Lanes.self)
                        block += 1
                    }
                }
                for label in 0..<labelCount { scores[label] += bias[label] }
                for position in 0..<indices.count where places[Int(indices[position])] < 0 {
                    let column = Int(indices[position])
                    let value = values[position]
                    var place = Int(offsets[column])
                    let end = Int(offsets[column + 1])
                    while place < end {
                        let entry = entries[place]
                        scores[Int(entry & 0xffff)] += value * Float(bitPattern: entry & 0xffff_0000)
                        place += 1
                    }
                }
            }
        }
    }

    private typealias Lanes = SIMD8<Float>
}

/// Eight bfloat16 numbers as single-precision ones: half as many bytes come from memory, which is what scoring waits for.
@inline(__always)
private func widened(_ halves: SIMD8<UInt16>) -> SIMD8<Float> {
    unsafeBitCast(SIMD8<UInt32>(truncatingIfNeeded: halves) &<< 16, to: SIMD8<Float>.self)
}

/// A feature of a text whose column has many weights: where they start, and the feature's value.
private struct DenseTerm {
    var start: Int32
    var value: Float
}
