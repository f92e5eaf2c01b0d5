package import Records
import Runtime

/// How a stream of messages that its source does not divide is cut into sessions.
package enum SessionRule: Sendable, Hashable {
    /// Not at all: the source has conversations of its own.
    case whole
    /// A silence of at least this many milliseconds starts a new session.
    case silence(milliseconds: Int64)
    /// A message at least this many milliseconds after the customer's last one starts a new session.
    case customerSilence(milliseconds: Int64)

    /// WeChat's service window: 48 hours from the customer's last message.
    package static let wechat = SessionRule.customerSilence(milliseconds: 48 * 3_600_000)

    /// Reads `whole`, `wechat`, `silence:30m` or `customer-silence:48h` (units m, h, d); else `nil`.
    package init?(_ text: String) {
        switch text {
        case "whole", "none": self = .whole
        case "wechat": self = .wechat
        default:
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let unit = parts[1].last, let number = Int64(parts[1].dropLast()),
                (1...100_000).contains(number)
            else { return nil }
            let scale: Int64
            switch unit {
            case "m": scale = 60_000
            case "h": scale = 3_600_000
            case "d": scale = 86_400_000
            default: return nil
            }
            switch parts[0] {
            case "silence": self = .silence(milliseconds: number * scale)
            case "customer-silence": self = .customerSilence(milliseconds: number * scale)
            default: return nil
            }
        }
    }

    /// Positions in `messages` at which a session begins; the first is 0 unless there are no messages.
    package func starts(of messages: [CaseTimeline.Message]) -> [Int] {
        guard !messages.isEmpty else { return [] }
        var starts = [0]
        var reference = messages[0].at
        for index in messages.indices.dropFirst() {
            let message = messages[index]
            let isCut: Bool
            switch self {
            case .whole: isCut = false
            case .silence(let limit):
                isCut = message.at - messages[index - 1].at >= limit
            case .customerSilence(let limit):
                isCut = message.at - reference >= limit
            }
            if isCut { starts.append(index) }
            // Until the customer speaks, the session's first message stands for it.
            if isCut || message.role == .customer { reference = message.at }
        }
        return starts
    }
}

/// Which sources and channels are streams to be cut. The rule of the source and channel goes before that of the source,
/// that before the channel's; what is not named stays whole.
package struct SessionRules: Sendable, Equatable {
    private var rules: [String: SessionRule] = [:]

    package init() {}

    /// Sets the rule of a source, a channel or a channel of a source; `nil` stands for any.
    package mutating func set(_ rule: SessionRule, source: String? = nil, channel: String? = nil) {
        rules[SessionRules.name(source, channel)] = rule
    }

    package func rule(source: String, channel: String?) -> SessionRule {
        if let channel, let rule = rules[SessionRules.name(source, channel)] { return rule }
        if let rule = rules[SessionRules.name(source, nil)] { return rule }
        if let channel, let rule = rules[SessionRules.name(nil, channel)] { return rule }
        return rules[SessionRules.name(nil, nil)] ?? .whole
    }

    private static func name(_ source: String?, _ channel: String?) -> String {
        "\(source.map { "=" + $0 } ?? "*")\u{1F}\(channel.map { "=" + $0 } ?? "*")"
    }
}
