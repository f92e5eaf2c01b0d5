internal import Models
internal import Yams

extension ConfigurationLoader {
    /// What rules may set.
    static let ruleTargets = ["category", "intent", "sentiment", "priority", "product", "language"]

    /// Reads the list under `rules`: each with `name`, conditions under `when` and labels under `then`.
    func labelRules(_ node: Node, _ path: String) throws(ConfigurationError) -> LabelRules {
        guard case .sequence(let list) = node else {
            throw .badValue(
                origin: "\(path):\(node.mark?.line ?? 1)", key: "rules", found: node.string ?? "a group",
                expected: "a list of rules with name, when and then")
        }
        var rules: [LabelRules.Rule] = []
        for item in list { rules.append(try labelRule(item, path, number: rules.count + 1)) }
        return LabelRules(rules)
    }

    private func labelRule(_ node: Node, _ path: String, number: Int) throws(ConfigurationError) -> LabelRules.Rule {
        var rule = LabelRules.Rule(name: "rule \(number)", labels: [:])
        let origin = "\(path):\(node.mark?.line ?? 1)"
        for (key, value, _) in try members(node, "rules", allowed: ["name", "when", "then"], path) {
            switch key {
            case "name": rule.name = value.string ?? rule.name
            case "then":
                for (task, label, line) in try members(value, "rules.then", allowed: Self.ruleTargets, path) {
                    guard let text = label.string, !text.isEmpty else {
                        throw .badValue(
                            origin: "\(path):\(line)", key: "rules.then.\(task)", found: label.string ?? "a list",
                            expected: "one label")
                    }
                    rule.labels[task] = text
                }
            default:
                let allowed = ["any", "all", "none", "subject", "channel", "group"]
                for (condition, list, _) in try members(value, "rules.when", allowed: allowed, path) {
                    let values = strings(list).filter { !$0.isEmpty }
                    switch condition {
                    case "any": rule.anyPhrase = values
                    case "all": rule.allPhrases = values
                    case "none": rule.noPhrase = values
                    case "subject": rule.subject = values
                    case "channel": rule.channels = values
                    default: rule.groups = values
                    }
                }
            }
        }
        if rule.labels.isEmpty {
            throw .badValue(
                origin: origin, key: "rules", found: rule.name,
                expected: "labels under then: \(Self.ruleTargets.joined(separator: ", "))")
        }
        if !rule.hasCondition {
            throw .badValue(
                origin: origin, key: "rules", found: rule.name,
                expected: "a condition under when: any, all, subject, channel or group")
        }
        return rule
    }
}
