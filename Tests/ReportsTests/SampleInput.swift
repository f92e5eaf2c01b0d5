import Aggregates
import Records
import Runtime

/// A realistic input made by a seeded generator: 90 days of a shop with an outage, a peak and absent values.
struct SampleInput {
    var seed: UInt64 = 7
    var days = 90
    var end = CivilDate(year: 2026, month: 11, day: 20)
    var kind = ReportPeriod.Kind.day
    var scale = 1.0
    var schedule: String? = "Mon–Sat 09:00–21:00"

    static let channels = ["email", "chat", "wechat", "phone", "web_form"]
    static let groups = ["Orders", "Returns", "售后一组", "售后二组", "Billing", "Technical", "VIP", "Night shift"]
    static let categories = [
        "order", "delivery", "return", "refund", "payment", "invoice", "account", "product", "repair", "warranty",
        "complaint", "promotion", "membership", "other",
    ]
    static let intents = [
        "delivery_status", "delivery_delay", "order_status", "return_request", "refund_status", "refund_request",
        "product_info", "coupon_use", "order_cancel", "invoice_request", "app_crash", "payment_failed", "product_fault",
        "account_login", "exchange_request", "price_question", "promotion_question", "delivery_lost_damaged",
        "repair_request", "warranty_question", "membership_points", "complaint_service", "human_agent",
        "product_availability", "charge_dispute", "verification_code", "delivery_address_change", "order_modify",
        "network_problem", "feedback_suggestion",
    ]
    static let agents: [String: String] = [
        "a01": "王芳", "a02": "李娜", "a03": "Anna Weber", "a04": "Tom Price", "a05": "张伟", "a06": "Maria Rossi",
        "a07": "刘洋", "a08": "Jack O’Neil", "a09": "陈静", "a10": "Sofia Lind", "a11": "赵磊", "a12": "Ben Adeyemi",
    ]

    var period: ReportPeriod {
        switch kind {
        case .day: return ReportPeriod(kind: .day, days: end...end)
        case .week:
            let monday = end - (end.weekday - 1)
            return ReportPeriod(kind: .week, days: monday...(monday + 6))
        case .month:
            let (year, month, _) = end.components
            let first = CivilDate(year: year, month: month, day: 1)
            return ReportPeriod(kind: .month, days: first...(first + CivilDate.daysIn(month: month, year: year) - 1))
        case .range: return ReportPeriod(kind: .range, days: (end - 9)...end)
        }
    }

    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    struct Key: Hashable {
        var day: CivilDate
        var cuboid: Cuboid
        var metric: Metric
        var segment: SegmentKey
    }

