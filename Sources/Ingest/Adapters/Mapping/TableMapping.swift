package import Records

/// How the rows of a table become records: a value that table adapters and YAML mappings give alike.
///
/// The reader compiles it against a header (or against the keys of JSON objects) and runs the plan over bytes.
package struct TableMapping: Sendable, Equatable {
    package var records: [RecordRule]

    package init(_ records: [RecordRule]) { self.records = records }
}

/// One record made from a row, where its conditions hold.
package struct RecordRule: Sendable, Equatable {
    package var kind: RecordKind
    package var fields: [FieldRule]
    /// All must hold for the record to be made.
    package var when: [RowCondition]
    /// The record is repeated by every row that belongs to it (a ticket by each of its events): equal ones are written
    /// once, and it carries no time of creation unless a rule sets one.
    package var isRepeated: Bool

    package init(_ kind: RecordKind, when: [RowCondition] = [], isRepeated: Bool = false, fields: [FieldRule]) {
        self.kind = kind
        self.fields = fields
        self.when = when
        self.isRepeated = isRepeated
    }
}

/// A test of one column.
package enum RowCondition: Sendable, Equatable {
    case present(String)
    case absent(String)
    /// The column holds one of the values, in any letter case.
    case isOne(String, of: [String])
    case isNone(String, of: [String])
}

/// Where a field's value comes from.
package indirect enum FieldSource: Sendable, Equatable {
    /// A column by header name; in JSON a key, with dots for keys inside (`via.channel`).
    case column(String)
    case constant(String)
    /// The first that is not empty.
    case first([FieldSource])
    /// All of them one after another; absent where one is.
    case joined([FieldSource])
    /// A stable hash of the row: an id for what has none of its own.
    case rowHash
}

/// One field of a record: its source and how the value is read.
package struct FieldRule: Sendable, Equatable {
    /// What becomes of a value that `values` does not name.
    package enum Unmapped: Sendable, Equatable {
        case keep, drop, reject
        case becomes(String)
    }

    /// The field's name in the canonical form.
    package var field: String
    package var source: FieldSource
    /// Words to replace, in any letter case: `已解决` by `solved`.
    package var values: [String: String]
    package var unmapped: Unmapped
    /// How a time field is written.
    package var time: TimeForm
    /// Characters at which a text is split into a JSON array (`tags`, `skills`); empty for none.
    package var separators: String
    /// Words that mean that there is no value (`-`, `N/A`), in any letter case; the empty text always does.
    package var absentWords: [String]
    /// The item is rejected where the value is absent, also where the schema does not ask for it.
    package var isRequired: Bool
    /// The field is absent where one of these does not hold.
    package var when: [RowCondition]

    package init(
        _ field: String, _ source: FieldSource, values: [String: String] = [:], unmapped: Unmapped = .keep,
        time: TimeForm = .iso, separators: String = "", absentWords: [String] = [], isRequired: Bool = false,
        when: [RowCondition] = []
    ) {
        self.field = field
        self.source = source
        self.values = values
        self.unmapped = unmapped
        self.time = time
        self.separators = separators
        self.absentWords = absentWords
        self.isRequired = isRequired
        self.when = when
    }

    /// A field from the column of that header name.
    package static func column(_ field: String, _ name: String) -> FieldRule { FieldRule(field, .column(name)) }
}
