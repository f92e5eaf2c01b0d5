/// How much a decoded text looks like text: the mean of a score per character.
///
/// Common Han +1, Han punctuation +0.8, other Han +0.35, printable ASCII +0.5, kana +1 for Japanese sets (else +0.3),
/// Hangul +0.8 for Korean ones, Latin-1 letters +0.25, private use, controls and half-width kana −1, all else −0.2.
enum CharsetScore {
    static func mean(_ utf8: [UInt8], as charset: Charset) -> Double {
        let isJapanese = charset == .shiftJIS || charset == .eucJP || charset == .iso2022JP
        let isKorean = charset == .eucKR || charset == .iso2022KR
        var sum = 0.0
        var count = 0
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            let value = scalar.value
            // ASCII is the same in every set and would only blur the difference.
            if value < 0x80 && value >= 0x20 || value == 0x0A || value == 0x0D || value == 0x09 { continue }
            count += 1
            switch value {
            case 0x3000...0x303F, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0x2014, 0x2018...0x201D, 0x2026, 0xB7: sum += 0.8
            case 0x3040...0x30FF: sum += isJapanese ? 1 : 0.3
            case 0x4E00...0x9FFF: sum += isCommon(value, charset) ? 1 : 0.35
            case 0xAC00...0xD7A3: sum += isKorean ? 0.8 : -0.2
            case 0xC0...0xFF, 0x152, 0x153, 0x160, 0x161, 0x17D, 0x17E: sum += 0.25
            case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: sum += 0.3
            case 0xE000...0xF8FF, 0...0x1F, 0x7F...0x9F, 0xFF61...0xFF9F, 0xFFFD: sum -= 1
            default: sum -= 0.2
            }
        }
        return count == 0 ? 0 : sum / Double(count)
    }

    /// Whether a Han character is among the frequent ones of the set's script: the first level of GB 2312 for
    /// mainland text, the first plane of Big5 for traditional text, the first level of JIS X 0208 for Japanese. The levels are
    /// asked of the C library's tables once.
    private static func isCommon(_ value: UInt32, _ charset: Charset) -> Bool {
        let index = Int(value) - 0x4E00
        guard index >= 0, index < 0x9FFF - 0x4E00 else { return false }
        switch charset {
        case .big5: return traditional[index]
        case .shiftJIS, .eucJP, .iso2022JP: return japanese[index]
        default: return simplified[index]
        }
    }

    private static let simplified = level(.gb18030, rows: 0xB0...0xD7, cells: [0xA1...0xFE])
    private static let traditional = level(.big5, rows: 0xA4...0xC6, cells: [0x40...0x7E, 0xA1...0xFE])
    private static let japanese = level(.eucJP, rows: 0xB0...0xCF, cells: [0xA1...0xFE])

    private static func level(_ charset: Charset, rows: ClosedRange<UInt8>, cells: [ClosedRange<UInt8>]) -> [Bool] {
        var found = [Bool](repeating: false, count: 0x9FFF - 0x4E00)
        var bytes: [UInt8] = []
        for row in rows {
            for range in cells {
                for cell in range {
                    bytes.append(row)
                    bytes.append(cell)
                }
            }
        }
        guard var decoder = Iconv(charset) else { return found }
        var out: [UInt8] = []
        bytes.withUnsafeBytes { decoder.decode($0, isLast: true, into: &out) }
        for scalar in String(decoding: out, as: UTF8.self).unicodeScalars {
            let index = Int(scalar.value) - 0x4E00
            if index >= 0, index < found.count { found[index] = true }
        }
        return found
    }
}
