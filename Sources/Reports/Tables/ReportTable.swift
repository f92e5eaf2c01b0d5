package import Runtime

/// A table of a page: typed cells under machine names, from which both the HTML and the CSV are written.
package struct ReportTable: Sendable, Equatable {
    /// Whether more of a figure is good news.
    package enum Favour: String, Sendable { case more, less, neither }

    /// A value with its type; an absent one is an em dash on the page and an empty field in CSV.
    package enum Cell: Sendable, Equatable {
        /// What people read, and what CSV holds (the source's own label, empty for "not stated").
        case label(String, raw: String?)
        case count(Int64?)
        /// A duration in seconds.
        case seconds(Double?)
        /// 0–1, shown as a percentage.
        case ratio(Double?)
        /// A share of the table's total, shown with a bar.
        case share(Double?)
        /// A plain number with the decimals that people see.
        case number(Double?, digits: Int)
        /// A relative change, shown with sign and arrow.
        case change(Double?, Favour)
        /// A difference of two ratios, shown in percentage points.
        case points(Double?, Favour)
        case day(CivilDate)
    }

    package struct Column: Sendable, Equatable {
        /// English `snake_case`, the same in every language.
        package let key: String
        package let title: String
        /// The right-aligned ones.
        package let isNumeric: Bool
        package init(_ key: String, _ title: String, isNumeric: Bool = true) {
            self.key = key
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    /// The CSV file is `csv/ID.csv`.
    package let id: String
    package let title: String
    package let columns: [Column]
    package let rows: [[Cell]]
    package let note: String?

    package init(id: String, title: String, columns: [Column], rows: [[Cell]], note: String? = nil) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "every row of \(id) has a cell for each column")
        self.id = id
        self.title = title
        self.columns = columns
        self.rows = rows
        self.note = note
    }

    package var path: String { "csv/\(id).csv" }
}
