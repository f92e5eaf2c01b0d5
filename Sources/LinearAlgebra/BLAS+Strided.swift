internal import COpenBLAS

extension BLAS {
    /// A matrix as it lies in memory: rows of numbers, a stride apart, read as they are or as columns.
    package struct Operand {
        let base: UnsafePointer<Float>
        let stride: Int
        let isTransposed: Bool

        /// - Parameters:
        ///   - stride: numbers from the start of one stored row to that of the next.
        ///   - isTransposed: whether the stored rows are the columns of the factor.
        package init(_ base: UnsafePointer<Float>, stride: Int, isTransposed: Bool = false) {
            self.base = base
            self.stride = stride
            self.isTransposed = isTransposed
        }
    }

    /// Multiplies parts of greater matrices: `c = alpha · a · b + beta · c`, where `a` is `rows` × `inner`.
    ///
    /// The caller sees to it that memory is as large as the sizes and strides say. With `beta` 1 the library skips a pass
    /// over `c`, so a bias that was written into `c` before costs nothing.
    package static func multiply(
        _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int,
        inner: Int, alpha: Float = 1, beta: Float = 0
    ) {
        guard rows > 0 && columns > 0 && inner > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(inner), alpha, a.base, blasint(a.stride), b.base,
            blasint(b.stride), beta, c, blasint(stride))
    }
}
