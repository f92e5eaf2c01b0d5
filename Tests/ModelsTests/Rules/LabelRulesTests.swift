import Testing

@testable import Models

@Suite("Label rules")
struct LabelRulesTests {
    private func rule(_ name: String, _ label: String, _ set: (inout LabelRules.Rule) -> Void) -> LabelRules.Rule {
        var rule = LabelRules.Rule(name: name, labels: ["category": label])
        set(&rule)
        return rule
    }

    @Test(arguments: [
        ("I will call my LAWYER", true), ("lawyers everywhere", false), ("ask the lawyer.", true), ("我要發律師函！", true),
        ("ＬＡＷＹＥＲ", true), ("nothing", false), ("", false),
    ])
    func phrasesAreFoundAsWholeWordsInAnyForm(text: String, isMet: Bool) {
        let rules = LabelRules([rule("legal", "complaint") { $0.anyPhrase = ["lawyer", "律师函"] }])
        #expect((rules.label("category", of: .init(text: text)) != nil) == isMet)
    }

    @Test func everyConditionMustBeMet() {
        let rules = LabelRules([
            rule("all", "a") {
                $0.allPhrases = ["refund", "late"]
                $0.noPhrase = ["test"]
                $0.subject = ["urgent"]
                $0.channels = ["email"]
                $0.groups = ["g1"]
            }
        ])
        func label(_ subject: String?, _ text: String, _ channel: String?, _ group: String?) -> String? {
            rules.label("category", of: .init(subject: subject, text: text, channel: channel, group: group))?.label
        }
        #expect(label("Urgent!", "refund, it is late", "email", "g1") == "a")
        #expect(label("late refund urgent", "", "email", "g1") == "a")
        #expect(label(nil, "urgent refund late", "email", "g1") == nil)
        #expect(label("urgent", "refund", "email", "g1") == nil)
        #expect(label("urgent", "refund late test", "email", "g1") == nil)
        #expect(label("urgent", "refund late", "chat", "g1") == nil)
        #expect(label("urgent", "refund late", "email", nil) == nil)
    }

    @Test func theFirstRuleThatIsMetDecidesEachTask() throws {
        var second = LabelRules.Rule(name: "second", labels: ["category": "b", "priority": "high"])
        second.channels = ["email"]
        let rules = LabelRules([rule("first", "a") { $0.anyPhrase = ["refund"] }, second])
        let matter = LabelRules.Matter(text: "refund", channel: "email")
        let category = try #require(rules.label("category", of: matter))
        #expect(category.label == "a" && category.rule == "first")
        #expect(rules.label("priority", of: matter)?.rule == "second")
        #expect(rules.label("intent", of: matter) == nil)
        #expect(LabelRules([]).label("category", of: matter) == nil && LabelRules([]).isEmpty)
    }

    @Test func theFingerprintNamesTheRules() {
        let one = LabelRules([rule("x", "a") { $0.anyPhrase = ["p"] }])
        let other = LabelRules([rule("x", "a") { $0.allPhrases = ["p"] }])
        #expect(one.fingerprint != other.fingerprint && one.fingerprint.count == 12)
        #expect(one == LabelRules(one.rules) && LabelRules([]).fingerprint == "")
    }
}
