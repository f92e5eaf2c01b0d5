package import Aggregates
package import Records
import Runtime

/// Messages of a case by quarter hour, role and agent, ascending.
package enum MessageActivity {
    package static func list(_ timeline: CaseTimeline) -> [ServiceCase.Activity] {
        var out: [ServiceCase.Activity] = []
        // Messages are in order of time: only the entries of the present quarter can be added to.
        var quarterStart = 0
        for message in timeline.messages {
            let quarter = Int32(
                clamping: message.at.milliseconds.quotientAndRemainderFloored(dividingBy: 900_000).quotient)
            let agent = message.role == .agent ? message.author : nil
            if out.last?.quarter != quarter { quarterStart = out.count }
            if let index = out[quarterStart...].firstIndex(where: {
                $0.role == message.role && $0.isPublic == message.isPublic && $0.agent == agent
            }) {
                out[index].count += 1
            } else {
                out.append(
                    ServiceCase.Activity(
                        quarter: quarter, role: message.role, agent: agent, isPublic: message.isPublic, count: 1))
            }
        }
        return out.sorted { precedes($0, $1) }
    }

    private static func precedes(_ a: ServiceCase.Activity, _ b: ServiceCase.Activity) -> Bool {
        if a.quarter != b.quarter { return a.quarter < b.quarter }
        if a.role != b.role { return a.role.code < b.role.code }
        if a.isPublic != b.isPublic { return a.isPublic }
        return (a.agent ?? "").utf8.lexicographicallyPrecedes((b.agent ?? "").utf8)
    }
}
