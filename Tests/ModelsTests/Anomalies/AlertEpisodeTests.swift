import Models
import Testing

@Suite struct AlertEpisodeTests {
    /// `+` and `-` are called steps, `.` quiet ones, `?` missing ones.
    private func episodes(_ text: String) -> (episodes: [AlertEpisode], ofStep: [Int?]) {
        AlertEpisode.episodes(text.map { ($0 == "+" || $0 == "-", $0 == "+", $0 != "?") })
    }

    @Test(arguments: [
        ("", 0), ("....", 0), ("..+..", 1), ("..+.+..+....", 1), ("+...+", 2), ("+..?.+", 2), ("+?????+", 1),
        ("+-+-", 2), ("+++---", 2),
    ])
    func quietStepsPartAlerts(text: String, count: Int) {
        #expect(episodes(text).episodes.count == count, "\(text)")
    }

    @Test(arguments: [
        ("..+", AlertEpisode.State.raised), ("..++", .continuing), ("..+.", .continuing), ("..+..", .continuing),
        ("..+...", .over), ("..+??????", .raised),
    ])
    func anAlertHasALife(text: String, state: AlertEpisode.State) {
        #expect(episodes(text).episodes.first?.state == state, "\(text)")
    }

    @Test func everyCalledStepKnowsItsAlert() {
        let found = episodes(".+.+...-.")
        #expect(found.ofStep == [nil, 0, nil, 0, nil, nil, nil, 1, nil])
        #expect(found.episodes[0].first == 1 && found.episodes[0].last == 3 && found.episodes[0].count == 2)
    }

    @Test func aPrefixTellsTheSameStory() {
        let text = "..+.-+..+-....+.+"
        let whole = episodes(text)
        for length in 0...text.count {
            let part = episodes(String(text.prefix(length)))
            #expect(part.ofStep == Array(whole.ofStep.prefix(length)))
            #expect(part.episodes.map(\.first) == whole.episodes.prefix(part.episodes.count).map(\.first))
        }
    }
}
