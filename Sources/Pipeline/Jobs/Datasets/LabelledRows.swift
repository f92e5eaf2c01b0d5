import Models
import Text

/// The rows of one labelled file with what is needed to compare them.
struct LabelledRows {
    let path: String
    let data: LabelledData
    /// Equal for texts that differ only in case, width, numbers or spacing.
    let identities: [UInt64]
    private let similarities: [UInt64]
    private let texts: [String]
    private let isLabelled: Bool

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
        var similarities: [UInt64] = []
        var texts: [String] = []
        for row in 0..<data.count {
            let text = data.texts.withText(row) { bytes -> String in
                normalizer.normalize(bytes, into: &normalized)
                return String(decoding: bytes, as: UTF8.self)
            }
            identities.append(TextSignature.identity(normalized))
            similarities.append(TextSignature.similarity(normalized))
            texts.append(text)
        }
        self.identities = identities
        self.similarities = similarities
        self.texts = texts
    }

    var summary: DatasetCheckJob.File {
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
            languages: languages)
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
        out += nearDuplicates() + imbalance()
        return out
    }

    private func finding(
        _ severity: DatasetCheckJob.Severity, _ kind: String, _ row: Int, _ detail: String
    ) -> DatasetCheckJob.Finding {
        DatasetCheckJob.Finding(severity: severity, kind: kind, place: place(row), detail: detail)
    }

    private func nearDuplicates() -> [DatasetCheckJob.Finding] {
        // Short texts differ in few n-grams by nature; only longer ones say something when they nearly agree.
        let long = (0..<data.count).filter { texts[$0].unicodeScalars.count >= 12 }
        let groups = TextSignature.groups(of: long.map { similarities[$0] }, distance: 3)
        var first: [Int: Int] = [:]
        var out: [DatasetCheckJob.Finding] = []
        for (index, group) in groups.enumerated() {
            let row = long[index]
            guard let twin = first[group] else {
                first[group] = row
                continue
            }
            if identities[row] != identities[twin] {
                out.append(finding(.warning, "near_duplicate", row, "nearly the same text as row \(twin + 1)"))
            }
        }
        return out
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
