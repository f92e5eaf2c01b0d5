/// One series of a long table, as its rows stand in the file.
package struct LongSeries: Sendable, Equatable {
    package let id: String
    package let form: AxisForm
    /// Coordinates in the unit of `form`, in the order of the rows.
    package var times: [Double]
    /// `ds` as written, in the order of the rows.
    package var stamps: [String]
    /// `NaN` is missing, which is not zero.
    package var values: [Double]

    package init(id: String, form: AxisForm, times: [Double] = [], stamps: [String] = [], values: [Double] = []) {
        self.id = id
        self.form = form
        self.times = times
        self.stamps = stamps
        self.values = values
    }

    /// The series on its regular grid.
    package var regular: RegularSeries { RegularSeries(self) }
}

/// A series on a gapless grid: rows sorted, gaps as missing, the last of two rows for one time.
package struct RegularSeries: Sendable, Equatable {
    package let axis: TimeAxis
    /// One value per step; `NaN` where no row or an empty one stands.
    package let values: [Double]
    /// For each row of the file its position on the grid.
    package let positionOfRow: [Int]
    /// Rows whose place was taken again by a later row.
    package let repeated: Int
    /// Rows more than a tenth of a step beside the grid, moved to the nearest place.
    package let offGrid: Int
    /// Whether the rows stood in the order of time.
    package let wasSorted: Bool

    /// Grid places at most per row of the file, so that one absurd date cannot fill memory.
    private static let greatestStretch = 200

    package init(_ series: LongSeries) {
        let sorted = Array(Set(series.times)).sorted()
        let axis = TimeAxis(form: series.form, sorted: sorted)
        var positions: [Int] = []
        positions.reserveCapacity(series.times.count)
        var offGrid = 0
        for time in series.times {
            let (index, off) = axis.index(of: time)
            positions.append(index)
            if off > 0.1 { offGrid += 1 }
        }
        let length = (positions.max() ?? -1) + 1
        let isBounded = length <= max(10_000, series.times.count * RegularSeries.greatestStretch)
        if !isBounded {
            // The grid makes no sense; the rows in order of time are all that can be said.
            let order = series.times.indices.sorted { (series.times[$0], $0) < (series.times[$1], $1) }
            for (place, row) in order.enumerated() { positions[row] = place }
        }
        var values = Array(repeating: Double.nan, count: isBounded ? length : series.times.count)
        var taken = Array(repeating: false, count: values.count)
        var repeated = 0
        for (row, place) in positions.enumerated() {
            if taken[place] { repeated += 1 }
            taken[place] = true
            values[place] = series.values[row]
        }
        self.axis = axis
        self.values = values
        positionOfRow = positions
        self.repeated = repeated
        self.offGrid = offGrid
        wasSorted = zip(series.times.dropFirst(), series.times).allSatisfy { $0 >= $1 }
    }
}
