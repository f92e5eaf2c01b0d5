import Foundation
import Models
import Records
import Runtime
import Text
import Warehouse

/// Picks the unlabelled messages that are most worth a label.
package enum SuggestJob {
    package struct Suggestion: Encodable, Sendable {
        package let text: String
        package let label: String
        package let confidence: Double
        package let uncertainty: Double
    }

    package struct Outcome: Encodable, Sendable {
        package let task: String
        package let model: String
        /// Messages that were looked at.
        package let messages: Int
        package let suggestions: [Suggestion]
    }

    /// At most this many messages of the warehouse are looked at, the last ones by source and id.
    private static let most = 200_000

    /// - Parameter file: texts, one a line, instead of the customers' messages of the warehouse.
    package static func run(_ session: Session, task: String, model: String, count: Int, file: String?) throws
        -> Outcome
    {
        let classifier = try ModelFolder.load(model).classifier
        let texts = try file.map(lines) ?? messages(session)
        let chosen = LabellingCandidates().choose(count, from: texts, with: classifier)
        return Outcome(
            task: task, model: model, messages: texts.count,
            suggestions: chosen.map {
                Suggestion(
                    text: TextMasking.masked(texts[$0.row]), label: classifier.labels[Int($0.label)],
                    confidence: Double($0.confidence), uncertainty: Double($0.uncertainty))
            })
    }

    private static func lines(_ path: String) throws -> TextBatch {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw JobFailure(.unusableInput, "cannot read \(path)")
        }
        var texts = TextBatch()
        for line in data.split(separator: 10) where !line.isEmpty {
            texts.append(line.last == 13 ? line.dropLast() : line)
        }
        return texts
    }

    private static func messages(_ session: Session) throws -> TextBatch {
        let cursor = try RunScope.open(session).exportMessages(sentIn: nil)
        var texts = TextBatch()
        while texts.count < most, let row = try cursor.next() {
            if texts.count % 1024 == 0 { try session.context.cancellation.check() }
            guard row.message.role == .customer, let text = row.message.text, !text.isEmpty else { continue }
            texts.append(text)
        }
        if texts.count == 0 {
            throw JobFailure(
                .unusableInput, "the warehouse holds no customer message; give --from FILE, or ingest first")
        }
        return texts
    }
}
