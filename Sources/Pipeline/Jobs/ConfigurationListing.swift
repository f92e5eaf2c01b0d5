/// The settings as `config show` prints them.
package enum ConfigurationListing {
    package struct Entry: Encodable, Sendable, Equatable {
        package let key: String
        package let value: String
        package let origin: String
        package let summary: String
    }

    package static func entries(_ configuration: Configuration) -> [Entry] {
        var out = Setting.all.map { setting -> Entry in
            let value = configuration[setting.key]
            return Entry(
                key: setting.key, value: shown(value, setting), origin: configuration.origin(setting.key).description,
                summary: setting.summary)
        }
        let file = configuration.file ?? ""
        if let schedule = configuration.schedule {
            out.append(
                Entry(
                    key: "schedule", value: "\(schedule.name): \(schedule.fingerprint)",
                    origin: "\(file):\(schedule.line)",
                    summary: "opening hours of the business clock"))
        }
        for source in configuration.sources {
            let parts = [
                source.timezone.map { "timezone \($0)" }, source.sessions.map { "sessions \($0)" },
            ].compactMap(\.self)
            out.append(
                Entry(
                    key: "sources.\(source.name)", value: parts.joined(separator: ", "), origin: file,
                    summary: "what the files of a source need to be told"))
        }
        return out
    }

    /// Passwords inside an address and whole secrets become `***`.
    private static func shown(_ value: String, _ setting: Setting) -> String {
        guard setting.isSecret, !value.isEmpty else {
            return value.split(separator: "\u{1F}").joined(separator: ", ")
        }
        guard setting.key == "warehouse" else { return "***" }
        return maskedAddress(value)
    }

    package static func maskedAddress(_ address: String) -> String {
        let scheme = ["postgres://", "postgresql://"].first { address.hasPrefix($0) }
        if let scheme, let at = address.firstIndex(of: "@") {
            let user = address.dropFirst(scheme.count)
            if let colon = user.firstIndex(of: ":"), colon < at {
                return address[...colon] + "***" + address[at...]
            }
        }
        if address.utf8.count > 9 && address.split(separator: " ").contains(where: { $0.hasPrefix("password=") }) {
            return address.split(separator: " ").map { $0.hasPrefix("password=") ? "password=***" : String($0) }
                .joined(separator: " ")
        }
        return address
    }
}
