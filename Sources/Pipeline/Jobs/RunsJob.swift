package import Aggregates
import Warehouse

/// The run ledger.
package enum RunsJob {
    /// Newest first.
    package static func list(_ session: Session, limit: Int) throws -> [RunSummary] {
        try RunScope.open(session).runs(limit: limit)
    }

    package static func show(_ session: Session, id: String) throws -> RunSummary {
        guard let run = try RunScope.open(session).run(id) else {
            throw JobFailure(.checkFailed, "there is no run '\(id)'; 'cs-analytics runs list' names them")
        }
        return run
    }
}
