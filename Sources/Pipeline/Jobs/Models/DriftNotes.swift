import Aggregates
import FoundationEssentials
import Models
import Warehouse

/// Keeps the last drift figures beside the aggregates and puts them into words.
enum DriftNotes {
    private static let key = "model_drift"

    /// Keeps the figures of a run that had enough texts to tell; others leave the last ones in place.
    static func keep(_ reports: [DriftReport], _ warehouse: any Warehouse) throws {
        let telling = reports.filter { $0.texts >= DriftReport.fewestTexts }
        if telling.isEmpty { return }
        var kept = try load(warehouse)
        for report in telling { kept[report.task] = report }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try warehouse.setSetting(key, to: String(decoding: try encoder.encode(kept), as: UTF8.self))
    }

    static func load(_ warehouse: any Warehouse) throws -> [String: DriftReport] {
        guard let text = try warehouse.setting(key) else { return [:] }
        // Figures of another version are made anew by the next run.
        return (try? JSONDecoder().decode([String: DriftReport].self, from: Data(text.utf8))) ?? [:]
    }

    /// The models with their last drift figures, as the page shows them.
    static func adding(_ models: [ModelSummary], _ warehouse: any Warehouse) throws -> [ModelSummary] {
        let kept = try load(warehouse)
        return models.map { model in
            var model = model
            model.drift = kept[model.task].map { report in
                func index(_ name: String) -> Double? { report.figures.first { $0.name == name }?.stability }
                return ModelSummary.Drift(
                    texts: report.texts, lengths: index("lengths"), tokens: index("tokens"), labels: index("labels"),
                    confidence: index("confidence"), vocabularyBefore: report.vocabularyBefore,
                    vocabularyNow: report.vocabularyNow)
            }
            return model
        }
    }

    /// Warnings for models that see texts unlike those they were trained on and are less sure of them.
    static func warnings(_ reports: [DriftReport]) -> [String] {
        reports.compactMap { report in
            guard let confidence = report.moved.first(where: { $0.name == "confidence" }),
                let before = report.confidenceBefore, let now = report.confidenceNow, now < before - 0.05
            else { return nil }
            var parts = ["confidence \(percent(before)) then, \(percent(now)) now"]
            if let before = report.vocabularyBefore, let now = report.vocabularyNow {
                parts.append("features never seen \(percent(before)) then, \(percent(now)) now")
            }
            return
                "the \(report.task) model sees other texts than it was trained on (\(parts.joined(separator: "; ")); stability index \((confidence.stability * 100).rounded() / 100)): label some of them (models suggest \(report.task)) and train again"
        }
    }
}
