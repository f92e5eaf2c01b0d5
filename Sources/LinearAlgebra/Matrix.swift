/// A dense matrix whose rows lie one after another.
package struct Matrix<Scalar: BinaryFloatingPoint & Sendable>: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// The values, row by row; `rows * columns` of them.
    package var values: [Scalar]

    /// A matrix filled with one value.
    package init(rows: Int, columns: Int, filledWith value: Scalar = 0) {
        precondition(rows >= 0 && columns >= 0, "sizes are not negative")
        self.rows = rows
        self.columns = columns
        self.values = [Scalar](repeating: value, count: rows * columns)
    }

    /// A matrix over values that lie row by row.
    package init(rows: Int, columns: Int, values: [Scalar]) {
        precondition(values.count == rows * columns, "as many values as rows times columns")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The value in row `row` and column `column`.
    @inlinable
    package subscript(row: Int, column: Int) -> Scalar {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// One row.
    @inlinable
    package func row(_ row: Int) -> ArraySlice<Scalar> { values[row * columns..<(row + 1) * columns] }

    /// The rows at `selection`, in that order.
    package func selecting(rows selection: [Int]) -> Matrix {
        var values: [Scalar] = []
        values.reserveCapacity(selection.count * columns)
        for index in selection { values += row(index) }
        return Matrix(rows: selection.count, columns: columns, values: values)
    }

    /// The matrix with rows and columns exchanged.
    package func transposed() -> Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result[column, row] = self[row, column] }
        }
        return result
    }
}

extension Matrix where Scalar == Float {
    /// The matrix product, through BLAS.
    package func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows, "inner sizes agree")
        var result = Matrix(rows: rows, columns: other.columns)
        BLAS.multiply(
            values, other.values, into: &result.values, rows: rows, columns: other.columns, inner: columns)
        return result
    }
}

extension Matrix where Scalar == Double {
    /// The matrix product, through BLAS.
    package func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows, "inner sizes agree")
        var result = Matrix(rows: rows, columns: other.columns)
        BLAS.multiply(
            values, other.values, into: &result.values, rows: rows, columns: other.columns, inner: columns)
        return result
    }
}
