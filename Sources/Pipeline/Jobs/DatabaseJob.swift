import Records
import Runtime
import Warehouse

/// Schema and retention.
package enum DatabaseJob {
    package struct Status: Encodable, Sendable {
        package let server: String
        package let applied: [String]
        package let missing: [String]
        package let rows: [String: Int64]
        package let pending: Int
        package let dirtyDays: Int
    }

    package static func migrate(_ session: Session) throws -> [String] {
        let address = session.warehouseAddress
        if address.hasPrefix("sqlite:") {
            try AtomicFile.makeFolder(ConfigurationLoader.folder(of: String(address.dropFirst("sqlite:".count))))
        }
        return try openWarehouse(address: address).migrate()
    }

    package static func status(_ session: Session) throws -> Status {
        let status = try RunScope.open(session).status()
        return Status(
            server: status.server, applied: status.applied, missing: status.missing, rows: status.rows,
            pending: status.pending, dirtyDays: status.dirtyDays)
    }

    /// - Parameter olderThan: a date (`yyyy-MM-dd`, start of that day in the report's zone) or an age such as `400d`.
    package static func prune(_ session: Session, olderThan: String) throws -> [String: Int] {
        let limit: Timestamp
        if let day = CivilDate(olderThan) {
            limit = session.zone.start(of: day)
        } else if let age = Configuration.milliseconds(ofAge: olderThan) {
            limit = session.context.clock() + -age
        } else {
            throw JobFailure(
                .usage, "--older-than is '\(olderThan)'; expected a date such as 2025-01-01 or an age such as 400d")
        }
        return try RunScope.perform(session) { try $0.warehouse.prune(before: limit) }
    }
}