    func make() -> ReportInput {
        var random = Generator(state: seed)
        var cells: [Key: (Tally, Tally)] = [:]
        var hourly: [HourlyCell] = []
        var totals: [Double] = []
        var backlog: Int64 = 140
        let start = end - (days - 1)

        func add(
            _ day: CivilDate, _ metric: Metric, _ topic: SegmentKey, _ agent: SegmentKey?, pieces: Int64,
            count: Int64 = 1
        ) {
            cells[Key(day: day, cuboid: .topic, metric: metric, segment: topic), default: (Tally(), Tally())].0
                .merge(Tally(count: count, sum: pieces))
            if let agent {
                cells[Key(day: day, cuboid: .agent, metric: metric, segment: agent), default: (Tally(), Tally())].0
                    .merge(Tally(count: count, sum: pieces))
            }
        }
        func addDuration(_ day: CivilDate, _ metric: Metric, _ topic: SegmentKey, _ agent: SegmentKey, seconds: Double)
        {
            let milliseconds = Int64(seconds * 1000)
            let business = Int64(seconds * 410)
            for key in [
                Key(day: day, cuboid: .topic, metric: metric, segment: topic),
                Key(day: day, cuboid: .agent, metric: metric, segment: agent),
            ] {
                var tally = Tally(count: 1, sum: milliseconds)
                tally.sketch.insert(milliseconds)
                var office = Tally(count: 1, sum: business)
                office.sketch.insert(business)
                cells[key, default: (Tally(), Tally())].0.merge(tally)
                if schedule != nil { cells[key, default: (Tally(), Tally())].1.merge(office) }
            }
        }

        for offset in 0..<days {
            let day = start + offset
            var expected = [200.0, 190, 182, 178, 188, 140, 118][day.weekday - 1] * (1 + 0.0012 * Double(offset))
            let isPeak = day == CivilDate(year: 2026, month: 11, day: 11)
            let isOutage = day == end
            if isPeak { expected *= 2.3 }
            if isOutage { expected *= 1.55 }
            let count = Int(expected * scale * Double.random(in: 0.93...1.07, using: &random))
            totals.append(Double(count))
            var hours = [[Int64]](repeating: [Int64](repeating: 0, count: 24), count: SampleInput.channels.count)
            var solvedToday: Int64 = 0
            for _ in 0..<count {
                let channel = Int(pow2(random: &random) * 5)
                var intent = min(29, Int(pow2(random: &random) * 30))
                if isOutage && Double.random(in: 0..<1, using: &random) < 0.3 { intent = 10 }
                let category = (intent * 5 + 1) % 14
                let group = (category * 3 + channel) % 8
                let agent = "a" + (1 + Int.random(in: 0..<12, using: &random)).padded
                let topic = SegmentKey(
                    channel: SampleInput.channels[channel], group: SampleInput.groups[group],
                    category: Int.random(in: 0..<25, using: &random) == 0 ? nil : SampleInput.categories[category],
                    intent: Int.random(in: 0..<18, using: &random) == 0 ? nil : SampleInput.intents[intent])
                let person = SegmentKey(
                    channel: SampleInput.channels[channel], group: SampleInput.groups[group], agent: agent)
                add(day, .casesCreated, topic, nil, pieces: 1)
                add(day, channel == 1 || channel == 2 ? .conversationsOpened : .ticketsCreated, topic, nil, pieces: 1)
                let customer = Int64.random(in: 1...5, using: &random)
                let replies = Int64.random(in: 0...4, using: &random)
                add(day, .customerMessages, topic, nil, pieces: customer)
                add(day, .agentMessages, topic, person, pieces: replies)
                add(day, .botMessages, topic, nil, pieces: Int64.random(in: 0...1, using: &random))
                add(day, .messages, topic, nil, pieces: customer + replies)
                add(day, .participants, topic, nil, pieces: 2)
                let negative = intent == 1 || intent == 10 || intent == 21 ? 0.6 : 0.22
                for _ in 0..<customer {
                    let feeling = Double.random(in: 0..<1, using: &random)
                    add(
                        day,
                        feeling < negative
                            ? .sentimentNegative : feeling < 0.82 ? .sentimentNeutral : .sentimentPositive,
                        topic, nil, pieces: 1)
                }
                let hour = min(23, max(0, 9 + Int((gauss(&random)) * 3.6 + (Bool.random(using: &random) ? 1 : 9))))
                hours[channel][hour] += 1
                if replies > 0 {
                    add(day, .replied, topic, nil, pieces: 1)
                    add(day, .replies, topic, person, pieces: replies)
                    let base = [5400.0, 70, 160, 40, 4200][channel]
                    addDuration(
                        day, .firstReply, topic, person,
                        seconds: base * exp2(gauss(&random) * 1.1) * (isOutage ? 1.7 : 1))
                } else {
                    add(day, .unreplied, topic, nil, pieces: 1)
                }
                if Double.random(in: 0..<1, using: &random) < (isOutage ? 0.7 : 0.97) {
                    solvedToday += 1
                    add(day, .solved, topic, person, pieces: 1)
                    add(day, .solvedTransitions, topic, person, pieces: 1)
                    add(
                        day, [.zeroTouch, .oneTouch, .twoTouch, .multiTouch, .multiTouch][Int(replies)], topic, nil,
                        pieces: 1)
                    let total = 9000 * exp2(gauss(&random) * 1.6)
                    addDuration(day, .firstResolution, topic, person, seconds: total * 0.9)
                    addDuration(day, .fullResolution, topic, person, seconds: total)
                    addDuration(day, .requesterWait, topic, person, seconds: total * 0.6)
                    addDuration(day, .agentWork, topic, person, seconds: total * 0.5)
                    addDuration(day, .agentWait, topic, person, seconds: total * 0.4)
                    addDuration(day, .solveTime, topic, person, seconds: total)
                    addDuration(day, .caseDuration, topic, person, seconds: total * 1.1)
                    if Double.random(in: 0..<1, using: &random) < 0.3 {
                        let good = Double.random(in: 0..<1, using: &random) < (isOutage ? 0.62 : 0.86)
                        add(
                            day, good ? .ratingsGood : Bool.random(using: &random) ? .ratingsBad : .ratingsNeutral,
                            topic, person, pieces: 1)
                    }
                }
                if Int.random(in: 0..<30, using: &random) == 0 { add(day, .reopened, topic, person, pieces: 1) }
            }
            backlog = max(90, backlog + Int64(count) - solvedToday - (isOutage ? 0 : 6))
            add(
                day, .backlog, SegmentKey(channel: "email", group: "Orders", category: "order"), nil, pieces: backlog,
                count: backlog)
            add(
                day, .unrepliedBacklog, SegmentKey(channel: "email", group: "Orders", category: "order"), nil,
                pieces: backlog / 5)
            for (channel, counts) in hours.enumerated() {
                for (hour, count) in counts.enumerated() where count > 0 {
                    hourly.append(
                        HourlyCell(
                            day: day, hour: hour, channel: SampleInput.channels[channel], metric: .casesCreated,
                            count: count))
                }
            }
        }
        let cube = DailyCube(
            cells: cells.map { key, tallies in
                DailyCell(
                    day: key.day, cuboid: key.cuboid, metric: key.metric, segment: key.segment, calendar: tallies.0,
                    business: tallies.1)
            }.sorted { ($0.day, $0.metric.index, $0.segment) < ($1.day, $1.metric.index, $1.segment) })
        return ReportInput(
            period: period, cube: cube, hourly: hourly, watched: watched(totals, start), alerts: alerts(totals),
            definitions: definitions, models: models, quality: quality, run: run, zone: "Asia/Shanghai",
            profile: "zendesk", schedule: schedule, dataUntil: end, agentNames: SampleInput.agents,
            staffing: staffing, alertsByDay: [end: 2, end - 9: 1, end - 10: 0])
    }

