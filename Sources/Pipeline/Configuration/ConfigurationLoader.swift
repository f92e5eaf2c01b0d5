import FoundationEssentials
import Records
internal import Yams

/// Gathers the settings: flag over environment over file over default.
package struct ConfigurationLoader {
    package static let fileName = "cs-analytics.yaml"

    package var environment: [String: String]
    package var workingFolder: String

    package init(environment: [String: String], workingFolder: String) {
        self.environment = environment
        self.workingFolder = workingFolder
    }

    /// - Parameters:
    ///   - file: `--config`; without it `cs-analytics.yaml` is looked for from the working folder upwards.
    ///   - flags: values given on the command line, by setting key.
    package func load(file: String? = nil, flags: [String: String] = [:]) throws(ConfigurationError) -> Configuration {
        let path =
            file.map { $0.hasPrefix("/") ? $0 : "\(workingFolder)/\($0)" } ?? environment["CS_ANALYTICS_CONFIG"]
            ?? findFile()
        var configuration = Configuration(
            file: path, folder: path.map(Self.folder(of:)) ?? workingFolder, values: [:], sources: [], schedule: nil)
        for setting in Setting.all {
            configuration.values[setting.key] = .init(text: setting.defaultValue, origin: .defaultValue)
        }
        if let path { try read(path, into: &configuration) }
        for setting in Setting.all {
            if let value = environment[setting.environmentName] {
                let text = setting.kind == .paths ? String(value.map { $0 == ":" ? "\u{1F}" : $0 }) : value
                configuration.values[setting.key] = .init(text: text, origin: .environment(setting.environmentName))
            }
            if let value = flags[setting.key] { configuration.values[setting.key] = .init(text: value, origin: .flag) }
            try check(setting, configuration)
        }
        if configuration.integer("workers") == 0 {
            configuration.values["workers"] = .init(
                text: "\(ProcessInfo.processInfo.activeProcessorCount)", origin: .defaultValue)
        }
        return configuration
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func findFile() -> String? {
        var folder = workingFolder
        while true {
            let candidate = folder == "/" ? "/\(Self.fileName)" : "\(folder)/\(Self.fileName)"
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
            if folder == "/" || folder.isEmpty { return nil }
            folder = Self.folder(of: folder)
        }
    }

    // MARK: - The file

    private func read(_ path: String, into configuration: inout Configuration) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(file: path, reason: "no such file, or no right to read it")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self))
        } catch let error as YamlError {
            throw .badSyntax(file: path, line: Self.line(of: error), reason: "\(error)")
        } catch {
            throw .badSyntax(file: path, line: 1, reason: "\(error)")
        }
        guard let root else { return }
        if case .scalar(let scalar) = root, scalar.string.isEmpty { return }
        guard case .mapping(let mapping) = root else {
            throw .badSyntax(file: path, line: root.mark?.line ?? 1, reason: "expected `key: value` lines")
        }
        try read(mapping, prefix: "", path, into: &configuration)
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: 1
        }
    }

    private func read(
        _ mapping: Node.Mapping, prefix: String, _ path: String, into configuration: inout Configuration
    ) throws(ConfigurationError) {
        for (keyNode, node) in mapping {
            let key = prefix + (keyNode.string ?? "")
            let line = keyNode.mark?.line ?? 1
            switch key {
            case "sources": configuration.sources = try sources(node, path)
            case "schedule": configuration.schedule = try schedule(node, path)
            case "rules": configuration.rules = try labelRules(node, path)
            default:
                if let setting = Setting.named(key) {
                    configuration.values[key] = .init(
                        text: try text(node, setting, path), origin: .file(path: path, line: line))
                } else if case .mapping(let inner) = node, Setting.all.contains(where: { $0.key.hasPrefix(key + ".") })
                {
                    try read(inner, prefix: key + ".", path, into: &configuration)
                } else {
                    let groups = Set(
                        Setting.all.compactMap {
                            $0.key.contains(".") ? $0.key.split(separator: ".").first.map(String.init) : nil
                        })
                    let names = Setting.all.map(\.key) + groups.sorted() + ["sources", "schedule", "rules"]
                    throw .unknownKey(
                        file: path, line: line, key: key, nearest: EditDistance.nearest(to: key, among: names))
                }
            }
        }
    }

    private func text(_ node: Node, _ setting: Setting, _ path: String) throws(ConfigurationError) -> String {
        switch node {
        case .scalar(let scalar):
            if setting.key == "privacy.key" {
                throw .badValue(
                    origin: "\(path):\(node.mark?.line ?? 1)", key: setting.key, found: "***",
                    expected: "no key in the file: give it in the environment or name a privacy.key-file")
            }
            return scalar.string
        case .sequence(let sequence) where setting.kind == .paths:
            return sequence.compactMap(\.string).joined(separator: "\u{1F}")
        default:
            throw .badValue(
                origin: "\(path):\(node.mark?.line ?? 1)", key: setting.key, found: "a list or a group",
                expected: "one value")
        }
    }

    func members(
        _ node: Node, _ what: String, allowed: [String], _ path: String
    ) throws(ConfigurationError) -> [(key: String, node: Node, line: Int)] {
        guard case .mapping(let mapping) = node else {
            throw .badValue(
                origin: "\(path):\(node.mark?.line ?? 1)", key: what, found: node.string ?? "a list",
                expected: "a group of `key: value` lines")
        }
        var out: [(key: String, node: Node, line: Int)] = []
        for (keyNode, value) in mapping {
            let key = keyNode.string ?? ""
            let line = keyNode.mark?.line ?? 1
            if !allowed.isEmpty && !allowed.contains(key) {
                throw .unknownKey(
                    file: path, line: line, key: "\(what).\(key)",
                    nearest: EditDistance.nearest(to: key, among: allowed).map { "\(what).\($0)" })
            }
            out.append((key, value, line))
        }
        return out
    }

    private func sources(_ node: Node, _ path: String) throws(ConfigurationError) -> [Configuration.Source] {
        var out: [Configuration.Source] = []
        for (name, body, line) in try members(node, "sources", allowed: [], path) {
            var source = Configuration.Source(name: name)
            let allowed = ["timezone", "sessions"]
            for (key, value, _) in try members(body, "sources.\(name)", allowed: allowed, path) {
                switch key {
                case "timezone": source.timezone = value.string
                default: source.sessions = value.string
                }
            }
            if let zone = source.timezone, LocalZone(identifier: zone) == nil {
                throw .badValue(
                    origin: "\(path):\(line)", key: "sources.\(name).timezone", found: zone,
                    expected: "an IANA zone such as Asia/Shanghai")
            }
            out.append(source)
        }
        return out
    }

    private func schedule(_ node: Node, _ path: String) throws(ConfigurationError) -> Configuration.Schedule {
        var out = Configuration.Schedule(
            name: "default", timezone: nil, weekly: [], exceptions: [], calendars: [], line: node.mark?.line ?? 1)
        let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let allowed = ["name", "timezone", "weekly", "exceptions", "calendars"]
        for (key, value, _) in try members(node, "schedule", allowed: allowed, path) {
            switch key {
            case "name": out.name = value.string ?? out.name
            case "timezone": out.timezone = value.string
            case "calendars": out.calendars = strings(value)
            case "weekly":
                for (day, hours, line) in try members(value, "schedule.weekly", allowed: weekdays, path) {
                    let weekday = (weekdays.firstIndex(of: day) ?? 0) + 1
                    for text in strings(hours) {
                        guard Self.isHours(text) else {
                            throw .badValue(
                                origin: "\(path):\(line)", key: "schedule.weekly.\(day)", found: text,
                                expected: "hours such as 09:00-18:00")
                        }
                        out.weekly.append((weekday, text))
                    }
                }
            default:
                for (date, hours, line) in try members(value, "schedule.exceptions", allowed: [], path) {
                    for text in strings(hours) {
                        let isWord = text == "off" || text == "on" || weekdays.contains { text == "on:\($0)" }
                        guard isWord || Self.isHours(text) else {
                            throw .badValue(
                                origin: "\(path):\(line)", key: "schedule.exceptions.\(date)", found: text,
                                expected: "off, on, on:mon or hours such as 09:00-18:00")
                        }
                        out.exceptions.append((date, text))
                    }
                }
            }
        }
        if let zone = out.timezone, LocalZone(identifier: zone) == nil {
            throw .badValue(
                origin: "\(path):\(out.line)", key: "schedule.timezone", found: zone,
                expected: "an IANA zone such as Asia/Shanghai")
        }
        return out
    }

    func strings(_ node: Node) -> [String] {
        if case .sequence(let sequence) = node { return sequence.compactMap(\.string) }
        return node.string.map { [$0] } ?? []
    }

    private static func isHours(_ text: String) -> Bool {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        return ends.count == 2
            && ends.allSatisfy { end in
                let parts = end.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].count == 2, parts[1].count == 2, let hour = Int(parts[0]),
                    let minute = Int(parts[1])
                else { return false }
                return (0...24).contains(hour) && (0...59).contains(minute) && hour * 60 + minute <= 1440
            }
    }

    // MARK: - Checks

    private func check(_ setting: Setting, _ configuration: Configuration) throws(ConfigurationError) {
        guard let value = configuration.values[setting.key], value.origin != .defaultValue else { return }
        let expected: String?
        switch setting.kind {
        case .text, .path, .paths: expected = nil
        case .zone:
            expected =
                LocalZone(identifier: value.text) == nil ? "an IANA zone such as Asia/Shanghai or UTC" : nil
        case .integer(let range):
            expected = Int(value.text).map(range.contains) == true ? nil : "a whole number in \(range)"
        case .flag: expected = ["true", "false"].contains(value.text) ? nil : "true or false"
        case .choice(let choices):
            expected = choices.contains(value.text) ? nil : "one of \(choices.joined(separator: ", "))"
        case .age:
            expected = Configuration.milliseconds(ofAge: value.text) == nil ? "an age such as 36h or 3d" : nil
        }
        if let expected {
            throw .badValue(
                origin: "\(value.origin)", key: setting.key, found: setting.isSecret ? "***" : value.text,
                expected: expected)
        }
    }
}
