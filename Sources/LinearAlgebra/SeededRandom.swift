/// A deterministic random number generator: xoshiro256** seeded through SplitMix64.
///
/// The same seed gives the same numbers on every machine. Source: Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators", 2021. Not for secrets.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator whose whole sequence follows from `seed`.
    package init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// A generator for part `stream` of a computation, independent of those of other streams of the same seed.
    package init(seed: UInt64, stream: UInt64) {
        self.init(seed: seed ^ ((stream &+ 1) &* 0xd134_2543_de82_ef95))
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A number below `bound`, without bias (Lemire 2019); `bound` is at least 1.
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "a bound of at least 1")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// A number in 0 ..< 1 with 53 random bits.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A standard normal number (Marsaglia's polar method).
    package mutating func normal() -> Double {
        while true {
            let x = 2 * unit() - 1
            let y = 2 * unit() - 1
            let square = x * x + y * y
            if square > 0 && square < 1 { return x * (-2 * logarithm(square) / square).squareRoot() }
        }
    }

    /// Shuffles in place (Fisher and Yates); the order depends on the generator's state alone.
    package mutating func shuffle(_ values: inout [Int32]) {
        guard values.count > 1 else { return }
        for last in stride(from: values.count - 1, to: 0, by: -1) {
            values.swapAt(last, index(below: last + 1))
        }
    }
}
