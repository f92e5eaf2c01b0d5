/// A delimited file read for itself, without an adapter: any character set and delimiter, the names of its columns, its
/// rows as bytes.
package struct PlainTable {
    /// One record of the table; valid inside the call that hands it over.
    package struct Row {
        private let block: TableBlock
        private let spans: UnsafeBufferPointer<FieldSpan>
        /// Position among the records of the file, from 1; the header is not counted.
        package let number: Int

        fileprivate init(_ block: TableBlock, _ index: Int, number: Int) {
            self.block = block
            spans = block.row(index)
            self.number = number
        }

        /// Fields of this record; short rows have fewer than the header names.
        package var count: Int { spans.count }

        /// A field's bytes without its quotes (doubled quotes stand as in the file); empty where the row is too short.
        package func bytes(_ column: Int) -> UnsafeRawBufferPointer {
            column < spans.count ? block.bytes(spans[column]) : UnsafeRawBufferPointer(start: nil, count: 0)
        }

        /// A field as text; empty where the row is too short.
        package func text(_ column: Int) -> String { column < spans.count ? block.text(spans[column]) : "" }
    }

    package let path: String
    /// Names of the columns, `column1` and so on where the file has none.
    package let header: [String]
    package let warnings: [String]
    private let names: TableHeader
    private let text: InputBytes
    private let delimiter: UInt8
    private let dataOffset: Int

    /// - Throws: `IngestError` when the file cannot be read; `nil` where it is no table.
    package init?(path: String) throws(IngestError) {
        let input = try InputBytes.map(path: path)
        let (text, _) = try Transcoder.utf8(input, CharsetDetector.detect(input.bytes))
        guard let shape = TableShape.sniff(text.bytes) else { return nil }
        self.path = path
        self.text = text
        names = shape.header
        header = shape.header.names
        warnings = shape.warnings
        delimiter = shape.delimiter
        dataOffset = shape.dataOffset
    }

    /// The position of a column, found without regard to letter case.
    package func column(_ name: String) -> Int? { names.index(of: name) }

    /// Hands over every record in the order of the file; a record that cannot be cut into fields has none.
    package func forEachRow(_ body: (Row) throws -> Void) rethrows {
        var reader = CSVReader(text.bytes, from: dataOffset, delimiter: delimiter, columns: header.count)
        var number = 0
        while let block = reader.next() {
            for index in 0..<block.rowCount {
                number += 1
                try body(Row(block, index, number: number))
            }
        }
    }

    /// A date or a date with a time of day: milliseconds on the wall clock since 1970, and milliseconds east of UTC where
    /// it says so.
    package static func time(_ bytes: UnsafeRawBufferPointer) -> (wall: Int64, offset: Int64?)? {
        guard let time = ISOTime.parse(bytes) else { return nil }
        return (time.wall, time.hasOffset ? time.offset : nil)
    }

    /// A decimal number; `nil` for anything else.
    package static func number(_ bytes: UnsafeRawBufferPointer) -> Double? { Numbers.real(bytes) }
}
