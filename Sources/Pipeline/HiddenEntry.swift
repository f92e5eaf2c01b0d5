import Ingest

/// What the program does when it was started by itself.
package enum HiddenEntry {
    /// The exit code of the child's work, `nil` when the arguments are a person's.
    package static func run(_ arguments: [String]) -> Int32? {
        guard arguments.count > 1, arguments[1] == ArchiveCage.argument else { return nil }
        return ArchiveCage.serve(arguments: Array(arguments.dropFirst(2)))
    }
}
