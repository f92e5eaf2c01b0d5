import Glibc
import LinearAlgebra
import Testing

@testable import Models

@Suite("Kernel ridge classification")
struct KernelRidgeTests {
    private func rows(_ count: Int, _ columns: Int, seed: UInt64) -> (Matrix<Float>, [Int32]) {
        var random = SeededRandom(seed: seed)
        let labels = (0..<count).map { Int32($0 % 3) }
        let values = labels.flatMap { label in
            (0..<columns).map { Float(random.normal() * 0.6 + ($0 == Int(label) ? 1.5 : 0)) }
        }
        return (Matrix(rows: count, columns: columns, values: values), labels)
    }

    /// Solves a system by Gauss's elimination in double precision.
    private func solve(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        var (a, b) = (a, b)
        for pivot in a.indices {
            for row in a.indices where row != pivot {
                let factor = a[row][pivot] / a[pivot][pivot]
                for column in a.indices { a[row][column] -= factor * a[pivot][column] }
                for column in b[row].indices { b[row][column] -= factor * b[pivot][column] }
            }
        }
        return a.indices.map { row in b[row].map { $0 / a[row][row] } }
    }

    @Test func scoresEqualEliminationInDoublePrecision() throws {
        let (train, labels) = rows(30, 4, seed: 1)
        let (test, _) = rows(9, 4, seed: 2)
        let head = try #require(KernelRidge().fit(train, labels: labels, labelCount: 3))
        let found = head.scores(of: test, workers: 2)
        let scaled = ColumnScaling(train).applied(to: train)
        let support = (0..<30).map { scaled.row($0).map { Double(KernelHead.rounded($0)) } }
        let queries = (0..<9).map { ColumnScaling(train).applied(to: test).row($0).map(Double.init) }
        let kernel = { (x: [Double], y: [Double]) in
            exp(-0.5 * zip(x, y).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
        }
        let matrix = (0..<30).map { i in
            (0..<30).map { j in kernel(support[i], support[j]) + (i == j ? 0.1 : 0) }
        }
        let weights = solve(matrix, labels.map { label in (0..<3).map { Int(label) == $0 ? 10 : -5 } })
        for row in 0..<9 {
            for label in 0..<3 {
                let expected = (0..<30).reduce(0.0) { $0 + kernel(queries[row], support[$1]) * weights[$1][label] }
                #expect(abs(Double(found[row * 3 + label]) - expected) < 2e-3)
            }
        }
    }

    @Test func learnsWithoutTheRowsHeldOut() throws {
        let (matrix, labels) = rows(90, 5, seed: 3)
        let (used, held) = (Array(0..<60), Array(60..<90))
        let prepared = KernelRidge.Prepared(matrix, gamma: 0.5, workers: 1)
        let scores = try #require(prepared.heldOutScores(used: used, held: held, labels, 3, 0.1))
        var changed = labels
        for row in held { changed[row] = 0 }
        #expect(prepared.heldOutScores(used: used, held: held, changed, 3, 0.1) == scores)
        #expect(LogSoftmax.outcome(of: scores, held.map { labels[$0] }, 3).accuracy > 0.7)
    }

    @Test func equalRowsUnderTwoLabelsAreAllowed() throws {
        let matrix = Matrix<Float>(rows: 4, columns: 2, values: [1, 2, 1, 2, 3, 1, 3, 1])
        let head = try #require(KernelRidge().fit(matrix, labels: [0, 1, 1, 1], labelCount: 2))
        let scores = head.scores(of: matrix, workers: 1)
        #expect(scores.allSatisfy(\.isFinite) && scores[5] > scores[4])
    }

    @Test func aMatrixThatIsNotPositiveDefiniteIsRefused() {
        let a = NumberBuffer([1, 2, 2, 1])
        let b = NumberBuffer([1, 1])
        #expect(!Cholesky.solve(a.base, size: 2, b.base, columns: 1))
        let c = NumberBuffer([4, 2, 2, 3])
        let d = NumberBuffer([8, 7])
        #expect(Cholesky.solve(c.base, size: 2, d.base, columns: 1))
        #expect(abs(d.numbers[0] - 1.25) < 1e-6 && abs(d.numbers[1] - 1.5) < 1e-6)
    }
}
