import Aggregates

/// Which models read the messages, and how well they do on rows that they have not seen.
enum ModelsPage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let models = c.input.models.sorted { $0.task == $1.task ? $0.version < $1.version : $0.task < $1.task }
        func task(_ model: ModelSummary) -> String {
            p.optional("task_\(model.task)") ?? PlainLabel.clean(model.task)
        }
        view.chart(
            "quality",
            HorizontalBarChart(
                rows: models.map {
                    .init(label: task($0), value: $0.macroF1, note: "n \(c.format.count(Int64($0.heldOutRows)))")
                }, unit: .ratio), title: p("macro_f1_title"), note: p("note_macro_f1"),
            table: ReportTable(
                id: "models", title: p("models_title"),
                columns: [
                    .init("task", p("col_task"), isNumeric: false),
                    .init("version", p("col_version"), isNumeric: false),
                    .init("algorithm", p("col_algorithm"), isNumeric: false),
                    .init("rows", p("col_rows")),
                    .init("labels", p("col_labels")), .init("held_out_rows", p("col_held_out")),
                    .init("accuracy", p("col_accuracy")), .init("macro_f1", "Macro F1"),
                    .init("calibration_error", p("col_ece")),
                ],
                rows: models.map { model -> [ReportTable.Cell] in
                    [
                        .label(task(model), raw: model.task), text(model.version), text(model.algorithm),
                        .count(Int64(model.rows)), .count(Int64(model.labels)),
                        .count(Int64(model.heldOutRows)), .ratio(model.accuracy), .ratio(model.macroF1),
                        .ratio(model.calibrationError),
                    ]
                }))
        view["has_models"] = !models.isEmpty
        view["cards"] = models.map { model -> [String: Any] in
            [
                "task": task(model), "version": PlainLabel.clean(model.version),
                "accuracy": c.format.percent(model.accuracy), "f1": c.format.percent(model.macroF1),
                "ece": c.format.percent(model.calibrationError), "held_out": c.format.count(Int64(model.heldOutRows)),
                "rows": c.format.count(Int64(model.rows)), "labels": c.format.count(Int64(model.labels)),
                "algorithm": PlainLabel.clean(model.algorithm), "trained": PlainLabel.clean(model.trainedAt),
                "errors": p(
                    "model_errors", c.format.percent(1 - model.accuracy, digits: 0)),
            ]
        }
        return view
    }

    private static func text(_ raw: String) -> ReportTable.Cell { .label(PlainLabel.clean(raw), raw: raw) }
}
