import Aggregates

/// Counts of several metrics by the values of one dimension.
enum CountsByValue {
    struct Row {
        let value: String?
        /// In the order of the metrics.
        let counts: [Int64]
        var total: Int64 { counts.reduce(0, +) }
    }

    /// A row for each value that any metric counts, in byte order with "does not say" first.
    static func rows(_ by: [[String?: Int64]]) -> [Row] {
        Set(by.flatMap(\.keys)).sorted(by: PageContext.precedes)
            .map { value in Row(value: value, counts: by.map { $0[value] ?? 0 }) }
            .filter { $0.total > 0 }
    }

    static func columns(_ dimension: Dimension, _ metrics: [Metric], _ c: PageContext) -> [ReportTable.Column] {
        [ReportTable.Column(dimension.rawValue, c.labels.dimension(dimension), isNumeric: false)]
            + metrics.map { ReportTable.Column($0.rawValue, c.labels.metric($0)) }
    }

    static func cells(_ row: Row, _ dimension: Dimension, _ c: PageContext) -> [ReportTable.Cell] {
        [c.cell(row.value, of: dimension)] + row.counts.map { ReportTable.Cell.count($0) }
    }
}
