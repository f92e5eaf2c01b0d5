package import Aggregates
import Models
package import Records
import Text

/// The buffers of one worker.
package struct CaseScorerScratch: Sendable {
    fileprivate var intent: TextClassifierScratch?
    fileprivate var sentiment: TextClassifierScratch?
    fileprivate var category: TextClassifierScratch?
}

/// Labels cases and their customers' messages with the models of a night.
package struct CaseScorer: Sendable {
    package let models: ModelSet
    private let fingerprint: String

    package init(models: ModelSet) {
        self.models = models
        fingerprint = models.fingerprint
    }

    /// Shown where a model gave a text but no label that it is sure of.
    package static let unknown = "unknown"

    package func makeScratch() -> CaseScorerScratch {
        CaseScorerScratch(
            intent: models.intent?.makeScratch(), sentiment: models.sentiment?.makeScratch(),
            category: models.category?.makeScratch())
    }

    /// Labels one case from its timeline and gives the scores of its customers' messages.
    package func score(
        _ timeline: CaseTimeline, _ item: inout ServiceCase, scratch: inout CaseScorerScratch
    ) -> [MessageScore] {
        var scores: [MessageScore] = []
        var labels = CaseLabels()
        var intents: [String?] = []
        for message in timeline.messages where message.role == .customer && message.isPublic {
            guard let text = message.text, !text.isEmpty else { continue }
            let intent = predict(text, models.intent, &scratch.intent)
            let sentiment = predict(text, models.sentiment, &scratch.sentiment)
            intents.append(intent?.label)
            switch sentiment?.label {
            case "negative": labels.negativeMessages += 1
            case "neutral": labels.neutralMessages += 1
            case "positive": labels.positiveMessages += 1
            default: break
            }
            scores.append(
                MessageScore(
                    messageID: message.id, intent: intent?.label, intentConfidence: intent?.confidence ?? 0,
                    sentiment: sentiment?.label, sentimentConfidence: sentiment?.confidence ?? 0))
        }
        if intents.isEmpty, let text = opening(of: timeline), let intent = predict(text, models.intent, &scratch.intent)
        {
            intents.append(intent.label)
        }
        labels.intent = caseIntent(intents)
        labels.sentiment = caseSentiment(labels)
        if let text = wholeOpening(of: timeline), let category = predict(text, models.category, &scratch.category) {
            labels.category = category.label ?? CaseScorer.unknown
        }
        labels.scoredBy = fingerprint
        item.labels = labels
        return scores
    }

    private func predict(
        _ text: String, _ classifier: TextClassifier?, _ scratch: inout TextClassifierScratch?
    ) -> (label: String?, confidence: Float)? {
        guard let classifier, scratch != nil else { return nil }
        var text = text
        let prediction = text.withUTF8 { bytes in
            var buffers = scratch.take() ?? classifier.makeScratch()
            defer { scratch = buffers }
            return classifier.predict(bytes, scratch: &buffers)
        }
        return (prediction.isUnknown ? nil : classifier.labels[Int(prediction.label)], prediction.confidence)
    }

    /// The first intent that says what the matter is; a greeting or thanks only where nothing else was said.
    private func caseIntent(_ intents: [String?]) -> String? {
        if intents.isEmpty { return nil }
        let known = intents.compactMap(\.self)
        return known.first { $0 != "greeting" && $0 != "thanks" } ?? known.first ?? CaseScorer.unknown
    }

    private func caseSentiment(_ labels: CaseLabels) -> String? {
        let (negative, neutral, positive) = (labels.negativeMessages, labels.neutralMessages, labels.positiveMessages)
        if negative + neutral + positive == 0 { return nil }
        if negative >= neutral && negative >= positive { return "negative" }
        return neutral >= positive ? "neutral" : "positive"
    }

    /// The ticket's own words, where no customer message holds them.
    private func opening(of timeline: CaseTimeline) -> String? {
        timeline.ticket?.description ?? timeline.ticket?.subject ?? timeline.conversation?.subject
    }

    /// Subject and first words of the customer: what a person would sort the case by.
    private func wholeOpening(of timeline: CaseTimeline) -> String? {
        let subject = timeline.ticket?.subject ?? timeline.conversation?.subject
        let words =
            timeline.ticket?.description
            ?? timeline.messages.first { $0.role == .customer && $0.text?.isEmpty == false }?.text
        switch (subject, words) {
        case (let subject?, let words?): return words.hasPrefix(subject) ? words : subject + "\n" + words
        case (let subject?, nil): return subject
        case (nil, let words): return words
        }
    }
}
