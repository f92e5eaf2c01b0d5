/// Brings text into the one form that features, hashes and duplicates are computed from.
///
/// Full-width forms become ASCII, letters (Latin, Greek, Cyrillic) lower case, Chinese punctuation its ASCII kin; white
/// space collapses to single spaces; control and invisible characters go; what is not valid UTF-8 becomes a space. Every
/// digit becomes `0` and numbers of seven digits or more look alike, with stars that mask digits counting as digits
/// (`138****5678` and `13812345678` are one); an e-mail address becomes `@`, a web address `^`, and so do the
/// placeholders that masking leaves (`<PHONE>` is a long number, `<EMAIL>` an `@`, another one a `#`). A character that
/// is repeated more than three times is kept three times.
///
/// Two further steps are options, since they bring together what a person would not call the same text: traditional
/// characters become simplified, and emoji become the one that stands for their class (joy, love, approval, anger, sadness,
/// disapproval).
package struct TextNormalizer: Sendable, Hashable, Codable {
    /// Whether traditional Chinese characters become simplified ones.
    package var simplifiesChinese = false
    /// Whether emoji become the one that stands for their class.
    package var groupsEmoji = false

    package init(simplifiesChinese: Bool = false, groupsEmoji: Bool = false) {
        self.simplifiesChinese = simplifiesChinese
        self.groupsEmoji = groupsEmoji
    }

    /// The version of the rules; models name the version that their features came from.
    package static let version = 1

    /// Normalises UTF-8 bytes into a buffer that is used again and again.
    package func normalize(_ input: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText) {
        guard input.count > 0 else {
            output.fill(capacity: 0) { _ in 0 }
            return
        }
        output.fill(capacity: input.count + 8) { out in
            var writer = NormalizingWriter(
                input: input, out: out, simplifies: simplifiesChinese, groupsEmoji: groupsEmoji)
            return writer.run()
        }
    }

    /// Normalises a span of UTF-8 bytes.
    package func normalize(_ input: Span<UInt8>, into output: inout NormalizedText) {
        input.withUnsafeBufferPointer { normalize($0, into: &output) }
    }

    /// The normalised form of a text, for people and tests.
    package func normalized(_ text: String) -> String {
        var text = text
        var buffer = NormalizedText()
        text.withUTF8 { normalize($0, into: &buffer) }
        return buffer.string
    }
}

/// One pass over one text.
private struct NormalizingWriter {
    let input: UnsafeBufferPointer<UInt8>
    let out: UnsafeMutablePointer<UInt8>
    let simplifies: Bool
    let groupsEmoji: Bool
    var index = 0
    var count = 0
    var last: UInt32 = 0
    var repeats = 0

    init(input: UnsafeBufferPointer<UInt8>, out: UnsafeMutablePointer<UInt8>, simplifies: Bool, groupsEmoji: Bool) {
        self.input = input
        self.out = out
        self.simplifies = simplifies
        self.groupsEmoji = groupsEmoji
    }

    mutating func run() -> Int {
        asciiActions.withUnsafeBufferPointer { actions in
            while index < input.count {
                let byte = input[index]
                if byte < 0x80 {
                    let action = actions[Int(byte)]
                    if action >= 0x20 {
                        put(ascii: action)
                        index += 1
                    } else {
                        special(byte, action)
                    }
                } else {
                    wide()
                }
            }
        }
        if count > 0 && out[count - 1] == 0x20 { count -= 1 }
        return count
    }

    @inline(__always)
    private mutating func put(ascii byte: UInt8) {
        if UInt32(byte) == last {
            repeats += 1
            if repeats > 3 || byte == 0x20 { return }
        } else {
            last = UInt32(byte)
            repeats = 1
            if byte == 0x20 && count == 0 { return }
        }
        out[count] = byte
        count += 1
    }

