import Aggregates

/// Names for people of what data call by a label; a label that nobody foresaw shows itself.
struct Labels: Sendable {
    let locale: ReportLocale
    let agents: [String: String]
    let definitions: [Metric: MetricDefinition]
    private let phrases: Phrasebook

    init(_ phrases: Phrasebook, agents: [String: String], definitions: [MetricDefinition]) {
        self.phrases = phrases
        self.locale = phrases.locale
        self.agents = agents
        self.definitions = Dictionary(definitions.map { ($0.metric, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The name of a value of a dimension; `nil` is "not stated".
    func value(_ value: String?, of dimension: Dimension) -> String {
        guard let value else { return phrases("not_stated") }
        switch dimension {
        case .channel: return name(ChannelNames.table[value.lowercased()], or: value)
        case .intent: return name(IntentNames.table[value], or: value)
        case .category: return name(CategoryNames.table[value.lowercased()] ?? IntentNames.table[value], or: value)
        case .agent: return PlainLabel.clean(agents[value] ?? value)
        case .group: return PlainLabel.clean(value)
        }
    }

    func dimension(_ dimension: Dimension) -> String { phrases("dimension_\(dimension.rawValue)") }

    /// The title of a metric: of its definition, else of the language.
    func metric(_ metric: Metric) -> String {
        if let definition = definitions[metric] { return PlainLabel.clean(locale.text(definition.title)) }
        return phrases("metric_\(metric.rawValue)")
    }

    /// `Cases created, channel Email`.
    func series(_ id: SeriesID) -> String {
        let title = metric(id.metric)
        guard let dimension = id.dimension else { return title }
        return phrases("series_of", title, self.dimension(dimension).lowercased(), value(id.value, of: dimension))
    }

    private func name(_ names: Bilingual?, or raw: String) -> String {
        names.map(locale.text) ?? PlainLabel.clean(raw)
    }
}

/// Display names of channels, by the source's word in lower case.
enum ChannelNames {
    static let table: [String: Bilingual] = [
        "email": Bilingual(en: "Email", zh: "邮件"), "mail": Bilingual(en: "Email", zh: "邮件"),
        "chat": Bilingual(en: "Chat", zh: "在线聊天"), "live_chat": Bilingual(en: "Live chat", zh: "在线聊天"),
        "web": Bilingual(en: "Web", zh: "网页"), "web_widget": Bilingual(en: "Web widget", zh: "网页组件"),
        "web_form": Bilingual(en: "Web form", zh: "网页表单"), "form": Bilingual(en: "Form", zh: "表单"),
        "phone": Bilingual(en: "Phone", zh: "电话"), "voice": Bilingual(en: "Phone", zh: "电话"),
        "call": Bilingual(en: "Phone", zh: "电话"), "portal": Bilingual(en: "Portal", zh: "自助门户"),
        "sms": Bilingual(en: "SMS", zh: "短信"), "app": Bilingual(en: "App", zh: "应用内"),
        "mobile": Bilingual(en: "Mobile app", zh: "移动应用"), "api": Bilingual(en: "API", zh: "接口"),
        "wechat": Bilingual(en: "WeChat", zh: "微信"), "weixin": Bilingual(en: "WeChat", zh: "微信"),
        "wecom": Bilingual(en: "WeCom", zh: "企业微信"), "whatsapp": Bilingual(en: "WhatsApp", zh: "WhatsApp"),
        "telegram": Bilingual(en: "Telegram", zh: "Telegram"), "line": Bilingual(en: "LINE", zh: "LINE"),
        "facebook": Bilingual(en: "Facebook", zh: "Facebook"), "instagram": Bilingual(en: "Instagram", zh: "Instagram"),
        "twitter": Bilingual(en: "X (Twitter)", zh: "X（推特）"), "social": Bilingual(en: "Social media", zh: "社交媒体"),
        "weibo": Bilingual(en: "Weibo", zh: "微博"), "marketplace": Bilingual(en: "Marketplace", zh: "电商平台"),
        "other": Bilingual(en: "Other", zh: "其他"),
    ]
}

/// Display names of ticket categories that many desks have.
enum CategoryNames {
    static let table: [String: Bilingual] = [
        "order": Bilingual(en: "Orders", zh: "订单"), "orders": Bilingual(en: "Orders", zh: "订单"),
        "delivery": Bilingual(en: "Delivery", zh: "物流配送"), "shipping": Bilingual(en: "Shipping", zh: "物流配送"),
        "logistics": Bilingual(en: "Delivery", zh: "物流配送"), "return": Bilingual(en: "Returns", zh: "退换货"),
        "returns": Bilingual(en: "Returns", zh: "退换货"), "refund": Bilingual(en: "Refunds", zh: "退款"),
        "refunds": Bilingual(en: "Refunds", zh: "退款"), "payment": Bilingual(en: "Payment", zh: "支付"),
        "billing": Bilingual(en: "Billing", zh: "账单"), "invoice": Bilingual(en: "Invoices", zh: "发票"),
        "account": Bilingual(en: "Account", zh: "账号"), "product": Bilingual(en: "Product", zh: "商品"),
        "technical": Bilingual(en: "Technical", zh: "技术问题"), "repair": Bilingual(en: "Repair", zh: "维修"),
        "warranty": Bilingual(en: "Warranty", zh: "保修"), "complaint": Bilingual(en: "Complaints", zh: "投诉"),
        "feedback": Bilingual(en: "Feedback", zh: "反馈"), "presale": Bilingual(en: "Pre-sale", zh: "售前咨询"),
        "promotion": Bilingual(en: "Promotions", zh: "促销活动"), "coupon": Bilingual(en: "Coupons", zh: "优惠券"),
        "membership": Bilingual(en: "Membership", zh: "会员"), "security": Bilingual(en: "Security", zh: "安全"),
        "other": Bilingual(en: "Other", zh: "其他"),
    ]
}