    // MARK: Parts

    /// Two weeks of hours, open from 9 to 21.
    private var staffing: [StaffingSeries] {
        func series(_ id: SeriesID, _ factor: Double, isFallback: Bool = false) -> StaffingSeries {
            let hours = (0..<336).map { index -> StaffingHour in
                let hour = index % 24
                let isOpen = (9..<21).contains(hour)
                let expected = isOpen ? factor * Double(12 - abs(hour - 11)) : 0
                return StaffingHour(
                    day: end + 1 + index / 24, hour: hour, minutes: 60, isOpen: isOpen, expected: expected,
                    lower80: expected * 0.8, upper80: expected * 1.2, lower95: expected * 0.5, upper95: expected * 1.5)
            }
            return StaffingSeries(
                id: id, method: ForecastMethod(name: "MSTL[24,168]", isFallback: isFallback), hours: hours)
        }
        return [
            series(SeriesID(metric: .casesCreated), scale),
            series(SeriesID(metric: .casesCreated, dimension: .channel, value: "chat"), scale / 2, isFallback: true),
            series(SeriesID(metric: .casesCreated, dimension: .channel, value: nil), scale / 3),
            series(SeriesID(metric: .customerMessages), 3 * scale),
        ]
    }

    private func watched(_ totals: [Double], _ start: CivilDate) -> [WatchedSeries] {
        func series(_ id: SeriesID, _ factor: Double) -> WatchedSeries {
            let points = totals.indices.map { index -> SeriesPoint in
                let day = start + index
                let expected =
                    [200.0, 190, 182, 178, 188, 140, 118][day.weekday - 1] * (1 + 0.0012 * Double(index)) * factor
                    * scale
                return SeriesPoint(
                    day: day, observed: totals[index] * factor, expected: index < 14 ? nil : expected,
                    lower: index < 14 ? nil : expected * 0.8, upper: index < 14 ? nil : expected * 1.2)
            }
            let ahead = (1...7).map { step -> SeriesPoint in
                let day = end + step
                let expected = [200.0, 190, 182, 178, 188, 140, 118][day.weekday - 1] * factor * scale * 1.1
                return SeriesPoint(
                    day: day, observed: nil, expected: expected, lower: expected * 0.75, upper: expected * 1.25)
            }
            return WatchedSeries(
                id: id, points: points, forecast: ahead,
                method: ForecastMethod(
                    name: "mean(ETS(A,N,A), MSTL[7]+ARIMA(1,0,1))", isFallback: id.dimension == .intent))
        }
        return [series(SeriesID(metric: .casesCreated), 1), series(SeriesID(metric: .customerMessages), 3)]
            + SampleInput.channels.enumerated().map {
                series(SeriesID(metric: .casesCreated, dimension: .channel, value: $1), 0.3 / Double($0 + 1))
            }
            + SampleInput.intents.prefix(10).enumerated().map {
                series(SeriesID(metric: .casesCreated, dimension: .intent, value: $1), 0.12 / Double($0 + 1))
            }
    }

