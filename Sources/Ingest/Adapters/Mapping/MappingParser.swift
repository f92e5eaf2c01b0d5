import Records
import Yams

/// Turns the nodes of a mapping file into a mapping; every message names the line.
struct MappingParser {
    let file: String

    func adapter(_ root: Node) throws -> MappingAdapter {
        let keys = try object(
            root, "the mapping", allowed: ["name", "reads", "source", "timezone", "recognise", "items", "records"])
        guard let name = keys["name"] else { throw MappingFault("name is missing") }
        guard let records = keys["records"] else { throw MappingFault("records is missing") }
        let zone: ZoneRule =
            switch try keys["timezone"].map({ try word($0, "timezone") }) {
            case nil, "needed"?: .needed
            case "offset"?: .stated
            case let zone?: .fixed(zone)
            }
        if case .fixed(let zone) = zone, LocalZone(identifier: zone) == nil {
            throw fault(keys["timezone"], "timezone \(zone) is not known; expected an IANA name, offset or needed")
        }
        let adapter = MappingAdapter(
            name: try word(name, "name"),
            reads: try keys["reads"].map { try word($0, "reads") } ?? "what the mapping describes",
            source: try keys["source"].map { try word($0, "source") }, zone: zone,
            recognised: try keys["recognise"].map { try words($0, "recognise") } ?? [],
            items: try keys["items"].map { try word($0, "items").split(separator: ".").map(String.init) } ?? [],
            mapping: TableMapping(try list(records, "records").map(record)), file: file)
        // Bound against its own columns once, so that a wrong field name is found when the file is read.
        _ = try ColumnPlan(adapter.mapping, header: TableHeader(adapter.mapping.columns))
        return adapter
    }

