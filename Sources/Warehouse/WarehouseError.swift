/// Why the warehouse could not do what it was asked, in terms that a person can act on.
package enum WarehouseError: Error, Equatable, CustomStringConvertible {
    /// The address cannot be understood.
    case badAddress(String, reason: String)
    /// The server cannot be reached or went away.
    case unreachable(address: String, message: String)
    /// The server refused a statement.
    case refused(statement: String, message: String)
    /// The schema is newer than this program.
    case newerSchema(version: String)
    /// Stored bytes cannot be read.
    case damaged(table: String, detail: String)

    package var description: String {
        switch self {
        case .badAddress(let address, let reason):
            "warehouse '\(address)': \(reason); expected postgres://user@host/database or sqlite:PATH"
        case .unreachable(let address, let message): "cannot reach the warehouse \(address): \(message)"
        case .refused(let statement, let message): "the warehouse refused \(statement): \(message)"
        case .newerSchema(let version):
            "the warehouse has migration \(version), which this program does not know; install the newer cs-analytics"
        case .damaged(let table, let detail): "table \(table) holds bytes that cannot be read: \(detail)"
        }
    }
}
