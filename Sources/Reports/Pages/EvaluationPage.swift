internal import Aggregates
import Runtime

/// The page of a model's evaluation: one self-contained file in the look of the report.
package enum EvaluationPage {
    /// Labels that the confusion matrix shows; of more, those with most confusions.
    private static let matrixSize = 24

    package static func render(_ input: EvaluationPageInput, locale: ReportLocale) -> String {
        let writer = EvaluationWriter(input: input, locale: locale)
        var out = writer.head()
        out += writer.tiles()
        out += writer.perLabel()
        out += writer.matrix(size: matrixSize)
        out +=
            "<section aria-labelledby=\"h-confidence\"><h2 id=\"h-confidence\">\(writer.t("Confidence", "置信度"))</h2><div class=\"grid\">"
        out += writer.calibration() + writer.histogram() + writer.curve() + "</div></section>\n"
        out += writer.errors()
        return out + "</main></body></html>\n"
    }
}

/// Writes the parts of the page.
private struct EvaluationWriter {
    let input: EvaluationPageInput
    let locale: ReportLocale
    let format: Formatter
    let phrases: Phrasebook

    init(input: EvaluationPageInput, locale: ReportLocale) {
        self.input = input
        self.locale = locale
        format = Formatter(locale: locale)
        phrases = Phrasebook(locale)
    }

    func t(_ en: String, _ zh: String) -> String { locale.text(Bilingual(en: en, zh: zh)) }

    private func escaped(_ text: String) -> String { Escaping.html(PlainLabel.clean(text)) }

    func head() -> String {
        let title = t("Evaluation", "评估") + " · " + (phrases.optional("task_\(input.task)") ?? input.task)
        let facts = [
            (t("Model", "模型"), input.model), (t("Trained", "训练于"), input.trainedAt), (t("Data", "数据"), input.data),
            (t("Rows", "样本数"), format.count(Int64(input.rows))),
        ]
        return """
            <!doctype html>
            <html lang="\(locale.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="light dark">
            <title>\(escaped(title))</title>
            <style>\(Stylesheet.css)
            \(EvaluationWriter.css)</style>
            </head>
            <body>
            <a class="skip" href="#main">\(escaped(phrases("skip")))</a>
            <svg class="defs" aria-hidden="true" focusable="false" width="0" height="0"><defs><pattern id="hatch2" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="c2" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern></defs></svg>
            <header class="top"><div class="wrap">
            <p class="brand">cs-analytics</p>
            <h1>\(escaped(title))</h1>
            <dl class="facts">\(facts.map { "<div><dt>\($0.0)</dt><dd>\(escaped($0.1))</dd></div>" }.joined())</dl>
            </div></header>
            <main id="main" class="wrap" tabindex="-1">

            """
    }

    private static let css =
        ".matrix td{text-align:right;padding:.3rem .45rem;position:relative}.matrix thead th{writing-mode:vertical-rl;transform:rotate(180deg);min-width:0;padding:.3rem;text-align:left;max-height:12rem}.matrix thead th:first-child{writing-mode:horizontal-tb;transform:none}.matrix .hit{font-weight:650}.matrix td{background:color-mix(in srgb,var(--c1) var(--v,0%),transparent)}.matrix td.miss{background:color-mix(in srgb,var(--c2) var(--v,0%),transparent)}.errors td{overflow-wrap:anywhere}.errors td:first-child,.errors th:first-child{min-width:16rem}"