    private func record(_ node: Node) throws -> RecordRule {
        let keys = try object(node, "a record", allowed: ["type", "when", "repeated", "fields"])
        guard let type = keys["type"] else { throw fault(node, "type is missing") }
        let name = try word(type, "type")
        guard let kind = RecordKind(rawValue: name) else {
            throw fault(
                type, "type \(name) is none of \(RecordKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let fields = keys["fields"]?.mapping else { throw fault(node, "fields is missing") }
        return RecordRule(
            kind, when: try keys["when"].map { try list($0, "when").map(condition) } ?? [],
            isRepeated: try keys["repeated"].map { try flag($0, "repeated") } ?? false,
            fields: try fields.map { key, value in try field(try word(key, "a field's name"), value) })
    }

    private func condition(_ node: Node) throws -> RowCondition {
        let keys = try object(node, "a condition", allowed: ["column", "is", "not", "present"])
        guard let column = try keys["column"].map({ try word($0, "column") }) else {
            throw fault(node, "column is missing")
        }
        if let values = keys["is"] { return .isOne(column, of: try words(values, "is")) }
        if let values = keys["not"] { return .isNone(column, of: try words(values, "not")) }
        guard let present = keys["present"] else { throw fault(node, "a condition needs is, not or present") }
        return try flag(present, "present") ? .present(column) : .absent(column)
    }

    private static let sourceKeys = ["column", "constant", "first", "join", "hash"]

    private func field(_ name: String, _ node: Node) throws -> FieldRule {
        if node.mapping == nil { return FieldRule(name, try source(node)) }
        let keys = try object(
            node, "the field \(name)",
            allowed: MappingParser.sourceKeys + [
                "values", "otherwise", "format", "split", "absent", "required", "when",
            ])
        var rule = FieldRule(name, try source(keys, node))
        if let values = keys["values"] {
            guard let pairs = values.mapping else { throw fault(values, "values is expected to map words to words") }
            for (key, value) in pairs { rule.values[try word(key, "a value")] = try word(value, "a value") }
        }
        if let otherwise = keys["otherwise"] {
            rule.unmapped =
                switch try word(otherwise, "otherwise") {
                case "keep": .keep
                case "drop": .drop
                case "reject": .reject
                case let other: .becomes(other)
                }
        }
        if let format = keys["format"] { rule.time = try timeForm(try word(format, "format"), format) }
        if let split = keys["split"] { rule.separators = try word(split, "split") }
        if let absent = keys["absent"] { rule.absentWords = try words(absent, "absent") }
        if let required = keys["required"] { rule.isRequired = try flag(required, "required") }
        if let when = keys["when"] {
            rule.when = try (when.sequence == nil ? [when] : list(when, "when")).map(condition)
        }
        return rule
    }

    /// A word is a column's name; an object says more.
    private func source(_ node: Node) throws -> FieldSource {
        if let keys = node.mapping {
            var named: [String: Node] = [:]
            for (key, value) in keys { named[try word(key, "a key")] = value }
            return try source(named, node)
        }
        return .column(try word(node, "a column's name"))
    }

    private func source(_ keys: [String: Node], _ node: Node) throws -> FieldSource {
        if let column = keys["column"] { return .column(try word(column, "column")) }
        if let constant = keys["constant"] { return .constant(try word(constant, "constant")) }
        if let first = keys["first"] { return .first(try list(first, "first").map(source)) }
        if let join = keys["join"] { return .joined(try list(join, "join").map(source)) }
        if let hash = keys["hash"], try word(hash, "hash") == "row" { return .rowHash }
        throw fault(node, "a field needs column, constant, first, join or hash: row")
    }

    private func timeForm(_ text: String, _ node: Node) throws -> TimeForm {
        switch text {
        case "iso": return .iso
        case "seconds": return .unixSeconds
        case "milliseconds": return .unixMilliseconds
        default:
            guard let pattern = TimePattern(text) else {
                throw fault(
                    node, "format \(text) is none of iso, seconds, milliseconds or a pattern such as dd/MM/yyyy HH:mm")
            }
            return .pattern(pattern)
        }
    }

    private func object(_ node: Node, _ what: String, allowed: [String]) throws -> [String: Node] {
        guard let mapping = node.mapping else { throw fault(node, "\(what) is expected to have keys") }
        var keys: [String: Node] = [:]
        for (key, value) in mapping {
            let name = try word(key, "a key")
            guard allowed.contains(name) else {
                throw fault(key, "\(what) has no key \(name); it may have \(allowed.joined(separator: ", "))")
            }
            keys[name] = value
        }
        return keys
    }

    private func list(_ node: Node, _ what: String) throws -> [Node] {
        guard let sequence = node.sequence else { throw fault(node, "\(what) is expected to be a list") }
        return Array(sequence)
    }

    private func words(_ node: Node, _ what: String) throws -> [String] {
        node.sequence == nil ? [try word(node, what)] : try list(node, what).map { try word($0, what) }
    }

    private func word(_ node: Node, _ what: String) throws -> String {
        guard let scalar = node.scalar else { throw fault(node, "\(what) is expected to be one word") }
        return scalar.string
    }

    private func flag(_ node: Node, _ what: String) throws -> Bool {
        switch try word(node, what) {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw fault(node, "\(what) is expected to be true or false")
        }
    }

    private func fault(_ node: Node?, _ text: String) -> MappingFault {
        MappingFault(node?.mark.map { "line \($0.line): \(text)" } ?? text)
    }
}

extension TableMapping {
    /// Every column that the mapping names, once each.
    var columns: [String] {
        var names: [String] = []
        var seen: Set<String> = []
        func note(_ name: String) { if seen.insert(name).inserted { names.append(name) } }
        func walk(_ source: FieldSource) {
            switch source {
            case .column(let name): note(name)
            case .first(let sources), .joined(let sources): sources.forEach(walk)
            case .constant, .rowHash: break
            }
        }
        for record in records {
            for field in record.fields { walk(field.source) }
            for condition in record.when + record.fields.flatMap(\.when) {
                switch condition {
                case .present(let name), .absent(let name), .isOne(let name, _), .isNone(let name, _): note(name)
                }
            }
        }
        return names
    }
}
