/// One scalar setting: its key in the file, what it may hold, what it is without being set, and what it is for.
package struct Setting: Sendable {
    package enum Kind: Sendable, Equatable {
        case text
        case path
        case zone
        case integer(ClosedRange<Int>)
        case flag
        case choice([String])
        /// A number with `h` or `d`: hours or days.
        case age
        /// Several paths: a YAML list, or words separated by `:` in the environment.
        case paths
    }

    /// Dotted key, such as `privacy.text`.
    package let key: String
    package let kind: Kind
    package let defaultValue: String
    package let summary: String
    package let isSecret: Bool

    init(_ key: String, _ kind: Kind, default value: String = "", isSecret: Bool = false, _ summary: String) {
        self.key = key
        self.kind = kind
        defaultValue = value
        self.isSecret = isSecret
        self.summary = summary
    }

    /// `CS_ANALYTICS_` and the key in capitals with `_` for dots.
    package var environmentName: String {
        "CS_ANALYTICS_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// Every scalar setting, in the order in which they are shown and explained.
    package static let all: [Setting] = [
        Setting("warehouse", .text, isSecret: true, "where the facts go: postgres://… or sqlite:PATH"),
        Setting("paths", .paths, "what `nightly` reads when no PATH is given"),
        Setting("output", .path, default: "reports", "folder of the report pages"),
        Setting("timezone", .zone, default: "UTC", "IANA zone in which days begin on every page"),
        Setting("locale", .choice(["en", "zh-Hans"]), default: "en", "language of the pages"),
        Setting(
            "profile", .choice(["zendesk"]), default: "zendesk", "whose definitions of the service metrics are used"),
        Setting("workers", .integer(1...256), default: "0", "worker threads; the result never depends on it"),
        Setting("seed", .integer(0...Int(Int32.max)), default: "42", "seed of everything random"),
        Setting("templates", .path, "folder with Mustache templates that replace the built-in ones by name"),
        Setting("mappings", .paths, "YAML mappings for exports that no adapter knows"),
        Setting("models", .path, "the model registry"),
        Setting("datasets", .path, "the labelled sets from which an empty registry is trained"),
        Setting(
            "calendar", .paths,
            "holidays and peaks for forecasts and alerts: CSV or iCalendar files, or names of shipped calendars"),
        Setting(
            "forecast.budget", .integer(0...1_000_000), default: "4000",
            "work of a night's forecasts, in thousands of fits times values; 0 leaves the days ahead to the baseline"),
        Setting(
            "privacy.text", .choice(["keep", "mask", "replace", "pseudonym"]), default: "mask",
            "private data inside text"),
        Setting(
            "privacy.identities", .choice(["keep", "mask", "replace", "pseudonym"]), default: "pseudonym",
            "names and addresses of people"),
        Setting("privacy.key", .text, isSecret: true, "the pseudonym key itself (environment only)"),
        Setting("privacy.key-file", .path, "file that holds the pseudonym key (mode 0600)"),
        Setting("freshness.warn", .age, "age of the newest record above which the report warns, such as 36h"),
        Setting("freshness.error", .age, "age of the newest record above which `nightly` ends with 66"),
        Setting(
            "limits.archive-bytes", .integer(1...Int.max), default: "10000000000",
            "bytes that one archive may unpack to"),
        Setting(
            "limits.archive-entries", .integer(1...Int.max), default: "100000", "entries that one archive may hold"),
    ]

    package static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}
