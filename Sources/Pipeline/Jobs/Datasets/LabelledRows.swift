import Models
import Text

/// The rows of one labelled file with what is needed to compare them.
struct LabelledRows {
    let path: String
    let data: LabelledData
    /// Equal for texts that differ only in case, width, numbers or spacing.
    let identities: [UInt64]
    private let trigrams: TrigramSets
    private let texts: [String]
    private let isLabelled: Bool
    let summary: DatasetCheckJob.File

    var name: String { String(path.split(separator: "/").last ?? "") }
    /// Rows and lines agree, but for a header line.
    func place(_ row: Int) -> String { "\(path) row \(row + 1)" }

    /// Sets without labels (texts with spans, say) are read for their texts alone.
    init(file: String, labelColumn: String?, textColumn: String?) throws {
        path = file
        let shapes: [(label: String?, text: String)] =
            labelColumn != nil || textColumn != nil
            ? [(labelColumn ?? "label", textColumn ?? "text")]
            : [
                ("label", "text"), ("category", "subject+body"), (nil, "text"), (nil, "summary"), (nil, "title+body"),
                (nil, "question"),
            ]
        var found: (LabelledData, Bool)?
        var first: ModelError?
        for shape in shapes {
            var reader = LabelledDataReader(labelColumn: shape.label ?? "label", textColumn: shape.text)
            reader.needsLabels = shape.label != nil
            do throws(ModelError) {
                found = (try reader.read([file]), shape.label != nil)
                break
            } catch {
                first = first ?? error
            }
        }
        guard let found else { throw first ?? ModelError.noRows(file) }
        (data, isLabelled) = found
        let normalizer = TextNormalizer()
        var normalized = NormalizedText()
        var identities: [UInt64] = []
        var trigrams = TrigramSets()
        var texts: [String] = []
        for row in 0..<data.count {
            let text = data.texts.withText(row) { bytes -> String in
                normalizer.normalize(bytes, into: &normalized)
                return String(decoding: bytes, as: UTF8.self)
            }
            identities.append(TextSignature.identity(normalized))
            trigrams.append(normalized)
            texts.append(text)
        }
        self.identities = identities
        self.trigrams = trigrams
        self.texts = texts
        summary = LabelledRows.summary(of: file, data, texts, trigrams, isLabelled: isLabelled)
    }

    private static func summary(
        of path: String, _ data: LabelledData, _ texts: [String], _ trigrams: TrigramSets, isLabelled: Bool
    ) -> DatasetCheckJob.File {
        let lengths = texts.map { $0.unicodeScalars.count }.sorted()
        var labels: [String: Int] = [:]
        var languages: [String: Int] = [:]
        for row in 0..<data.count {
            if isLabelled { labels[data.label(row), default: 0] += 1 }
            languages[LanguageGuess(texts[row]).rawValue, default: 0] += 1
        }
        return DatasetCheckJob.File(
            path: path, rows: data.count, labels: labels, shortest: lengths.first ?? 0,
            medianLength: lengths.isEmpty ? 0 : lengths[lengths.count / 2], longest: lengths.last ?? 0,
            languages: languages, variety: isLabelled ? variety(data, trigrams) : [:])
    }

    func findings() -> [DatasetCheckJob.Finding] {
        var out: [DatasetCheckJob.Finding] = []
        var seen: [UInt64: Int] = [:]
        for row in 0..<data.count {
            if texts[row].allSatisfy(\.isWhitespace) {
                out.append(finding(.error, "empty_text", row, "the text is empty"))
                continue
            }
            if let odd = oddCharacter(texts[row]) { out.append(finding(.error, "odd_character", row, odd)) }
            guard let twin = seen[identities[row]] else {
                seen[identities[row]] = row
                continue
            }
            if isLabelled && data.label(row) != data.label(twin) {
                out.append(
                    finding(
                        .error, "label_conflict", row,
                        "'\(data.label(row))' here, '\(data.label(twin))' in row \(twin + 1) for the same text"))
            } else {
                out.append(finding(.error, "duplicate", row, "the same text as row \(twin + 1)"))
            }
        }
        out += nearDuplicates() + sameness() + imbalance()
        return out
    }

