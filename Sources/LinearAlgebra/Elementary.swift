import Glibc

/// The natural logarithm.
package func logarithm(_ x: Double) -> Double { log(x) }

/// The natural logarithm.
package func logarithm(_ x: Float) -> Float { logf(x) }

/// The exponential function.
package func exponential(_ x: Double) -> Double { exp(x) }

/// The exponential function.
package func exponential(_ x: Float) -> Float { expf(x) }

/// `x` to the power `y`.
package func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
