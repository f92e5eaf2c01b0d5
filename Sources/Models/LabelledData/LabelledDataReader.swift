internal import FoundationEssentials
internal import Text

/// Reads labelled files: TSV `label<TAB>text`, or CSV and JSON Lines with a label and a text column.
package struct LabelledDataReader: Sendable, Hashable {
    package var labelColumn = "label"
    package var textColumn = "text"

    /// Whether a row must have a label; without it only the texts count and every label is empty.
    package var needsLabels = true

    /// - Parameter textColumn: one column, or several joined by `+` (`subject+body`), whose texts stand line after
    ///   line; the first is a subject, in one line, empty where a row has none.
    package init(labelColumn: String = "label", textColumn: String = "text") {
        self.labelColumn = labelColumn
        self.textColumn = textColumn
    }

    /// Whether texts are made of several columns, of which the first is a subject.
    package var hasSubject: Bool { textColumns.count > 1 }

    private var textColumns: [String] { textColumn.split(separator: "+").map(String.init) }

    /// Reads one file's bytes; `path` names it in errors and its ending tells the format.
    package func read(bytes: [UInt8], path: String) throws(ModelError) -> LabelledData {
        var texts = TextBatch()
        var names: [String] = []
        try read(bytes, path: path) { label, text in
            names.append(label)
            texts.append(text)
        }
        return LabelledData(texts: texts, names: names)
    }

    /// Reads files one after another; a row without label is an error that names file and line, an empty text is not.
    package func read(_ paths: [String]) throws(ModelError) -> LabelledData {
        var texts = TextBatch()
        var names: [String] = []
        for path in paths {
            try read(FileBytes.read(path), path: path) { label, text in
                names.append(label)
                texts.append(text)
            }
        }
        if names.isEmpty { throw .noRows(paths.joined(separator: ", ")) }
        return LabelledData(texts: texts, names: names)
    }

    /// Reads the bytes of one file; the path names it in errors and its ending tells the format.
    func read(
        _ bytes: [UInt8], path: String, row: (_ label: String, _ text: ArraySlice<UInt8>) -> Void
    ) throws(ModelError) {
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        switch LabelledFormat(path: path, body) {
        case .tsv: try readTSV(body, path, row)
        case .csv: try readCSV(body, path, row)
        case .jsonLines: try readJSONLines(body, path, row)
        }
    }

    private func readTSV(
        _ body: ArraySlice<UInt8>, _ path: String, _ row: (String, ArraySlice<UInt8>) -> Void
    ) throws(ModelError) {
        var isSwapped = false
        for (number, line) in Lines(body) {
            guard let tab = line.firstIndex(of: 0x09) else {
                if !needsLabels {
                    row("", line)
                    continue
                }
                throw .row(path: path, line: number, reason: "expected label, tab, text; found no tab")
            }
            var label = line[..<tab]
            var text = line[(tab + 1)...]
            if number == 1 {
                let header = [label, text].map { String(decoding: $0, as: UTF8.self) }
                if header == [labelColumn, textColumn] { continue }
                if header == [textColumn, labelColumn] {
                    isSwapped = true
                    continue
                }
            }
            if isSwapped, let last = line.lastIndex(of: 0x09) {
                label = line[(last + 1)...]
                text = line[..<last]
            }
            row(try checked(label, path, number), text)
        }
    }

    private func readCSV(
        _ body: ArraySlice<UInt8>, _ path: String, _ row: (String, ArraySlice<UInt8>) -> Void
    ) throws(ModelError) {
        var reader = CommaSeparatedRows(body, path: path)
        guard let header = try reader.next() else { return }
        let names = header.fields.map { String(decoding: $0, as: UTF8.self) }
        let label = names.firstIndex(of: labelColumn)
        if label == nil && needsLabels { throw .column(path: path, name: labelColumn, found: names) }
        let texts = textColumns.compactMap(names.firstIndex(of:))
        if texts.isEmpty { throw .column(path: path, name: textColumn, found: names) }
        while let (line, fields) = try reader.next() {
            guard fields.count == names.count else {
                throw .row(
                    path: path, line: line,
                    reason: "expected \(names.count) fields as in the header; found \(fields.count)")
            }
            let text = texts.enumerated().map { place, column -> [UInt8] in
                place + 1 < texts.count ? LabelledDataReader.oneLine(fields[column]) : fields[column]
            }.joined(separator: [10] as [UInt8])
            row(
                try label.map { index throws(ModelError) in try checked(fields[index][...], path, line) } ?? "",
                Array(text)[...])
        }
    }

    private func readJSONLines(
        _ body: ArraySlice<UInt8>, _ path: String, _ row: (String, ArraySlice<UInt8>) -> Void
    ) throws(ModelError) {
        let decoder = JSONDecoder()
        for (number, line) in Lines(body) {
            let object: [String: Scalar]
            do {
                object = try decoder.decode([String: Scalar].self, from: Data(line))
            } catch {
                throw .row(path: path, line: number, reason: "is not a JSON object")
            }
            guard let label = needsLabels ? object[labelColumn]?.text : "" else {
                throw .row(path: path, line: number, reason: "no value \"\(labelColumn)\"")
            }
            let parts = textColumns.map { object[$0]?.text }
            guard parts.contains(where: { $0 != nil }) else {
                throw .row(path: path, line: number, reason: "no value \"\(textColumn)\"")
            }
            let text = parts.enumerated().map { place, part -> [UInt8] in
                let bytes = Array((part ?? "").utf8)
                return place + 1 < parts.count ? LabelledDataReader.oneLine(bytes) : bytes
            }.joined(separator: [10] as [UInt8])
            row(try checked(Array(label.utf8)[...], path, number), Array(text)[...])
        }
    }

    /// A field that stands on a line of its own, such as a subject: its line ends become spaces.
    private static func oneLine(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 } }

    private func checked(_ label: ArraySlice<UInt8>, _ path: String, _ line: Int) throws(ModelError) -> String {
        if !needsLabels { return "" }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0d }
        var trimmed = label.drop(while: isSpace)
        while let last = trimmed.last, isSpace(last) { trimmed = trimmed.dropLast() }
        guard let name = String(validating: trimmed, as: UTF8.self) else {
            throw .row(path: path, line: line, reason: "the label is not valid UTF-8")
        }
        if name.isEmpty { throw .row(path: path, line: line, reason: "the label is empty") }
        return name
    }
}

