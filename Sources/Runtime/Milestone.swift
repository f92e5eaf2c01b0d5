import Glibc
import Synchronization

/// Named points of a run at which a test can end the process the hard way.
///
/// With `CS_ANALYTICS_KILL_AT=name` in the environment (or `name:3` for the third passage) the process sends itself
/// SIGKILL on passing that point. It is how the promise "nothing is lost when a run dies" is tested on the real binary.
package enum Milestone {
    private static let target: (name: String, passage: Int)? = {
        guard let raw = getenv("CS_ANALYTICS_KILL_AT") else { return nil }
        let parts = String(cString: raw).split(separator: ":")
        guard let name = parts.first else { return nil }
        return (String(name), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    private static let passages = PassageCounter()

    package static func pass(_ name: String) {
        guard let target, target.name == name else { return }
        if passages.increment() == target.passage { kill(getpid(), SIGKILL) }
    }
}

private final class PassageCounter: Sendable {
    private let count = Atomic<Int>(0)
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}
