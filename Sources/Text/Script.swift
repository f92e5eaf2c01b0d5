/// The writing system of a character, as far as text processing here tells them apart.
package enum Script: UInt8, Sendable, CaseIterable {
    case latin
    case han
    case kana
    case hangul
    case cyrillic
    case greek
    /// A letter of another script.
    case other
    /// A decimal digit.
    case digit
    /// White space, punctuation, symbols and emoji.
    case none

    /// The script of a scalar.
    package static func of(_ scalar: UInt32) -> Script {
        if scalar < 0x80 {
            if scalar >= 0x61 && scalar <= 0x7a || scalar >= 0x41 && scalar <= 0x5a { return .latin }
            return scalar >= 0x30 && scalar <= 0x39 ? .digit : .none
        }
        switch scalar {
        case 0x4e00...0x9fff, 0x3400...0x4dbf, 0xf900...0xfaff, 0x20000...0x323af, 0x3005, 0x3007: return .han
        case 0xc0...0x24f, 0x1e00...0x1eff, 0xaa, 0xba, 0x250...0x2af, 0xff21...0xff3a, 0xff41...0xff5a:
            return scalar == 0xd7 || scalar == 0xf7 ? .none : .latin
        case 0x3040...0x30ff, 0x31f0...0x31ff, 0xff66...0xff9f: return scalar == 0x30fb ? .none : .kana
        case 0xac00...0xd7a3, 0x1100...0x11ff, 0x3130...0x318f: return .hangul
        case 0x400...0x52f: return .cyrillic
        case 0x370...0x3ff, 0x1f00...0x1fff: return scalar == 0x37e || scalar == 0x387 ? .none : .greek
        case 0xff10...0xff19: return .digit
        // Combining marks belong to the letter before them.
        case 0x300...0x36f: return .other
        case 0x530...0x1fff, 0xa000...0xabff, 0xfb00...0xfdff, 0xfe70...0xfefe, 0x10000...0x1efff: return .other
        default: return .none
        }
    }
}

/// How many characters of each script a text holds.
package struct ScriptCounts: Sendable, Hashable {
    private var counts = [UInt32](repeating: 0, count: Script.allCases.count)

    /// Counts over UTF-8 bytes; bytes that are not well-formed are passed over.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            guard let (scalar, length) = Scalars.decode(bytes, at: index) else {
                index += 1
                continue
            }
            counts[Int(Script.of(scalar).rawValue)] += 1
            index += length
        }
    }

    /// Counts over a text.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { ScriptCounts($0) }
    }

    /// The number of characters of one script.
    package func count(of script: Script) -> Int { Int(counts[Int(script.rawValue)]) }

    /// The number of letters of all scripts.
    package var letters: Int {
        Script.allCases.reduce(0) { $1 == .digit || $1 == .none ? $0 : $0 + count(of: $1) }
    }

    /// The share of one script among the letters, 0 ... 1; 0 for a text without letters.
    package func share(of script: Script) -> Double {
        let letters = letters
        return letters == 0 || script == .digit || script == .none ? 0 : Double(count(of: script)) / Double(letters)
    }

    /// The script with most letters, `nil` for a text without letters; of equals the one that is listed first.
    package var dominant: Script? {
        var best: Script?
        for script in Script.allCases where script != .digit && script != .none && count(of: script) > 0 {
            if count(of: script) > best.map({ count(of: $0) }) ?? 0 { best = script }
        }
        return best
    }
}
