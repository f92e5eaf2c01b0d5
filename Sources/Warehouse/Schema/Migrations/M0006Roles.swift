extension Migration {
    /// Least-privilege roles for PostgreSQL: `cs_analytics_owner` holds the schema, `cs_analytics_writer` may do what
    /// the nightly job does, `cs_analytics_reader` sees cases and aggregates and neither texts nor identities.
    ///
    /// Where the user may not create roles this is skipped with a warning; roles that exist get their grants.
    static let roles = Migration(name: "0006-roles") { dialect in
        guard dialect == .postgres else { return [] }
        let names = ["cs_analytics_owner", "cs_analytics_writer", "cs_analytics_reader"]
        let readable = [
            "service_case", "message_score", "metric_daily", "volume_hourly", "watched_series", "alert", "load_file",
            "run", "schema_migration", "v_case", "v_metric_daily", "v_volume_hourly",
        ]
        let creation = names.map { name in
            """
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(name)') THEN
                BEGIN
                    CREATE ROLE \(name) NOLOGIN;
                EXCEPTION
                    WHEN duplicate_object OR unique_violation THEN NULL;
                    WHEN insufficient_privilege THEN
                        RAISE WARNING 'role \(name) was not created: the privilege CREATEROLE is needed';
                END;
            END IF;
            """
        }
        return [
            "DO $do$ BEGIN \(creation.joined(separator: "\n")) END $do$",
            granting(
                "cs_analytics_reader",
                [
                    "GRANT USAGE ON SCHEMA cs_analytics TO cs_analytics_reader",
                    "GRANT SELECT ON \(readable.joined(separator: ", ")) TO cs_analytics_reader",
                ]),
            granting(
                "cs_analytics_writer",
                [
                    "GRANT USAGE ON SCHEMA cs_analytics TO cs_analytics_writer",
                    """
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cs_analytics TO cs_analytics_writer
                    """,
                    "REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM cs_analytics_writer",
                ]),
            granting(
                "cs_analytics_owner",
                [
                    "GRANT ALL ON SCHEMA cs_analytics TO cs_analytics_owner WITH GRANT OPTION",
                    "GRANT ALL ON ALL TABLES IN SCHEMA cs_analytics TO cs_analytics_owner WITH GRANT OPTION",
                ]),
        ]
    }

    /// Grants to a role where it exists.
    static func granting(_ role: String, _ grants: [String]) -> String {
        """
        DO $do$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = '\(role)') THEN
        \(grants.map { $0 + ";" }.joined(separator: "\n"))
        END IF; END $do$
        """
    }
}
