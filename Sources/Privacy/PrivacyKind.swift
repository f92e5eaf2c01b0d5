/// The kinds of personal data that are looked for; the raw value is the name in configuration and reports.
package enum PrivacyKind: String, CaseIterable, Sendable, Codable {
    /// A mainland Chinese mobile number, with or without +86.
    case mobile
    /// A landline number with its area code: mainland China, and the United States with area code and hyphens.
    case landline
    /// A number in international form (E.164) other than a mainland mobile.
    case phone
    /// A mainland resident identity number (GB 11643): valid date and check digit.
    case residentID = "resident_id"
    /// A unified social credit code (GB 32100) with its check digit.
    case creditCode = "credit_code"
    /// A payment card number that passes Luhn's check.
    case bankCard = "bank_card"
    case email
    /// An IPv4 or IPv6 address.
    case ipAddress = "ip_address"
    /// A Chinese passport number.
    case passport
    /// A mainland vehicle registration.
    case plate
    /// A WeChat id: `wxid_…`, or what stands after 微信号.
    case wechatID = "wechat_id"
    /// A Hong Kong identity card number with its check digit.
    case hongKongID = "hk_id"
    /// A Taiwan identity number with its check digit.
    case taiwanID = "tw_id"
    /// A United States social security number with hyphens.
    case socialSecurity = "ssn"
    /// An IBAN with its check digits (ISO 13616).
    case iban
    /// A postal address with a house number.
    case address
    /// A personal name, found only beside a title (先生, Ms) or a phrase that announces it (我叫, my name is).
    ///
    /// This is weak: a name that stands alone is not found.
    case name

    /// What stands for a value of this kind where it is replaced or fed to a model.
    package var placeholder: String {
        switch self {
        case .mobile, .landline, .phone: "<PHONE>"
        case .residentID, .hongKongID, .taiwanID, .socialSecurity: "<ID>"
        case .creditCode: "<CREDIT_CODE>"
        case .bankCard: "<CARD>"
        case .email: "<EMAIL>"
        case .ipAddress: "<IP>"
        case .passport: "<PASSPORT>"
        case .plate: "<PLATE>"
        case .wechatID: "<WECHAT>"
        case .iban: "<IBAN>"
        case .address: "<ADDRESS>"
        case .name: "<NAME>"
        }
    }

    /// Whether a whole value of this kind tells who someone is, so that an identifier field must not keep it.
    package var identifies: Bool {
        switch self {
        case .ipAddress, .address, .creditCode: false
        default: true
        }
    }

    /// Position in `PrivacyKind.allCases`.
    package var index: Int {
        switch self {
        case .mobile: 0
        case .landline: 1
        case .phone: 2
        case .residentID: 3
        case .creditCode: 4
        case .bankCard: 5
        case .email: 6
        case .ipAddress: 7
        case .passport: 8
        case .plate: 9
        case .wechatID: 10
        case .hongKongID: 11
        case .taiwanID: 12
        case .socialSecurity: 13
        case .iban: 14
        case .address: 15
        case .name: 16
        }
    }
}

/// A span of personal data in a text.
package struct PrivacyMatch: Sendable, Equatable {
    package let kind: PrivacyKind
    /// Byte offsets in the UTF-8 text.
    package let range: Range<Int>

    package init(kind: PrivacyKind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}
