import Records
import Runtime

/// A table mapping bound to column positions: what is run for every row.
struct ColumnPlan: Sendable {
    /// Where a value comes from, with positions for names.
    indirect enum Source: Sendable {
        case column(Int)
        case constant([UInt8])
        case first([Source])
        case joined([Source])
        /// With the rule's number mixed in, so that two records of one row differ.
        case rowHash(UInt64)
        case absent
    }

    struct Field: Sendable {
        let position: Int
        let name: String
        let type: FieldType
        let source: Source
        let rule: FieldRule
        /// Replacements by lower-case bytes.
        let replacements: ValueTable?
        let absentWords: ValueTable?
        let isRequired: Bool
        /// Blanks around it mean nothing.
        let isTrimmed: Bool
        let vocabulary: ValueTable?
        let conditions: [Condition]
    }

    enum Condition: Sendable {
        case present(Int)
        case absent(Int)
        case isOne(Int, ValueTable)
        case isNone(Int, ValueTable)
        case never
    }

    /// A class, so that the loop over rows takes one reference for all that a rule holds.
    final class Rule: Sendable {
        let kind: RecordKind
        let table: Int
        let fields: [Field]
        let conditions: [Condition]
        let isRepeated: Bool
        let operations: [FieldOperation]
        let parts: [JoinedPart]
        /// The words that a field of `FieldOperation.Kind.word` may hold, by field.
        let vocabularies: [ValueTable?]
        private let bytes: PlanBytes

        init(kind: RecordKind, fields: [Field], conditions: [Condition], isRepeated: Bool) {
            self.kind = kind
            table = kind.index
            self.fields = fields
            self.conditions = conditions
            self.isRepeated = isRepeated
            let bytes = PlanBytes()
            var parts: [JoinedPart] = []
            operations = fields.enumerated().map { $1.operation($0, bytes, &parts) }
            self.parts = parts
            vocabularies = fields.map(\.vocabulary)
            self.bytes = bytes
        }
    }

    let rules: [Rule]
    /// Columns that some rule reads, in the order of the header.
    let mapped: [String]
    let unmapped: [String]
    /// What in the mapping does not fit: names of columns that are not there, by rule.
    let warnings: [String]

    /// Binds a mapping to a header.
    ///
    /// - Parameter columns: names by position; in JSON the keys that the mapping itself names.
    init(_ mapping: TableMapping, header: TableHeader) throws(MappingFault) {
        var used: Set<Int> = []
        var missing: Set<String> = []
        func column(_ name: String) -> Int? {
            if let index = header.index(of: name) {
                used.insert(index)
                return index
            }
            missing.insert(name)
            return nil
        }
        var salt: UInt64 = 0
        func bind(_ source: FieldSource) -> Source {
            switch source {
            case .column(let name): column(name).map { .column($0) } ?? .absent
            case .constant(let text): .constant(Array(text.utf8))
            case .first(let sources): .first(sources.map(bind))
            case .joined(let sources): .joined(sources.map(bind))
            case .rowHash: .rowHash(salt)
            }
        }
        func bind(_ condition: RowCondition) -> Condition {
            switch condition {
            case .present(let name): column(name).map { .present($0) } ?? .never
            case .absent(let name): column(name).map { .absent($0) } ?? .present(-1)
            case .isOne(let name, let values): column(name).map { .isOne($0, ValueTable(values)) } ?? .never
            case .isNone(let name, let values): column(name).map { .isNone($0, ValueTable(values)) } ?? .present(-1)
            }
        }
        var rules: [Rule] = []
        for (number, record) in mapping.records.enumerated() {
            salt = UInt64(number)
            let schema = record.kind.schema
            var fields: [Field] = []
            var set: Set<Int> = []
            for rule in record.fields {
                guard let position = schema.index(of: rule.field), position != 0 else {
                    throw MappingFault(
                        "\(record.kind.rawValue) has no field \(rule.field); it has "
                            + schema.fields.dropFirst().map(\.name).joined(separator: ", "))
                }
                guard set.insert(position).inserted else {
                    throw MappingFault("\(record.kind.rawValue).\(rule.field) is given twice")
                }
                fields.append(
                    ColumnPlan.field(
                        schema.fields[position], position, rule, bind(rule.source), rule.when.map(bind), record.kind))
            }
            // Keys that a hash of the row can stand for are filled in; other missing keys are a mistake of the mapping.
            for (position, field) in schema.fields.enumerated() where field.isRequired && position > 0 {
                if set.contains(position) { continue }
                guard field.name == "id", ColumnPlan.hasDerivableID(record.kind) else {
                    throw MappingFault("\(record.kind.rawValue).\(field.name) is required and not given")
                }
                fields.append(
                    ColumnPlan.field(field, position, FieldRule("id", .rowHash), .rowHash(salt), [], record.kind))
            }
            rules.append(
                Rule(
                    kind: record.kind, fields: fields, conditions: record.when.map(bind), isRepeated: record.isRepeated)
            )
        }
        self.rules = rules
        mapped = header.names.enumerated().filter { used.contains($0.offset) }.map(\.element)
        unmapped = header.names.enumerated().filter { !used.contains($0.offset) }.map(\.element)
        warnings = missing.sorted().map { "the mapping names column \($0), which the table has not" }
    }

    static func hasDerivableID(_ kind: RecordKind) -> Bool {
        kind == .ticketEvent || kind == .behavior || kind == .rating
    }

    private static func field(
        _ field: RecordField, _ position: Int, _ rule: FieldRule, _ source: Source, _ conditions: [Condition],
        _ kind: RecordKind
    ) -> Field {
        let vocabulary: ValueTable? =
            switch (kind, field.name) {
            case (.message, "role"), (.ticketEvent, "actor_role"): ValueTable(Role.allCases.map(\.rawValue))
            case (.ticket, "status"): ValueTable(TicketStatus.allCases.map(\.rawValue))
            default: nil
            }
        let isTrimmed = field.privacy != .text
        let hasReplacements = !rule.values.isEmpty
        return Field(
            position: position, name: "\(kind.rawValue).\(field.name)", type: field.type, source: source, rule: rule,
            replacements: hasReplacements ? ValueTable(rule.values) : nil,
            absentWords: rule.absentWords.isEmpty ? nil : ValueTable(rule.absentWords),
            isRequired: field.isRequired || rule.isRequired, isTrimmed: isTrimmed, vocabulary: vocabulary,
            conditions: conditions)
    }
}

/// A mapping that cannot be used, with the reason.
package struct MappingFault: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
