import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

struct RunFileTests {
    @Test func runFileHasWhatARunIs() throws {
        let rendered = try RenderedPages(RenderedPages.day, .en)
        let bytes = Data(rendered.report.files["run.json"] ?? [])
        let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(object["schema_version"] as? Int == 1)
        #expect(object["run_id"] as? String == "20261121T023104Z-7c1f")
        #expect((object["period"] as? [String: Any])?["name"] as? String == "2026-11-20")
        #expect((object["inputs"] as? [[String: Any]])?.first?["content_hash"] as? String == "9f2c…")
        #expect((object["models"] as? [[String: Any]])?.count == 3)
        #expect((object["warnings"] as? [String])?.count == 1)
        #expect(object["started_at"] as? String == "2026-11-21T02:31:04Z")
        let text = rendered.text("run.json")
        let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map(String.init)
        #expect(keys == keys.sorted())
    }

    @Test func metricsFileIsPrometheusText() throws {
        let text = try RenderedPages(RenderedPages.day, .zhHans).text("metrics.prom")
        for name in [
            "last_success_timestamp_seconds 1795228293.25", "last_run_duration_seconds 29.25",
            "last_run_rows{outcome=\"rejected\"} 2", "last_run_exit_code 0", "last_run_warnings 1",
        ] { #expect(text.contains("cs_analytics_\(name)\n"), "\(name)") }
        #expect(text.contains("cs_analytics_cases_created "))
        #expect(text.contains("cs_analytics_first_reply_median_seconds "))
        #expect(text.contains("cs_analytics_csat_ratio "))
        var declared = Set<Substring>()
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") { declared.insert(line.split(separator: " ")[2]) }
            if !line.hasPrefix("#") {
                let name = line.prefix { $0 != " " && $0 != "{" }
                #expect(declared.contains(name), "\(line) has no TYPE")
                #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
            }
        }
        #expect(text.components(separatedBy: "# HELP").count == declared.count + 1)
    }

    @Test func aRunThatIsNotOverHasNoSuccess() throws {
        var input = RenderedPages.day
        input.run.finishedAt = nil
        input.run.exitCode = nil
        let files = try ReportRenderer(locale: .en, templates: TemplateSet()).runFiles(input)
        let text = String(decoding: files["metrics.prom"] ?? [], as: UTF8.self)
        #expect(!text.contains("last_success") && !text.contains("duration_seconds") && !text.contains("exit_code"))
        #expect(files.keys.sorted() == ["metrics.prom", "run.json"])
    }
}
