import Glibc
import Runtime

/// SIGINT and SIGTERM ask the run to end at a batch boundary; a second one ends it at once.
enum Signals {
    static let cancellation = Cancellation()

    /// Blocks both signals in every thread and waits for them on one of its own; call it before other threads start.
    static func install() {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                var set = sigset_t()
                sigemptyset(&set)
                sigaddset(&set, SIGINT)
                sigaddset(&set, SIGTERM)
                while true {
                    var number: CInt = 0
                    guard sigwait(&set, &number) == 0 else { return nil }
                    if Signals.cancellation.isCancelled { _exit(128 + number) }
                    Signals.cancellation.cancel(signal: number)
                }
            }, nil)
        pthread_detach(thread)
        signal(SIGPIPE, SIG_IGN)
    }
}
