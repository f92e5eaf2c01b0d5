package import Records

/// The records of a run of items, with what was noted on the way.
package struct MappedItems: Sendable {
    package var batch: RecordBatch
    /// Notes, each with how often it was given.
    package var warnings: [String: Int]
}

/// Runs a document adapter over parsed JSON: items out of pages, faults into rejects.
package struct DocumentMapper: ObjectMapper {
    let adapter: any DocumentAdapter
    package private(set) var sink: RecordSink
    private var ordinal = 0

    package init(adapter: any DocumentAdapter, context: AdapterContext) {
        self.adapter = adapter
        sink = RecordSink(context: context)
    }

    /// Maps every item of a document.
    ///
    /// - Parameters:
    ///   - line: 1-based line of the document, 0 where lines mean nothing.
    ///   - byteOffset: of the parsed text in the input.
    package mutating func map(_ document: JSONValue, line: Int = 0, byteOffset: Int = 0) {
        guard let items = adapter.items(in: document), items.kind == .array else {
            mapItem(document, in: document, line, byteOffset)
            return
        }
        for item in items.elements { mapItem(item, in: document, line, byteOffset) }
    }

    private mutating func mapItem(_ item: JSONValue, in document: JSONValue, _ line: Int, _ byteOffset: Int) {
        sink.beginItem()
        ordinal += 1
        let mark = sink.mark()
        do {
            try adapter.map(item, in: document, to: &sink)
        } catch {
            sink.rollBack(to: mark)
            sink.reject(
                error, line: line, byteOffset: byteOffset + item.offset, ordinal: ordinal, excerpt: item.source)
        }
    }

    mutating func mapTruncated(
        _ document: JSONValue, fault: JSONFault, text: UnsafeRawBufferPointer, byteOffset: Int
    ) {
        if let items = adapter.items(in: document), items.kind == .array {
            // The last element is the one that was cut.
            for item in Array(items.elements).dropLast() { mapItem(item, in: document, 0, byteOffset) }
        }
        reject(ItemFault(.truncated, fault.description), text: text, byteOffset: byteOffset + fault.offset)
    }

    /// A text that is no item: one item, rejected.
    package mutating func reject(_ fault: ItemFault, text: UnsafeRawBufferPointer, byteOffset: Int) {
        sink.beginItem()
        ordinal += 1
        sink.reject(fault, line: 0, byteOffset: byteOffset, ordinal: ordinal, excerpt: text)
    }

    mutating func warn(_ text: String) { sink.warn(text) }

    package mutating func take() -> MappedItems { sink.take() }
}

extension RecordSink {
    /// Notes the current item as a reject.
    mutating func reject(
        _ fault: ItemFault, line: Int, byteOffset: Int, ordinal: Int, excerpt: UnsafeRawBufferPointer
    ) {
        batch.rejects.append(
            Reject(
                file: context.file, entry: context.entry, line: line, byteOffset: byteOffset, ordinal: ordinal,
                reason: fault.reason, detail: fault.detail, excerpt: Excerpt.shown(excerpt)))
    }

    /// Hands the batch and the notes over and starts anew.
    mutating func take() -> MappedItems {
        let taken = MappedItems(batch: batch, warnings: warnings)
        batch = RecordBatch()
        warnings = [:]
        return taken
    }
}

extension DocumentAdapter {
    /// Maps a small JSON or JSON Lines text held in memory: each value of it is a document, each element of a top-level
    /// array one too.
    package func records(of text: String, context: AdapterContext) -> MappedItems {
        var mapper = DocumentMapper(adapter: self, context: context)
        let parser = JSONParser()
        defer { withExtendedLifetime(parser) {} }
        var text = text
        text.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            if let document = try? parser.parse(bytes) {
                if document.kind == .array {
                    for element in document.elements { mapper.map(element, line: 1) }
                } else {
                    mapper.map(document, line: 1)
                }
                return
            }
            for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
                let line = UnsafeRawBufferPointer(rebasing: line)
                do throws(JSONFault) { mapper.map(try parser.parse(line), line: index + 1) } catch {
                    mapper.reject(ItemFault(.badSyntax, error.description), text: line, byteOffset: error.offset)
                }
            }
        }
        return mapper.take()
    }
}
