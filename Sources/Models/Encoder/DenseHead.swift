package import LinearAlgebra

/// A linear map from dense rows to a score for each label.
package struct DenseHead: Sendable, Equatable {
    package let columns: Int
    /// For each label its weights, one a column.
    package let weights: [Float]
    /// For each label a number that is added.
    package let bias: [Float]

    package var labelCount: Int { bias.count }

    init(columns: Int, weights: [Float], bias: [Float]) {
        precondition(weights.count == columns * bias.count, "weights for every label")
        self.columns = columns
        self.weights = weights
        self.bias = bias
    }

    /// The scores of each row, one a label.
    package func scores(of rows: Matrix<Float>) -> [Float] {
        precondition(rows.columns == columns, "rows as long as the weights")
        var result: [Float] = []
        result.reserveCapacity(rows.rows * labelCount)
        for _ in 0..<rows.rows { result += bias }
        result.withUnsafeMutableBufferPointer { result in
            rows.values.withUnsafeBufferPointer { rowValues in
                weights.withUnsafeBufferPointer { weights in
                    guard let out = result.baseAddress, let left = rowValues.baseAddress,
                        let right = weights.baseAddress
                    else { return }
                    BLAS.multiply(
                        .init(left, stride: columns), .init(right, stride: columns, isTransposed: true), into: out,
                        stride: labelCount, rows: rows.rows, columns: labelCount, inner: columns, beta: 1)
                }
            }
        }
        return result
    }
}
