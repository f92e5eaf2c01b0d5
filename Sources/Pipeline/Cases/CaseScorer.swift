package import Aggregates
package import Models
package import Records
import Text

/// The buffers of one worker.
package struct CaseScorerScratch: Sendable {
    fileprivate var intent: TextClassifierScratch?
    fileprivate var sentiment: TextClassifierScratch?
    fileprivate var category: TextClassifierScratch?
    /// What the models that work on many texts at once said of this portion's texts, by task.
    fileprivate var prepared: [String: PreparedPredictions] = [:]
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

    /// Gives the texts of several cases at once to the models that are faster so; `score` finds what they said.
    package func prepare(
        _ cases: some Sequence<(timeline: CaseTimeline, item: ServiceCase)>, scratch: inout CaseScorerScratch
    ) {
        scratch.prepared.removeAll(keepingCapacity: true)
        let batched = models.classifiers.filter { $0.classifier.linear == nil }
        guard !batched.isEmpty else { return }
        for (timeline, item) in cases {
            var texts: [String] = []
            for message in timeline.messages where message.role == .customer && message.isPublic {
                if let text = message.text, !text.isEmpty { texts.append(text) }
            }
            if texts.isEmpty, let text = opening(of: timeline) { texts.append(text) }
            let whole = wholeOpening(of: timeline)
            for (task, _) in batched {
                var waiting = scratch.prepared.removeValue(forKey: task) ?? PreparedPredictions()
                if task == "intent" || task == "sentiment" {
                    for text in texts where !isRuled(task, text, item) { waiting.add(text) }
                } else if let whole {
                    waiting.add(whole)
                }
                scratch.prepared[task] = waiting
            }
        }
        for (task, classifier) in batched { scratch.prepared[task]?.predict(with: classifier) }
    }

    private func isRuled(_ task: String, _ text: String, _ item: ServiceCase) -> Bool {
        guard !models.rules.isEmpty else { return false }
        let matter = LabelRules.Matter(subject: nil, text: text, channel: item.channel, group: item.group)
        return models.rules.label(task, of: matter) != nil
    }

    /// Labels one case from its timeline and gives the scores of its customers' messages.
    package func score(
        _ timeline: CaseTimeline, _ item: inout ServiceCase, scratch: inout CaseScorerScratch
    ) -> [MessageScore] {
        var scores: [MessageScore] = []
        var labels = CaseLabels()
        var intents: [String?] = []
        let prepared = scratch.prepared
        for message in timeline.messages where message.role == .customer && message.isPublic {
            guard let text = message.text, !text.isEmpty else { continue }
            let matter = LabelRules.Matter(
                subject: nil, text: text, channel: item.channel, group: item.group)
            let intent = predict(
                "intent", text, matter, models.intent, &scratch.intent, &scratch.profiles, prepared["intent"])
            let sentiment = predict(
                "sentiment", text, matter, models.sentiment, &scratch.sentiment, &scratch.profiles,
                prepared["sentiment"])
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
            let intent = predict(
                "intent", text, matter, models.intent, &scratch.intent, &scratch.profiles, prepared["intent"])
        {
            intents.append(intent.label)
        }
        labels.intent = CaseScorer.caseIntent(intents)
        labels.sentiment = caseSentiment(labels)
        if let rule = models.rules.label("intent", of: matter) { labels.intent = rule.label }
        let rule = models.rules.label("category", of: matter)
        if let text = wholeOpening(of: timeline) {
            if let category = predict(
                "category", text, matter, models.category, &scratch.category, &scratch.profiles, prepared["category"])
            {
                labels.category = category.label ?? CaseScorer.unknown
            }
            // Where a rule gave the category, no n-grams of this text are at hand.
            labelTicket(text, &item, &scratch, after: rule == nil ? models.category : nil)
        }
        if let rule { labels.category = rule.label }
        item.priority = models.rules.label("priority", of: matter)?.label ?? item.priority
        item.product = models.rules.label("product", of: matter)?.label ?? item.product
        item.language = models.rules.label("language", of: matter)?.label ?? item.language
        labels.scoredBy = fingerprint
        item.labels = labels
        return scores
    }

    private func predict(
        _ task: String, _ text: String, _ matter: LabelRules.Matter, _ classifier: TextClassifier?,
        _ scratch: inout TextClassifierScratch?, _ profiles: inout [String: TextProfile],
        _ prepared: PreparedPredictions?
    ) -> (label: String?, confidence: Float)? {
        if let rule = models.rules.label(task, of: matter) { return (rule.label, 1) }
        guard let classifier, scratch != nil else { return nil }
        var text = text
        let prediction = text.withUTF8 { bytes in
            if let ready = prepared?[bytes] {
                profiles[task, default: TextProfile()].add(ready, label: classifier.labels[Int(ready.label)])
                return ready
            }
            var buffers = scratch.take() ?? classifier.makeScratch()
            defer { scratch = buffers }
            return classifier.predict(bytes, scratch: &buffers, profile: &profiles[task, default: TextProfile()])
        }
        return (prediction.isUnknown ? nil : classifier.labels[Int(prediction.label)], prediction.confidence)
    }

    /// Fills in what the source does not say of a ticket, from the text that the category was read from.
    ///
    /// - Parameter last: the classifier that has just read the text, if any has.
    private func labelTicket(
        _ text: String, _ item: inout ServiceCase, _ scratch: inout CaseScorerScratch, after last: TextClassifier?
    ) {
        guard !models.ticket.isEmpty else { return }
        var text = text
        text.withUTF8 { bytes in
            var buffers = scratch.category.take() ?? models.ticket[0].classifier.makeScratch()
            var last = last
            for (task, classifier) in models.ticket {
                let prediction =
                    scratch.prepared[task]?[bytes]
                    ?? last.map { classifier.predictAgain(after: $0, bytes, scratch: &buffers) }
                    ?? classifier.predict(bytes, scratch: &buffers)
                if classifier.linear != nil { last = classifier }
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
