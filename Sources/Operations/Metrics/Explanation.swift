import Aggregates
package import Records
package import Runtime

/// One line of an explanation of a case.
package struct ExplanationLine: Sendable, Equatable {
    package enum Kind: String, Sendable { case header, event, number }
    package var kind: Kind
    /// When, for an event.
    package var at: Timestamp?
    package var text: String
}

extension CaseMeasurer {
    /// The timeline of a case and which events made each of its numbers, for `explain TICKET`; texts are not shown.
    package func explain(_ timeline: CaseTimeline) -> [ExplanationLine] {
        let item = measure(timeline)
        var lines = [
            ExplanationLine(
                kind: .header, at: nil,
                text: "\(item.kind.rawValue) \(item.source)/\(item.id), profile \(profile.rawValue), "
                    + (clock.schedule == nil
                        ? "no schedule" : "business hours in \(clock.schedule?.zone.identifier ?? "")"))
        ]
        lines += events(timeline, item).sorted { $0.at != $1.at ? $0.at < $1.at : $0.rank < $1.rank }
            .map { ExplanationLine(kind: .event, at: $0.at, text: $0.text) }
        lines += numbers(timeline, item).map { ExplanationLine(kind: .number, at: nil, text: $0) }
        return lines
    }

    private func events(
        _ timeline: CaseTimeline, _ item: ServiceCase
    ) -> [(at: Timestamp, rank: Int, text: String)] {
        var out: [(at: Timestamp, rank: Int, text: String)] = [(timeline.openedAt, 0, "opened")]
        let reply = FirstReply.find(in: timeline)
        for (index, message) in timeline.messages.enumerated() {
            var text = "\(message.isPublic ? "message" : "private note") \(message.id) by \(message.role.rawValue)"
            if let author = message.author { text += " \(author)" }
            if message.roleOrigin != .explicit { text += " (role from \(message.roleOrigin.rawValue))" }
            if reply?.message == index { text += " ← first reply" }
            out.append((message.at, 1, text))
        }
        for event in timeline.events {
            var text = "\(event.field): \(event.from ?? "–") → \(event.to ?? "–")"
            if let actor = event.actorID { text += " by \(actor)" }
            if event.field == "status" {
                if item.firstResolvedAt == event.at { text += " ← first resolution" }
                if item.lastResolvedAt == event.at && item[.fullResolution] != nil { text += " ← full resolution" }
                if event.at < timeline.openedAt { text += " (before the opening: left out)" }
            }
            out.append((event.at, 2, text))
        }
        for rating in timeline.ratings {
            let verdict = SatisfactionRating.verdict(score: rating.score, scale: rating.scale)?.rawValue ?? "no verdict"
            out.append((rating.at, 3, "rating \(rating.score) = \(verdict)"))
        }
        if let reply, reply.message == nil { out.append((reply.at, 4, "first reply, by the source's own stamp")) }
        if !timeline.events.contains(where: { $0.field == "status" }) {
            for state in item.states.dropFirst() {
                out.append((state.at, 5, "\(state.status.rawValue), by the source's own stamp"))
            }
        }
        return out
    }

    private func numbers(_ timeline: CaseTimeline, _ item: ServiceCase) -> [String] {
        var out: [String] = []
        for metric in DurationMetric.allCases {
            let name = metric.metric.rawValue
            guard let value = item[metric] else {
                out.append("\(name): none (\(reason(for: metric, timeline, item)))")
                continue
            }
            var text = "\(name): \(seconds(value.calendar)) s"
            if let business = value.business { text += ", business \(seconds(business)) s" }
            switch metric {
            case .firstReply: text += " = \(item.openedAt.iso8601) to \(item.firstReplyAt?.iso8601 ?? "")"
            case .firstResolution: text += " = \(item.openedAt.iso8601) to \(item.firstResolvedAt?.iso8601 ?? "")"
            case .fullResolution: text += " = \(item.openedAt.iso8601) to \(item.lastResolvedAt?.iso8601 ?? "")"
            case .caseDuration:
                let ends = CaseDuration.ends(timeline)
                text += " = \(ends.first.iso8601) to \(ends.last.iso8601)"
            case .requesterWait: text += " = new + open + hold"
            case .agentWork: text += " = new + open"
            case .agentWait: text += " = pending"
            case .onHold: text += " = hold"
            case .solveTime: text += " = new + open + hold + pending"
            }
            out.append(text)
        }
        for (name, value) in [
            ("replies", item.replies), ("reopens", item.reopens), ("handoffs", item.handoffs),
            ("participants", item.participants), ("messages", item.messages),
        ] {
            out.append("\(name): \(value.map(String.init) ?? "none (the source does not tell)")")
        }
        if let agent = item.firstReplyAgent { out.append("first reply credited to \(agent)") }
        if item.lastResolvedAt != nil { out.append("resolution credited to \(item.resolvedBy ?? "nobody")") }
        if let rating = item.rating {
            out.append("rating: \(rating.rawValue), credited to \(item.ratingAgent ?? "nobody")")
        }
        return out
    }

    private func reason(for metric: DurationMetric, _ timeline: CaseTimeline, _ item: ServiceCase) -> String {
        switch metric {
        case .firstReply:
            if let stamp = timeline.ticket?.firstReplyAt, stamp < timeline.openedAt {
                return "the stamp lies before the opening"
            }
            return "no public reply of a human agent"
        case .caseDuration: return "a single event"
        case .firstResolution:
            if let stamp = timeline.ticket?.solvedAt, stamp < timeline.openedAt {
                return "the stamp lies before the opening"
            }
            return item.states.isEmpty ? "no states known" : "never solved"
        default:
            return item.states.isEmpty ? "no states known" : "not solved now"
        }
    }

    /// Milliseconds as seconds with no more digits than needed.
    private func seconds(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainderFloored(dividingBy: 1000)
        if rest == 0 { return "\(whole)" }
        return "\(whole).\(rest < 10 ? "00" : rest < 100 ? "0" : "")\(rest)"
    }
}
