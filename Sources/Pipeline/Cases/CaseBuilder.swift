package import Aggregates
package import Conversations
package import Operations
package import Records

/// From the facts of one conversation to its cases: assembled, measured, labelled.
package struct CaseBuilder: Sendable {
    package let assembler: ConversationAssembler
    package let measurer: CaseMeasurer
    package let scorer: CaseScorer

    package init(assembler: ConversationAssembler, measurer: CaseMeasurer, scorer: CaseScorer) {
        self.assembler = assembler
        self.measurer = measurer
        self.scorer = scorer
    }

    /// The cases of several conversations, in their order; models that work on many texts at once get them so.
    package func build(_ facts: [ConversationFacts], scratch: inout CaseScorerScratch) -> [AssembledConversation] {
        let measured = facts.map { facts in
            assembler.assemble(facts).map { (timeline: $0, item: measurer.measure($0)) }
        }
        scorer.prepare(measured.joined(), scratch: &scratch)
        return zip(facts, measured).map { facts, measured in
            var cases: [ServiceCase] = []
            var scores: [MessageScore] = []
            for (timeline, item) in measured {
                var item = item
                scores += scorer.score(timeline, &item, scratch: &scratch)
                cases.append(item)
            }
            return AssembledConversation(source: facts.source, key: facts.key, cases: cases, scores: scores)
        }
    }
}
