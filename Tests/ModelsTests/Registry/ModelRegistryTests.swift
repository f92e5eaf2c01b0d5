import Features
import FoundationEssentials
import Runtime
import Testing
import Text

@testable import Models

@Suite("Model registry")
struct ModelRegistryTests {
    private func train(_ data: LabelledData, seconds: Int64 = 0, task: String = "intent") throws
        -> TrainedTextClassifier
    {
        var trainer = TextClassifierTrainer(task: task, date: Timestamp(seconds: seconds))
        trainer.scheme.bits = 14
        return try trainer.train(data)
    }

    /// The sample rows with every third label wrong.
    private func spoilt() -> LabelledData {
        let data = Samples.rows(120)
        return LabelledData(
            (0..<120).map { (label: $0 % 3 == 0 ? data.label(($0 + 1) % 120) : data.label($0), text: data.texts[$0]) })
    }

    @Test func anEmptyRegistryHasNothing() throws {
        let registry = ModelRegistry(directory: "/no/such/registry")
        #expect(registry.tasks().isEmpty && registry.list().models.isEmpty)
        #expect(registry.promotedFolder(task: "intent") == nil)
        #expect(try registry.promoted(task: "intent") == nil)
    }

    @Test func aWorseModelIsRefusedUnlessForced() throws {
        try Samples.withFolder { folder in
            let registry = ModelRegistry(directory: "\(folder)/models/")
            let good = try registry.add(train(Samples.rows(120), seconds: 10))
            let bad = try registry.add(train(spoilt(), seconds: 20))
            let first = try registry.promote(good)
            #expect(first.folder == good && first.sharedRows == 0)
            let refusal = try #require(throws: ModelError.self) { try registry.promote(bad) }
            #expect(refusal.description.hasPrefix("not promoted: intent"))
            #expect(registry.promotedFolder(task: "intent") == good)
            let forced = try registry.promote(bad, isForced: true)
            #expect(forced.sharedRows > 100)
            #expect((forced.accuracy ?? 1) < (forced.formerAccuracy ?? 0))
            #expect(registry.promotedFolder(task: "intent") == bad)
            let back = try registry.promote(good)
            #expect((back.test?.pValue ?? 1) < 0.05)
            #expect(try registry.promoted(task: "intent")?.card.trainedAt == "1970-01-01T00:00:10Z")
            let list = registry.list()
            #expect(list.models.map(\.folder) == [good, bad] && list.models.map(\.isPromoted) == [true, false])
            #expect(list.damaged.isEmpty && registry.tasks() == ["intent"])
            #expect(try registry.promote(good).folder == good)
        }
    }

    @Test func aModelFromElsewhereIsCopiedIn() throws {
        try Samples.withFolder { folder in
            let registry = ModelRegistry(directory: "\(folder)/models")
            let trained = try train(Samples.rows(60))
            try trained.write(to: "\(folder)/elsewhere")
            let promotion = try registry.promote("\(folder)/elsewhere")
            #expect(promotion.folder == "\(folder)/models/intent/\(trained.card.version)")
            #expect(try registry.promoted(task: "intent")?.card == trained.card)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/models/intent").count == 2)
        }
    }

    @Test func modelsWithoutSharedRowsAreNotCompared() throws {
        try Samples.withFolder { folder in
            let registry = ModelRegistry(directory: folder)
            _ = try registry.promote(registry.add(train(Samples.rows(60))))
            let other = LabelledData((0..<60).map { (label: $0 % 2 == 0 ? "x" : "y", text: "other \($0 % 2) w\($0)q") })
            let folder = try registry.add(train(other))
            let refusal = try #require(throws: ModelError.self) { try registry.promote(folder) }
            #expect(refusal.description.contains("no row was held out"))
            #expect(try registry.promote(folder, isForced: true).sharedRows == 0)
        }
    }

    @Test func damagedModelsAreListedAsSuchAndNeverPromoted() throws {
        try Samples.withFolder { folder in
            let registry = ModelRegistry(directory: folder)
            let model = try registry.add(train(Samples.rows(60)))
            try Samples.write("{", to: "\(model)/card.json")
            #expect(registry.list(task: "intent").models.isEmpty)
            #expect(registry.list().damaged.count == 1)
            #expect(throws: ModelError.self) { try registry.promote(model) }
            #expect(throws: ModelError.self) { try registry.promote("\(folder)/nothing") }
        }
    }

    @Test(arguments: ["", "../x", "a/b", "a b", ".", String(repeating: "x", count: 65)])
    func taskNamesThatAreNoFolderNamesAreRefused(task: String) throws {
        let trained = try train(Samples.rows(40), task: task)
        #expect(throws: ModelError.taskName(task)) {
            try ModelRegistry(directory: "/no/such/registry").add(trained)
        }
    }
}
