import Foundation
import Support
import Testing

/// `models train --algorithm` and `models embed` as a person runs them.
@Suite(.timeLimit(.minutes(3)))
struct ModelAlgorithmTests {
    private static let rows = (0..<24).map { $0 % 2 == 0 ? "good\tvery good n\($0)" : "bad\tquite bad n\($0)" }

    @Test func aRecurrentModelIsTrainedShownAndUsed() throws {
        let desk = try Desk()
        try desk.folder.write("mood.tsv", Self.rows.joined(separator: "\n"))
        let train = try desk.run(
            "models", "train", "mood", "--data", "mood.tsv", "--algorithm", "recurrent", "-o", "mood", "--json")
        #expect(train.status == 0, "\(train.errors)")
        #expect(try desk.run("models", "show", "mood").output.contains("\"algorithm\" : \"recurrent\""))
        let predict = try desk.run("models", "predict", "mood", "--model", "mood", input: "very good\nquite bad\n")
        #expect(predict.output.split(separator: "\n").count == 2)
        let evaluate = try desk.run("models", "evaluate", "mood", "--model", "mood", "--data", "mood.tsv", "--json")
        #expect(evaluate.status == 0 && evaluate.output.contains("\"accuracy\""))
    }

    @Test func anEncoderMustBeNamedAndBeThere() throws {
        let desk = try Desk()
        try desk.folder.write("mood.tsv", Self.rows.joined(separator: "\n"))
        for algorithm in ["encoder", "stacked"] {
            let none = try desk.run("models", "train", "mood", "--data", "mood.tsv", "--algorithm", algorithm)
            #expect(none.status == 64 && none.errors.contains("needs --encoder DIR"))
        }
        let both = try desk.run("models", "train", "mood", "--data", "mood.tsv", "--encoder", "nowhere")
        #expect(both.status == 64 && both.errors.contains("--encoder is for"))
        let gone = try desk.run(
            "models", "train", "mood", "--data", "mood.tsv", "--algorithm", "stacked", "--encoder", "nowhere")
        #expect(gone.status != 0 && gone.errors.contains("nowhere/config.json: no such file"))
        let embed = try desk.run("models", "embed", "--encoder", "nowhere", "mood.tsv")
        #expect(embed.status != 0 && embed.errors.contains("no such file"))
    }

    private static let encoder = ProcessInfo.processInfo.environment["CS_ANALYTICS_ENCODER"]

    @Test(.enabled(if: encoder != nil, "CS_ANALYTICS_ENCODER names no folder"))
    func aStackedModelIsTrainedOnARealEncoder() throws {
        let desk = try Desk()
        let folder = Self.encoder ?? ""
        try desk.folder.write("mood.tsv", Self.rows.joined(separator: "\n"))
        let embed = try desk.run("models", "embed", "--encoder", folder, "--format", "tsv", "mood.tsv", "-o", "v.npy")
        #expect(embed.status == 0 && embed.output.contains("24 texts"), "\(embed.errors)")
        let train = try desk.run(
            "models", "train", "mood", "--data", "mood.tsv", "--algorithm", "stacked", "--encoder", folder, "-o", "mood"
        )
        #expect(train.status == 0, "\(train.errors)")
        let predict = try desk.run("models", "predict", "mood", "--model", "mood", input: "very good\nquite bad\n")
        #expect(predict.output.contains("\"label\":\"good\"") && predict.output.contains("\"label\":\"bad\""))
    }
}
