internal import COpenBLAS

/// The Cholesky factor of a symmetric positive definite matrix, for solving systems with many right sides.
package enum Cholesky {
    /// Solves `a · x = b` in place: `a` (`size` × `size`) is overwritten by its factor, `b` (`size` × `columns`) by `x`.
    ///
    /// - Returns: whether `a` is positive definite to working precision; if not, `b` is not solved.
    package static func solve(
        _ a: UnsafeMutablePointer<Float>, size: Int, _ b: UnsafeMutablePointer<Float>, columns: Int
    ) -> Bool {
        guard size > 0 && columns > 0 else { return true }
        var (order, stride, info) = (cs_lapack_int(size), cs_lapack_int(size), cs_lapack_int(0))
        // LAPACK counts by columns: what it calls the upper triangle is our lower one.
        spotrf_("U", &order, a, &stride, &info, 1)
        guard info == 0 else { return false }
        for transpose in [CblasNoTrans, CblasTrans] {
            cblas_strsm(
                CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, blasint(size), blasint(columns), 1, a,
                blasint(size), b, blasint(columns))
        }
        return true
    }
}
