internal import Runtime
package import Text

/// Texts with their labels.
package struct LabelledData: Sendable, Equatable {
    package private(set) var texts: TextBatch
    /// For each text the index of its label in `labelNames`.
    package private(set) var labels: [Int32]
    /// The labels that occur, in the order of their UTF-8 bytes.
    package private(set) var labelNames: [String]

    /// The number of rows.
    package var count: Int { labels.count }

    /// Labelled rows in a given order.
    package init(_ rows: some Sequence<(label: String, text: String)>) {
        var texts = TextBatch()
        var names: [String] = []
        for (label, text) in rows {
            texts.append(text)
            names.append(label)
        }
        self.init(texts: texts, names: names)
    }

    init(texts: TextBatch, names: [String]) {
        precondition(texts.count == names.count, "a label for every text")
        self.texts = texts
        labelNames = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let indices = Dictionary(uniqueKeysWithValues: labelNames.enumerated().map { ($1, Int32($0)) })
        labels = names.map { indices[$0] ?? 0 }
    }

    /// The label of row `index`.
    package func label(_ index: Int) -> String { labelNames[Int(labels[index])] }

    /// The rows at `selection`, in that order; labels keep their indices.
    package func selecting(_ selection: [Int]) -> LabelledData {
        var result = self
        result.texts = texts.selecting(selection)
        result.labels = selection.map { labels[$0] }
        return result
    }

    /// The same rows with label indices over those labels alone that occur among them.
    package func onlyOccurringLabels() -> LabelledData {
        LabelledData(texts: texts, names: (0..<count).map { label($0) })
    }

    /// The same rows with every text changed, for example masked as the texts are that the model will see.
    package func mappingTexts(_ transform: (UnsafeBufferPointer<UInt8>) -> [UInt8]) -> LabelledData {
        var result = self
        result.texts = TextBatch()
        for index in 0..<count { result.texts.append(texts.withText(index, transform)) }
        return result
    }

    /// SHA-256 of labels and texts in their order, by which a model card names its data.
    package var sha256: String {
        var hasher = ContentHasher()
        for index in 0..<count {
            hasher.update(label(index))
            hasher.update("\u{1f}")
            texts.withText(index) { hasher.update(UnsafeRawBufferPointer($0)) }
            hasher.update("\u{1e}")
        }
        return hasher.hexDigest()
    }
}
