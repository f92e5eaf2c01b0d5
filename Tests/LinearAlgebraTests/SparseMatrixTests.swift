import Testing

@testable import LinearAlgebra

@Suite("Sparse matrix")
struct SparseMatrixTests {
    private func random(rows: Int, columns: Int, seed: UInt64) -> Matrix<Float> {
        var random = SeededRandom(seed: seed)
        return Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in random.unit() < 0.3 ? Float(random.normal()) : 0 })
    }

    @Test(arguments: [(1, 1), (5, 3), (3, 9), (20, 20)])
    func agreesWithItsDenseTwin(rows: Int, columns: Int) {
        let dense = random(rows: rows, columns: columns, seed: 7)
        let sparse = SparseMatrix(dense)
        #expect(sparse.dense() == dense)
        #expect(sparse.transposed().dense() == dense.transposed())
        #expect(sparse.transposed().transposed() == sparse)
        let vector = (0..<columns).map { Float($0) - 2 }
        let expected = dense.multiplied(by: Matrix(rows: columns, columns: 1, values: vector)).values
        for (found, expected) in zip(sparse.multiplied(by: vector), expected) { #expect(abs(found - expected) < 1e-4) }
        let other = random(rows: columns, columns: 4, seed: 9)
        for (found, expected) in zip(sparse.multiplied(by: other).values, dense.multiplied(by: other).values) {
            #expect(abs(found - expected) < 1e-4)
        }
    }

    @Test func rowsCanBeSelectedAndRepeated() {
        let sparse = SparseMatrix(Matrix(rows: 3, columns: 2, values: [1, 0, 0, 2, 3, 4]))
        #expect(sparse.selecting(rows: [2, 0, 2]).dense().values == [3, 4, 1, 0, 3, 4])
        #expect(Array(sparse.row(2).indices) == [0, 1])
        #expect(Array(sparse.row(2).values) == [3, 4])
    }

    @Test func rowsCanBeAppended() {
        var sparse = SparseMatrix(columns: 4)
        sparse.reserve(rows: 2, values: 3)
        let indices: [Int32] = [1, 3]
        let values: [Float] = [5, 6]
        indices.withUnsafeBufferPointer { i in values.withUnsafeBufferPointer { sparse.append(indices: i, values: $0) }
        }
        sparse.append(
            indices: UnsafeBufferPointer(start: nil, count: 0), values: UnsafeBufferPointer(start: nil, count: 0))
        #expect(sparse == SparseMatrix(columns: 4, offsets: [0, 2, 2], indices: [1, 3], values: [5, 6]))
        #expect(sparse.rows == 2 && sparse.count == 2)
    }
}
