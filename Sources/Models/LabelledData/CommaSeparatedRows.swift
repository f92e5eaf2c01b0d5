/// The rows of a CSV file after RFC 4180: quoted fields may hold commas, line ends and doubled quotes.
struct CommaSeparatedRows {
    private let body: ArraySlice<UInt8>
    private let path: String
    private var index: Int
    private var line = 1

    init(_ body: ArraySlice<UInt8>, path: String) {
        self.body = body
        self.path = path
        index = body.startIndex
    }

    /// The next row that is not empty, with the number of the line on which it starts.
    mutating func next() throws(ModelError) -> (line: Int, fields: [[UInt8]])? {
        while index < body.endIndex {
            let start = line
            let fields = try row()
            if fields != [[]] { return (start, fields) }
        }
        return nil
    }

    private mutating func row() throws(ModelError) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        while true {
            fields.append(try field())
            guard index < body.endIndex else { return fields }
            let end = body[index]
            index += 1
            if end == 0x2c { continue }
            if end == 0x0d && index < body.endIndex && body[index] == 0x0a { index += 1 }
            line += 1
            return fields
        }
    }

    /// Reads a field and stops at the comma or line end behind it.
    private mutating func field() throws(ModelError) -> [UInt8] {
        var field: [UInt8] = []
        guard index < body.endIndex, body[index] == 0x22 else {
            while index < body.endIndex, body[index] != 0x2c, body[index] != 0x0a, body[index] != 0x0d {
                field.append(body[index])
                index += 1
            }
            return field
        }
        let start = line
        index += 1
        while index < body.endIndex {
            let byte = body[index]
            index += 1
            if byte == 0x22 {
                if index < body.endIndex, body[index] == 0x22 {
                    field.append(0x22)
                    index += 1
                    continue
                }
                if index < body.endIndex, body[index] != 0x2c, body[index] != 0x0a, body[index] != 0x0d {
                    throw .row(path: path, line: line, reason: "text behind a closing quote")
                }
                return field
            }
            if byte == 0x0a { line += 1 }
            field.append(byte)
        }
        throw .row(path: path, line: start, reason: "a quote is not closed")
    }
}
