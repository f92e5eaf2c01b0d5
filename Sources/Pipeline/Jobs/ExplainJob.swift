import Aggregates
import Conversations
import Models
import Operations
import Records
import Runtime
import Warehouse

/// One ticket's timeline and which events made each number.
package enum ExplainJob {
    package struct Line: Encodable, Sendable {
        package let kind: String
        package let at: String?
        package let text: String
    }

    /// - Parameter ticket: a ticket's or conversation's id, or `source/id` where several sources know it.
    package static func run(_ session: Session, ticket: String) throws -> [Line] {
        let warehouse = try RunScope.open(session)
        let schedule = try ScheduleBuilder.build(session)
        let measurer = CaseMeasurer(
            profile: MetricProfile(rawValue: session.configuration["profile"]) ?? .zendesk, schedule: schedule?.calendar
        )
        let assembler = try CaseRules.assembler(session, warehouse)
        var facts = try warehouse.facts(source: nil, key: ticket)
        var id = ticket
        if facts.isEmpty, let slash = ticket.firstIndex(of: "/") {
            id = String(ticket[ticket.index(after: slash)...])
            facts = try warehouse.facts(source: String(ticket[..<slash]), key: id)
        }
        let timelines = facts.flatMap(assembler.assemble)
        let exact = timelines.filter { $0.id == id }
        let chosen = exact.isEmpty ? timelines : exact
        guard !chosen.isEmpty else {
            throw JobFailure(.checkFailed, "there is no ticket or conversation '\(ticket)' in \(warehouse.displayName)")
        }
        let rules = session.configuration.rules
        return chosen.flatMap { timeline in
            let lines = measurer.explain(timeline).map {
                Line(kind: $0.kind.rawValue, at: $0.at?.iso8601, text: $0.text)
            }
            let matter = CaseScorer.matter(timeline, measurer.measure(timeline))
            let labelled = ConfigurationLoader.ruleTargets.compactMap { task in
                rules.label(task, of: matter).map {
                    Line(kind: "label", at: nil, text: "\(task): \($0.label), by the rule \"\($0.rule)\"")
                }
            }
            return lines + labelled
        }
    }
}