    func tiles() -> String {
        func tile(_ title: String, _ value: String, _ detail: String) -> String {
            "<li class=\"tile\"><h3>\(title)</h3><p class=\"number\">\(value)</p><p class=\"detail\">\(detail)</p></li>"
        }
        let without = input.labels.count { $0.rows == 0 }
        var list = [
            tile(
                t("Accuracy", "准确率"), format.percent(input.accuracy),
                t("of \(format.count(Int64(input.rows))) rows", "共 \(format.count(Int64(input.rows))) 条样本")),
            tile(
                t("Macro F1", "宏平均 F1"), format.percent(input.macroF1),
                without == 0
                    ? t("every label weighs alike", "各标签权重相同")
                    : t("\(without) labels without rows are left out", "\(without) 个无样本的标签不计入")),
            tile(
                t("Calibration error", "校准误差"), format.percent(input.calibrationError),
                t("mean distance of confidence and accuracy", "置信度与准确率的平均差距")),
            tile(
                t("Abstained", "弃答"), format.count(Int64(input.abstained)),
                t("shown as unknown rather than as a wrong label", "显示为未知，而不是错误的标签")),
        ]
        if let recall = input.outOfScopeRecall, let rate = input.falseAlarmRate {
            let alarms = format.percent(rate)
            list.append(
                tile(
                    t("Out of scope told", "范围外召回率"), format.percent(recall),
                    t("at \(alarms) false alarms among texts in scope", "范围内文本误报 \(alarms)")))
        }
        if input.rowsOfUnknownLabels > 0 {
            list.append(
                tile(
                    t("Labels never seen", "模型未见过的标签"), format.count(Int64(input.rowsOfUnknownLabels)),
                    t("rows whose label the model does not know; they count as wrong", "条样本的标签模型不认识，计为错误")))
        }
        return "<section class=\"figures\"><ul class=\"tiles\">\(list.joined(separator: "\n"))</ul></section>\n"
    }

    func perLabel() -> String {
        let table = ReportTable(
            id: "labels", title: t("Figures of each label", "各标签的指标"),
            columns: [
                .init("label", t("Label", "标签"), isNumeric: false), .init("precision", t("Precision", "精确率")),
                .init("recall", t("Recall", "召回率")), .init("f1", "F1"), .init("rows", t("Rows", "样本数")),
                .init("predicted", t("Predicted", "预测为")),
            ],
            rows: input.labels.map {
                [
                    .label(PlainLabel.clean($0.name), raw: $0.name), .ratio($0.precision), .ratio($0.recall),
                    .share($0.f1), .count(Int64($0.rows)), .count(Int64($0.predicted)),
                ]
            })
        return
            "<section class=\"figures\"><div class=\"card\"><div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t-labels\">\(table.html(format))</div></div></section>\n"
    }

