extension Migration {
    /// What an alert belongs to: its deviation's first and last day, how grave it is, which alert leads its group.
    static let alertLife = Migration(name: "0007-alert-life") { dialect in
        AlertLifeColumns.all.flatMap { column in
            [
                "ALTER TABLE alert ADD COLUMN \(column.name) \(typeName(column.type, dialect))",
                TableDefinition.comment(
                    on: "COLUMN", table: "alert", column: column.name, column.comment, dialect),
            ]
        }
    }
}

/// The columns that `0007-alert-life` adds to `alert`; NULL in rows of older programs until the next night.
enum AlertLifeColumns {
    static let all: [TableDefinition.Column] = [
        .integer("since_day", "First day of the deviation (days since 1970-01-01)"),
        .integer("until_day", "Last day of the deviation, NULL while it goes on (days since 1970-01-01)"),
        .text("severity", "minor, major or critical"),
        .text("leader_metric", "Metric of the alert of the same day that this one is a part of, NULL where it leads"),
        .text("leader_dimension", "Dimension of that alert's series"),
        .text("leader_value", "Value of that dimension"),
    ]
    static let names = all.map(\.name)
}
