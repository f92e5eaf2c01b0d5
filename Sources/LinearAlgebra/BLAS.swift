internal import COpenBLAS
internal import Glibc

/// The BLAS library that the program runs on.
package enum BLAS {
    /// What the library says of itself.
    package struct Configuration: Sendable, Hashable {
        /// The library's own description, such as `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …`.
        package let library: String
        /// The processor whose kernels are in use, such as `SkylakeX` or `Haswell`.
        package let core: String
        /// How many threads a product may use.
        package let threads: Int
    }

    /// The library, its kernels and its threads as they are now.
    package static var configuration: Configuration {
        Configuration(
            library: String(cString: openblas_get_config()).split(whereSeparator: \.isWhitespace).joined(
                separator: " "),
            core: String(cString: openblas_get_corename()), threads: Int(openblas_get_num_threads()))
    }

    /// Lets a product use this many threads; one inside the program's own parallel loops.
    package static func setThreads(_ count: Int) { openblas_set_num_threads(Int32(clamping: max(1, count))) }

    /// Keeps the library to the calling thread.
    package static func useSingleThread() { setThreads(1) }

    /// The value of `OPENBLAS_CORETYPE` that would give faster kernels than those in use, `nil` where there are none.
    ///
    /// The library picks its kernels when it is loaded and does not know every processor; with AVX-512 the kernels for
    /// `SkylakeX` are twice as fast as those for `Haswell`. The variable counts only before the library is loaded.
    package static func fasterCore() -> String? {
        guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 16_384)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix("flags") {
                return fasterCore(than: configuration.core, flags: Set(text.split(whereSeparator: \.isWhitespace)))
            }
        }
        return nil
    }

    /// The faster kernels for a processor with these flags than those of `core`.
    static func fasterCore(than core: String, flags: Set<Substring>) -> String? {
        let needed: Set<Substring> = ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"]
        let older: Set<String> = ["Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott", "Core2"]
        return needed.isSubset(of: flags) && older.contains(core) ? "SkylakeX" : nil
    }

    /// Multiplies row-major `a` (`rows` × `inner`) by `b` (`inner` × `columns`): `c = alpha · a · b + beta · c`.
    package static func multiply(
        _ a: [Float], _ b: [Float], into c: inout [Float], rows: Int, columns: Int, inner: Int, alpha: Float = 1,
        beta: Float = 0
    ) {
        check(a.count, b.count, c.count, rows, columns, inner)
        guard rows > 0 && columns > 0 && inner > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), alpha, a,
            blasint(inner), b, blasint(columns), beta, &c, blasint(columns))
    }

    /// Multiplies row-major `a` (`rows` × `inner`) by `b` (`inner` × `columns`): `c = alpha · a · b + beta · c`.
    package static func multiply(
        _ a: [Double], _ b: [Double], into c: inout [Double], rows: Int, columns: Int, inner: Int, alpha: Double = 1,
        beta: Double = 0
    ) {
        check(a.count, b.count, c.count, rows, columns, inner)
        guard rows > 0 && columns > 0 && inner > 0 else { return }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), alpha, a,
            blasint(inner), b, blasint(columns), beta, &c, blasint(columns))
    }

    private static func check(_ a: Int, _ b: Int, _ c: Int, _ rows: Int, _ columns: Int, _ inner: Int) {
        precondition(a == rows * inner && b == inner * columns && c == rows * columns, "sizes of the product agree")
    }

    /// Measures the single-precision product of two square matrices, in billions of floating-point operations a second.
    ///
    /// The best of a few repetitions, so that a busy machine is not mistaken for a slow library.
    /// - Parameter size: rows of the matrices; 1,024 take about 10 ms on one thread of AVX-512 kernels.
    package static func measureGigaflops(size: Int = 1024, repetitions: Int = 4) -> Double {
        var random = SeededRandom(seed: 1)
        let a = (0..<size * size).map { _ in Float(random.unit()) }
        let b = (0..<size * size).map { _ in Float(random.unit()) }
        var c = [Float](repeating: 0, count: size * size)
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<max(2, repetitions) {
            let took = clock.measure { multiply(a, b, into: &c, rows: size, columns: size, inner: size) }
            best = min(best, Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18)
        }
        return 2 * Double(size) * Double(size) * Double(size) / best / 1e9
    }
}
