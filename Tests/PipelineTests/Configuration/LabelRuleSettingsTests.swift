import Foundation
import Support
import Testing

@testable import Models
@testable import Pipeline

@Suite("Rules in the settings")
struct LabelRuleSettingsTests {
    private func load(_ text: String) throws -> LabelRules {
        let folder = try TemporaryFolder()
        try folder.write("cs-analytics.yaml", text)
        return try ConfigurationLoader(environment: [:], workingFolder: folder.path).load().rules
    }

    @Test func conditionsAndLabelsAreRead() throws {
        let rules = try load(
            """
            rules:
              - name: legal
                when:
                  any: [lawyer, 律师函]
                  none: test
                  channel: [email]
                then:
                  category: complaint
                  priority: urgent
              - when: { subject: [invoice] }
                then: { category: billing }
            """)
        #expect(rules.rules.map(\.name) == ["legal", "rule 2"])
        #expect(rules.rules[0].anyPhrase == ["lawyer", "律师函"] && rules.rules[0].noPhrase == ["test"])
        #expect(rules.rules[0].labels == ["category": "complaint", "priority": "urgent"])
        #expect(rules.label("category", of: .init(subject: "Invoice 7"))?.rule == "rule 2")
    }

    @Test(arguments: [
        ("rules: yes", "a list of rules"),
        ("rules:\n  - name: x\n    then: { category: a }", "a condition under when"),
        ("rules:\n  - when: { any: [a] }", "labels under then"),
        ("rules:\n  - when: { any: [a] }\n    then: { colour: red }", "colour"),
        ("rules:\n  - when: { anny: [a] }\n    then: { category: a }", "rules.when.any"),
        ("rules:\n  - when: { any: [a] }\n    then: { category: [a, b] }", "one label"),
    ])
    func mistakesAreNamed(text: String, expected: String) throws {
        do {
            _ = try load(text)
            Issue.record("no error")
        } catch let error as ConfigurationError {
            #expect(error.description.contains(expected), "\(error)")
        }
    }
}
