import Foundation
import Support
import Testing

/// The commands as a person or a script calls them.
@Suite(.serialized) struct CommandsTests {
    private static let desk = Result {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", Desk.lines().joined(separator: "\n") + "\n")
        let result = try desk.run("nightly", "exports", "--json")
        guard result.status == 0 else { throw SupportError(result.errors) }
        return desk
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static let commands: [[String]] = [
        ["init"], ["doctor"], ["inspect"], ["ingest"], ["convert"], ["score"], ["aggregate"], ["report"], ["forecast"],
        ["nightly"], ["backfill"], ["runs", "list"], ["runs", "show"], ["db", "migrate"], ["db", "status"],
        ["db", "prune"],
        ["config", "show"], ["metrics", "list"], ["metrics", "explain"], ["explain"], ["export"], ["models", "train"],
        ["models", "embed"], ["models", "evaluate"], ["models", "predict"], ["models", "suggest"],
        ["models", "cross-validate"], ["models", "compare"],
        [], ["models"], ["runs"], ["db"], ["config"], ["metrics"], ["datasets"], ["models", "promote"],
        ["models", "list"], ["models", "show"], ["datasets", "check"],
        ["privacy"], ["privacy", "evaluate"], ["series"], ["series", "forecast"], ["series", "anomalies"],
        ["series", "changepoints"],
    ]

    @Test(arguments: commands) func helpEndsWithTwoExamples(command: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try Binary.run(command + ["--help"], in: folder.path)
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n").suffix(3).map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.first == "Examples:", "\(result.output)")
        #expect(lines.dropFirst().allSatisfy { $0.contains((["cs-analytics"] + command).joined(separator: " ")) })
    }

    /// Mistakes of both kinds are counted under their kind; lines that are no labelled text are named.
    @Test func privacyRulesAreMeasured() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "a.jsonl",
            """
            {"text": "电话13800138000谢谢", "spans": [{"start": 2, "end": 13, "kind": "mobile"}]}
            {"text": "write to ann@example.com or Bo", "spans": [{"start": 9, "end": 24, "kind": "email"}, {"start": 28, "end": 30, "kind": "name"}]}
            {"text": "mail x@example.com", "spans": []}

            """)
        let result = try Binary.run(["privacy", "evaluate", "--data", "a.jsonl", "--json"], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        let document = try json(result.output)
        let total = try #require(document["total"] as? [String: Any])
        #expect(total["spans"] as? Int == 3 && total["exact"] as? Int == 2 && total["missed"] as? Int == 1)
        #expect(total["false_matches"] as? Int == 1 && document["clean_texts_flagged"] as? Int == 1)
        try folder.write("b.jsonl", "{\"text\": \"x\"}\nnot json\n")
        let broken = try Binary.run(["privacy", "evaluate", "--data", "b.jsonl"], in: folder.path)
        #expect(broken.status == 65 && broken.errors.contains("line 2"))
        #expect(try Binary.run(["privacy", "evaluate", "--data", "none"], in: folder.path).status == 65)
    }

    @Test func initWritesOnceAndRefusesTwice() throws {
        let folder = try TemporaryFolder()
        #expect(try Binary.run(["init"], in: folder.path).status == 0)
        #expect(folder.read("cs-analytics.yaml")?.contains("timezone") == true)
        let again = try Binary.run(["init"], in: folder.path)
        #expect(again.status == 74)
        #expect(again.errors.contains("there already"))
    }

    @Test func doctorIsContentWithAWorkingDesk() throws {
        let result = try Self.desk.get().run("doctor")
        #expect(result.status == 0, "\(result.output)")
        for name in ["settings", "warehouse", "schema", "model intent", "BLAS", "disk"] {
            #expect(result.output.contains(name), "\(name) is missing in \(result.output)")
        }
        let document = try json(try Self.desk.get().run("doctor", "--json").output)
        #expect((document["checks"] as? [Any])?.isEmpty == false)
    }

    @Test func configSaysWhereValuesComeFrom() throws {
        let result = try Self.desk.get().run(
            "config", "show", "--origin", environment: ["CS_ANALYTICS_LOCALE": "zh-Hans"])
        #expect(result.status == 0)
        #expect(result.output.contains("cs-analytics.yaml:1"))
        #expect(result.output.contains("environment CS_ANALYTICS_LOCALE"))
    }

