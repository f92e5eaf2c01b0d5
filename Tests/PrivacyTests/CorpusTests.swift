import Foundation
import Testing

@testable import Privacy

private let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

@Suite struct CorpusTests {
    private struct Sample: Decodable {
        struct Entity: Decodable {
            let type: String
            let start: Int
            let end: Int
        }
        let text: String
        let entities: [Entity]
    }

    private static let kinds: [String: PrivacyKind] = [
        "CN_MOBILE": .mobile, "CN_LANDLINE": .landline, "CN_ID": .residentID, "BANK_CARD": .bankCard, "EMAIL": .email,
        "IP": .ipAddress, "CN_PASSPORT": .passport, "CN_PLATE": .plate, "CN_USCC": .creditCode, "WECHAT_ID": .wechatID,
        "ADDRESS": .address,
    ]

    @Test("PII corpus: at least 98% exact spans and no false one", .enabled(if: corpora != nil))
    func corpus() throws {
        let path = try #require(corpora) + "/pii/cn-samples.json"
        let samples = try JSONDecoder().decode([Sample].self, from: Data(contentsOf: URL(filePath: path)))
        #expect(samples.count == 300)
        var scanner = PrivacyScanner()
        var wanted = 0
        var exact = 0
        for sample in samples {
            let scalars = Array(sample.text.unicodeScalars)
            let matches = scanner.scan(sample.text)
            let spans = matches.map { match in
                let prefix = Array(sample.text.utf8)[..<match.range.lowerBound]
                let inside = Array(sample.text.utf8)[match.range]
                let start = String(decoding: prefix, as: UTF8.self).unicodeScalars.count
                return (match.kind, start, start + String(decoding: inside, as: UTF8.self).unicodeScalars.count)
            }
            for entity in sample.entities {
                wanted += 1
                let kind = try #require(CorpusTests.kinds[entity.type])
                let isExact = spans.contains { $0.0 == kind && $0.1 == entity.start && $0.2 == entity.end }
                if isExact { exact += 1 }
                #expect(isExact, "\(entity.type) in \(sample.text)")
            }
            for span in spans {
                let isWanted = sample.entities.contains { $0.start < span.2 && $0.end > span.1 }
                #expect(isWanted, "\(span.0) is false in \(String(String.UnicodeScalarView(scalars)))")
            }
        }
        #expect(wanted == 205)
        #expect(Double(exact) >= 0.98 * Double(wanted))
    }
}
