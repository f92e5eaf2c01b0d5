internal import LinearAlgebra

/// The means and deviations of a matrix's columns, and one factor for all.
struct ColumnScaling: Sendable, Equatable {
    let means: [Float]
    let factors: [Float]

    init(means: [Float], factors: [Float]) {
        self.means = means
        self.factors = factors
    }

    init(_ rows: Matrix<Float>) {
        let count = Double(max(1, rows.rows))
        var sums = [Double](repeating: 0, count: rows.columns)
        var squares = sums
        for row in 0..<rows.rows {
            for column in 0..<rows.columns {
                let value = Double(rows.values[row * rows.columns + column])
                sums[column] += value
                squares[column] += value * value
            }
        }
        var factors: [Float] = []
        var active = 0
        for column in 0..<rows.columns {
            let mean = sums[column] / count
            let deviation = max(0, squares[column] / count - mean * mean).squareRoot()
            // A column that hardly varies would only be noise, enlarged.
            let isUsed = deviation > 1e-6 * max(1, abs(mean))
            if isUsed { active += 1 }
            factors.append(isUsed ? Float(1 / deviation) : 0)
        }
        let shared = 1 / Float(max(1, active)).squareRoot()
        means = sums.map { Float($0 / count) }
        self.factors = factors.map { $0 * shared }
    }

    func applied(to rows: Matrix<Float>) -> Matrix<Float> {
        var result = rows
        let columns = rows.columns
        result.values.withUnsafeMutableBufferPointer { values in
            means.withUnsafeBufferPointer { means in
                factors.withUnsafeBufferPointer { factors in
                    for row in 0..<rows.rows {
                        for column in 0..<columns {
                            let place = row &* columns &+ column
                            values[place] = (values[place] - means[column]) * factors[column]
                        }
                    }
                }
            }
        }
        return result
    }

    /// The head that does to rows as they are what `point` does to scaled ones.
    func head(_ point: [Float], labelCount: Int) -> DenseHead {
        let columns = means.count
        var weights = [Float](repeating: 0, count: labelCount * columns)
        var bias = (0..<labelCount).map { Double(point[columns * labelCount + $0]) }
        for column in 0..<columns {
            for label in 0..<labelCount {
                let weight = point[column * labelCount + label] * factors[column]
                weights[label * columns + column] = weight
                bias[label] -= Double(weight) * Double(means[column])
            }
        }
        return DenseHead(columns: columns, weights: weights, bias: bias.map { Float($0) })
    }
}
