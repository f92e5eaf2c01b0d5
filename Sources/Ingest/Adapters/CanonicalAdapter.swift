import Records
import Runtime

/// The product's own form: JSON Lines, one object a line with its `type` first named; all ten kinds.
///
/// Unknown keys are kept under `extra` where the kind has such a field, and noted once per key where it has not.
package struct CanonicalAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "canonical", reads: "the canonical JSON Lines of convert and of external adapters",
            shapeSource: "docs/canonical.schema.json", zone: .stated)
    }

    package func confidence(for document: JSONValue) -> Double {
        guard let type = document["type"]?.string, RecordKind(rawValue: type) != nil else { return 0 }
        return document.has("source") ? 1 : 0.4
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object else { throw ItemFault(.badSyntax, "an object is expected on each line") }
        guard let type = item["type"]?.string else { throw .missing("type") }
        guard let kind = RecordKind(rawValue: type) else {
            throw ItemFault(
                .unknownType,
                "type '\(type.prefix(40))' is none of \(RecordKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let schema = kind.schema
        let isPartial = item["partial"]?.bool ?? false
        // Values are checked before the row is begun, so that a fault leaves nothing behind.
        var numbers: [(field: Int, value: Int64)] = []
        var reals: [(field: Int, value: Double)] = []
        var texts: [(field: Int, value: JSONValue)] = []
        var source = item["source"]?.id
        for (index, field) in schema.fields.enumerated() {
            guard let value = item[field.name] else {
                if !isPartial, CanonicalAdapter.isRequired(field, of: kind) { throw .missing("\(type).\(field.name)") }
                continue
            }
            if index == 0 { continue }
            switch field.type {
            case .text:
                guard value.kind == .string || value.kind == .number else {
                    throw ItemFault(.badValue, "\(type).\(field.name) is expected to be text")
                }
                try CanonicalAdapter.checkWord(value, field.name, kind)
                texts.append((index, value))
            case .json:
                if field.name == "extra" { continue }
                guard value.kind == .array || value.kind == .object else {
                    throw ItemFault(.badValue, "\(type).\(field.name) is expected to be an array or an object")
                }
                texts.append((index, value))
            case .time:
                guard value.kind == .string else {
                    throw ItemFault(.badTime, "\(type).\(field.name) is expected to be ISO 8601 text")
                }
                if let time = try records.time(value, "\(type).\(field.name)") {
                    numbers.append((index, time.milliseconds))
                } else if CanonicalAdapter.isRequired(field, of: kind) && !isPartial {
                    throw .missing("\(type).\(field.name)")
                }
            case .integer, .flag:
                let number = field.type == .flag ? value.bool.map { $0 ? Int64(1) : 0 } : value.integer
                guard let number else {
                    throw ItemFault(
                        .badValue, "\(type).\(field.name) is not \(field.type == .flag ? "a flag" : "whole")")
                }
                numbers.append((index, number))
            case .real:
                guard let real = value.real else {
                    throw ItemFault(.badValue, "\(type).\(field.name) is not a number")
                }
                reals.append((index, real))
            }
        }
        if source == nil || source?.isEmpty == true { source = records.context.source }
        let extra = CanonicalAdapter.extra(of: item, kind, &records)
        let derivedID = schema.index(of: "id").flatMap { item["id"] == nil ? ($0, item.stableID) : nil }
        records.add(kind, source: source) { row in
            for (field, value) in texts {
                if schema.fields[field].type == .json { row.set(field, json: value) } else { row.set(field, value) }
            }
            for (field, value) in numbers { row.set(field, integer: value) }
            for (field, value) in reals { row.set(field, real: value) }
            if let derivedID { row.set(derivedID.0, derivedID.1) }
            if let extra, let field = schema.index(of: "extra") { row.set(field, extra) }
        }
    }

    /// What the canonical form requires; a `partial` record, which tells attributes only, needs its key alone.
    static func isRequired(_ field: RecordField, of kind: RecordKind) -> Bool {
        switch (kind, field.name) {
        case (.ticketEvent, "id"), (.behavior, "id"), (.rating, "id"): false
        case (.conversation, "channel"), (.conversation, "opened_at"), (.ticket, "created_at"), (.ticket, "status"):
            true
        default: field.isRequired
        }
    }

    private static func checkWord(_ value: JSONValue, _ field: String, _ kind: RecordKind) throws(ItemFault) {
        switch (kind, field) {
        case (.message, "role"), (.ticketEvent, "actor_role"):
            guard let word = value.string, Role(rawValue: word) != nil else {
                throw ItemFault(
                    .badValue, "\(field) is none of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        case (.ticket, "status"):
            guard let word = value.string, TicketStatus(rawValue: word) != nil else {
                throw ItemFault(
                    .badValue, "status is none of \(TicketStatus.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        default:
            if value.kind == .string, value.withText({ $0.count == 0 }),
                kind.schema.fields.contains(where: { $0.name == field && $0.isKey })
            {
                throw ItemFault(.missingField, "\(field) is empty")
            }
        }
    }

    /// The `extra` of an item: what stood under that key, and every key that the kind does not know.
    private static func extra(of item: JSONValue, _ kind: RecordKind, _ records: inout RecordSink) -> String? {
        let schema = kind.schema
        let takesExtra = schema.index(of: "extra") != nil
        var out: [UInt8] = []
        func append(_ name: String, _ value: JSONValue) {
            out.append(out.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            JSONScan.appendQuoted(name, to: &out)
            out.append(UInt8(ascii: ":"))
            value.write(to: &out)
        }
        if takesExtra, let given = item["extra"], given.kind == .object {
            for (key, value) in given.members { append(key.string ?? "", value) }
        }
        for (key, value) in item.members {
            guard let name = key.string, name != "type", name != "partial", name != "extra",
                schema.index(of: name) == nil
            else { continue }
            if takesExtra {
                append(name, value)
            } else {
                records.warn("key '\(name)' of \(kind.rawValue) is not known and not kept")
            }
        }
        guard !out.isEmpty else { return nil }
        out.append(UInt8(ascii: "}"))
        return String(decoding: out, as: UTF8.self)
    }
}
