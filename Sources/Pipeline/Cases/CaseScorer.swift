package import Aggregates
package import Models
package import Records
import Text

/// The buffers of one worker.
package struct CaseScorerScratch: Sendable {
    fileprivate var intent: TextClassifierScratch?
    fileprivate var sentiment: TextClassifierScratch?
    fileprivate var category: TextClassifierScratch?
    /// What the texts of this worker are like and what is said of them, by task.
    package fileprivate(set) var profiles: [String: TextProfile] = [:]
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
            let matter = LabelRules.Matter(
                subject: nil, text: text, channel: item.channel, group: item.group)
            let intent = predict("intent", text, matter, models.intent, &scratch.intent, &scratch.profiles)
            let sentiment = predict(
                "sentiment", text, matter, models.sentiment, &scratch.sentiment, &scratch.profiles)
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
        let matter = CaseScorer.matter(timeline, item)
        if intents.isEmpty, let text = opening(of: timeline),
            let intent = predict("intent", text, matter, models.intent, &scratch.intent, &scratch.profiles)
        {
            intents.append(intent.label)
        }
        labels.intent = CaseScorer.caseIntent(intents)
        labels.sentiment = caseSentiment(labels)
        if let rule = models.rules.label("intent", of: matter) { labels.intent = rule.label }
        if let text = wholeOpening(of: timeline) {
            if let category = predict(
                "category", text, matter, models.category, &scratch.category, &scratch.profiles)
            {
                labels.category = category.label ?? CaseScorer.unknown
            }
            labelTicket(text, &item, &scratch)
        }
        if let rule = models.rules.label("category", of: matter) { labels.category = rule.label }
        item.priority = models.rules.label("priority", of: matter)?.label ?? item.priority
        item.product = models.rules.label("product", of: matter)?.label ?? item.product
        item.language = models.rules.label("language", of: matter)?.label ?? item.language
        labels.scoredBy = fingerprint
        item.labels = labels
        return scores
    }

    private func predict(
        _ task: String, _ text: String, _ matter: LabelRules.Matter, _ classifier: TextClassifier?,
        _ scratch: inout TextClassifierScratch?, _ profiles: inout [String: TextProfile]
    ) -> (label: String?, confidence: Float)? {
        if let rule = models.rules.label(task, of: matter) { return (rule.label, 1) }
        guard let classifier, scratch != nil else { return nil }
        var text = text
        let prediction = text.withUTF8 { bytes in
            var buffers = scratch.take() ?? classifier.makeScratch()
            defer { scratch = buffers }
            return classifier.predict(bytes, scratch: &buffers, profile: &profiles[task, default: TextProfile()])
        }
        return (prediction.isUnknown ? nil : classifier.labels[Int(prediction.label)], prediction.confidence)
    }

    /// Fills in what the source does not say of a ticket, from the text that the category was read from.
    private func labelTicket(_ text: String, _ item: inout ServiceCase, _ scratch: inout CaseScorerScratch) {
        guard !models.ticket.isEmpty else { return }
        var text = text
        text.withUTF8 { bytes in
            var buffers = scratch.category.take() ?? models.ticket[0].classifier.makeScratch()
            var last = models.category
            for (task, classifier) in models.ticket {
                let prediction =
                    last.map { classifier.predictAgain(after: $0, bytes, scratch: &buffers) }
                    ?? classifier.predict(bytes, scratch: &buffers)
                last = classifier
                guard !prediction.isUnknown else { continue }
                let label = classifier.labels[Int(prediction.label)]
                switch task {
                case "priority": item.priority = item.priority ?? label
                case "product": item.product = item.product ?? label
                default: item.language = item.language ?? label
                }
            }
            scratch.category = models.category == nil ? nil : buffers
        }
    }

    /// What the rules look at for a whole case.
    static func matter(_ timeline: CaseTimeline, _ item: ServiceCase) -> LabelRules.Matter {
        let messages = timeline.messages.filter { $0.role == .customer && $0.isPublic }.compactMap(\.text)
        return LabelRules.Matter(
            subject: timeline.ticket?.subject ?? timeline.conversation?.subject,
            text: ([timeline.ticket?.description].compactMap(\.self) + messages).joined(separator: "\n"),
            channel: item.channel, group: item.group)
    }

    /// The first intent that says what the matter is; a greeting or thanks only where nothing else was said.
    ///
    /// `nil` among the messages' intents is one that the model was not sure of, or that is out of scope: something else
    /// was said, so the matter is unknown.
    static func caseIntent(_ intents: [String?]) -> String? {
        if intents.isEmpty { return nil }
        let known = intents.compactMap(\.self)
        if let matter = known.first(where: { $0 != "greeting" && $0 != "thanks" }) { return matter }
        return known.count < intents.count ? CaseScorer.unknown : known.first
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

    /// Subject, in a line of its own and empty where there is none, and first words of the customer: what a person would
    /// sort the case by.
    private func wholeOpening(of timeline: CaseTimeline) -> String? {
        let subject = timeline.ticket?.subject ?? timeline.conversation?.subject
        let words =
            timeline.ticket?.description
            ?? timeline.messages.first { $0.role == .customer && $0.text?.isEmpty == false }?.text
        switch (subject, words) {
        case (let subject?, let words?):
            return subject.map { $0.isNewline ? " " : $0 }.reduce(into: "") { $0.append($1) } + "\n" + words
        case (let subject?, nil): return subject + "\n"
        case (nil, let words): return words.map { "\n" + $0 }
        }
    }
}
