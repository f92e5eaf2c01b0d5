import FoundationEssentials
import LinearAlgebra
import Text

@testable import Models

/// Made-up labelled rows for tests: each label has words of its own among common ones, in English and Chinese.
enum Samples {
    static let themes: [(label: String, words: [String])] = [
        ("delivery", ["parcel", "courier", "late", "tracking", "快递", "物流"]),
        ("refund", ["money", "refund", "return", "paid back", "退款", "退货"]),
        ("login", ["password", "login", "account", "locked", "密码", "登录"]),
        ("invoice", ["invoice", "receipt", "tax", "billing", "发票", "税"]),
    ]
    private static let fillers = [
        "please", "my", "the", "order", "help", "today", "still", "请问", "我的", "怎么", "you", "is",
    ]

    static func rows(_ count: Int, labels: Int = 4, seed: UInt64 = 1) -> LabelledData {
        var random = SeededRandom(seed: seed)
        return LabelledData(
            (0..<count).map { index in
                let theme = themes[index % labels]
                var words = (0..<4).map { _ in fillers[random.index(below: fillers.count)] }
                words.insert(theme.words[random.index(below: theme.words.count)], at: random.index(below: 5))
                words.append(theme.words[random.index(below: theme.words.count)])
                words.append("n\(random.index(below: 500))x")
                return (theme.label, words.joined(separator: " "))
            })
    }

    /// A folder that is removed when `body` ends.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.path + "/models-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    static let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]
}

extension LabelledData {
    /// Rows as pairs of label and text.
    init(pairs: [(String, String)]) { self.init(pairs.map { (label: $0.0, text: $0.1) }) }
}
