package import Aggregates
package import Records

/// A customer's verdict as good, neutral or bad, whatever scale it was given on.
package enum SatisfactionRating {
    /// `nil` for an offer without an answer and for what cannot be read.
    ///
    /// Numbers lie on their scale (`1-5`, `0-10`; without one 1 to 5): the top quarter is good, the bottom quarter bad,
    /// so that 4 and 5 of 5 are good, 1 and 2 bad. Freshdesk's 100 is neutral, 101 to 103 good, −101 to −103 bad. 51ima's
    /// codes (scale `51ima`) are not ordered: 1 and 3 are good, 2 and 4 bad.
    package static func verdict(score: String, scale: String?) -> ServiceCase.Rating? {
        let word = trimmed(score)
        if let known = words[word] { return known }
        // `good_with_comment`, `bad with comment`.
        if word.hasPrefix("good") { return .good }
        if word.hasPrefix("bad") { return .bad }
        guard let number = Double(word), number.isFinite else { return nil }
        let scale = scale.map(trimmed)
        if scale == "51ima" { return [1: .good, 2: .bad, 3: .good, 4: .bad][number] }
        if scale == "freshdesk" || (scale == nil && abs(number) >= 100), abs(number) <= 103, number.rounded() == number
        {
            if number == 100 { return .neutral }
            return number > 100 ? .good : number < -100 ? .bad : nil
        }
        var low = 1.0
        var high = 5.0
        if let scale {
            let ends = scale.split(whereSeparator: { $0 == "-" || $0 == "–" || $0 == "~" }).compactMap {
                Double($0)
            }
            if ends.count == 2 {
                (low, high) = (ends[0], ends[1])
            } else if ends.count == 1 {
                high = ends[0]
            }
        }
        guard high > low, number >= low, number <= high else { return nil }
        let position = (number - low) / (high - low)
        return position >= 0.75 ? .good : position <= 0.25 ? .bad : .neutral
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.lowercased().unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    private static let words: [String: ServiceCase.Rating] = [
        "good": .good, "satisfied": .good, "very satisfied": .good, "positive": .good, "happy": .good, "great": .good,
        "thumbs_up": .good, "thumbs up": .good, "👍": .good, "amazing": .good,
        "满意": .good, "非常满意": .good, "很满意": .good, "比较满意": .good, "好评": .good, "好": .good,
        "neutral": .neutral, "ok": .neutral, "okay": .neutral, "average": .neutral, "middling": .neutral,
        "一般": .neutral, "中评": .neutral, "普通": .neutral,
        "bad": .bad, "dissatisfied": .bad, "very dissatisfied": .bad, "unsatisfied": .bad, "negative": .bad,
        "unhappy": .bad, "terrible": .bad, "thumbs_down": .bad, "thumbs down": .bad, "👎": .bad,
        "不满意": .bad, "非常不满意": .bad, "很不满意": .bad, "不满": .bad, "差评": .bad, "差": .bad,
    ]

    /// The latest rating that is a verdict, and the agent that it belongs to: the one it names, else who replied last
    /// before it, else the assignee.
    package static func latest(
        _ timeline: CaseTimeline
    ) -> (verdict: ServiceCase.Rating, rating: RatingFact, agent: String?)? {
        for rating in timeline.ratings.reversed() {
            guard let verdict = verdict(score: rating.score, scale: rating.scale) else { continue }
            let replier = timeline.messages.last { $0.role == .agent && $0.isPublic && $0.at <= rating.at }
            let agent = rating.agentID ?? replier?.author ?? Credit.assignee(at: rating.at, in: timeline)
            return (verdict, rating, agent)
        }
        return nil
    }
}
