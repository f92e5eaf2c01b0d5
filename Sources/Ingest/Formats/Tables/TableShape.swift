/// What a table looks like: its delimiter, header and what stands before it.
package struct TableShape: Sendable, Equatable {
    package let delimiter: UInt8
    package let header: TableHeader
    /// Whether the names stand in the file; otherwise they are `column1`, `column2` …
    package let hasHeader: Bool
    /// Lines before the header, as they stand.
    package let preamble: [String]
    /// Offset of the first record after the header.
    let dataOffset: Int
    package let warnings: [String]

    static let delimiters: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]

    /// Finds the shape from the first records of a text; `nil` where it is no table of two or more columns.
    ///
    /// The delimiter is the one under which most of the first records have the same number of fields, more fields
    /// before fewer. Records before the first of that number are the preamble. The first record is the header unless
    /// one of its cells is a number, a time or empty where the records below hold the like.
    static func sniff(_ text: UnsafeRawBufferPointer, limits: TableLimits = TableLimits()) -> TableShape? {
        var best: (score: Double, delimiter: UInt8, columns: Int)?
        // Excel's own hint on a first line of its own.
        let hint = text.count > 5 && text.prefix(4).elementsEqual("sep=".utf8) ? text[4] : nil
        let start = hint == nil ? 0 : 5
        for delimiter in hint.map({ [$0] }) ?? delimiters {
            var reader = CSVReader(text, from: start, delimiter: delimiter, limits: limits)
            guard let block = reader.next(maximumRows: 200, maximumBytes: 1 << 20) else { return nil }
            // The last record of a sample may be cut; it counts only where it is all there is.
            var votes: [Int: Int] = [:]
            var rows = 0
            for row in 0..<block.rowCount where block.faults[row] == nil {
                votes[block.row(row).count, default: 0] += 1
                rows += 1
            }
            guard let mode = votes.filter({ $0.key > 1 }).max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
                continue
            }
            let agreement = Double(mode.value) / Double(max(1, rows))
            // Agreement counts first; between delimiters that agree alike more columns win.
            let score = agreement * (2 - 1 / Double(mode.key))
            if best.map({ score > $0.score }) ?? true { best = (score, delimiter, mode.key) }
        }
        guard let best, best.score > 0.3 else { return nil }
        return read(text, from: start, delimiter: best.delimiter, columns: best.columns, limits: limits)
    }

    private static func read(
        _ text: UnsafeRawBufferPointer, from start: Int, delimiter: UInt8, columns: Int, limits: TableLimits
    )
        -> TableShape?
    {
        var reader = CSVReader(text, from: start, delimiter: delimiter, limits: limits)
        guard let block = reader.next(maximumRows: 400, maximumBytes: 1 << 20),
            let first = (0..<block.rowCount).first(where: { block.row($0).count == columns })
        else { return nil }
        let preamble = (0..<first).map { row in
            String(decoding: block.rawRow(row), as: UTF8.self).trimmedLineBreaks
        }
        let names = block.texts(first)
        let below = (first + 1..<min(block.rowCount, first + 20)).filter { block.row($0).count == columns }
            .map { block.texts($0) }
        let hasHeader = isHeader(names, below)
        var warnings: [String] = []
        if !preamble.isEmpty {
            warnings.append("\(preamble.count) line\(preamble.count == 1 ? "" : "s") before the header passed over")
        }
        if !hasHeader { warnings.append("no header found; columns are named column1 to column\(columns)") }
        let renamed = hasHeader ? rename(names, &warnings) : (1...columns).map { "column\($0)" }
        let dataRow = hasHeader ? first + 1 : first
        let dataOffset = start + (dataRow < block.rowCount ? Int(block.rowStarts[dataRow]) : block.count)
        return TableShape(
            delimiter: delimiter, header: TableHeader(renamed), hasHeader: hasHeader, preamble: preamble,
            dataOffset: dataOffset, warnings: warnings)
    }

    /// Gives empty and repeated names a name of their own.
    static func rename(_ names: [String], _ warnings: inout [String]) -> [String] {
        var seen: Set<String> = []
        return names.enumerated().map { index, name in
            var unique = name.trimmedLineBreaks
            if TableHeader.normalised(unique).isEmpty {
                unique = "column\(index + 1)"
                warnings.append("column \(index + 1) has no name and is called \(unique)")
            }
            let wanted = unique
            var number = 2
            while !seen.insert(TableHeader.normalised(unique)).inserted {
                unique = "\(wanted)_\(number)"
                number += 1
            }
            if unique != wanted { warnings.append("header \(wanted) is repeated and is called \(unique)") }
            return unique
        }
    }

    /// Whether the last line begins with a word for a total.
    func endsWithTotal(_ text: UnsafeRawBufferPointer) -> Bool {
        var end = text.count
        while end > dataOffset, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
        var start = end
        while start > dataOffset, end - start < 4096, text[start - 1] != 0x0A, text[start - 1] != 0x0D { start -= 1 }
        guard start < end else { return false }
        var reader = CSVReader(UnsafeRawBufferPointer(rebasing: text[start..<end]), delimiter: delimiter)
        guard let block = reader.next(maximumRows: 1), let first = block.texts(0).first else { return false }
        return ["total", "totals", "sum", "合计", "总计", "小计", "合計", "總計"].contains(TableHeader.normalised(first))
    }

    /// Whether a record is a header: no cell of it looks like data where the cells below it do.
    private static func isHeader(_ names: [String], _ below: [[String]]) -> Bool {
        let filled = names.filter { !TableHeader.normalised($0).isEmpty }
        guard !filled.isEmpty else { return false }
        if filled.contains(where: { $0.utf8.count > 200 }) { return false }
        for (index, name) in names.enumerated() where looksLikeData(name) {
            // A column named "2024" over words stays a header.
            if below.isEmpty || below.contains(where: { index < $0.count && looksLikeData($0[index]) }) { return false }
        }
        return true
    }

    private static func looksLikeData(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            return Numbers.real(bytes) != nil || ISOTime.parse(bytes) != nil
        }
    }
}

extension String {
    /// Without line breaks and blanks at its ends, and without a byte-order mark.
    fileprivate var trimmedLineBreaks: String {
        var scalars = Substring(self).unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        while let first = scalars.first, first.properties.isWhitespace || first == "\u{FEFF}" {
            scalars.removeFirst()
        }
        return String(scalars)
    }
}
