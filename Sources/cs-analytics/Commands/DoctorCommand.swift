import ArgumentParser
import Pipeline
import Runtime

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that a night needs, one line each; 1 when something is broken.",
        discussion: examples("cs-analytics doctor", "cs-analytics doctor --warehouse postgres://writer@db/analytics"))

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.perform { console in
            let session = try global.session("doctor")
            let checks = DoctorJob.run(session)
            if console.isJSON {
                struct Document: Encodable { let checks: [DoctorJob.Check] }
                console.data(try JSONOutput.document(Document(checks: checks), runID: session.context.runID))
            } else {
                for check in checks {
                    console.data(
                        "\(padded(check.outcome.rawValue, 7))  \(padded(check.name, 12))  \(Escaping.terminal(check.detail))"
                    )
                }
            }
            if checks.contains(where: { $0.outcome == .broken }) {
                throw JobFailure(.checkFailed, "something is broken; see above")
            }
        }
    }
}
