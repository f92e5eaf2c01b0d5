import Glibc

/// Which words, intents or other terms rose on a day against the days before.
package enum RisingTerms {
    package struct Term: Sendable, Equatable {
        package let name: String
        package let count: Int
        /// What the days before would give for a day of this size.
        package let expected: Double
        /// Log-odds ratio in standard errors.
        package let score: Double
    }

    /// The terms whose share rose most, greatest score first.
    ///
    /// The score is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
    /// Words", equations 16, 20 and 22): terms that are rare everywhere and frequent ones that wobble stay out.
    ///
    /// - Parameters:
    ///   - day: how often each term stands in the texts of the day.
    ///   - before: the same for the days before, all together.
    ///   - least: score from which a term is named.
    ///   - priorWeight: counts that the prior is worth; shares of both periods together give its shape.
    package static func ranked(
        day: [String: Int], before: [String: Int], atMost limit: Int = 10, least: Double = 2.58,
        priorWeight: Double = 500
    ) -> [Term] {
        let today = Double(day.values.reduce(0, +))
        let earlier = Double(before.values.reduce(0, +))
        guard today > 0, earlier > 0 else { return [] }
        var out: [Term] = []
        for (name, count) in day where count > 0 {
            let past = Double(before[name] ?? 0)
            let now = Double(count)
            let prior = priorWeight * (now + past) / (today + earlier)
            let a = log((now + prior) / (today + priorWeight - now - prior))
            let b = log((past + prior) / (earlier + priorWeight - past - prior))
            guard a.isFinite, b.isFinite else { continue }
            let deviation = (1 / (now + prior) + 1 / (past + prior)).squareRoot()
            let score = (a - b) / deviation
            guard score >= least else { continue }
            out.append(Term(name: name, count: count, expected: past * today / earlier, score: score))
        }
        out.sort { a, b in
            a.score != b.score ? a.score > b.score : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        return Array(out.prefix(limit))
    }
}
