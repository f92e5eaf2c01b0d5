import Foundation

/// Invented tickets and messages in Chinese and English, the same bytes for the same number of rows.
enum Generator {
    private static let chinese = ["您好，我的订单还没有发货", "退款已经申请三天了", "客服态度很好", "发票抬头填错了", "手机收不到验证码"]
    private static let english = ["My order, please", "refund \"urgent\"", "crash\nagain", "thank you"]

    /// `ticket_id,created_at,channel,customer,status,csat,text`, about 125 bytes a row, quoted commas and line breaks among them.
    static func tickets(rows: Int, to path: String) throws {
        try write(path) { out in
            var random = SplitMix(state: 5)
            out("ticket_id,created_at,channel,customer,status,csat,text\n")
            for row in 0..<rows {
                let texts = (0..<random.below(6) + 1).map { _ in
                    random.below(10) < 6 ? random.of(chinese) : random.of(english)
                }
                let csat = random.below(6)
                out(
                    """
                    \(row),2026-\(two(random.below(9) + 1))-\(two(random.below(28) + 1)) \
                    \(two(random.below(24))):\(two(random.below(60))):\(two(random.below(60))),\
                    \(random.of(["email", "chat", "phone", "wechat"])),u\(random.below(90_000) + 1),\
                    \(random.of(["open", "pending", "solved"])),\(csat == 0 ? "" : "\(csat)"),\
                    \(quoted(texts.joined(separator: " ")))

                    """)
            }
        }
    }

    /// `message_id,conversation_id,channel,role,agent_id,created_at,text`: conversations of 3 to 17 messages over 90 days.
    static func messages(rows: Int, to path: String) throws {
        try write(path) { out in
            var random = SplitMix(state: 20_260_101)
            let vocabulary = (0..<50_000).map { _ in sentence(&random) }
            let channels = ["web", "web", "web", "app", "app", "wechat", "wechat", "email", "phone", "whatsapp"]
            out("message_id,conversation_id,channel,role,agent_id,created_at,text\n")
            var written = 0
            while written < rows {
                let conversation = uuid(&random)
                let channel = random.of(channels)
                let agent = "agent-\(random.below(800) + 1000)"
                var seconds = 1_767_225_600 + random.below(90 * 86_400)
                for position in 0..<random.below(15) + 3 where written < rows {
                    seconds += random.below(239) + 1
                    let role = position == 0 ? "customer" : ["customer", "agent", "bot"][position % 3]
                    out(
                        "\(uuid(&random)),\(conversation),\(channel),\(role),\(agent),\(iso(seconds)),\(quoted(random.of(vocabulary)))\n"
                    )
                    written += 1
                }
            }
        }
    }

    private static func sentence(_ random: inout SplitMix) -> String {
        let han = Array("您好请问订单物流退款什么时候到账发票开具地址修改优惠券无法使用客服转人工谢谢麻烦了账户登录密码会员积分商品质量问题换货快递丢失投诉")
        let words =
            "hello order refund shipping delayed please help invoice address coupon cannot login password account broken item"
            .split(separator: " ").map(String.init)
        var text = ""
        while text.count < 52 {
            if random.below(10) < 6 {
                let start = random.below(han.count - 15)
                text += String(han[start..<start + random.below(11) + 4])
                if random.below(2) == 0 { text += "，" }
            } else {
                text += " " + (0..<random.below(3) + 2).map { _ in random.of(words) }.joined(separator: " ") + " "
            }
        }
        switch random.below(100) {
        case 0: text += ", \"quoted\", ok"
        case 1: text += "\nsecond line"
        default: break
        }
        return text.trimmingCharacters(in: .whitespaces)
    }

    private static func uuid(_ random: inout SplitMix) -> String {
        let a = String(random.next(), radix: 16)
        let b = String(random.next(), radix: 16)
        let hex = Array(
            String(repeating: "0", count: 16 - a.count) + a + String(repeating: "0", count: 16 - b.count) + b)
        return
            "\(String(hex[0..<8]))-\(String(hex[8..<12]))-4\(String(hex[13..<16]))-a\(String(hex[17..<20]))-\(String(hex[20..<32]))"
    }

    private static func iso(_ seconds: Int) -> String {
        let day = seconds / 86_400
        let rest = seconds % 86_400
        // Days of 2026 only: the span above ends in April.
        let lengths = [31, 28, 31, 30]
        var inYear = day - 20_454
        var month = 0
        while inYear >= lengths[month] {
            inYear -= lengths[month]
            month += 1
        }
        return "2026-\(two(month + 1))-\(two(inYear + 1))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    private static func write(_ path: String, _ body: ((String) -> Void) throws -> Void) throws {
        if FileManager.default.fileExists(atPath: path) { return }
        guard let file = fopen(path + ".part", "w") else { Bench.fail("cannot write \(path)") }
        try body { fputs($0, file) }
        fclose(file)
        rename(path + ".part", path)
    }
}

/// Vigna's SplitMix64.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func of(_ values: [String]) -> String { values[below(values.count)] }
}