    private mutating func put(_ scalar: UInt32) {
        if scalar < 0x80 {
            put(ascii: UInt8(truncatingIfNeeded: scalar))
            return
        }
        if scalar == last {
            repeats += 1
            if repeats > 3 { return }
        } else {
            last = scalar
            repeats = 1
        }
        count += Scalars.encode(scalar, to: out + count)
    }

    /// A placeholder stands alone: spaces on both sides keep it from growing into its neighbours.
    private mutating func put(placeholder byte: UInt8) {
        put(ascii: 0x20)
        last = 0
        put(ascii: byte)
        put(ascii: 0x20)
    }

    private mutating func special(_ byte: UInt8, _ action: UInt8) {
        switch action {
        case Action.number: number()
        case Action.star:
            if !maskedNumberFollows() {
                put(ascii: byte)
                index += 1
            }
        case Action.at: mailAddress()
        case Action.angle: placeholder()
        case Action.webAddress: webAddress(byte | 0x20)
        default: index += 1
        }
    }

    /// The digit that stands at `position`, in ASCII or full width, as its length in bytes; 0 if there is none.
    @inline(__always)
    private func digitLength(at position: Int) -> Int {
        guard position < input.count else { return 0 }
        let byte = input[position]
        if byte >= 0x30 && byte <= 0x39 { return 1 }
        if byte == 0xef && position + 2 < input.count && input[position + 1] == 0xbc {
            let third = input[position + 2]
            return third >= 0x90 && third <= 0x99 ? 3 : 0
        }
        return 0
    }

    /// A run of digits, with stars among them where a mask covers some.
    private mutating func number() {
        var position = index
        var digits = 0
        var end = index
        var stars = 0
        while true {
            let length = digitLength(at: position)
            if length > 0 {
                digits += 1
                position += length
                end = position
            } else if position < input.count && input[position] == 0x2a {
                stars += 1
                position += 1
            } else {
                break
            }
        }
        // One star is a multiplication or emphasis; two or more next to digits are a mask.
        if stars >= 2 {
            digits += stars
            end = position
        } else if stars == 1 {
            digits = 0
            position = index
            while case let length = digitLength(at: position), length > 0 {
                digits += 1
                position += length
            }
            end = position
        }
        put(digits: digits)
        index = end
    }

    private mutating func put(digits: Int) {
        // A number after a digit would grow with each pass; it cannot occur, since runs are taken whole.
        let kept = min(digits, 7)
        for offset in 0..<kept { out[count + offset] = 0x30 }
        count += kept
        last = 0x30
        repeats = 1
    }

    private mutating func maskedNumberFollows() -> Bool {
        if last == 0x2a { return false }
        var position = index
        while position < input.count && input[position] == 0x2a { position += 1 }
        guard position - index >= 2, digitLength(at: position) > 0 else { return false }
        number()
        return true
    }

    private mutating func mailAddress() {
        func isPart(_ byte: UInt8) -> Bool {
            let lower = byte | 0x20
            return lower >= 0x61 && lower <= 0x7a || byte >= 0x30 && byte <= 0x39 || byte == 0x2e || byte == 0x5f
                || byte == 0x2d || byte == 0x2b || byte == 0x2a || byte == 0x25
        }
        var start = count
        while start > 0 && isPart(out[start - 1]) { start -= 1 }
        var end = index + 1
        while end < input.count && isPart(input[end]) { end += 1 }
        if end > index + 1, input[end - 1] == 0x2e { end -= 1 }
        guard start < count, end - index >= 3 else {
            put(ascii: 0x40)
            index += 1
            return
        }
        count = start
        last = count > 0 && out[count - 1] == 0x20 ? 0x20 : 0
        repeats = 1
        put(placeholder: 0x40)
        index = end
    }

