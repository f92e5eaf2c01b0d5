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
        let drifting = models.filter { $0.drift != nil }
        if !drifting.isEmpty { view.table("drift", drift(drifting, c, task)) }
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

    /// How far the last scored texts lie from those that each model was measured on.
    private static func drift(
        _ models: [ModelSummary], _ c: PageContext, _ task: (ModelSummary) -> String
    ) -> ReportTable {
        let p = c.phrases
        return ReportTable(
            id: "drift", title: p("drift_title"),
            columns: [
                .init("task", p("col_task"), isNumeric: false), .init("texts", p("col_texts")),
                .init("psi_lengths", p("col_drift_lengths")), .init("psi_tokens", p("col_drift_tokens")),
                .init("psi_labels", p("col_drift_labels")), .init("psi_confidence", p("col_drift_confidence")),
                .init("out_of_vocabulary_before", p("col_unseen_before")),
                .init("out_of_vocabulary_now", p("col_unseen_now")),
            ],
            rows: models.compactMap { model in
                model.drift.map { drift -> [ReportTable.Cell] in
                    [
                        .label(task(model), raw: model.task), .count(Int64(drift.texts)),
                        .number(drift.lengths, digits: 2), .number(drift.tokens, digits: 2),
                        .number(drift.labels, digits: 2), .number(drift.confidence, digits: 2),
                        .ratio(drift.vocabularyBefore), .ratio(drift.vocabularyNow),
                    ]
                }
            }, note: p("note_drift"))
    }

    private static func text(_ raw: String) -> ReportTable.Cell { .label(PlainLabel.clean(raw), raw: raw) }
}