/// The form of a labelled file, by its name's ending or, where that says nothing, by its first line.
private enum LabelledFormat {
    case tsv
    case csv
    case jsonLines

    init(path: String, _ body: ArraySlice<UInt8>) {
        let name = path.lowercased()
        if name.hasSuffix(".tsv") || name.hasSuffix(".txt") {
            self = .tsv
        } else if name.hasSuffix(".csv") {
            self = .csv
        } else if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") || name.hasSuffix(".json") {
            self = .jsonLines
        } else {
            let first = body.prefix { $0 != 0x0a }
            self = first.first == 0x7b ? .jsonLines : first.contains(0x09) ? .tsv : .csv
        }
    }
}

/// A value of a flat JSON object; numbers and truth values count as their text.
private struct Scalar: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            text = string
        } else if let whole = try? container.decode(Int.self) {
            text = String(whole)
        } else if let truth = try? container.decode(Bool.self) {
            text = String(truth)
        } else if let number = try? container.decode(Double.self) {
            text = "\(number)"
        } else {
            text = nil
        }
    }
}

/// The lines of a file that are not empty, with their numbers from 1, without their ends.
struct Lines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var number = 0

    init(_ body: ArraySlice<UInt8>) { rest = body }

    mutating func next() -> (number: Int, line: ArraySlice<UInt8>)? {
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
            var line = rest[rest.startIndex..<end]
            rest = rest[Swift.min(end + 1, rest.endIndex)...]
            if line.last == 0x0d { line = line.dropLast() }
            if !line.isEmpty { return (number, line) }
        }
        return nil
    }
}
