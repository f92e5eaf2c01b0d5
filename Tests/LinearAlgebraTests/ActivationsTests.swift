import Glibc
import Testing

@testable import LinearAlgebra

@Suite("Activations")
struct ActivationsTests {
    private static let points = stride(from: -12.0, through: 12, by: 0.0137).map { Float($0) } + [-90, -50, 50, 80, 0]

    private func applied(_ function: (UnsafeMutablePointer<Float>, Int) -> Void) -> [Float] {
        let buffer = NumberBuffer(Self.points)
        function(buffer.base, buffer.count)
        return buffer.numbers
    }

    @Test func areExactToAMillionth() {
        let gelu = applied { Activations.gelu($0, count: $1) }
        let logistic = applied { Activations.logistic($0, count: $1) }
        let tangent = applied { Activations.hyperbolicTangent($0, count: $1) }
        let power = applied { Activations.exponential($0, count: $1) }
        for (index, point) in Self.points.enumerated() {
            let x = Double(point)
            let exact = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
            #expect(abs(Double(gelu[index]) - exact) <= 1e-6 * max(1, abs(x)), "gelu(\(x))")
            #expect(abs(Double(logistic[index]) - 1 / (1 + exp(-x))) < 1e-6, "logistic(\(x))")
            #expect(abs(Double(tangent[index]) - tanh(x)) < 1e-6, "tanh(\(x))")
            if x > -80 && x < 80 { #expect(abs(Double(power[index]) / exp(x) - 1) < 5e-7, "exp(\(x))") }
            #expect(abs(Double(Activations.errorFunction(point)) - erf(x)) < 1e-6, "erf(\(x))")
        }
    }

    @Test(arguments: [1, 15, 16, 17, 100])
    func normalizeIsTheTextbookFormula(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        let draw = { (0..<count).map { _ in Float(random.normal()) } }
        let (x, bias, gain, shift) = (draw(), draw(), draw(), draw())
        let row = NumberBuffer(x)
        Activations.normalize(row.base, bias: bias, gain: gain, shift: shift, count: count, epsilon: 1e-5)
        let sums = zip(x, bias).map { Double($0) + Double($1) }
        let mean = sums.reduce(0, +) / Double(count)
        let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        for index in 0..<count {
            let expected =
                (sums[index] - mean) / (variance + 1e-5).squareRoot() * Double(gain[index]) + Double(shift[index])
            #expect(abs(Double(row.numbers[index]) - expected) < 1e-4 * max(1, abs(expected)))
        }
    }

    @Test func softmaxRowsAddUpToOne() {
        let buffer = NumberBuffer([1, 2, 3, 1000, -1000, 0])
        Activations.softmax(buffer.base, rows: 2, columns: 3)
        let found = buffer.numbers
        #expect(abs(found[0] + found[1] + found[2] - 1) < 1e-6 && abs(found[2] - 0.665_240_96) < 1e-6)
        #expect(found[3] == 1 && found[4] < 1e-30)
    }

    @Test(arguments: [0, 5, 16, 33])
    func numbersThatAreNotFiniteAreFound(place: Int) {
        for bad in [Float.nan, .infinity, -.infinity] {
            var numbers = [Float](repeating: 1.5, count: 34)
            #expect(Activations.areFinite(numbers, count: 34))
            numbers[place] = bad
            #expect(!Activations.areFinite(numbers, count: 34))
        }
        #expect(Activations.sum([1, 2, 3], count: 3) == 6 && Activations.sumOfSquares([1, 2, 3], count: 3) == 14)
    }
}

@Suite("Attention kernel")
struct AttentionKernelTests {
    @Test(arguments: [1, 2, 16, 17, 96, 97], [8, 32, 40])
    func equalsTheFormula(count: Int, width: Int) {
        var random = SeededRandom(seed: UInt64(count * 100 + width))
        let stride = 3 * width
        let projected = (0..<count * stride).map { _ in Float(random.normal()) }
        let result = NumberBuffer(count: count * width)
        var kernel = AttentionKernel(width: width, stride: stride, resultStride: width)
        projected.withUnsafeBufferPointer { rows in
            guard let base = rows.baseAddress else { return }
            kernel.attend(
                queries: base, keys: base + width, values: base + 2 * width, into: result.base, count: count)
        }
        let found = result.numbers
        var worst = 0.0
        for i in 0..<count {
            let scores = (0..<count).map { j in
                (0..<width).reduce(0.0) {
                    $0 + Double(projected[i * stride + $1]) * Double(projected[j * stride + width + $1])
                } / Double(width).squareRoot()
            }
            let greatest = scores.max() ?? 0
            let shares = scores.map { exp($0 - greatest) }
            let total = shares.reduce(0, +)
            for column in 0..<width {
                let expected = (0..<count).reduce(0.0) {
                    $0 + shares[$1] / total * Double(projected[$1 * stride + 2 * width + column])
                }
                worst = max(worst, abs(Double(found[i * width + column]) - expected))
            }
        }
        #expect(worst < 1e-5)
    }
}

@Suite("Strided products")
struct StridedProductTests {
    @Test(arguments: [false, true], [false, true])
    func equalTheTripleLoop(isLeftTransposed: Bool, isRightTransposed: Bool) {
        var random = SeededRandom(seed: 3)
        let (rows, columns, inner, stride) = (5, 7, 6, 11)
        let draw = { (count: Int) in (0..<count).map { _ in Float(random.normal()) } }
        let (a, b, c) = (draw(stride * 11), draw(stride * 11), draw(stride * 11))
        let result = NumberBuffer(c)
        BLAS.multiply(
            .init(a, stride: stride, isTransposed: isLeftTransposed),
            .init(b, stride: stride, isTransposed: isRightTransposed), into: result.base, stride: stride, rows: rows,
            columns: columns, inner: inner, alpha: 2, beta: 1)
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(Float(0)) {
                    $0 + (isLeftTransposed ? a[$1 * stride + row] : a[row * stride + $1])
                        * (isRightTransposed ? b[column * stride + $1] : b[$1 * stride + column])
                }
                #expect(abs(result.numbers[row * stride + column] - 2 * sum - c[row * stride + column]) < 1e-4)
            }
        }
    }
}
