import Records
import Support
import Testing

@testable import Pipeline

@Suite struct ConfigurationTests {
    private func load(
        _ yaml: String, environment: [String: String] = [:], flags: [String: String] = [:]
    ) throws -> (Configuration, TemporaryFolder) {
        let folder = try TemporaryFolder()
        try folder.write("cs-analytics.yaml", yaml)
        let loader = ConfigurationLoader(environment: environment, workingFolder: folder.path)
        return (try loader.load(flags: flags), folder)
    }

    @Test func flagWinsOverEnvironmentOverFileOverDefault() throws {
        let yaml = "timezone: Asia/Shanghai\nlocale: zh-Hans\nseed: 7\n"
        let environment = ["CS_ANALYTICS_LOCALE": "en", "CS_ANALYTICS_SEED": "8"]
        let (configuration, folder) = try load(yaml, environment: environment, flags: ["seed": "9"])
        #expect(configuration["seed"] == "9")
        #expect(configuration.origin("seed") == .flag)
        #expect(configuration["locale"] == "en")
        #expect(configuration.origin("locale") == .environment("CS_ANALYTICS_LOCALE"))
        #expect(configuration["timezone"] == "Asia/Shanghai")
        #expect(configuration.origin("timezone") == .file(path: "\(folder.path)/cs-analytics.yaml", line: 1))
        #expect(configuration["profile"] == "zendesk")
        #expect(configuration.origin("profile") == .defaultValue)
        #expect(configuration.zone.identifier == "Asia/Shanghai")
    }

    @Test func theFileIsFoundUpwards() throws {
        let folder = try TemporaryFolder()
        try folder.write("cs-analytics.yaml", "output: pages\n")
        try folder.write("a/b/x", "")
        let loader = ConfigurationLoader(environment: [:], workingFolder: "\(folder.path)/a/b")
        let configuration = try loader.load()
        #expect(configuration.folder == folder.path)
        #expect(configuration.path("output", workingFolder: "\(folder.path)/a/b") == "\(folder.path)/pages")
    }

    @Test(arguments: [("/a/b/../c", "/a/c"), ("/a/./b/", "/a/b"), ("../x", "../x"), ("a/../../b", "../b"), ("/", "/")])
    func pathsAreMadePlain(path: String, expected: String) {
        #expect(Configuration.plain(path) == expected)
    }

    @Test func pathsFromAFlagBelongToTheWorkingFolder() throws {
        let (configuration, folder) = try load("paths: [in, /abs]\n", flags: ["output": "here"])
        #expect(configuration.path("output", workingFolder: "/w") == "/w/here")
        #expect(configuration.paths("paths", workingFolder: "/w") == ["\(folder.path)/in", "/abs"])
    }

    @Test(arguments: [
        ("tiemzone: UTC\n", "timezone"), ("locale: en\nprivcy:\n  text: mask\n", "privacy"),
        ("privacy:\n  txt: mask\n", "privacy.text"), ("source: {}\n", "sources"),
    ])
    func anUnknownKeyNamesTheNearest(yaml: String, nearest: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try load(yaml) }
        let text = try #require(error?.description)
        #expect(text.contains("did you mean '\(nearest)'"), "\(text)")
    }

    @Test(arguments: [
        ("locale: fr\n", "one of en, zh-Hans"), ("timezone: +08:00\n", "IANA zone"),
        ("workers: many\n", "whole number"),
        ("freshness:\n  warn: soon\n", "36h"), ("privacy:\n  key: abc\n", "environment"),
        ("schedule:\n  weekly:\n    mon: 9-18\n", "09:00-18:00"), ("schedule:\n  timezone: Mars/Base\n", "IANA"),
        ("schedule:\n  exceptions:\n    \"2026-10-01\": closed\n", "off, on"), ("locale: [en]\n", "one value"),
        ("sources:\n  a:\n    timezone: nowhere\n", "IANA zone"),
    ])
    func aWrongValueSaysWhatIsExpected(yaml: String, expected: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try load(yaml) }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
        #expect(error?.description.contains("cs-analytics.yaml:") == true)
    }

    @Test(arguments: ["a: [1\n", "- x\n", "\"unclosed\n"])
    func badSyntaxNamesTheLine(yaml: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try load(yaml) }
        #expect(error?.description.contains("cs-analytics.yaml:") == true)
    }

    @Test func sourcesAndScheduleAreRead() throws {
        let yaml = """
            schedule:
              name: desk
              timezone: Asia/Shanghai
              weekly:
                mon: [09:00-12:00, 13:00-18:00]
                sat: 10:00-16:00
              exceptions:
                "2026-10-01": off
                "2026-10-10": "on:fri"
              calendars: [holidays.csv]
            sources:
              freshdesk:
                timezone: Asia/Shanghai
                sessions: silence:30m
            """
        let (configuration, _) = try load(yaml)
        let schedule = try #require(configuration.schedule)
        #expect(schedule.name == "desk")
        #expect(schedule.weekly.map(\.hours) == ["09:00-12:00", "13:00-18:00", "10:00-16:00"])
        #expect(schedule.weekly.map(\.weekday) == [1, 1, 6])
        #expect(schedule.exceptions.count == 2)
        #expect(schedule.calendars == ["holidays.csv"])
        #expect(configuration.sources.first?.sessions == "silence:30m")
    }

    @Test func anEmptyFileIsFine() throws {
        let (configuration, _) = try load("# nothing\n")
        #expect(configuration["locale"] == "en")
        #expect(configuration.integer("workers") >= 1)
    }

    @Test func theExampleIsValid() throws {
        let (configuration, _) = try load(ExampleConfiguration.text)
        #expect(configuration["timezone"] == "Asia/Shanghai")
    }

    @Test func agesAreHoursOrDays() throws {
        let (configuration, _) = try load("freshness:\n  warn: 36h\n  error: 3d\n")
        #expect(configuration.age("freshness.warn") == 129_600_000)
        #expect(configuration.age("freshness.error") == 259_200_000)
        #expect(configuration.age("profile") == nil)
    }

    @Test func secretsAreNotShown() throws {
        let (configuration, _) = try load(
            "warehouse: postgres://me:hunter2@host/db\n", environment: ["CS_ANALYTICS_PRIVACY_KEY": "topsecret"])
        let entries = ConfigurationListing.entries(configuration)
        #expect(!entries.contains { $0.value.contains("hunter2") || $0.value.contains("topsecret") })
        #expect(entries.contains { $0.value == "postgres://me:***@host/db" })
        #expect(ConfigurationListing.maskedAddress("host=a password=x dbname=b") == "host=a password=*** dbname=b")
    }

    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("abcd", "abdc", 1), ("same", "same", 0)])
    func editDistanceCountsTranspositionsOnce(a: String, b: String, distance: Int) {
        #expect(EditDistance.between(a, b) == distance)
    }
}
