import FoundationEssentials
import Privacy
import Runtime

/// Measures the privacy rules on texts whose personal data is marked.
package enum PrivacyEvaluateJob {
    /// How the rules did on one kind of personal data.
    package struct Kind: Encodable, Sendable, Equatable {
        package let kind: String
        /// Marked spans of the kind.
        package internal(set) var spans = 0
        /// Found with the same borders.
        package internal(set) var exact = 0
        /// Found with other borders that overlap.
        package internal(set) var overlapping = 0
        /// Found where nothing of the kind is marked.
        package internal(set) var falseMatches = 0

        package var missed: Int { spans - exact - overlapping }
        /// Exactly found of all marked; `nil` without any marked.
        package var recall: Double? { spans == 0 ? nil : Double(exact) / Double(spans) }
        /// Marked among all found, overlapping ones counted as right; `nil` where nothing was found.
        package var precision: Double? {
            let found = exact + overlapping + falseMatches
            return found == 0 ? nil : Double(exact + overlapping) / Double(found)
        }

        enum CodingKeys: String, CodingKey {
            case kind, spans, exact, overlapping, missed, falseMatches, recall, precision
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(kind, forKey: .kind)
            try container.encode(spans, forKey: .spans)
            try container.encode(exact, forKey: .exact)
            try container.encode(overlapping, forKey: .overlapping)
            try container.encode(missed, forKey: .missed)
            try container.encode(falseMatches, forKey: .falseMatches)
            try container.encode(recall, forKey: .recall)
            try container.encode(precision, forKey: .precision)
        }
    }

    package struct Outcome: Encodable, Sendable {
        package var texts = 0
        /// Texts without any mark in which something was found.
        package var cleanTextsFlagged = 0
        package var kinds: [Kind] = []
        package var total = Kind(kind: "total")
    }

    private struct Row: Decodable {
        struct Span: Decodable {
            let start: Int
            let end: Int
            let kind: String?
            let type: String?
        }
        let text: String
        let spans: [Span]?
        let entities: [Span]?
    }

    /// Kinds that are one for this purpose: which of three forms a number has is a matter of convention.
    private static let families: [String: String] = [
        "mobile": "phone", "landline": "phone", "phone": "phone", "cn_mobile": "phone", "cn_landline": "phone",
        "resident_id": "id_card", "hk_id": "id_card", "tw_id": "id_card", "ssn": "id_card", "cn_id": "id_card",
        "ip_address": "ip", "cn_passport": "passport", "cn_plate": "plate", "cn_uscc": "credit_code",
        "iban": "bank_card",
    ]

    private static func family(_ kind: String) -> String {
        let kind = kind.lowercased()
        return families[kind] ?? kind
    }

    /// - Parameter file: JSON Lines or a JSON array of `{"text", "spans": [{"start", "end", "kind"}]}` (or `entities` with
    ///   `type`); positions count characters (Unicode scalars).
    package static func run(_ session: Session, file: String) throws -> Outcome {
        let rows = try rows(file)
        var scanner = PrivacyScanner()
        var outcome = Outcome()
        var kinds: [String: Kind] = [:]
        for row in rows {
            try session.context.cancellation.check()
            outcome.texts += 1
            let wanted = (row.spans ?? row.entities ?? []).map { span in
                (start: span.start, end: span.end, family: family(span.kind ?? span.type ?? "?"))
            }
            let found = positions(scanner.scan(row.text), in: row.text)
            if wanted.isEmpty && !found.isEmpty { outcome.cleanTextsFlagged += 1 }
            for span in wanted {
                let same = found.filter { $0.family == span.family }
                kinds[span.family, default: Kind(kind: span.family)].spans += 1
                if same.contains(where: { $0.start == span.start && $0.end == span.end }) {
                    kinds[span.family]?.exact += 1
                } else if same.contains(where: { $0.start < span.end && $0.end > span.start }) {
                    kinds[span.family]?.overlapping += 1
                }
            }
            for match in found
            where !wanted.contains(where: { $0.family == match.family && $0.start < match.end && $0.end > match.start })
            {
                kinds[match.family, default: Kind(kind: match.family)].falseMatches += 1
            }
        }
        outcome.kinds = kinds.values.sorted { $0.kind < $1.kind }
        for kind in outcome.kinds {
            outcome.total.spans += kind.spans
            outcome.total.exact += kind.exact
            outcome.total.overlapping += kind.overlapping
            outcome.total.falseMatches += kind.falseMatches
        }
        return outcome
    }

    private static func positions(_ matches: [PrivacyMatch], in text: String) -> [(
        start: Int, end: Int, family: String
    )] {
        let bytes = Array(text.utf8)
        func scalars(_ count: Int) -> Int { bytes[..<count].count { $0 & 0xC0 != 0x80 } }
        return matches.map { match in
            (scalars(match.range.lowerBound), scalars(match.range.upperBound), family(match.kind.rawValue))
        }
    }

    private static func rows(_ file: String) throws -> [Row] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw JobFailure(.unusableInput, "\(file): cannot be read")
        }
        let decoder = JSONDecoder()
        if let first = data.first(where: { $0 > 0x20 }), first == UInt8(ascii: "[") {
            guard let rows = try? decoder.decode([Row].self, from: data) else { throw unusable(file, 1) }
            return rows
        }
        return try data.split(separator: 10).enumerated().filter { !$0.element.allSatisfy { $0 <= 0x20 } }.map {
            line, text in
            guard let row = try? decoder.decode(Row.self, from: Data(text)) else { throw unusable(file, line + 1) }
            return row
        }
    }

    private static func unusable(_ file: String, _ line: Int) -> JobFailure {
        JobFailure(
            .unusableInput,
            "\(file), line \(line): expected {\"text\": …, \"spans\": [{\"start\": 0, \"end\": 1, \"kind\": \"email\"}]}"
        )
    }
}
