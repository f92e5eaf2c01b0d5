extension Migration {
    /// Views for people and BI tools: times as times, durations in seconds.
    static let views = Migration(name: "0005-views") { dialect in
        let time: (String) -> String = { column in
            switch dialect {
            case .postgres: "to_timestamp(\(column) / 1000.0) AS \(column)"
            case .sqlite: "strftime('%Y-%m-%dT%H:%M:%SZ', \(column) / 1000, 'unixepoch') AS \(column)"
            }
        }
        let day =
            switch dialect {
            case .postgres: "DATE '1970-01-01' + day::integer AS day"
            case .sqlite: "date(day * 86400, 'unixepoch') AS day"
            }
        let durations = [
            "first_reply", "first_resolution", "full_resolution", "requester_wait", "agent_work", "agent_wait",
            "on_hold", "solve_time", "case_duration",
        ].flatMap {
            ["\($0)_ms / 1000.0 AS \($0)_seconds", "\($0)_business_ms / 1000.0 AS \($0)_business_seconds"]
        }
        let columns =
            [
                "source", "id", "kind", "channel", "group_name", "assignee", "customer", "product", "language",
                "priority", "status", "source_category", "category", "intent", "sentiment", time("opened_at"),
                time("last_event_at"), time("first_reply_at"), time("first_resolved_at"), time("last_resolved_at"),
            ] + durations + ["replies", "reopens", "handoffs", "participants", "messages", "rating", time("rated_at")]
        let duration =
            "('first_reply', 'first_resolution', 'full_resolution', 'requester_wait', 'agent_work', 'agent_wait', "
            + "'on_hold', 'solve_time', 'case_duration')"
        let segment = "cuboid, metric, channel, group_name, agent, category, intent"
        func total(_ n: String) -> String {
            "CASE WHEN metric IN \(duration) THEN \(n) / 1000.0 ELSE \(n) * 1.0 END"
        }
        return [
            "CREATE VIEW v_case AS SELECT \(columns.joined(separator: ", ")) FROM service_case",
            """
            CREATE VIEW v_metric_daily AS SELECT \(day), \(segment), n, \(total("sum")) AS total,
            business_n, \(total("business_sum")) AS business_total FROM metric_daily
            """,
            "CREATE VIEW v_volume_hourly AS SELECT \(day), hour, channel, metric, n FROM volume_hourly",
            view("v_case", "Cases with times as times and durations in seconds", dialect),
            view("v_metric_daily", "Metrics by day; totals in seconds for durations, in pieces for counts", dialect),
            view("v_volume_hourly", "Pieces by hour of the day", dialect),
        ]
    }

    private static func view(_ name: String, _ comment: String, _ dialect: SQLDialect) -> String {
        TableDefinition.comment(on: "VIEW", table: name, column: nil, comment, dialect)
    }
}