    private func alerts(_ totals: [Double]) -> [Alert] {
        [
            Alert(
                series: SeriesID(metric: .casesCreated), day: end, observed: totals.last ?? 0, expected: 206,
                lower: 165,
                upper: 247, score: 6.4, pValue: 0.000_002,
                contributions: [
                    .init(dimension: .intent, value: "app_crash", observed: 92, expected: 6, share: 0.71),
                    .init(dimension: .channel, value: "chat", observed: 120, expected: 70, share: 0.4),
                ]),
            Alert(
                series: SeriesID(metric: .casesCreated, dimension: .intent, value: "app_crash"), day: end, observed: 92,
                expected: 6, lower: 1, upper: 13, score: 11.8, pValue: 0.000_000_1),
            Alert(
                series: SeriesID(metric: .firstReply), day: end, observed: 5460, expected: 3020, lower: 1800,
                upper: 4300,
                score: 4.2, pValue: 0.000_3),
        ]
    }

    private var definitions: [MetricDefinition] {
        Metric.allCases.filter { $0 != .participants }.map { metric in
            MetricDefinition(
                metric: metric,
                title: Bilingual(
                    en: Names.english[metric] ?? metric.rawValue, zh: Names.chinese[metric] ?? metric.rawValue),
                definition: Bilingual(
                    en: "From the event that starts it to the event that completes it; absent until the second exists.",
                    zh: "从起始事件到完成事件；第二个事件出现之前没有数值。"),
                attribution: metric.kind == .stock ? "end of day" : "created", profile: "zendesk",
                source: "reference/metrics, section 2")
        }
    }

    private var models: [ModelSummary] {
        [
            ModelSummary(
                task: "intent", version: "2026-11-18-4f2a", algorithm: "linear", trainedAt: "2026-11-18", rows: 18_240,
                labels: 61, heldOutRows: 2026, accuracy: 0.913, macroF1: 0.894, calibrationError: 0.021),
            ModelSummary(
                task: "sentiment", version: "2026-11-18-91bc", algorithm: "linear", trainedAt: "2026-11-18", rows: 9800,
                labels: 3, heldOutRows: 1090, accuracy: 0.874, macroF1: 0.861, calibrationError: nil),
            ModelSummary(
                task: "category", version: "2026-11-18-07de", algorithm: "linear", trainedAt: "2026-11-18", rows: 4100,
                labels: 14, heldOutRows: 455, accuracy: 0.842, macroF1: 0.803, calibrationError: 0.034),
        ]
    }

    private var quality: [SourceQuality] {
        var shop = SourceQuality(source: "shop-zendesk")
        shop.adapters = ["zendesk"]
        shop.read = 84_211
        shop.rejected = 12
        shop.records = ["tickets": 12_044, "messages": 51_020, "ticket_events": 20_113]
        shop.firstAt = Timestamp(seconds: 1_787_000_000)
        shop.lastAt = Timestamp(seconds: 1_795_190_400)
        shop.rejectReasons = ["timestamp is not a date": 9, "unknown status": 3]
        var brand = SourceQuality(source: "品牌-freshdesk")
        brand.adapters = ["freshdesk-csv"]
        brand.read = 4102
        brand.rejected = 61
        brand.records = ["tickets": 4041]
        brand.rejectReasons = ["row has 7 of 12 columns": 61]
        return [shop, brand]
    }

