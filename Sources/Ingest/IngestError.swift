package import Runtime

/// Why reading stopped. Rejects are not errors: an error ends the reading of what was asked for.
package enum IngestError: Error, CustomStringConvertible, Sendable {
    /// Nothing is at a path that was named.
    case noSuchInput(path: String)
    /// A file could not be opened or read.
    case unreadable(FileFault)
    /// No room for decompressed or recoded text in the temporary folder.
    case noTemporarySpace(FileFault)
    /// `--format` names no adapter.
    case unknownAdapter(name: String, known: [String])
    /// A named adapter does not fit the kind of file.
    case wrongKind(file: String, adapter: String, found: String)
    /// Times without an offset and nobody who says whose clock it was.
    case zoneNeeded(file: String, source: String, adapter: String)
    /// A zone that the system does not know.
    case unknownZone(name: String)
    /// A mapping file that cannot be used.
    case badMapping(file: String, detail: String)

    package var description: String {
        switch self {
        case .noSuchInput(let path): "\(path): nothing is there; name a file, a folder, a pattern or -"
        case .unreadable(let fault): fault.description
        case .noTemporarySpace(let fault): "\(fault.description); set TMPDIR to a folder with more room"
        case .unknownAdapter(let name, let known):
            "--format \(name): no such adapter; there are \(known.joined(separator: ", "))"
        case .wrongKind(let file, let adapter, let found):
            "\(file): found \(found), which the adapter \(adapter) does not read; leave --format out or name another"
        case .zoneNeeded(let file, let source, let adapter):
            "\(file): its times carry no offset and \(adapter) does not say whose clock it was; give --source-tz ZONE "
                + "(such as Asia/Shanghai) or set sources.\(source).timezone in the configuration"
        case .unknownZone(let name):
            "time zone \(name) is not known; expected an IANA name such as Asia/Shanghai or UTC"
        case .badMapping(let file, let detail): "\(file): \(detail)"
        }
    }
}
