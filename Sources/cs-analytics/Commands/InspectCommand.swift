import ArgumentParser
import Pipeline
import Runtime

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell what each file is: format, encoding, adapter, columns, a masked sample.",
        discussion: examples("cs-analytics inspect exports", "cs-analytics inspect tickets.csv --mapping tickets.yaml"))

    @OptionGroup var global: GlobalOptions
    @OptionGroup var reading: ReadingArguments
    @Argument(help: "Files, folders, globs, archives, or -.") var paths: [String]

    func run() throws {
        try global.perform { console in
            let session = try global.session("inspect")
            let files = try InspectJob.run(session, paths: paths, reading: reading.options)
            if console.isJSON {
                struct Document: Encodable { let files: [InspectJob.File] }
                console.data(try JSONOutput.document(Document(files: files), runID: session.context.runID))
            } else {
                for file in files { InspectJob.lines(file).forEach(console.data) }
            }
            if !files.isEmpty && files.allSatisfy({ $0.refusal != nil }) {
                throw JobFailure(.unusableInput, files.first?.refusal ?? "no input could be used")
            }
        }
    }
}
