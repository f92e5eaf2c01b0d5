import Aggregates

/// A language of the pages.
package enum ReportLocale: String, Sendable, CaseIterable {
    case en
    case zhHans = "zh-Hans"

    /// The strings of the language by key; every language has the same keys.
    var table: [String: String] {
        switch self {
        case .en: English.table
        case .zhHans: SimplifiedChinese.table
        }
    }

    /// The half of a bilingual text that this language reads.
    func text(_ bilingual: Bilingual) -> String {
        switch self {
        case .en: bilingual.en
        case .zhHans: bilingual.zh
        }
    }
}
