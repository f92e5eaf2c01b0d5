/// A sparse matrix in compressed rows: for each row the columns that are not zero, ascending, with their values.
package struct SparseMatrix: Sendable, Equatable {
    package private(set) var columns: Int
    /// Where each row starts in `indices` and `values`; one more than there are rows.
    package private(set) var offsets: [Int]
    /// The column of each value.
    package private(set) var indices: [Int32]
    package private(set) var values: [Float]

    package var rows: Int { offsets.count - 1 }
    /// The number of values that are stored.
    package var count: Int { values.count }

    /// A matrix without rows, to which rows are appended.
    package init(columns: Int) {
        precondition(columns >= 0 && columns <= Int(Int32.max), "the column fits into 32 bits")
        self.columns = columns
        offsets = [0]
        indices = []
        values = []
    }

    /// A matrix over compressed rows as they are; sizes and column numbers are checked.
    package init(columns: Int, offsets: [Int], indices: [Int32], values: [Float]) {
        precondition(offsets.first == 0 && offsets.last == values.count && indices.count == values.count, "whole rows")
        precondition(zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "rows in order")
        precondition(indices.allSatisfy { $0 >= 0 && Int($0) < columns }, "columns within the matrix")
        self.columns = columns
        self.offsets = offsets
        self.indices = indices
        self.values = values
    }

    /// A matrix that holds the values of a dense one that are not zero.
    package init(_ dense: Matrix<Float>) {
        self.init(columns: dense.columns)
        for row in 0..<dense.rows {
            for column in 0..<dense.columns where dense[row, column] != 0 {
                indices.append(Int32(column))
                values.append(dense[row, column])
            }
            offsets.append(values.count)
        }
    }

    /// Makes room for this many further values.
    package mutating func reserve(rows: Int, values more: Int) {
        offsets.reserveCapacity(offsets.count + rows)
        indices.reserveCapacity(indices.count + more)
        values.reserveCapacity(values.count + more)
    }

    /// Appends a row of as many columns as values; columns lie within the matrix.
    package mutating func append(
        indices newIndices: UnsafeBufferPointer<Int32>, values newValues: UnsafeBufferPointer<Float>
    ) {
        precondition(newIndices.count == newValues.count, "a value for every column")
        for index in newIndices { precondition(index >= 0 && Int(index) < columns, "a column within the matrix") }
        indices.append(contentsOf: newIndices)
        values.append(contentsOf: newValues)
        offsets.append(values.count)
    }

    /// The columns and values of one row.
    package func row(_ row: Int) -> (indices: ArraySlice<Int32>, values: ArraySlice<Float>) {
        let range = offsets[row]..<offsets[row + 1]
        return (indices[range], values[range])
    }

    /// The rows at `selection`, in that order.
    package func selecting(rows selection: [Int]) -> SparseMatrix {
        var result = SparseMatrix(columns: columns)
        result.reserve(rows: selection.count, values: selection.reduce(0) { $0 + offsets[$1 + 1] - offsets[$1] })
        for row in selection {
            let range = offsets[row]..<offsets[row + 1]
            result.indices.append(contentsOf: indices[range])
            result.values.append(contentsOf: values[range])
            result.offsets.append(result.values.count)
        }
        return result
    }

    /// The matrix with rows and columns exchanged.
    package func transposed() -> SparseMatrix {
        var result = SparseMatrix(columns: rows)
        var starts = [Int](repeating: 0, count: columns + 1)
        for index in indices { starts[Int(index) + 1] += 1 }
        for column in 0..<columns { starts[column + 1] += starts[column] }
        result.offsets = starts
        result.indices = [Int32](repeating: 0, count: count)
        result.values = [Float](repeating: 0, count: count)
        for row in 0..<rows {
            for position in offsets[row]..<offsets[row + 1] {
                let column = Int(indices[position])
                result.indices[starts[column]] = Int32(row)
                result.values[starts[column]] = values[position]
                starts[column] += 1
            }
        }
        return result
    }

    /// The product with a vector of as many numbers as there are columns.
    package func multiplied(by vector: [Float]) -> [Float] {
        precondition(vector.count == columns, "a number for every column")
        return (0..<rows).map { row in
            var sum: Float = 0
            for position in offsets[row]..<offsets[row + 1] { sum += values[position] * vector[Int(indices[position])] }
            return sum
        }
    }

    /// The product with a dense matrix.
    package func multiplied(by dense: Matrix<Float>) -> Matrix<Float> {
        precondition(dense.rows == columns, "inner sizes agree")
        var result = Matrix<Float>(rows: rows, columns: dense.columns)
        let width = dense.columns
        result.values.withUnsafeMutableBufferPointer { out in
            dense.values.withUnsafeBufferPointer { right in
                for row in 0..<rows {
                    for position in offsets[row]..<offsets[row + 1] {
                        let scale = values[position]
                        let source = Int(indices[position]) * width
                        for column in 0..<width { out[row * width + column] += scale * right[source + column] }
                    }
                }
            }
        }
        return result
    }

    /// The same values as a dense matrix.
    package func dense() -> Matrix<Float> {
        var result = Matrix<Float>(rows: rows, columns: columns)
        for row in 0..<rows {
            for position in offsets[row]..<offsets[row + 1] { result[row, Int(indices[position])] += values[position] }
        }
        return result
    }
}
