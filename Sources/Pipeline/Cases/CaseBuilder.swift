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

    package func build(_ facts: ConversationFacts, scratch: inout CaseScorerScratch) -> AssembledConversation {
        var cases: [ServiceCase] = []
        var scores: [MessageScore] = []
        for timeline in assembler.assemble(facts) {
            var item = measurer.measure(timeline)
            scores += scorer.score(timeline, &item, scratch: &scratch)
            cases.append(item)
        }
        return AssembledConversation(source: facts.source, key: facts.key, cases: cases, scores: scores)
    }
}
