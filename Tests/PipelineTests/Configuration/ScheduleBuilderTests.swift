import Records
import Runtime
import Support
import Testing

@testable import Pipeline

@Suite struct ScheduleBuilderTests {
    private func session(_ yaml: String, files: [String: String] = [:]) throws -> (Session, TemporaryFolder) {
        let folder = try TemporaryFolder()
        try folder.write("cs-analytics.yaml", yaml)
        for (name, text) in files { try folder.write(name, text) }
        let configuration = try ConfigurationLoader(environment: [:], workingFolder: folder.path).load()
        let session = Session(
            configuration: configuration, context: RunContext(), workingFolder: folder.path, environment: [:],
            executable: nil, command: "test")
        return (session, folder)
    }

    private let week =
        "schedule:\n  name: desk\n  timezone: Asia/Shanghai\n  weekly:\n    mon: 09:00-18:00\n    fri: 09:00-18:00\n"

    @Test func withoutAScheduleThereIsNone() throws {
        let (session, folder) = try session("locale: en\n")
        #expect(try ScheduleBuilder.build(session) == nil)
        withExtendedLifetime(folder) {}
    }

    @Test func calendarFilesAddExceptions() throws {
        let calendar = "date,hours\n# the holiday\n2026-10-02,off\n2026-10-10,on:fri # made up for\n\n"
        let (session, folder) = try session(
            week + "  calendars: [holidays.csv]\n", files: ["holidays.csv": calendar])
        let built = try #require(try ScheduleBuilder.build(session))
        #expect(built.name == "desk")
        let shanghai = try #require(LocalZone(identifier: "Asia/Shanghai"))
        func business(_ day: String) throws -> Int64 {
            let start = shanghai.start(of: try #require(CivilDate(day)))
            return built.calendar.milliseconds(from: start, to: start + 86_400_000)
        }
        #expect(try business("2026-10-09") == 9 * 3_600_000)
        #expect(try business("2026-10-02") == 0)
        #expect(try business("2026-10-10") == 9 * 3_600_000)
        #expect(try business("2026-10-11") == 0)
        let (other, otherFolder) = try self.session(week)
        #expect(try ScheduleBuilder.build(other)?.fingerprint != built.fingerprint)
        withExtendedLifetime((folder, otherFolder)) {}
    }

    @Test(arguments: ["2026-13-01,off\n", "tomorrow\n", "2026-10-01,whenever\n"])
    func aCalendarThatCannotBeReadSaysWhere(text: String) throws {
        let (session, folder) = try session(week + "  calendars: [holidays.csv]\n", files: ["holidays.csv": text])
        #expect(throws: ConfigurationError.self) { try ScheduleBuilder.build(session) }
        withExtendedLifetime(folder) {}
    }

    @Test func aMissingCalendarIsNamed() throws {
        let (session, folder) = try session(week + "  calendars: [nowhere.csv]\n")
        let error = #expect(throws: ConfigurationError.self) { try ScheduleBuilder.build(session) }
        #expect(error?.description.contains("nowhere.csv") == true)
        withExtendedLifetime(folder) {}
    }

    @Test func datesThatContradictEachOtherAreRefused() throws {
        let (session, folder) = try session(
            week + "  exceptions:\n    \"2026-10-02\": off\n  calendars: [holidays.csv]\n",
            files: ["holidays.csv": "2026-10-02,on\n"])
        #expect(throws: ConfigurationError.self) { try ScheduleBuilder.build(session) }
        withExtendedLifetime(folder) {}
    }
}