    private func finding(
        _ severity: DatasetCheckJob.Severity, _ kind: String, _ row: Int, _ detail: String
    ) -> DatasetCheckJob.Finding {
        DatasetCheckJob.Finding(severity: severity, kind: kind, place: place(row), detail: detail)
    }

    /// Pairs that are more alike than what a split may part; each row is named once, with the first of its twins.
    private func nearDuplicates() -> [DatasetCheckJob.Finding] {
        // Short texts differ in few trigrams by nature; only longer ones say something when they nearly agree.
        var named: Set<Int> = []
        return trigrams.pairs(above: DataSplit.nearDuplicate).compactMap { row, twin in
            guard identities[row] != identities[twin], texts[row].unicodeScalars.count >= 12,
                named.insert(row).inserted
            else { return nil }
            let similarity = Int((trigrams.similarity(row, twin) * 100).rounded())
            return finding(
                .warning, "near_duplicate", row,
                "\(similarity)% of the character trigrams are those of row \(twin + 1); splits keep both on one side")
        }
    }

    /// Rows of this set that stand, the same or nearly so, in another one.
    func leaks(into other: LabelledRows) -> [DatasetCheckJob.Finding] {
        let known = Dictionary(other.identities.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
        var out: [DatasetCheckJob.Finding] = []
        var named: Set<Int> = []
        for (row, identity) in identities.enumerated() {
            guard let twin = known[identity] else { continue }
            named.insert(row)
            out.append(finding(.error, "split_leak", row, "the same text is in \(other.place(twin))"))
        }
        let joined = TrigramSets(other.trigrams, trigrams)
        for (later, earlier) in joined.pairs(above: DataSplit.nearDuplicate) {
            let row = later - other.data.count
            guard row >= 0, earlier < other.data.count, texts[row].unicodeScalars.count >= 12,
                named.insert(row).inserted
            else { continue }
            out.append(finding(.error, "split_leak", row, "nearly the same text is in \(other.place(earlier))"))
        }
        return out
    }

    /// How alike the texts of a label are: for each label the median similarity of a text to its nearest neighbour there.
    private static func variety(_ data: LabelledData, _ trigrams: TrigramSets) -> [String: Double] {
        var rows: [Int32: [Int]] = [:]
        for row in 0..<data.count { rows[data.labels[row], default: []].append(row) }
        var out: [String: Double] = [:]
        for (label, rows) in rows where rows.count > 1 {
            let nearest = trigrams.nearest(among: rows).sorted()
            out[data.labelNames[Int(label)]] = nearest[nearest.count / 2]
        }
        return out
    }

    /// Labels of which the texts say the same thing in the same words.
    private func sameness() -> [DatasetCheckJob.Finding] {
        let isChinese = summary.languages.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key == "zh"
        let limit = isChinese ? 0.35 : 0.45
        return summary.variety.filter { $0.value > limit }.sorted { $0.key < $1.key }.map { label, median in
            DatasetCheckJob.Finding(
                severity: .warning, kind: "sameness", place: path,
                detail: "label '\(label)': the median text shares \(Int((median * 100).rounded()))% of its character "
                    + "trigrams with its nearest neighbour (over \(Int(limit * 100))% looks written from a template)")
        }
    }

    private func imbalance() -> [DatasetCheckJob.Finding] {
        guard isLabelled, data.labelNames.count > 1 else { return [] }
        let counts = summary.labels
        let mean = Double(data.count) / Double(counts.count)
        return counts.sorted { $0.key < $1.key }.compactMap { label, count in
            guard mean >= 10, Double(count) < mean / 10 || count < 5 else { return nil }
            return DatasetCheckJob.Finding(
                severity: .warning, kind: "imbalance", place: path,
                detail: "label '\(label)' has \(count) rows; the mean is \(Int(mean.rounded()))")
        }
    }

    /// What should not be in a text, `nil` where nothing is wrong.
    private func oddCharacter(_ text: String) -> String? {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0...8, 11...31, 127...159: return "a control character (U+\(String(scalar.value, radix: 16)))"
            case 0xFFFD: return "U+FFFD, the mark of a character that was lost in decoding"
            case 0xE000...0xF8FF: return "a private-use character (U+\(String(scalar.value, radix: 16)))"
            case 0x202A...0x202E, 0x2066...0x2069:
                return "a bidirectional control (U+\(String(scalar.value, radix: 16)))"
            default: continue
            }
        }
        return nil
    }
}