    private mutating func placeholder() {
        var end = index + 1
        var isUpper = true
        while end < input.count, end - index <= 24, input[end] != 0x3e {
            let byte = input[end]
            if !(byte >= 0x41 && byte <= 0x5a || byte == 0x5f || byte >= 0x30 && byte <= 0x39) {
                isUpper = false
                break
            }
            end += 1
        }
        guard isUpper, end < input.count, input[end] == 0x3e, end - index > 2, digitLength(at: index + 1) == 0 else {
            put(ascii: 0x3c)
            index += 1
            return
        }
        let name = UnsafeBufferPointer(rebasing: input[(index + 1)..<end])
        index = end + 1
        if name.elementsEqual("EMAIL".utf8) || name.elementsEqual("MAIL".utf8) {
            put(placeholder: 0x40)
        } else if name.elementsEqual("URL".utf8) || name.elementsEqual("LINK".utf8) {
            put(placeholder: 0x5e)
        } else if numericPlaceholders.contains(where: { name.elementsEqual($0.utf8) }) {
            if last == 0x30 { put(ascii: 0x20) }
            put(digits: 7)
            if digitLength(at: index) > 0 { put(ascii: 0x20) }
        } else {
            put(placeholder: 0x23)
        }
    }

    /// `http://…`, `https://…` and `www.…` up to the next space or character that is not ASCII.
    private mutating func webAddress(_ lower: UInt8) {
        let before = count == 0 ? 0x20 : out[count - 1]
        let isWordStart = !(before >= 0x61 && before <= 0x7a || before == 0x30 || before >= 0x80)
        if isWordStart || before >= 0x80 {
            for prefix in webPrefixes where input.count - index > prefix.count {
                var position = 0
                while position < prefix.count && input[index + position] | 0x20 == prefix[position] | 0x20 {
                    position += 1
                }
                guard position == prefix.count else { continue }
                var end = index
                while end < input.count, input[end] > 0x20, input[end] < 0x7f, input[end] != 0x22, input[end] != 0x3c {
                    end += 1
                }
                index = end
                put(placeholder: 0x5e)
                return
            }
        }
        put(ascii: lower)
        index += 1
    }

    private mutating func wide() {
        guard let (scalar, length) = Scalars.decode(input, at: index) else {
            put(ascii: 0x20)
            index += 1
            return
        }
        // The common block of ideographs needs no look-up.
        if scalar >= 0x4e00 && scalar <= 0x9fff {
            put(simplifies ? SimplifiedChinese.simplified(scalar) : scalar)
            index += length
            return
        }
        if digitLength(at: index) > 0 {
            number()
            return
        }
        let folded =
            groupsEmoji ? EmojiClass.representative(of: CharacterFolding.fold(scalar)) : CharacterFolding.fold(scalar)
        index += length
        if folded != 0 { put(folded) }
    }
}

private enum Action {
    static let drop: UInt8 = 0
    static let number: UInt8 = 1
    static let star: UInt8 = 2
    static let at: UInt8 = 3
    static let angle: UInt8 = 4
    static let webAddress: UInt8 = 5
}

/// What to write for each ASCII byte; values below a space are an `Action`.
private let asciiActions: [UInt8] = (0..<128).map { (byte: UInt8) in
    switch byte {
    case 0x09...0x0d, 0x20: 0x20
    case 0..<0x20, 0x7f: Action.drop
    case 0x30...0x39: Action.number
    case 0x2a: Action.star
    case 0x40: Action.at
    case 0x3c: Action.angle
    case 0x48, 0x57, 0x68, 0x77: Action.webAddress
    case 0x41...0x5a: byte | 0x20
    default: byte
    }
}

private let numericPlaceholders = [
    "PHONE", "MOBILE", "CARD", "BANK_CARD", "BANKCARD", "CREDIT_CARD", "ID", "ID_CARD", "ID_NUMBER", "IDCARD", "IBAN",
    "ACCOUNT", "PASSPORT", "ORDER", "ORDER_ID", "TRACKING", "NUMBER", "IP", "IP_ADDRESS", "TAX_ID", "CREDIT_CODE",
    "PLATE",
]

private let webPrefixes: [[UInt8]] = ["http://", "https://", "www."].map { Array($0.utf8) }
