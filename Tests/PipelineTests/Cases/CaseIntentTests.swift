import Testing

@testable import Pipeline

@Suite("Intent of a case")
struct CaseIntentTests {
    /// `nil` is a message that the model labelled out of scope or abstained on.
    @Test(
        arguments: [
            ([], nil), ([nil], "unknown"), (["thanks", nil], "unknown"), ([nil, "refund_request"], "refund_request"),
            (["greeting", "thanks"], "greeting"), (["greeting", "invoice_request", "thanks"], "invoice_request"),
        ] as [([String?], String?)])
    func whatNoModelIsSureOfIsUnknown(messages: [String?], intent: String?) {
        #expect(CaseScorer.caseIntent(messages) == intent)
    }
}
