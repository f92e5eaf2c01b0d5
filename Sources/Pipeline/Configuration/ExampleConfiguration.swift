/// The commented file that `init` writes.
package enum ExampleConfiguration {
    package static let text = """
        # cs-analytics settings. A flag wins over the environment (CS_ANALYTICS_…), which wins over this file.
        # `cs-analytics config show --origin` tells where each value came from.

        # What the nightly run reads: files, folders, globs, archives.
        paths: [exports]

        # Where the report goes, in which zone its days begin, and its language (en or zh-Hans).
        output: reports
        timezone: Asia/Shanghai
        locale: zh-Hans

        # Without a line here the embedded store .cs-analytics/warehouse.sqlite is used.
        # warehouse: postgres://writer@db.internal/analytics?sslmode=verify-full

        # Opening hours, for the business clock. Exceptions go both ways: holidays are off, make-up workdays are on.
        # schedule:
        #   name: support desk
        #   timezone: Asia/Shanghai
        #   weekly:
        #     mon: 09:00-18:00
        #     tue: 09:00-18:00
        #     wed: 09:00-18:00
        #     thu: 09:00-18:00
        #     fri: 09:00-18:00
        #   exceptions:
        #     "2026-10-01": off
        #     "2026-10-10": "on:fri"

        # Holidays and shopping peaks, so that forecasts and alerts know them: files (CSV or iCalendar), or shipped names.
        # calendar: [china, shopping-peaks]

        # Exports with naive times need to be told their zone, by source: zendesk, freshdesk, or a mapping's name.
        # sources:
        #   freshdesk:
        #     timezone: Asia/Shanghai

        # Tables that no adapter knows: a YAML mapping each (docs/mappings.md).
        # mappings: [mappings]

        # Labels by rule, before what the models say; the first rule that is met decides (docs/CONFIGURATION.md).
        # rules:
        #   - name: legal
        #     when:
        #       any: [lawyer, 律师函]
        #     then:
        #       category: complaint

        # Private data: masked in text, a stable pseudonym in identities.
        privacy:
          text: mask
          identities: pseudonym

        # Warn on the page, and end with 66, when the newest record is older than this.
        # freshness:
        #   warn: 36h
        #   error: 72h

        """
}