    @Test func theReportHasEveryFileOfTheContract() throws {
        let desk = try Self.desk.get()
        let day = "\(desk.folder.path)/reports/latest"
        for name in [
            "index", "volume", "service", "topics", "sentiment", "anomalies", "agents", "models", "quality",
        ] {
            let page = FileManager.default.contents(atPath: "\(day)/\(name).html").map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(page?.contains("<html") == true, "\(name).html")
            #expect(page?.contains("<script") == false)
        }
        for name in ["run.json", "metrics.prom", "csv"] {
            #expect(FileManager.default.fileExists(atPath: "\(day)/\(name)"), "\(name)")
        }
        #expect(FileManager.default.fileExists(atPath: "\(desk.folder.path)/reports/index.html"))
        let run = try json(
            String(decoding: try #require(FileManager.default.contents(atPath: "\(day)/run.json")), as: UTF8.self))
        #expect(run["schema_version"] as? Int == 1)
        #expect((run["inputs"] as? [[String: Any]])?.first?["content_hash"] as? String != nil)
    }

    @Test func maskingHappensBeforeTheDisk() throws {
        let desk = try Self.desk.get()
        let store = try #require(
            FileManager.default.contents(atPath: "\(desk.folder.path)/.cs-analytics/warehouse.sqlite"))
        #expect(store.range(of: Data("13812345678".utf8)) == nil)
        let messages = try desk.run("export", "messages", "--csv", "--quiet")
        #expect(messages.output.contains("138****5678"))
    }

    @Test func everyNumberOfATicketCanBeExplained() throws {
        let result = try Self.desk.get().run("explain", "t2")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("desk/t2"))
        #expect(result.output.contains("first reply") || result.output.contains("first_reply"))
        #expect(try Self.desk.get().run("explain", "no-such-ticket").status == 1)
    }

    @Test func exportsAreOneRowPerThing() throws {
        let desk = try Self.desk.get()
        let tickets = try desk.run("export", "tickets", "--csv", "--quiet")
        #expect(tickets.output.split(separator: "\n").count == 31)
        let conversations = try desk.run("export", "conversations", "--json", "--quiet")
        #expect((try json(conversations.output)["rows"] as? [Any])?.count == 60)
        let excel = try desk.run("export", "daily", "--excel", "-o", "daily.csv", "--quiet")
        #expect(excel.status == 0)
        #expect(desk.folder.read("daily.csv")?.hasPrefix("\u{FEFF}day,") == true)
        let some = try desk.run("export", "conversations", "--where", "channel=chat", "--quiet")
        #expect(some.output.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",chat,") })
    }

    @Test func theLedgerKnowsTheRuns() throws {
        let desk = try Self.desk.get()
        let document = try json(try desk.run("runs", "list", "--json").output)
        let runs = try #require(document["runs"] as? [[String: Any]])
        #expect(runs.contains { $0["command"] as? String == "nightly" && $0["outcome"] as? String == "ok" })
        let id = try #require(runs.first?["run_id"] as? String)
        #expect(try desk.run("runs", "show", id).status == 0)
        #expect(try desk.run("runs", "show", "nothing").status == 1)
        #expect(try desk.run("db", "status").output.contains("SQLite"))
        #expect(try desk.run("db", "migrate").status == 0)
    }

