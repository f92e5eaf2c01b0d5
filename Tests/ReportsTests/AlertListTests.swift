import Aggregates
import Runtime
import Testing

@testable import Reports

struct AlertListTests {
    private static let day = AlertSentenceTests.day

    private static func alert(
        _ value: String?, _ offset: Int, score: Double, severity: Alert.Severity = .minor, since: Int? = nil,
        until: Int? = nil, leader: String? = nil
    ) -> Alert {
        func id(_ value: String?) -> SeriesID {
            SeriesID(metric: .casesCreated, dimension: value == nil ? nil : .channel, value: value)
        }
        return Alert(
            series: id(value), day: day + offset, observed: 9, expected: 3, lower: 1, upper: 5, score: score,
            pValue: 1e-5, since: day + (since ?? offset), until: until.map { day + $0 }, severity: severity,
            leader: leader.map { id($0) })
    }

    @Test func oneEntryForACause() {
        let list = AlertList([
            Self.alert("chat", 0, score: 5, severity: .critical, since: 0),
            Self.alert("chat", 1, score: 8, severity: .critical, since: 0),
            Self.alert("mail", 1, score: -9, severity: .minor), Self.alert(nil, 1, score: 4, leader: "chat"),
            Self.alert("phone", 0, score: 6, leader: "chat"), Self.alert("web", 0, score: 4, leader: "gone"),
        ])
        #expect(list.entries.map(\.alert.series.value) == ["chat", "mail", "web"])
        #expect(list.entries[0].alert.score == 8 && list.entries[0].members.map(\.value) == ["phone", nil])
        #expect(AlertList([]).entries.isEmpty)
    }

    @Test(
        arguments: [
            (0, nil, 0, ""), (-2, nil, 0, " Continuing since Wed 18 Nov."),
            (-2, -1, 0, " It lasted from Wed 18 Nov to Thu 19 Nov."),
            (-2, -2, 0, ""),
        ] as [(Int, Int?, Int, String)])
    func theLifeIsTold(since: Int, until: Int?, on: Int, text: String) {
        let entry = AlertList.Entry(
            alert: Self.alert("chat", min(until ?? 0, 0), score: 5, since: since, until: until), members: [])
        let sentence = AlertSentence(context: PageContext(AbsenceTests.empty, locale: .en))
        let found = sentence.life(entry, on: Self.day + on)
        #expect(String(found.map { $0 == "\u{A0}" ? " " : $0 }) == text)
    }
}
