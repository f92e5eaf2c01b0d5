import Glibc
import Runtime
import Synchronization

/// A private PostgreSQL cluster for the tests of one process: no TCP, a socket in a short private folder, no fsync.
///
/// The server is started with the wish to be killed with its parent, so that a test run that dies leaves no server.
package final class ThrowawayPostgres: Sendable {
    /// Whether the server's programs are installed; tests that need them are skipped by name where they are not.
    package static let isInstalled = binaries != nil

    /// The cluster of this process, started on first use.
    package static func shared() throws -> ThrowawayPostgres { try cluster.get() }

    private static let cluster = Result { try ThrowawayPostgres() }

    /// Debian keeps the server's programs off the path, in a folder a version; the newest is taken.
    private static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        var found: [Int] = []
        if let folder = opendir(root) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if let version = Int(name), access("\(root)/\(version)/bin/initdb", X_OK) == 0 { found.append(version) }
            }
            closedir(folder)
        }
        return found.max().map { "\(root)/\($0)/bin" }
    }()

    private let base: String
    private let count = Atomic<Int>(0)

    private init() throws {
        guard let binaries = ThrowawayPostgres.binaries else { throw SupportError("PostgreSQL is not installed") }
        var template = Array("/tmp/csaXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SupportError("no temporary folder") }
        base = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let owner = ThrowawayPostgres.unprivilegedUser
        chmod(base, 0o711)
        for folder in ["data", "s"] {
            mkdir("\(base)/\(folder)", 0o700)
            if let owner { chown("\(base)/\(folder)", owner.uid, owner.gid) }
        }
        chmod("\(base)/s", 0o711)
        // PostgreSQL refuses to run as root.
        let change =
            owner.map { ["setpriv", "--reuid", "\($0.uid)", "--regid", "\($0.gid)", "--clear-groups"] } ?? []
        let initialise = ChildProcess(
            change + [
                "\(binaries)/initdb", "-D", "\(base)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            ], log: "\(base)/initdb.log")
        guard initialise.wait() == 0 else { throw SupportError("initdb failed, see \(base)/initdb.log") }
        // The kernel sends the death signal when the thread ends that started the child: this one outlives the tests.
        let started = LastingThread.start(
            (change.isEmpty ? ["setpriv"] : change) + [
                "--pdeathsig", "QUIT", "\(binaries)/postgres", "-D", "\(base)/data", "-k", "\(base)/s",
                "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
                "-c", "full_page_writes=off", "-c", "max_wal_size=4GB", "-c", "timezone=UTC",
                "-c", "max_connections=200",
            ], log: "\(base)/server.log")
        let folder = base
        ThrowawayPostgres.running.withLock { $0 = (folder, started.pid) }
        atexit {
            ThrowawayPostgres.running.withLock { running in
                guard let (base, pid) = running else { return }
                kill(pid, SIGQUIT)
                var status: Int32 = 0
                waitpid(pid, &status, 0)
                AtomicFile.removeTree(base)
                running = nil
            }
        }
        for _ in 0..<400 {
            // Line 8 of this file begins with "ready" once the server takes connections.
            if let text = readText("\(base)/data/postmaster.pid") {
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                if lines.count >= 8, lines[7].hasPrefix("ready") { return }
            }
            usleep(20_000)
        }
        throw SupportError("the server did not start: \(readText("\(base)/server.log") ?? "")")
    }

    /// What is stopped and removed when the process ends.
    private static let running = Mutex<(String, pid_t)?>(nil)

    private static var unprivilegedUser: (uid: uid_t, gid: gid_t)? {
        guard geteuid() == 0, let user = getpwnam("postgres") else { return nil }
        return (user.pointee.pw_uid, user.pointee.pw_gid)
    }

    /// Connection keywords for a database of this cluster.
    package func address(database: String, user: String = "postgres") -> String {
        "host=\(base)/s port=5432 user=\(user) dbname=\(database)"
    }

    /// A new, empty database and its address as connection keywords.
    package func makeDatabase() throws -> String {
        guard let binaries = ThrowawayPostgres.binaries else { throw SupportError("PostgreSQL is not installed") }
        let name = "t\(count.add(1, ordering: .relaxed).newValue)"
        let create = ChildProcess(
            [
                "\(binaries)/createdb", "-h", "\(base)/s", "-U", "postgres", "--template=template0", name,
            ], log: "/dev/null")
        guard create.wait() == 0 else { throw SupportError("createdb \(name) failed") }
        return address(database: name)
    }
}

/// Something that the tests need could not be set up.
package struct SupportError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// A thread that starts a child and then sleeps for as long as the process lives.
private enum LastingThread {
    private final class Order {
        let arguments: [String]
        let log: String
        var child: ChildProcess?
        var isStarted = sem_t()
        init(_ arguments: [String], log: String) {
            self.arguments = arguments
            self.log = log
            sem_init(&isStarted, 0, 0)
        }
    }

    static func start(_ arguments: [String], log: String) -> ChildProcess {
        let order = Order(arguments, log: log)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { raw in
                if let raw {
                    let order = Unmanaged<Order>.fromOpaque(raw).takeRetainedValue()
                    order.child = ChildProcess(order.arguments, log: order.log)
                    sem_post(&order.isStarted)
                }
                while true { pause() }
            }, Unmanaged.passRetained(order).toOpaque())
        pthread_detach(thread)
        while sem_wait(&order.isStarted) != 0 {}
        return order.child ?? ChildProcess(["false"], log: "/dev/null")
    }
}

/// The text of a file, `nil` where it cannot be read.
package func readText(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}