    @Test func stagesRunAloneAndBackfillRendersARange() throws {
        let desk = try Self.desk.get()
        for command in ["score", "aggregate", "forecast"] { #expect(try desk.run(command, "--json").status == 0) }
        let report = try desk.run("report", "--locale", "zh-Hans", "--output", "zh")
        #expect(report.status == 0, "\(report.errors)")
        let page = desk.folder.read("zh/latest/index.html")
        #expect(page?.contains("lang=\"zh-Hans\"") == true)
        let days = try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder.path)/reports/days").sorted()
        let last = try #require(days.last)
        let backfill = try desk.run("backfill", "--from", last, "--to", last, "--output", "again")
        #expect(backfill.status == 0, "\(backfill.errors)")
        #expect(
            desk.folder.read("again/days/\(last)/csv/key_figures.csv")
                == desk.folder.read("reports/days/\(last)/csv/key_figures.csv"))
        let range = try desk.run(
            "report", "--from", "2026-06-01", "--to", last, "--output", "range", "--where", "channel=chat")
        #expect(range.status == 0, "\(range.errors)")
    }

    @Test func inspectConvertAndReadBack() throws {
        let desk = try Self.desk.get()
        let inspect = try desk.run("inspect", "exports", "--json")
        let file = try #require((try json(inspect.output)["files"] as? [[String: Any]])?.first)
        #expect(file["adapter"] as? String == "canonical")
        #expect(try desk.run("inspect", "exports").output.contains("canonical"))
        #expect(try desk.run("convert", "exports", "--to", "jsonl", "-o", "canon").status == 0)
        #expect(try desk.run("convert", "exports", "--to", "csv", "-o", "tables").status == 0)
        let again = try desk.run("ingest", "canon/messages.jsonl", "--dry-run", "--json")
        #expect(try json(again.output)["rejected"] as? Int == 0)
        #expect(desk.folder.read("tables/tickets.csv")?.hasPrefix("source,id") == true)
        #expect(try desk.run("ingest", "--list-adapters").output.contains("zendesk"))
    }

    @Test func modelsOfSeveralColumnsPagesAndSuggestions() throws {
        let desk = try Desk()
        let rows = [("delivery", "high", "parcel late"), ("payment", "low", "refund missing")]
        try desk.folder.write(
            "tickets.jsonl",
            (0..<12).map { number in
                let (category, priority, text) = rows[number % 2]
                return
                    "{\"subject\":\"\(text)\",\"body\":\"case \(number) 13812345678\",\"category\":\"\(category)\",\"priority\":\"\(priority)\"}\n"
            }.joined())
        let train = try desk.run(
            "models", "train", "category", "--data", "tickets.jsonl", "--label-column", "category,priority",
            "--text-column", "subject+body", "-o", "two", "--json")
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.output.contains("\"task\" : \"priority\"") || train.output.contains("\"task\":\"priority\""))
        let evaluate = try desk.run(
            "models", "evaluate", "priority", "--model", "two/priority", "--data", "tickets.jsonl", "--label-column",
            "priority", "--text-column", "subject+body", "--html", "page.html", "--curve", "tickets.jsonl")
        #expect(evaluate.status == 0, "\(evaluate.errors)")
        let page = try #require(desk.folder.read("page.html"))
        #expect(page.contains("</html>") && !page.contains("13812345678"))
        try desk.folder.write("texts.txt", "parcel refund\n\nhello there 13812345678\nparcel refund\n")
        let suggest = try desk.run(
            "models", "suggest", "category", "--model", "two/category", "--from", "texts.txt", "--count", "5")
        #expect(suggest.status == 0 && suggest.output.split(separator: "\n").count == 2)
        #expect(!suggest.output.contains("13812345678"))
        let restricted = try desk.run(
            "models", "evaluate", "mood", "--model", "two/category", "--data", "tickets.jsonl", "--label-column",
            "category", "--text-column", "subject+body", "--labels", "delivery,nothing")
        #expect(restricted.status == 64)
    }

    @Test func modelsAreTrainedMeasuredComparedAndPromoted() throws {
        let desk = try Self.desk.get()
        let train = try desk.run("models", "train", "mood", "--data", "data/sentiment/en.tsv", "-o", "mood", "--json")
        #expect(train.status == 0, "\(train.errors)")
        let card = try json(train.output)
        #expect(card["rows"] as? Int == 9)
        #expect(card["macro_f1"] != nil && card["train_seconds"] != nil && card["model"] as? String == "mood")
        let evaluate = try desk.run(
            "models", "evaluate", "mood", "--model", "mood", "--data", "data/sentiment/en.tsv", "--errors",
            "errors.tsv", "--json")
        let figures = try json(evaluate.output)
        for key in [
            "accuracy", "macro_f1", "per_label", "confusion", "calibration", "rows", "seconds", "texts_per_second",
        ] {
            #expect(figures[key] != nil, "\(key)")
        }
        #expect(desk.folder.read("errors.tsv")?.hasPrefix("expected\tpredicted") == true)
        let predict = try desk.run("models", "predict", "mood", "--model", "mood", input: "谢谢，很好\n\nthis is terrible")
        let lines = predict.output.split(separator: "\n")
        #expect(lines.count == 3)
        for line in lines {
            let one = try json(String(line))
            #expect(one["label"] is String && (one["top"] as? [Any])?.count == 3)
        }
        #expect(
            try desk.run(
                "models", "cross-validate", "mood", "--data", "data/sentiment/en.tsv", "--folds", "2", "--json"
            ).status == 0)
        #expect(
            try desk.run("models", "compare", "mood", "mood", "--data", "data/sentiment/en.tsv").output.contains(
                "McNemar"))
        #expect(
            try desk.run("models", "compare", "mood", "mood", "--data", "data/sentiment/en.tsv", "--require", "0.05")
                .status == 1)
        #expect(try desk.run("models", "list").output.contains("intent"))
        #expect(try desk.run("models", "show", "intent").output.contains("held"))
        let unchanged = try desk.run("models", "train", "intent", "--data", "data/intent/en.tsv", "--if-changed")
        #expect(unchanged.errors.contains("nothing has changed"), "\(unchanged.errors)")
        #expect(try desk.run("models", "evaluate", "mood", "--model", "mood").status == 64)
    }

    @Test func metricsAreDefinedInBothLanguages() throws {
        let folder = try TemporaryFolder()
        let list = try json(try Binary.run(["metrics", "list", "--json"], in: folder.path).output)
        #expect((list["metrics"] as? [Any])?.count ?? 0 > 30)
        let explain = try Binary.run(["metrics", "explain", "first_reply"], in: folder.path)
        #expect(explain.output.contains("首次"))
        let page = try #require(FileManager.default.contents(atPath: "\(Binary.checkout)/docs/METRICS.md"))
        let text = String(decoding: page, as: UTF8.self)
        for metric in try #require(list["metrics"] as? [[String: Any]]) {
            let name = try #require(metric["metric"] as? String)
            #expect(text.contains("`\(name)`"), "docs/METRICS.md does not define \(name)")
        }
    }

    @Test func aRunJSONOfTwoLanguagesSaysTheSame() throws {
        let desk = try Self.desk.get()
        #expect(try desk.run("report", "--locale", "en", "--output", "en").status == 0)
        #expect(try desk.run("report", "--locale", "zh-Hans", "--output", "zh").status == 0)
        let day = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder.path)/en/days").first)
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder.path)/en/days/\(day)/csv") {
            #expect(
                desk.folder.read("en/days/\(day)/csv/\(name)") == desk.folder.read("zh/days/\(day)/csv/\(name)"),
                "\(name)")
        }
    }
}

