/// What a file was recognised as.
package struct Detection: Sendable {
    /// From this confidence on an adapter is taken without being asked for by name.
    package static let acceptance = 0.6

    package struct Candidate: Sendable, Equatable {
        package let name: String
        package let confidence: Double
    }

    /// The adapter to use; `nil` where none is sure enough.
    package let adapter: (any Adapter)?
    package let confidence: Double
    /// Those that recognised something, the surest first, at most five.
    package let candidates: [Candidate]

    /// What the reject and the message say of a file that nobody recognised.
    package var refusal: String {
        if candidates.isEmpty { return "no adapter recognises it; give --format ADAPTER or --mapping FILE" }
        let list = candidates.map { "\($0.name) (\(Int(($0.confidence * 100).rounded()))%)" }
        return "no adapter is sure enough; candidates: \(list.joined(separator: ", ")); give --format ADAPTER"
    }

    static func choose(_ scored: [(adapter: any Adapter, confidence: Double)]) -> Detection {
        // The order of the registry breaks ties, so a mapping of the user's own goes before what is built in.
        let ranked = scored.enumerated().filter { $0.element.confidence > 0 }.sorted {
            ($0.element.confidence, -$0.offset) > ($1.element.confidence, -$1.offset)
        }
        let candidates = ranked.prefix(5).map {
            Candidate(name: $0.element.adapter.descriptor.name, confidence: $0.element.confidence)
        }
        guard let best = ranked.first?.element else { return Detection(adapter: nil, confidence: 0, candidates: []) }
        let isSure = best.confidence >= acceptance
        return Detection(
            adapter: isSure ? best.adapter : nil, confidence: best.confidence, candidates: Array(candidates))
    }

    /// The table adapter for a header.
    package static func table(_ header: TableHeader, among registry: AdapterRegistry) -> Detection {
        choose(registry.tables.map { ($0, $0.confidence(for: header)) })
    }

    /// The document adapter for the first documents of a file: the mean of what each adapter says of them.
    package static func documents(_ documents: [JSONValue], among registry: AdapterRegistry) -> Detection {
        guard !documents.isEmpty else { return Detection(adapter: nil, confidence: 0, candidates: []) }
        return choose(
            registry.documents.map { adapter in
                let sum = documents.reduce(0) { $0 + adapter.confidence(for: $1) }
                return (adapter, sum / Double(documents.count))
            })
    }
}