    /// Truth down, prediction across; a cell's shade is its share of the row's truth.
    func matrix(size: Int) -> String {
        var misses: [String: Int] = [:]
        var rows: [String: Int] = [:]
        var cells: [String: [String: Int]] = [:]
        for cell in input.confusion {
            cells[cell.truth, default: [:]][cell.predicted] = cell.count
            rows[cell.truth, default: 0] += cell.count
            if cell.truth != cell.predicted {
                misses[cell.truth, default: 0] += cell.count
                misses[cell.predicted, default: 0] += cell.count
            }
        }
        let all = input.labels.map(\.name)
        var shown = all
        if all.count > size {
            let worst = Set(all.sorted { (misses[$0] ?? 0, $1) > (misses[$1] ?? 0, $0) }.prefix(size))
            shown = all.filter(worst.contains)
        }
        let note =
            all.count > size
            ? t("The \(size) of \(all.count) labels with most confusions.", "共 \(all.count) 个标签，仅列混淆最多的 \(size) 个。")
            : ""
        var out =
            "<section aria-labelledby=\"t-matrix\"><div class=\"card\"><div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t-matrix\">"
        out +=
            "<table class=\"matrix\"><caption id=\"t-matrix\">\(t("Confusion: truth down, prediction across", "混淆矩阵：行为真实标签，列为预测标签"))</caption><thead><tr><th></th>"
        for name in shown { out += "<th scope=\"col\">\(escaped(name))</th>" }
        out += "</tr></thead><tbody>\n"
        for truth in shown {
            out += "<tr><th scope=\"row\">\(escaped(truth))</th>"
            for predicted in shown {
                guard let count = cells[truth]?[predicted], count > 0 else {
                    out += "<td></td>"
                    continue
                }
                let share = PlainNumber.text(Double(count) / Double(max(1, rows[truth] ?? 1)) * 60, digits: 1)
                out +=
                    "<td class=\"\(truth == predicted ? "hit" : "miss")\" style=\"--v:\(share)%\">\(format.count(Int64(count)))</td>"
            }
            out += "</tr>\n"
        }
        return out + "</tbody></table></div>\(note.isEmpty ? "" : "<p class=\"under\">\(note)</p>")</div></section>\n"
    }

    func calibration() -> String {
        let chart = ReliabilityChart(
            points: input.calibration.compactMap { bin in
                guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
                return (confidence, accuracy, bin.count)
            }, x: t("Confidence", "置信度"), y: t("Accuracy", "准确率"))
        return figure(
            chart, title: t("Accuracy by confidence", "各置信度下的准确率"),
            note: t(
                "On the dashed line confidence means what it says; greater circles hold more rows.",
                "落在虚线上表示置信度名副其实；圆越大样本越多。"))
    }

    func histogram() -> String {
        let chart = BarChart(
            categories: (0..<10).map { "\($0 * 10)–\($0 * 10 + 10)%" },
            series: [
                .init(title: t("Right", "正确"), values: input.right.map(Double.init), fill: 1),
                .init(title: t("Wrong", "错误"), values: input.wrong.map(Double.init), fill: 2),
            ], layout: .grouped)
        return figure(
            chart, title: t("Confidence of right and wrong answers", "正确与错误答案的置信度"),
            note: t("The further the two lie apart, the better a threshold works.", "两者分得越开，阈值越有效。"))
    }

    func curve() -> String {
        guard input.curve.count > 1 else { return "" }
        let chart = BarChart(
            categories: input.curve.map { format.count(Int64($0.rows)) },
            series: [
                .init(title: t("Accuracy", "准确率"), values: input.curve.map(\.accuracy), fill: 1),
                .init(title: t("Macro F1", "宏平均 F1"), values: input.curve.map(\.macroF1), fill: 2),
            ], layout: .grouped, unit: .ratio)
        return figure(
            chart, title: t("Learning curve", "学习曲线"),
            note: t(
                "By the number of rows learnt from: while it rises, more labels help.", "横轴为训练样本数；曲线仍在上升时，增加标注会有帮助。"))
    }

    func errors() -> String {
        guard !input.errors.isEmpty else { return "" }
        let table = ReportTable(
            id: "errors", title: t("Most confident errors", "置信度最高的错误"),
            columns: [
                .init("text", t("Text (private data masked)", "文本（隐私已遮盖）"), isNumeric: false),
                .init("truth", t("Truth", "真实标签"), isNumeric: false),
                .init("predicted", t("Predicted", "预测标签"), isNumeric: false),
                .init("confidence", t("Confidence", "置信度")),
            ],
            rows: input.errors.map {
                [
                    .label(PlainLabel.clean($0.text), raw: $0.text), .label(PlainLabel.clean($0.truth), raw: $0.truth),
                    .label(PlainLabel.clean($0.predicted), raw: $0.predicted), .ratio($0.confidence),
                ]
            })
        return
            "<section><div class=\"card errors\"><div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t-errors\">\(table.html(format))</div></div></section>\n"
    }

    private func figure(_ chart: some Chart, title: String, note: String) -> String {
        let legend = chart.legend.map { "<li>\($0.swatch)\(Escaping.html($0.title))</li>" }.joined()
        let drawing =
            chart.isEmpty
            ? "<p class=\"empty\">\(escaped(phrases("no_data")))</p>"
            : chart.markup(.half, title: title, format, phrases)
        return
            "<figure class=\"chart half\"><figcaption><h3>\(title)</h3><p>\(note)</p></figcaption>\(legend.isEmpty ? "" : "<ul class=\"legend\">\(legend)</ul>")\(drawing)</figure>"
    }
}
