import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

@Suite("Mail")
struct MailTests {
    private func records(_ path: String) throws -> (lines: [String], rejects: [String]) {
        var configuration = IngestConfiguration()
        configuration.source = "s"
        configuration.agents = ["@shop.example"]
        let reader = ExportReader(configuration)
        var lines: [String] = []
        var rejects: [String] = []
        for file in try reader.plan([path], now: AdapterHarness.now) {
            #expect(file.adapter == "mail")
            _ = try reader.read(file, context: RunContext()) { batch in
                lines += AdapterHarness.lines(batch)
                rejects += AdapterHarness.rejects(batch)
            }
        }
        return (lines, rejects)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path()

    /// A mailbox with Chinese alternatives, an answer with a signature and history, a machine's answer, a mail without any
    /// date, undeclared GBK.
    @Test func mailbox() throws {
        let (lines, rejects) = try records("\(MailTests.folder)/mail/box.mbox")
        #expect(lines.joined(separator: "\n") + "\n" == (try AdapterHarness.text("expected/mail-box.txt")))
        #expect(rejects == ["4 missing_field: Date (and Received) is missing"])
    }

    /// Wherever a mailbox is cut into blocks, its mails are the same.
    @Test func everyCut() throws {
        let bytes = try AdapterHarness.bytes("mail/box.mbox")
        try bytes.withUnsafeBytes { text in
            let context = AdapterHarness.context()
            let prepared = try MailAdapter().prepare(text, context: context)
            func ids(_ ranges: [Range<Int>]) -> [String] {
                ranges.flatMap { range -> [String] in
                    var sink = RecordSink(context: context)
                    prepared.map(UnsafeRawBufferPointer(rebasing: text[range]), offset: range.lowerBound, to: &sink)
                    let batch = sink.take().batch
                    return (0..<batch[.message].count).compactMap { batch[.message].text(MessageField.id, $0) }
                }
            }
            let whole = ids([0..<text.count])
            #expect(whole.count == 4)
            for position in stride(from: 1, to: text.count, by: 7) {
                let cut = prepared.nextItem(text, from: position)
                #expect(ids([0..<cut, cut..<text.count]) == whole)
            }
        }
    }

    @Test(
        "What a person wrote, without history, signature and disclaimer",
        arguments: [
            ("Hello\n\n-- \nAnn\n", "Hello", "", "-- \nAnn"),
            ("Yes.\n\nOn Mon, 2 Mar 2026 at 11:14, Ann <a@b.c>\nwrote:\n> x\n", "Yes.", "wrote", ""),
            ("好的\n\n在 2026年3月2日，王芳 <a@b.c> 写道：\n> 你好", "好的", "写道", ""),
            ("ok\n\n________________________________\nFrom: A\nSent: B\nTo: C\nSubject: D\n\nold", "ok", "old", ""),
            ("收到\n\n发件人: 客服\n发送时间: 周一\n收件人: 我\n主题: 退款\n\n您好", "收到", "您好", ""),
            ("> asked one\nanswer one\n> asked two\nanswer two", "answer one\nanswer two", "asked two", ""),
            ("Thanks!\nSent from my iPhone", "Thanks!", "", "Sent from my iPhone"),
            ("See below.\n\n*****\nThis email and any attachments are confidential", "See below.", "", "confidential"),
            ("------------------ 原始邮件 ------------------\n旧", "", "旧", ""),
            (
                "from: my point of view it is fine\nto be clear: yes",
                "from: my point of view it is fine\nto be clear: yes", "", ""
            ),
            ("On reflection I wrote:\nnothing", "On reflection I wrote:\nnothing", "", ""),
        ])
    func written(_ body: String, _ written: String, _ quoted: String, _ signature: String) {
        let text = WrittenText(body)
        #expect(text.written == written)
        #expect(quoted.isEmpty ? text.quoted.isEmpty : text.quoted.contains(quoted))
        #expect(signature.isEmpty ? text.signature.isEmpty : text.signature.contains(signature))
    }

    @Test(
        "Encoded words",
        arguments: [
            ("=?utf-8?B?5L2g5aW9?=", "你好"), ("=?gb2312?B?hrQ=?=", "喆"), ("a =?us-ascii?q?b_c?= d", "a b c d"),
            ("=?utf-8?Q?=E4=BD?=\r\n =?utf-8?Q?=A0?=", "你"), ("=?utf-8?Q?x", "=?utf-8?Q?x"),
            ("plain\r\n folded", "plain folded"),
            ("=?iso-8859-1*de?Q?M=FCller?=", "Müller"), ("=?none-such?Q?abc?=", "abc"),
        ])
    func words(_ raw: String, _ text: String) {
        #expect(EncodedWords.decode(raw) == text)
    }

    @Test(
        "Addresses",
        arguments: [
            ("Ann <a@b.c>", ["Ann|a@b.c"]), ("\"Lee, Ann\" <a@b.c>, d@e.f (Dan)", ["Lee, Ann|a@b.c", "Dan|d@e.f"]),
            ("Team: a@b.c, B <b@b.c>;", ["|a@b.c", "B|b@b.c"]), ("undisclosed-recipients:;", []),
            ("=?utf-8?B?5byg5LiJ?= <z@b.c>", ["张三|z@b.c"]), ("<a@b.c>", ["|a@b.c"]), ("Ann", ["Ann|"]),
            ("\"quoted part\"@b.c", ["|\"quoted part\"@b.c"]), ("", []),
        ])
    func addresses(_ raw: String, _ expected: [String]) {
        #expect(MailAddress.list(raw).map { "\($0.name ?? "")|\($0.address ?? "")" } == expected)
    }

    /// Depth, parts and headers are bounded; what came before the limit is kept.
    @Test func limits() throws {
        var deep = "From: a@b.c\nDate: Mon, 2 Mar 2026 03:21:09 GMT\n"
        for level in 0..<300 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        deep += "Content-Type: text/plain\n\nx\n"
        #expect(try deep.utf8CString.withUnsafeBytes { try MailMessage($0) }.isCut)
        let wide =
            "Date: Mon, 2 Mar 2026 03:21:09 GMT\nContent-Type: multipart/mixed; boundary=b\n\n"
            + String(repeating: "--b\n\nx\n", count: 20_000)
        #expect(try wide.utf8CString.withUnsafeBytes { try MailMessage($0) }.isCut)
        let header = "Subject: " + String(repeating: "x", count: 2 << 20) + "\n\nbody"
        #expect(throws: ItemFault.self) { try header.utf8CString.withUnsafeBytes { try MailMessage($0) } }
    }
}
