import ArgumentParser
import Pipeline

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a commented cs-analytics.yaml; an existing one is left alone.",
        discussion: examples("cs-analytics init", "cs-analytics init /srv/desk"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Folder to write into.", completion: .directory)
    var folder = "."

    func run() throws {
        try global.perform { console in
            let path = try InitJob.run(folder: folder)
            console.say("wrote \(path); next: cs-analytics inspect PATH, then cs-analytics nightly PATH")
        }
    }
}
