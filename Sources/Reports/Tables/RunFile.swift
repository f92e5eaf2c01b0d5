import Aggregates
import FoundationEssentials
import Runtime

/// `run.json`: what was run, on what, with which outcome. Keys are sorted; times are ISO 8601 in UTC.
struct RunFile: Encodable {
    static let schemaVersion = 1

    struct Period: Encodable {
        let kind: String
        let name: String
        let from: String
        let to: String
    }
    struct Input: Encodable {
        let path: String
        let content_hash: String
        let source: String
        let adapter: String
        let read: Int
        let accepted: Int
        let duplicates: Int
        let rejected: Int
        let is_known: Bool
    }
    struct Model: Encodable {
        let task: String
        let version: String
        let algorithm: String
        let trained_at: String
        let rows: Int
        let labels: Int
        let held_out_rows: Int
        let accuracy: Double
        let macro_f1: Double
        let calibration_error: Double?
    }

    let schema_version = RunFile.schemaVersion
    let run_id: String
    let command: String
    let version: String
    let outcome: String
    let exit_code: Int32?
    let started_at: String
    let finished_at: String?
    let period: Period
    let zone: String
    let profile: String
    let schedule: String?
    let data_until: String?
    let inputs: [Input]
    let records: [String: Int]
    let stage_seconds: [String: Double]
    let models: [Model]
    let warnings: [String]
    let alerts: Int

    init(_ input: ReportInput) {
        let run = input.run
        run_id = run.runID
        command = run.command
        version = run.version
        outcome = run.outcome
        exit_code = run.exitCode
        started_at = run.startedAt.iso8601
        finished_at = run.finishedAt?.iso8601
        period = Period(
            kind: input.period.kind.rawValue, name: input.period.name, from: input.period.days.lowerBound.description,
            to: input.period.days.upperBound.description)
        zone = input.zone
        profile = input.profile
        schedule = input.schedule
        data_until = input.dataUntil?.description
        inputs = run.inputs.sorted { ($0.source, $0.path) < ($1.source, $1.path) }.map {
            Input(
                path: $0.path, content_hash: $0.contentHash, source: $0.source, adapter: $0.adapter, read: $0.read,
                accepted: $0.accepted, duplicates: $0.duplicates, rejected: $0.rejected, is_known: $0.isKnown)
        }
        records = run.records
        stage_seconds = run.stageSeconds.mapValues { ($0 * 1000).rounded() / 1000 }
        models = (input.models.isEmpty ? run.models : input.models).sorted { $0.task < $1.task }.map {
            Model(
                task: $0.task, version: $0.version, algorithm: $0.algorithm, trained_at: $0.trainedAt, rows: $0.rows,
                labels: $0.labels, held_out_rows: $0.heldOutRows, accuracy: $0.accuracy, macro_f1: $0.macroF1,
                calibration_error: $0.calibrationError)
        }
        warnings = run.warnings
        alerts = input.alerts.count
    }

    func bytes() throws(ReportError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            throw ReportError.encoding(file: "run.json", reason: "\(error)")
        }
    }
}
