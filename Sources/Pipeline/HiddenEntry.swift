import Glibc
import Ingest
import LinearAlgebra

/// What the program does when it was started by itself, and the one re-start with the right libraries' settings.
package enum HiddenEntry {
    /// The exit code of the child's work, `nil` when the arguments are a person's.
    package static func run(_ arguments: [String]) -> Int32? {
        guard arguments.count > 1, arguments[1] == ArchiveCage.argument else { return nil }
        return ArchiveCage.serve(arguments: Array(arguments.dropFirst(2)))
    }

    /// Starts the program again, once, with the environment that its C libraries look at while they are loaded.
    ///
    /// OpenBLAS: one thread, because the program runs its own and idle ones spin; and the fast kernels, where the library
    /// chose slower ones than the processor has, by itself or by an `OPENBLAS_CORETYPE` that was meant for all programs.
    /// `CS_ANALYTICS_BLAS_CORE` names other kernels for this program, and is obeyed. The allocator: freed buffers of
    /// batches are kept for the next batch, since with several threads every return of memory to the system interrupts
    /// the other processors. What a person has set otherwise stays as it is. Where starting again fails, the program goes
    /// on as it was started.
    package static func restart(executable: String?) {
        let marker = "CS_ANALYTICS_RESTARTED"
        guard getenv(marker) == nil, let executable else { return }
        setenv(marker, "1", 1)
        setenv("OPENBLAS_NUM_THREADS", "1", 0)
        if let wanted = getenv("CS_ANALYTICS_BLAS_CORE") {
            setenv("OPENBLAS_CORETYPE", wanted, 1)
        } else if let core = BLAS.fasterCore() {
            setenv("OPENBLAS_CORETYPE", core, 1)
        }
        setenv("MALLOC_MMAP_THRESHOLD_", "1073741824", 0)
        setenv("MALLOC_TRIM_THRESHOLD_", "1073741824", 0)
        setenv("MALLOC_TOP_PAD_", "67108864", 0)
        execv(executable, CommandLine.unsafeArgv)
    }
}
