package import Conversations
import Operations
import Records
package import Warehouse

/// The rules of the settings by which facts become cases.
package enum CaseRules {
    /// How conversations are assembled: agents from the warehouse, session rules from the settings.
    package static func assembler(_ session: Session, _ warehouse: any Warehouse) throws -> ConversationAssembler {
        var agents: [String: Set<String>] = [:]
        for agent in try warehouse.agents() where agent.role == .agent {
            agents[agent.source, default: []].insert(agent.id)
        }
        var sessions = SessionRules()
        for (source, text) in usualSessions {
            if let rule = SessionRule(text) { sessions.set(rule, source: source) }
        }
        for source in session.configuration.sources {
            guard let text = source.sessions else { continue }
            guard let rule = SessionRule(text) else {
                throw ConfigurationError.badValue(
                    origin: session.configuration.file ?? ConfigurationLoader.fileName,
                    key: "sources.\(source.name).sessions", found: text,
                    expected: "whole, wechat, silence:30m or customer-silence:48h")
            }
            sessions.set(rule, source: source.name)
        }
        return ConversationAssembler(agents: agents, sessions: sessions)
    }

    /// Sources that are streams without sessions of their own, by the names that their adapters give; a source's
    /// `sessions` setting goes before.
    static let usualSessions = [
        ("wechat", "wechat"), ("wecom", "wechat"), ("telegram", "silence:1d"), ("whatsapp", "silence:1d"),
    ]

    /// Everything that the numbers of a case depend on besides its facts and models: when it changes, all are computed anew.
    package static func fingerprint(_ session: Session, schedule: ScheduleBuilder.Built?) -> String {
        let sessions = session.configuration.sources.compactMap { source in
            source.sessions.map { "\(source.name)=\($0)" }
        }
        return [
            "zone=\(session.zone.identifier)", "profile=\(session.configuration["profile"])",
            "schedule=\(schedule?.fingerprint ?? "")", "sessions=\(sessions.sorted().joined(separator: ","))",
            "rules=\(rulesVersion)",
        ].joined(separator: ";")
    }

    /// Raised when the program itself comes to compute cases differently.
    static let rulesVersion = 2
}
