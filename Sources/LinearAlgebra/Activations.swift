/// Functions of neural networks over runs of numbers, in loops that the compiler turns into vector instructions.
///
/// All are exact to 1e-6 and give the same bits for the same number wherever it stands.
package enum Activations {
    typealias Numbers = UnsafeMutablePointer<Float>

    /// exp(x) to a relative 2e-7; below −87 it counts as at −87, above 88 as at 88.
    ///
    /// Two to a whole power times a polynomial in the rest (Cephes, `expf`).
    @inline(__always)
    static func exponential(_ x: Float) -> Float {
        let low: Float = x < -87 ? -87 : x
        let x: Float = low > 88 ? 88 : low
        // Adding 1.5 · 2²³ rounds to the nearest whole number and leaves it in the low bits.
        let shifter: Float = 12_582_912
        let shifted = x * 1.442_695_04 + shifter
        let whole = shifted - shifter
        let rest = (x - whole * 0.693_359_375) + whole * 2.121_944_4e-4
        var sum = rest * 1.987_569_2e-4 + 1.398_199_9e-3
        sum = sum * rest + 8.333_452e-3
        sum = sum * rest + 4.166_579_6e-2
        sum = sum * rest + 1.666_666_5e-1
        sum = sum * rest + 0.5
        sum = sum * rest * rest + rest + 1
        let power = (shifted.bitPattern &- shifter.bitPattern &+ 127) &<< 23
        return sum * Float(bitPattern: power)
    }

    /// erf(x) to an absolute 6e-7: an odd rational function, fitted to the relative error on 0 ... 3.8.
    @inline(__always)
    static func errorFunction(_ x: Float) -> Float {
        let low: Float = x < -3.8 ? -3.8 : x
        let x: Float = low > 3.8 ? 3.8 : low
        let square = x * x
        var above = square * 2.706_720_2e-4 + 7.440_955e-3
        above = above * square + 6.372_873_6e-2
        above = above * square + 2.888_596_6e-1
        above = above * square + 1.128_379
        var below = square * 1.618_019_7e-5 + 1.874_566_1e-3
        below = below * square + 2.239_397_8e-2
        below = below * square + 1.529_497_4e-1
        below = below * square + 5.893_225e-1
        below = below * square + 1
        return x * above / below
    }

    /// The logistic function, 1 / (1 + exp(−x)).
    @inline(__always)
    static func logistic(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }

    /// The hyperbolic tangent, 2 / (1 + exp(−2 x)) − 1.
    @inline(__always)
    static func hyperbolicTangent(_ x: Float) -> Float { 2 / (1 + exponential(-2 * x)) - 1 }

    /// Replaces each number by its exponential.
    package static func exponential(_ x: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { x[index] = exponential(x[index]) }
    }

    /// Replaces each number by the Gaussian error linear unit of it, x · Φ(x), with the exact distribution function Φ
    /// (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
    package static func gelu(_ x: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count {
            let half = x[index] * 0.5
            x[index] = half + half * errorFunction(x[index] * 0.707_106_77)
        }
    }

    /// Replaces each number by its logistic function.
    package static func logistic(_ x: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { x[index] = logistic(x[index]) }
    }

    /// Replaces each number by its hyperbolic tangent.
    package static func hyperbolicTangent(_ x: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { x[index] = hyperbolicTangent(x[index]) }
    }

    /// Replaces each row by its softmax, the greatest taken off first; columns that are not numbers stay so.
    package static func softmax(_ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        for row in 0..<rows {
            let line = x + row * columns
            var greatest = -Float.infinity
            for column in 0..<columns { greatest = line[column] > greatest ? line[column] : greatest }
            for column in 0..<columns { line[column] = exponential(line[column] - greatest) }
            var sum: Float = 0
            for column in 0..<columns { sum += line[column] }
            let scale = 1 / sum
            for column in 0..<columns { line[column] *= scale }
        }
    }

    /// Adds `bias` to a row, then scales it to mean 0 and variance 1 and applies gain and shift
    /// (Ba, Kiros and Hinton, "Layer normalization", 2016).
    ///
    /// - Parameter bias: as many numbers as the row has, `nil` for none.
    package static func normalize(
        _ row: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?, gain: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, count: Int, epsilon: Float
    ) {
        if let bias { for index in 0..<count { row[index] += bias[index] } }
        let mean = sum(row, count: count) / Float(count)
        for index in 0..<count { row[index] -= mean }
        let variance = sumOfSquares(row, count: count) / Float(count)
        let scale = 1 / (variance + epsilon).squareRoot()
        for index in 0..<count { row[index] = row[index] * scale * gain[index] + shift[index] }
    }

    private typealias Lanes = SIMD16<Float>

    /// The sum of a run of numbers, in sixteen sums side by side.
    package static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
        let raw = UnsafeRawPointer(x)
        var lanes = Lanes.zero
        var index = 0
        while index &+ 16 <= count {
            lanes += raw.loadUnaligned(fromByteOffset: index &* 4, as: Lanes.self)
            index &+= 16
        }
        var total = lanes.sum()
        while index < count {
            total += x[index]
            index &+= 1
        }
        return total
    }

    /// The sum of the squares of a run of numbers.
    package static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Float {
        let raw = UnsafeRawPointer(x)
        var lanes = Lanes.zero
        var index = 0
        while index &+ 16 <= count {
            let part = raw.loadUnaligned(fromByteOffset: index &* 4, as: Lanes.self)
            lanes += part * part
            index &+= 16
        }
        var total = lanes.sum()
        while index < count {
            total += x[index] * x[index]
            index &+= 1
        }
        return total
    }

    /// Whether no number is infinite or not a number.
    package static func areFinite(_ x: UnsafePointer<Float>, count: Int) -> Bool {
        let raw = UnsafeRawPointer(x)
        var lanes = Lanes.zero
        var index = 0
        while index &+ 16 <= count {
            // Nothing times zero is zero but what is finite.
            lanes += raw.loadUnaligned(fromByteOffset: index &* 4, as: Lanes.self) * 0
            index &+= 16
        }
        var rest: Float = 0
        while index < count {
            rest += x[index] * 0
            index &+= 1
        }
        return lanes.sum() + rest == 0
    }
}
