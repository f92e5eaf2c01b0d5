import Foundation
import Ingest
import LinearAlgebra
import Models
import Privacy
import Records
import Runtime
import Warehouse

/// Checks everything that a night needs, one line each.
package enum DoctorJob {
    package enum Verdict: String, Encodable, Sendable { case ok, note, broken }

    package struct Check: Encodable, Sendable {
        package let name: String
        package let outcome: Verdict
        package let detail: String
    }

    package static func run(_ session: Session) -> [Check] {
        [settings(session), zone(session), schedule(session)] + warehouse(session)
            + [output(session), privacyKey(session)] + models(session) + [datasets(session), blas(), disk(session)]
    }

    private static func check(_ name: String, _ body: () throws -> (Verdict, String)) -> Check {
        do {
            let (verdict, detail) = try body()
            return Check(name: name, outcome: verdict, detail: detail)
        } catch {
            return Check(name: name, outcome: .broken, detail: JobFailure(error).description)
        }
    }

    private static func settings(_ session: Session) -> Check {
        let file = session.configuration.file
        return Check(
            name: "settings", outcome: file == nil ? .note : .ok,
            detail: file ?? "no cs-analytics.yaml found; defaults are used ('cs-analytics init' writes one)")
    }

    private static func zone(_ session: Session) -> Check {
        check("time zones") {
            guard let shanghai = LocalZone(identifier: "Asia/Shanghai"),
                shanghai.offset(at: Timestamp(seconds: 1_772_421_249)) == 8 * 3_600_000
            else { return (.broken, "the system's time zone data are missing (Debian package tzdata)") }
            return (.ok, "days begin in \(session.zone.identifier)")
        }
    }

    private static func schedule(_ session: Session) -> Check {
        check("schedule") {
            guard let built = try ScheduleBuilder.build(session) else {
                return (.note, "no opening hours configured; business times are absent")
            }
            let today = session.zone.day(of: session.context.clock())
            let missing = built.calendar.uncoveredYears(of: today...(today + 30))
            if !missing.isEmpty {
                return (
                    .note,
                    "\(built.name); no exceptions (holidays) for \(missing.map(String.init).joined(separator: ", "))"
                )
            }
            return (.ok, built.name)
        }
    }

    private static func warehouse(_ session: Session) -> [Check] {
        let address = ConfigurationListing.maskedAddress(session.warehouseAddress)
        do {
            if session.warehouseAddress.hasPrefix("sqlite:") {
                try AtomicFile.makeFolder(
                    ConfigurationLoader.folder(of: String(session.warehouseAddress.dropFirst("sqlite:".count))))
            }
            let warehouse = try openWarehouse(address: session.warehouseAddress)
            let status = try warehouse.status()
            let schema =
                status.missing.isEmpty
                ? Check(name: "schema", outcome: .ok, detail: "\(status.applied.count) migrations applied")
                : Check(
                    name: "schema", outcome: .note,
                    detail: "\(status.missing.count) migrations to run; the next job or 'db migrate' runs them")
            return [
                Check(name: "warehouse", outcome: .ok, detail: "\(warehouse.displayName), \(status.server)"), schema,
                check("run lock") {
                    try warehouse.tryLock() == nil ? (.note, "held: a run is going on") : (.ok, "free")
                },
            ]
        } catch {
            return [Check(name: "warehouse", outcome: .broken, detail: "\(address): \(JobFailure(error).description)")]
        }
    }

    private static func output(_ session: Session) -> Check {
        check("output") {
            let folder = session.outputFolder
            try AtomicFile.makeFolder(folder)
            let probe = "\(folder)/.write-probe"
            try AtomicFile.write("", to: probe)
            unlink(probe)
            return (.ok, "\(folder) can be written")
        }
    }

    private static func privacyKey(_ session: Session) -> Check {
        check("privacy key") {
            if session.environment[PrivacyKey.environmentName] != nil { return (.ok, "from the environment") }
            let file = MaskingFilter.keyFile(session)
            guard FileManager.default.fileExists(atPath: file) else {
                return (.note, "none yet; the first run writes \(file): keep a copy of it, pseudonyms depend on it")
            }
            _ = try PrivacyKey.load(environment: [:], file: file)
            return (.ok, "\(file): keep a copy of it, pseudonyms depend on it")
        }
    }

    private static func models(_ session: Session) -> [Check] {
        let registry = ModelRegistry(directory: session.modelFolder)
        return ModelSet.tasks.map { task in
            check("model \(task)") {
                guard let (_, card) = try registry.promoted(task: task) else {
                    let files = ModelSet.trainingFiles(task, session)
                    return files.isEmpty
                        ? (.note, "none, and no labelled data to train one from")
                        : (.note, "none yet; the first night trains one from \(files.joined(separator: ", "))")
                }
                return (
                    .ok,
                    "\(card.version), accuracy \(percent(card.accuracy)) on \(card.heldOutRows) held-out rows; checksum holds"
                )
            }
        }
    }

    private static func datasets(_ session: Session) -> Check {
        let folder = session.datasetFolder
        return Check(
            name: "datasets", outcome: folder == nil ? .note : .ok,
            detail: folder ?? "not found beside the settings nor under the install prefix (setting 'datasets')")
    }

    private static func blas() -> Check {
        let blas = BLAS.configuration
        let gigaflops = (BLAS.measureGigaflops() * 10).rounded() / 10
        return Check(
            name: "BLAS", outcome: .ok,
            detail: "\(blas.library), kernels \(blas.core), \(blas.threads) threads, \(gigaflops) GFLOP/s measured")
    }

    private static func disk(_ session: Session) -> Check {
        check("disk") {
            let values = try FileManager.default.attributesOfFileSystem(forPath: session.configuration.folder)
            let free = (values[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
            let gigabytes = free / 1_000_000_000
            return (gigabytes < 1 ? .broken : gigabytes < 5 ? .note : .ok, "\(gigabytes) GB free")
        }
    }
}
