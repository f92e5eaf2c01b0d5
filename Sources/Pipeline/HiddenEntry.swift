import Glibc
import Ingest
import LinearAlgebra

/// What the program does when it was started by itself, and the one re-start with the right BLAS kernels.
package enum HiddenEntry {
    /// The exit code of the child's work, `nil` when the arguments are a person's.
    package static func run(_ arguments: [String]) -> Int32? {
        guard arguments.count > 1, arguments[1] == ArchiveCage.argument else { return nil }
        return ArchiveCage.serve(arguments: Array(arguments.dropFirst(2)))
    }

    /// Starts the program again, once, when OpenBLAS was loaded with threads that the program does not use (idle ones
    /// spin) or with slower kernels than the processor has. Both are decided by the environment before it loads.
    ///
    /// What a person has set stays as it is. Where starting again fails, the program goes on as it was started.
    package static func restartForBLAS(executable: String?) {
        let marker = "CS_ANALYTICS_RESTARTED"
        guard getenv(marker) == nil, let executable else { return }
        let needsThreads = getenv("OPENBLAS_NUM_THREADS") == nil
        let core = getenv("OPENBLAS_CORETYPE") == nil ? BLAS.fasterCore() : nil
        guard needsThreads || core != nil else { return }
        setenv(marker, "1", 1)
        if needsThreads { setenv("OPENBLAS_NUM_THREADS", "1", 1) }
        if let core { setenv("OPENBLAS_CORETYPE", core, 1) }
        execv(executable, CommandLine.unsafeArgv)
    }
}
