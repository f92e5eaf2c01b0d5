import Features
import FoundationEssentials
import Runtime
import Support
import Testing

@testable import Pipeline

@Suite struct CalendarSettingTests {
    private func calendar(_ yaml: String) throws -> EventCalendar {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try folder.write("cs-analytics.yaml", yaml)
        try folder.write("own.csv", "date,event\n2026-03-08,release\n")
        try folder.write("datasets/calendars/china-2025.csv", "date,event,kind\n2025-10-01,national_day,holiday\n")
        try folder.write("datasets/calendars/china-2026.csv", "date,event,kind\n2026-10-01,national_day,holiday\n")
        try folder.write("datasets/calendars/shopping-peaks.csv", "date,event,kind\n2026-11-11,double_11,peak\n")
        let configuration = try ConfigurationLoader(environment: [:], workingFolder: folder.path).load()
        let session = Session(
            configuration: configuration, context: RunContext(), workingFolder: folder.path, environment: [:],
            executable: nil, command: "test")
        return try CalendarSetting.calendar(session)
    }

    @Test func withoutASettingThereIsNone() throws {
        #expect(try calendar("locale: en\n").isEmpty)
    }

    @Test func aNameIsEveryYearOfACalendar() throws {
        let china = try calendar("calendar: china\n")
        #expect(china.sets.map(\.name) == ["national_day"] && china.sets[0].days.count == 2)
    }

    @Test func namesAndFilesAreMerged() throws {
        let all = try calendar("calendar: [china, shopping-peaks, own.csv]\n")
        #expect(all.sets.map(\.name) == ["national_day", "double_11", "release"])
    }

    @Test(arguments: ["calendar: chima\n", "calendar: missing.csv\n"])
    func whatIsNotThereIsNamed(_ yaml: String) throws {
        let failure = #expect(throws: JobFailure.self) { try calendar(yaml) }
        #expect(failure?.description.contains("missing.csv") == true || failure?.description.contains("china") == true)
    }
}