    private var run: RunSummary {
        var run = RunSummary(
            runID: "20261121T023104Z-7c1f", command: "nightly", version: "0.1.0",
            startedAt: Timestamp(seconds: 1_795_228_264), zone: "Asia/Shanghai", profile: "zendesk")
        run.finishedAt = Timestamp(milliseconds: 1_795_228_293_250)
        run.outcome = "ok"
        run.exitCode = 0
        run.inputs = [
            InputSummary(
                path: "exports/2026-11-20.zip", contentHash: "9f2c…", source: "shop-zendesk", adapter: "zendesk",
                read: 1020, accepted: 1004, duplicates: 14, rejected: 2, isKnown: false)
        ]
        run.records = ["tickets": 310, "messages": 694]
        run.stageSeconds = ["ingest": 4.12, "score": 9.8, "aggregate": 3.3, "forecast": 1.02, "report": 0.61]
        run.models = models
        run.warnings = ["tickets = replied + unreplied does not hold on 2026-11-03: 181 against 180 + 0"]
        return run
    }

    private func gauss(_ random: inout Generator) -> Double {
        (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &random) } / 1.414
    }

    private func pow2(random: inout Generator) -> Double {
        let x = Double.random(in: 0..<1, using: &random)
        return x * x
    }

    private func exp2(_ x: Double) -> Double {
        var out = 1.0
        var term = 1.0
        let scaled = x * 0.693147
        for n in 1...24 {
            term *= scaled / Double(n)
            out += term
        }
        return max(out, 0.01)
    }
}

extension Int {
    fileprivate var padded: String { self < 10 ? "0\(self)" : "\(self)" }
}

enum Names {
    static let english: [Metric: String] = [
        .casesCreated: "Cases created", .ticketsCreated: "Tickets created",
        .conversationsOpened: "Conversations opened",
        .messages: "Messages", .customerMessages: "Customer messages", .agentMessages: "Agent messages",
        .botMessages: "Bot messages", .firstReply: "First reply time", .firstResolution: "First resolution time",
        .fullResolution: "Full resolution time", .requesterWait: "Requester wait", .agentWork: "Agent work time",
        .agentWait: "Agent wait time", .onHold: "On-hold time", .solveTime: "Solve time",
        .caseDuration: "Case duration",
        .replied: "Replied", .unreplied: "Unreplied", .replies: "Public replies", .solved: "Solved",
        .reopened: "Reopened", .zeroTouch: "Zero-touch", .oneTouch: "One-touch", .twoTouch: "Two-touch",
        .multiTouch: "Multi-touch", .backlog: "Open cases", .unrepliedBacklog: "Open without a reply",
        .ratingsGood: "Good ratings", .ratingsBad: "Bad ratings", .ratingsNeutral: "Neutral ratings",
        .sentimentNegative: "Negative messages", .sentimentNeutral: "Neutral messages",
        .sentimentPositive: "Positive messages",
    ]
    static let chinese: [Metric: String] = [
        .casesCreated: "新增服务单", .ticketsCreated: "新增工单", .conversationsOpened: "新增会话", .messages: "消息",
        .customerMessages: "客户消息", .agentMessages: "客服消息", .botMessages: "机器人消息", .firstReply: "首次响应时长",
        .firstResolution: "首次解决时长", .fullResolution: "完全解决时长", .requesterWait: "客户等待时长", .agentWork: "客服处理时长",
        .agentWait: "等待客户时长", .onHold: "挂起时长", .solveTime: "解决用时", .caseDuration: "服务单持续时长", .replied: "已回复",
        .unreplied: "未回复", .replies: "公开回复", .solved: "已解决", .reopened: "重新打开", .zeroTouch: "零回复解决",
        .oneTouch: "一次回复解决", .twoTouch: "两次回复解决", .multiTouch: "多次回复解决", .backlog: "未解决服务单",
        .unrepliedBacklog: "未解决且未回复", .ratingsGood: "满意评价", .ratingsBad: "不满意评价", .ratingsNeutral: "中性评价",
        .sentimentNegative: "负面消息", .sentimentNeutral: "中性消息", .sentimentPositive: "正面消息",
    ]
}
