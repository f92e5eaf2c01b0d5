import Foundation
import Runtime
import Testing

@testable import Ingest

/// The mails of a mail parser's own suite, each field against the tree that the suite expects.
@Suite("Mail conformance")
struct MailConformanceTests {
    private struct Tally {
        var right = 0
        var all = 0
        var wrong: [String] = []
        mutating func note(_ isRight: Bool, _ what: @autoclosure () -> String) {
            all += 1
            if isRight { right += 1 } else { wrong.append(what()) }
        }
        var share: Double { all == 0 ? 1 : Double(right) / Double(all) }
    }

    private static let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

    private func folded(_ text: String) -> String {
        text.replacing("\0", with: "\u{FFFD}").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Equal but for characters that the suite's own parser lost: its U+FFFD stands for any one.
    private func isSame(_ wanted: String, _ found: String) -> Bool {
        if wanted == found { return true }
        guard wanted.contains("\u{FFFD}") else { return false }
        let (a, b) = (Array(wanted), Array(found))
        return a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || $0 == "\u{FFFD}" }
    }

    private func isSame(_ wanted: [String], _ found: [String]) -> Bool {
        wanted.count == found.count && zip(wanted, found).allSatisfy { isSame($0, $1) }
    }

    private func addresses(_ value: Any?) -> [String]? {
        guard let value = (value as? [String: Any])?["Address"] as? [String: Any] else { return nil }
        let list =
            value["List"] as? [[String: Any]]
            ?? (value["Group"] as? [[String: Any]] ?? []).flatMap { $0["addresses"] as? [[String: Any]] ?? [] }
        return list.map { "\(folded($0["name"] as? String ?? ""))|\($0["address"] as? String ?? "")" }
    }

    private func seconds(_ value: Any?) -> Int64? {
        guard let date = (value as? [String: Any])?["DateTime"] as? [String: Any] else { return nil }
        func part(_ name: String) -> Int { (date[name] as? NSNumber)?.intValue ?? 0 }
        guard CivilDate.isValid(year: part("year"), month: part("month"), day: part("day")) else { return nil }
        let days = Int(CivilDate(year: part("year"), month: part("month"), day: part("day")).daysSinceEpoch)
        let offset =
            (part("tz_hour") * 60 + part("tz_minute")) * 60 * ((date["tz_before_gmt"] as? Bool ?? false) ? -1 : 1)
        return Int64(days * 86_400 + (part("hour") * 60 + part("minute")) * 60 + part("second") - offset)
    }

    @Test("Each field of the suite's messages", .enabled(if: corpora != nil))
    func messages() throws {
        let folder = URL(filePath: try #require(MailConformanceTests.corpora)).appending(path: "mail/stalwart/eml")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".eml") }
            .sorted()
        #expect(files.count == 107)
        var tallies: [String: Tally] = [:]
        for file in files {
            let original = try Data(contentsOf: folder.appending(path: file))
            for ending in [".json", ".crlf.json"] {
                var bytes = Array(original)
                if ending == ".crlf.json" {
                    bytes = bytes.flatMap { $0 == 10 ? [13, 10] : $0 == 13 ? [] : [$0] }
                }
                let expected = try #require(
                    try JSONSerialization.jsonObject(
                        with: Data(contentsOf: folder.appending(path: file.dropLast(4) + ending))) as? [String: Any])
                let mail: MailMessage
                do {
                    mail = try bytes.withUnsafeBytes { try MailMessage($0) }
                } catch {
                    tallies["read", default: Tally()].note(false, "\(file)\(ending): \(error)")
                    continue
                }
                tallies["read", default: Tally()].note(true, "")
                compare(mail, expected, "\(file)\(ending)", &tallies)
            }
        }
        // Texts: three messages whose boundaries are prefixes of one another or stand inside a line, where GMime and the
        // suite's parser cut differently.
        let floors = ["addresses": 0.98, "attachments": 0.98, "date": 0.98, "read": 1, "subject": 0.98, "text": 0.95]
        for (field, floor) in floors {
            let tally = try #require(tallies[field])
            #expect(tally.share >= floor, "\(field) \(tally.right)/\(tally.all): \(tally.wrong)")
        }
    }

    private func compare(
        _ mail: MailMessage, _ expected: [String: Any], _ file: String, _ tallies: inout [String: Tally]
    ) {
        guard let parts = expected["parts"] as? [[String: Any]], let root = parts.first else { return }
        var headers: [String: Any] = [:]
        for header in root["headers"] as? [[String: Any]] ?? [] {
            if let name = header["name"] as? String { headers[name] = header["value"] }
        }
        if let subject = (headers["subject"] as? [String: Any])?["Text"] as? String {
            tallies["subject", default: Tally()].note(
                isSame(folded(subject), folded(mail.subject)), "\(file): \(subject) | \(mail.subject)")
        }
        for (name, found) in [("from", mail.from), ("to", mail.to), ("cc", mail.cc)] {
            guard let wanted = addresses(headers[name]), !wanted.isEmpty else { continue }
            let ours = found.map { "\(folded($0.name ?? ""))|\($0.address ?? "")" }
            tallies["addresses", default: Tally()].note(isSame(wanted, ours), "\(file) \(name): \(wanted) | \(ours)")
        }
        if let wanted = seconds(headers["date"]) {
            tallies["date", default: Tally()].note(
                mail.date?.seconds == wanted, "\(file): \(wanted) | \(mail.date.map { "\($0.seconds)" } ?? "none")")
        }
        func value(_ index: Int, _ key: String) -> Any? { (parts[index]["body"] as? [String: Any])?[key] }
        let bodies = (expected["text_body"] as? [Int] ?? []).filter { value($0, "Text") != nil }
        if !bodies.isEmpty {
            let wanted = bodies.compactMap { value($0, "Text") as? String }.map(folded).filter { !$0.isEmpty }
            let ours = Set(mail.texts.filter { !$0.isHTML }.map { folded($0.text) })
            tallies["text", default: Tally()].note(
                wanted.allSatisfy { one in ours.contains { isSame(one, $0) } },
                "\(file): \(wanted.filter { !ours.contains($0) }.map { $0.prefix(90) }) | \(ours.map { $0.prefix(90) })"
            )
        }
        var names: [String] = []
        for index in expected["attachments"] as? [Int] ?? [] {
            var found: [String: String] = [:]
            for header in parts[index]["headers"] as? [[String: Any]] ?? [] {
                guard let name = header["name"] as? String,
                    let type = (header["value"] as? [String: Any])?["ContentType"] as? [String: Any]
                else { continue }
                for attribute in type["attributes"] as? [[String: Any]] ?? [] {
                    if let key = attribute["name"] as? String {
                        found["\(name).\(key)"] = attribute["value"] as? String
                    }
                }
            }
            if let name = found["content_disposition.filename"] ?? found["content_type.name"] {
                names.append(folded(name))
            }
        }
        if !names.isEmpty {
            let ours = mail.attachments.compactMap { $0.name.map(folded) }
            tallies["attachments", default: Tally()].note(
                names.allSatisfy { one in ours.contains { isSame(one, $0) } }, "\(file): \(names) | \(ours)")
        }
    }
}
