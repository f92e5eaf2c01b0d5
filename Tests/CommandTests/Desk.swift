import Foundation
import Support

/// A small invented desk as canonical JSON Lines, and a folder with settings and tiny labelled sets to run it in.
struct Desk {
    let folder: TemporaryFolder

    /// Settings, labelled sets of a few lines (so that training takes no time), and nothing read yet.
    init(settings: String = "") throws {
        folder = try TemporaryFolder()
        try folder.write(
            "cs-analytics.yaml", "timezone: Asia/Shanghai\ndatasets: data\nworkers: 1\n" + settings)
        let intents = [
            "delivery_status\twhere is my parcel", "delivery_status\t我的快递到哪了",
            "delivery_status\ttrack the package please",
            "refund_request\tI want my money back", "refund_request\t我要退款", "refund_request\tplease refund this order",
            "greeting\thello", "greeting\t你好", "greeting\thi there", "out_of_scope\ttell me a joke",
            "out_of_scope\t今天天气怎么样",
        ]
        let feelings = [
            "negative\tthis is terrible", "negative\t太差劲了", "negative\tvery disappointed", "positive\tgreat, thank you",
            "positive\t谢谢，很好", "positive\tlove it", "neutral\tthe order number is 12", "neutral\t订单号是12", "neutral\tok",
        ]
        try folder.write("data/intent/en.tsv", intents.joined(separator: "\n") + "\n")
        try folder.write("data/sentiment/en.tsv", feelings.joined(separator: "\n") + "\n")
        let tickets = [
            ("delivery", "parcel late"), ("payment", "refund missing"), ("delivery", "包裹没到"), ("payment", "退款没到账"),
        ]
        try folder.write(
            "data/category/en.jsonl",
            tickets.map { "{\"subject\":\"\($0.1)\",\"body\":\"\($0.1)\",\"category\":\"\($0.0)\"}\n" }.joined())
    }

    /// Lines of conversations with messages and tickets with their history, some in two versions, from a seed.
    static func lines(cases: Int = 60, seed: UInt64 = 7) -> [String] {
        var random = Dice(state: seed)
        var out: [String] = []
        let said = [
            "where is my parcel", "我要退款，太差劲了", "hello", "great, thank you", "my phone is 13812345678",
            "this is terrible",
        ]
        func time(_ seconds: Int) -> String {
            let formatter = ISO8601DateFormatter()
            return formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        }
        for number in 1...cases {
            let opened = 1_780_000_000 + random.below(21 * 86_400)
            let channel = ["email", "chat", "wechat"][random.below(3)]
            let agent = "a\(random.below(4))"
            let id = "c\(number)"
            let isTicket = number % 2 == 0
            out.append(
                "{\"type\":\"conversation\",\"source\":\"desk\",\"id\":\"\(id)\",\"channel\":\"\(channel)\",\"opened_at\":\"\(time(opened))\",\"group\":\"g\(random.below(2))\",\"customer_id\":\"u\(random.below(20))\"}"
            )
            var now = opened
            for position in 0..<(2 + random.below(5)) {
                now += 60 + random.below(7200)
                let role = position % 2 == 0 ? "customer" : random.below(5) == 0 ? "bot" : "agent"
                let author = role == "customer" ? "u" : role == "agent" ? agent : "bot"
                out.append(
                    "{\"type\":\"message\",\"source\":\"desk\",\"id\":\"\(id)-m\(position)\",\"conversation_id\":\"\(id)\",\"sent_at\":\"\(time(now))\",\"role\":\"\(role)\",\"author_id\":\"\(author)\",\"text\":\"\(said[random.below(said.count)])\"}"
                )
            }
            guard isTicket else { continue }
            let solved = now + random.below(40_000)
            let isSolved = random.below(5) > 0
            let versions =
                random.below(4) == 0 ? ["open", isSolved ? "solved" : "open"] : [isSolved ? "solved" : "open"]
            for (index, status) in versions.enumerated() {
                out.append(
                    "{\"type\":\"ticket\",\"source\":\"desk\",\"id\":\"t\(number)\",\"conversation_id\":\"\(id)\",\"created_at\":\"\(time(opened))\",\"status\":\"\(status)\",\"subject\":\"parcel late\",\"assignee_id\":\"\(agent)\",\"updated_at\":\"\(time(opened + index))\"}"
                )
            }
            if isSolved {
                out.append(
                    "{\"type\":\"ticket_event\",\"source\":\"desk\",\"ticket_id\":\"t\(number)\",\"at\":\"\(time(solved))\",\"field\":\"status\",\"from\":\"open\",\"to\":\"solved\",\"actor_id\":\"\(agent)\",\"actor_role\":\"agent\"}"
                )
                out.append(
                    "{\"type\":\"rating\",\"source\":\"desk\",\"id\":\"r\(number)\",\"at\":\"\(time(solved + 60))\",\"score\":\"\(1 + random.below(5))\",\"scale\":\"1-5\",\"ticket_id\":\"t\(number)\"}"
                )
            }
        }
        return out
    }

    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:], input: String? = nil) throws -> Binary.Result
    {
        try Binary.run(arguments, in: folder.path, environment: environment, input: input)
    }

    /// Every CSV table of the newest day with its name, and the three exports: what must not depend on how it came.
    func tables(warehouse: String? = nil) throws -> [String: String] {
        var out: [String: String] = [:]
        for kind in ["days", "weeks", "months"] {
            let root = "\(folder.path)/reports/\(kind)"
            guard let period = try FileManager.default.contentsOfDirectory(atPath: root).sorted().last else { continue }
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(period)/csv") {
                out["\(kind)/\(period)/\(name)"] = folder.read("reports/\(kind)/\(period)/csv/\(name)")
            }
        }
        for what in ["tickets", "conversations", "messages", "daily"] {
            let options = warehouse.map { ["--warehouse", $0] } ?? []
            let result = try Binary.run(["export", what, "--csv", "--quiet"] + options, in: folder.path)
            guard result.status == 0 else { throw SupportError(result.errors) }
            out[what] = result.output
        }
        return out
    }
}

/// Small whole numbers from a seed (SplitMix64).
struct Dice {
    var state: UInt64
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(limit))
    }
}
