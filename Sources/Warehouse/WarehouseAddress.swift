import CLibPQ

/// Where a warehouse is: an SQLite file or a PostgreSQL database.
package struct WarehouseAddress: Sendable, Equatable, CustomStringConvertible {
    package enum Store: Sendable, Equatable { case sqlite(path: String), postgres }

    package let store: Store
    /// What libpq connects by; a URI or keywords as the user gave them (several hosts, TLS options and all).
    let connectionString: String
    /// The address without passwords.
    package let description: String

    /// Reads `sqlite:PATH`, `postgres://…`, `postgresql://…` or libpq keywords such as `host=a,b dbname=desk`.
    ///
    /// Throws `WarehouseError.badAddress`, in which passwords are left out too.
    package init(_ text: String) throws(WarehouseError) {
        if text.hasPrefix("sqlite:") {
            var path = String(text.dropFirst("sqlite:".count))
            if path.hasPrefix("//") { path.removeFirst(2) }
            guard !path.isEmpty else {
                throw WarehouseError.badAddress(text, reason: "the path of the file is missing")
            }
            guard !path.hasPrefix(":"), !path.hasSuffix("/"), !path.utf8.contains(0) else {
                throw WarehouseError.badAddress(text, reason: "'\(path)' is not the path of a file")
            }
            store = .sqlite(path: path)
            connectionString = ""
            description = "sqlite:\(path)"
            return
        }
        let isURI = text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
        let shown = isURI ? WarehouseAddress.redactedURI(text) : WarehouseAddress.redactedKeywords(text)
        guard isURI || text.utf8.contains(UInt8(ascii: "=")) else {
            throw WarehouseError.badAddress(
                shown, reason: text.isEmpty ? "the address is empty" : "the kind of store is not known")
        }
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(text, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard options != nil else {
            // The library's message may quote the address, and with it a password: it is told only where it does not.
            let reason = trimmed(message)
            let isTold = shown == text
            throw WarehouseError.badAddress(
                shown, reason: isTold ? reason : "it is not a connection string that libpq understands")
        }
        store = .postgres
        connectionString = text
        description = shown
    }

    /// Cuts `user:password@` down to `user@` and drops password parameters.
    private static func redactedURI(_ text: String) -> String {
        let scheme = text.hasPrefix("postgresql://") ? "postgresql://" : "postgres://"
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var authority = rest[..<end]
        // A password may hold a slash that ought to have been escaped: the last @ counts where a colon stands before it.
        var tail = rest[end...]
        if !authority.contains("@"), authority.contains(":"), let at = rest.lastIndex(of: "@") {
            authority = rest[...at]
            tail = rest[rest.index(after: at)...]
        }
        var shown = authority
        if let at = authority.lastIndex(of: "@") { shown = authority[..<at].prefix { $0 != ":" } + authority[at...] }
        guard let mark = tail.firstIndex(of: "?") else { return scheme + shown + tail }
        let kept = tail[tail.index(after: mark)...].split(separator: "&").filter { parameter in
            !["password", "sslpassword"].contains(parameter.prefix { $0 != "=" }.lowercased())
        }
        return scheme + shown + tail[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    /// Leaves out `password=…`, quoted or not, from a keyword string.
    private static func redactedKeywords(_ text: String) -> String {
        var out: [String] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop { $0 == " " }
            guard !rest.isEmpty else { break }
            guard let equals = rest.firstIndex(of: "=") else {
                out.append(String(rest))
                break
            }
            let name = rest[..<equals].filter { $0 != " " }
            var value = rest[rest.index(after: equals)...].drop { $0 == " " }
            var taken = ""
            let isQuoted = value.first == "'"
            if isQuoted { taken.append(value.removeFirst()) }
            while let next = value.first {
                if !isQuoted && next == " " { break }
                taken.append(value.removeFirst())
                if next == "\\", let escaped = value.first {
                    taken.append(escaped)
                    value.removeFirst()
                } else if isQuoted && next == "'" {
                    break
                }
            }
            rest = value
            let bare = name.split(separator: " ").last.map(String.init) ?? name
            if !["password", "sslpassword"].contains(bare.lowercased()) { out.append("\(name)=\(taken)") }
        }
        return out.joined(separator: " ")
    }
}
