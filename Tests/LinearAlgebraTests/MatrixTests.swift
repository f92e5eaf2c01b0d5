import Testing

@testable import LinearAlgebra

@Suite("Matrix")
struct MatrixTests {
    @Test(arguments: [(1, 1, 1), (3, 4, 5), (7, 2, 9), (16, 33, 8)])
    func productEqualsTheSumOverInnerIndices(rows: Int, inner: Int, columns: Int) {
        var random = SeededRandom(seed: UInt64(rows * 100 + columns))
        let a = Matrix<Double>(rows: rows, columns: inner, values: (0..<rows * inner).map { _ in random.normal() })
        let b = Matrix<Double>(
            rows: inner, columns: columns, values: (0..<inner * columns).map { _ in random.normal() })
        let product = a.multiplied(by: b)
        let single = Matrix<Float>(rows: rows, columns: inner, values: a.values.map(Float.init))
            .multiplied(by: Matrix<Float>(rows: inner, columns: columns, values: b.values.map(Float.init)))
        for row in 0..<rows {
            for column in 0..<columns {
                let expected = (0..<inner).reduce(0) { $0 + a[row, $1] * b[$1, column] }
                #expect(abs(product[row, column] - expected) < 1e-12 * Double(inner + 1))
                #expect(abs(Double(single[row, column]) - expected) < 1e-5 * Double(inner + 1))
            }
        }
    }

    @Test func transposingTwiceGivesTheSame() {
        let matrix = Matrix<Float>(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        #expect(matrix.transposed().values == [1, 4, 2, 5, 3, 6])
        #expect(matrix.transposed().transposed() == matrix)
        #expect(Array(matrix.row(1)) == [4, 5, 6])
    }

    @Test func anEmptyProductIsEmpty() {
        let product = Matrix<Float>(rows: 0, columns: 3).multiplied(by: Matrix(rows: 3, columns: 2))
        #expect(product.rows == 0 && product.columns == 2 && product.values.isEmpty)
    }

    @Test func valuesCanBeSet() {
        var matrix = Matrix<Double>(rows: 2, columns: 2, filledWith: 1)
        matrix[1, 0] = 7
        #expect(matrix.values == [1, 1, 7, 1])
    }
}
