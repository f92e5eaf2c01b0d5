import Aggregates
import Models
import Runtime
import Testing

private let day = CivilDate(year: 2026, month: 3, day: 2)

private func alert(
    _ dimension: Dimension?, _ value: String?, _ observed: Double, _ expected: Double, metric: Metric = .casesCreated
) -> Alert {
    Alert(
        series: SeriesID(metric: metric, dimension: dimension, value: value), day: day, observed: observed,
        expected: expected, lower: 0, upper: 2 * expected, score: 5, pValue: 1e-6)
}

@Suite struct AlertGroupsTests {
    @Test func anOutageIsOneAlertNotForty() {
        var alerts = [alert(nil, nil, 1_400, 1_000), alert(.category, "payment", 480, 100)]
        alerts += (0..<20).map { alert(.channel, "c\($0)", 70, 50) }
        alerts += (0..<18).map { alert(.intent, "i\($0)", 40, 20) }
        let grouped = AlertGroups().grouped(alerts) { _, _ in nil }
        let leaders = grouped.filter { $0.leader == nil }
        #expect(leaders.map(\.series.value) == ["payment"])
        #expect(grouped.map(\.series) == alerts.map(\.series))
    }

    @Test func oppositeDirectionsAndForeignPartsStayApart() {
        let alerts = [
            alert(.category, "payment", 300, 100), alert(.category, "delivery", 20, 100),
            alert(.channel, "chat", 260, 80), alert(.channel, "mail", 150, 60),
        ]
        let overlaps: [Set<String>: Double] = [["payment", "chat"]: 170, ["payment", "mail"]: 5]
        let grouped = AlertGroups().grouped(alerts) { a, b in overlaps[[a.value ?? "", b.value ?? ""]] }
        // 170 of chat's 180 more are about payment; mail rose for another reason.
        #expect(
            Set(grouped.filter { $0.leader == nil }.compactMap(\.series.value)).isSuperset(of: ["delivery", "mail"]))
        #expect(grouped.filter { $0.leader == nil }.count == 3)
    }

    @Test func durationsDoNotJoinVolumes() {
        let alerts = [alert(nil, nil, 1_400, 1_000), alert(nil, nil, 900, 300, metric: .firstReply)]
        #expect(AlertGroups().grouped(alerts) { _, _ in nil }.allSatisfy { $0.leader == nil })
    }

    @Test(
        arguments: [
            (1_300, 1_000, 1_000, 1, .critical), (1_100, 1_000, 1_000, 1, .major), (30, 10, 1_000, 1, .minor),
            (30, 10, 1_000, 10, .major), (2, 10, nil, 1, .critical),
        ] as [(Double, Double, Double?, Double, Alert.Severity)])
    func severityWeighsVolume(
        observed: Double, expected: Double, total: Double?, weight: Double, severity: Alert.Severity
    ) {
        #expect(alert(.category, "x", observed, expected).severity(total: total, weight: weight) == severity)
    }
}

@Suite struct RisingTermsTests {
    @Test func whatRoseIsNamedFirst() {
        let before = ["refund": 400, "delivery": 900, "payment": 100, "password": 60, "the": 5_000]
        let day = ["refund": 42, "delivery": 95, "payment": 80, "password": 7, "the": 520, "outage": 25]
        let found = RisingTerms.ranked(day: day, before: before)
        #expect(Set(found.map(\.name)) == ["payment", "outage"] && found.allSatisfy { $0.score >= 2.58 })
        #expect(found.first { $0.name == "payment" }.map { abs($0.expected - 100 * 769 / 6_460) < 1e-9 } == true)
    }

    @Test func nothingToCompareSaysNothing() {
        #expect(RisingTerms.ranked(day: [:], before: ["a": 3]).isEmpty)
        #expect(RisingTerms.ranked(day: ["a": 3], before: [:]).isEmpty)
        #expect(RisingTerms.ranked(day: ["a": 3], before: ["a": 300]).isEmpty)
    }
}
