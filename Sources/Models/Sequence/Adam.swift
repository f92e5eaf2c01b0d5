internal import LinearAlgebra

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015) with the slopes' length bounded
/// (Pascanu et al. 2013) and a running mean of the parameters (Polyak and Juditsky 1992), which is what is kept.
struct Adam {
    /// The slopes are shortened to this length at most.
    var longest = 5.0
    /// How much of the running mean stays in a step; less in the first ones.
    var decay: Float = 0.995

    private let parameters: NumberBuffer
    private let first: NumberBuffer
    private let second: NumberBuffer
    /// The running mean of the parameters.
    let mean: NumberBuffer
    private var steps = 0

    init(_ parameters: NumberBuffer) {
        self.parameters = parameters
        first = NumberBuffer(count: parameters.count)
        second = NumberBuffer(count: parameters.count)
        mean = NumberBuffer(parameters.numbers)
    }

    /// Takes one step of a given rate along the slopes.
    mutating func step(_ slopes: NumberBuffer, rate: Double) {
        steps += 1
        let length = Double(Activations.sumOfSquares(slopes.base, count: slopes.count)).squareRoot()
        let scale = Float(length > longest ? longest / length : 1)
        let (beta1, beta2): (Float, Float) = (0.9, 0.999)
        let correction1 = 1 - power(0.9, steps)
        let correction2 = 1 - power(0.999, steps)
        let size = Float(rate / correction1)
        let root = Float(1 / correction2.squareRoot())
        let kept = min(decay, Float(1 + steps) / Float(10 + steps))
        let count = parameters.count
        Adam.average(first.base, slopes.base, beta1, (1 - beta1) * scale, count)
        Adam.averageSquares(second.base, slopes.base, beta2, (1 - beta2) * scale * scale, count)
        Adam.move(parameters.base, first.base, second.base, size, root, count)
        Adam.average(mean.base, parameters.base, kept, 1 - kept, count)
        withExtendedLifetime((self, slopes)) {}
    }

    private func power(_ base: Double, _ exponent: Int) -> Double { exponential(logarithm(base) * Double(exponent)) }

    private static func average(
        _ x: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, _ kept: Float, _ added: Float, _ count: Int
    ) {
        for index in 0..<count { x[index] = x[index] * kept + y[index] * added }
    }

    private static func averageSquares(
        _ x: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, _ kept: Float, _ added: Float, _ count: Int
    ) {
        for index in 0..<count { x[index] = x[index] * kept + y[index] * y[index] * added }
    }

    private static func move(
        _ x: UnsafeMutablePointer<Float>, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ size: Float,
        _ root: Float, _ count: Int
    ) {
        for index in 0..<count { x[index] -= size * first[index] / (second[index].squareRoot() * root + 1e-8) }
    }
}