/// The labelled sets of the project pass their own check.
@Suite struct DatasetsCheckTests {
    @Test func allSetsAreInOrder() throws {
        let folder = try TemporaryFolder()
        let result = try Binary.run(["datasets", "check", "\(Binary.checkout)/datasets", "--json"], in: folder.path)
        #expect(result.status == 0, "\(result.output.prefix(4000))")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect((document["files"] as? [Any])?.count ?? 0 >= 16)
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(!findings.contains { $0["kind"] as? String == "sameness" }, "variety: \(findings.prefix(5))")
    }

    @Test func whatMustBeMendedIsFound() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "set/train.tsv",
            "a\twhere is my parcel now\na\tWhere is my  parcel now\nb\twhere is my parcel NOW\na\t\nb\tbad \u{FFFD} sign\nb\tplease refund the second order of last week\nb\tplease refund the second order of last weeks\n"
        )
        try folder.write("set/test.tsv", "a\tunrelated line\nb\tplease refund the second order of last week\n")
        let result = try Binary.run(["datasets", "check", "set"], in: folder.path)
        #expect(result.status == 1)
        for kind in ["duplicate", "label_conflict", "odd_character", "empty_text", "split_leak"] {
            #expect(result.output.contains("error  \(kind)"), "\(kind): \(result.output)")
        }
        #expect(try Binary.run(["datasets", "check", "nowhere"], in: folder.path).status == 65)
        #expect(try Binary.run(["datasets", "check", "set/test.tsv"], in: folder.path).status == 0)
    }
}
