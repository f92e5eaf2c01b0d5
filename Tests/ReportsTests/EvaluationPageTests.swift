import Foundation
import Testing

@testable import Reports

@Suite("Evaluation page")
struct EvaluationPageTests {
    private func input(labels: Int) -> EvaluationPageInput {
        var input = EvaluationPageInput(task: "intent")
        input.model = "linear 0123456789ab"
        input.data = "test.tsv"
        input.rows = 100
        input.accuracy = 0.9
        input.rowsOfUnknownLabels = 2
        input.outOfScopeRecall = 0.875
        input.falseAlarmRate = 0.0425
        let names = (0..<labels).map { "label \($0) <b>" }
        input.labels = names.map { .init(name: $0, precision: 0.9, recall: nil, f1: 0.8, rows: 3, predicted: 4) }
        input.confusion = names.map { .init(truth: $0, predicted: $0, count: 2) }
        if labels > 1 { input.confusion.append(.init(truth: names[0], predicted: names[1], count: 1)) }
        input.calibration = (0..<10).map {
            .init(
                lower: Double($0) / 10, upper: Double($0 + 1) / 10, count: $0,
                confidence: $0 == 0 ? nil : Double($0) / 10, accuracy: 0.5)
        }
        input.right = Array(0..<10)
        input.wrong = Array((0..<10).reversed())
        input.errors = [
            .init(text: "<script>alert(1)</script> 138****5678", truth: "a", predicted: "b", confidence: 0.99)
        ]
        input.curve = [.init(rows: 10, accuracy: 0.5, macroF1: 0.4), .init(rows: 100, accuracy: 0.8, macroF1: 0.7)]
        return input
    }

    @Test(arguments: ReportLocale.allCases, [2, 60])
    func isOneWholeFileWithNothingThatRuns(locale: ReportLocale, labels: Int) {
        let page = EvaluationPage.render(input(labels: labels), locale: locale)
        #expect(Markup(page).faults.isEmpty)
        #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; 138****5678"))
        #expect(!page.contains("⟦") && page.contains("lang=\"\(locale.rawValue)\""))
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("87.5") && page.contains(locale == .en ? "Out of scope told" : "范围外召回率"))
        // The matrix shows 24 labels at most.
        #expect(page.components(separatedBy: "class=\"hit\"").count - 1 == min(labels, 24))
    }

    @Test func anEmptyEvaluationIsAPageToo() {
        let page = EvaluationPage.render(EvaluationPageInput(task: "x"), locale: .en)
        #expect(Markup(page).faults.isEmpty)
    }
}
