package import Aggregates
import FoundationEssentials
import Logging
import Records
import Runtime
package import Warehouse

/// A job under the run lock with its row in the run ledger.
package struct RunScope {
    package let session: Session
    package let warehouse: any Warehouse
    package var run: RunSummary

    /// Opens the warehouse of the session, bringing its schema up to date.
    package static func open(_ session: Session) throws -> any Warehouse {
        let address = session.warehouseAddress
        if address.hasPrefix("sqlite:") {
            try AtomicFile.makeFolder(ConfigurationLoader.folder(of: String(address.dropFirst("sqlite:".count))))
        }
        let warehouse = try openWarehouse(address: address)
        let ran = try warehouse.migrate()
        if !ran.isEmpty { session.context.log.info("schema: ran \(ran.joined(separator: ", "))") }
        return warehouse
    }

    /// Opens, locks, opens the ledger row, runs `body` and closes the row with what came of it.
    ///
    /// Another holder of the lock is `ExitStatus.tryLater` at once.
    package static func perform<Result>(_ session: Session, _ body: (inout RunScope) throws -> Result) throws -> Result
    {
        let warehouse = try open(session)
        guard let lock = try warehouse.tryLock() else {
            throw JobFailure(.tryLater, "another run holds the lock of \(warehouse.displayName); try later")
        }
        defer { withExtendedLifetime(lock) {} }
        var scope = RunScope(
            session: session, warehouse: warehouse,
            run: RunSummary(
                runID: session.context.runID, command: session.command, version: Session.version,
                startedAt: session.context.clock(), zone: session.zone.identifier,
                profile: session.configuration["profile"]))
        try warehouse.beginRun(scope.run)
        do {
            let result = try body(&scope)
            scope.run.outcome = "ok"
            scope.run.exitCode = 0
            scope.run.finishedAt = session.context.clock()
            try warehouse.finishRun(scope.run)
            return result
        } catch {
            let failure = JobFailure(error)
            scope.run.outcome = error is Interruption ? "interrupted" : "failed"
            scope.run.exitCode = failure.status.rawValue
            scope.run.finishedAt = session.context.clock()
            scope.run.warnings.append(failure.description)
            // The first failure is what the person must see; a ledger that cannot be written does not hide it.
            try? warehouse.finishRun(scope.run)
            throw error
        }
    }

    /// Runs one stage, noting its wall seconds.
    package mutating func stage<Result>(_ name: String, _ body: (inout RunScope) throws -> Result) throws -> Result {
        try session.context.cancellation.check()
        let began = session.context.clock()
        session.context.log.debug("stage \(name)")
        let result = try body(&self)
        let seconds = Double(session.context.clock() - began) / 1000
        run.stageSeconds[name, default: 0] += seconds
        session.context.progress.end()
        session.context.log.debug("stage \(name): \(seconds) s")
        return result
    }
}
