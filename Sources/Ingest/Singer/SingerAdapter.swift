package import Records
import Runtime

/// The Singer protocol: the output of a tap (`tap-zendesk | cs-analytics ingest -`).
///
/// Shape: the specification of singer.io (`SCHEMA`, `RECORD`, `STATE`, `ACTIVATE_VERSION`). The record of a stream is what the
/// system's own interface returns, so it is mapped by that system's adapter; the one is taken that knows most of the first
/// records. Schemas and states are items that bring no records; the last state is written back when everything before it is
/// stored.
package struct SingerAdapter: DocumentAdapter {
    /// The adapter of the system behind the tap, once it is known.
    private let system: (any DocumentAdapter)?

    package init() { system = nil }

    private init(_ system: any DocumentAdapter) { self.system = system }

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "singer", reads: "Singer taps on standard input or in a file (RECORD, SCHEMA, STATE)",
            shapeSource: "singer-io/getting-started, SPEC.md", zone: system?.descriptor.zone ?? .stated,
            defaultSource: system?.descriptor.defaultSource)
    }

    private static let types: Set<String> = ["RECORD", "SCHEMA", "STATE", "ACTIVATE_VERSION"]

    package func confidence(for document: JSONValue) -> Double {
        guard let type = document["type"]?.string, SingerAdapter.types.contains(type) else { return 0 }
        return document.has("stream") || document.has("value") ? 0.99 : 0
    }

    /// The adapter for the records of a tap: the surest of `adapters` over the first records.
    ///
    /// - Returns: `nil` where no adapter knows the records.
    static func bound(among adapters: [any DocumentAdapter], documents: ((JSONValue) -> Void) -> Void) -> SingerAdapter?
    {
        var scores = Array(repeating: 0.0, count: adapters.count)
        var known = 0
        documents { document in
            guard document["type"]?.string == "RECORD", let record = document["record"] else { return }
            let ones = adapters.map { $0 is SingerAdapter ? 0 : $0.confidence(for: record) }
            // A stream that nobody knows (tags, groups) says nothing of the rest.
            guard ones.contains(where: { $0 > 0 }) else { return }
            known += 1
            for (index, one) in ones.enumerated() { scores[index] += one }
        }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }),
            scores[best] >= 0.3 * Double(max(1, known))
        else { return nil }
        return SingerAdapter(adapters[best])
    }

    package var namesPeople: Bool { system?.namesPeople ?? false }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        document["record"].flatMap { system?.people(in: $0) } ?? []
    }

    package func groups(in document: JSONValue) -> [(id: String, name: String)] {
        document["record"].flatMap { system?.groups(in: $0) } ?? []
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        switch item["type"]?.string {
        case "SCHEMA", "STATE", "ACTIVATE_VERSION": return
        case "RECORD": break
        case .some(let type):
            throw ItemFault(.unknownType, "type '\(type.prefix(40))'; expected RECORD, SCHEMA or STATE")
        case nil: throw .missing("type")
        }
        guard let record = item["record"], record.kind == .object else { throw .missing("record") }
        let stream = item["stream"]?.string ?? "?"
        guard let system else { throw ItemFault(.unknownType, "no adapter knows the records of stream \(stream)") }
        guard system.confidence(for: record) > 0 else {
            return records.warn("stream \(stream.prefix(60)) holds nothing that is stored")
        }
        try system.map(record, in: record, to: &records)
    }
}

/// The last state of a tap's output.
package enum SingerState {
    /// The value of the last `STATE` line as compact JSON; `nil` where there is none.
    static func last(in text: UnsafeRawBufferPointer) -> String? {
        let parser = JSONParser(capacity: 256)
        defer { withExtendedLifetime(parser) {} }
        var end = text.count
        while end > 0 {
            var start = end
            while start > 0, text[start - 1] != 0x0A { start -= 1 }
            let line = UnsafeRawBufferPointer(rebasing: text[start..<end])
            end = max(0, start - 1)
            // Records are the many: only a line that begins like a state is parsed.
            guard String(decoding: UnsafeRawBufferPointer(rebasing: line.prefix(64)), as: UTF8.self).contains("STATE"),
                let document = try? parser.parse(line), document["type"]?.string == "STATE",
                let value = document["value"]
            else {
                if start == 0 { return nil }
                continue
            }
            var out: [UInt8] = []
            value.write(to: &out)
            return String(decoding: out, as: UTF8.self)
        }
        return nil
    }
}

extension PlannedFile {
    /// What a tap wants to be told when all of the file is stored; `nil` for other inputs.
    package var singerState: String? {
        guard adapter == "singer", let text else { return nil }
        return SingerState.last(in: text.bytes)
    }
}
