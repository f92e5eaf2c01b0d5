/// Check digits of identity numbers, codes and cards, over ASCII bytes.
enum CheckDigits {
    /// A mainland resident identity number (GB 11643-1999): 17 digits, a valid date, a check by ISO 7064 mod 11-2.
    static func residentID(_ text: ByteText, at start: Int) -> Bool {
        guard text.digitsEnd(start, limit: 17) == start + 17, text[start] != UInt8(ascii: "0") else { return false }
        guard isDate(text, at: start + 6) else { return false }
        // The weights 7 9 10 5 8 4 2 1 6 … are the powers of two from the right, modulo 11.
        var sum = 0
        var weight = 2
        for position in stride(from: 16, through: 0, by: -1) {
            sum += text.digit(start + position) * weight
            weight = weight * 2 % 11
        }
        let remainder = (12 - sum % 11) % 11
        let check = text[start + 17]
        return remainder == 10 ? check | 0x20 == UInt8(ascii: "x") : check == 0x30 + UInt8(remainder)
    }

    /// Whether eight digits are a date `yyyyMMdd` between 1900 and 2099.
    static func isDate(_ text: ByteText, at start: Int) -> Bool {
        guard text.digitsEnd(start, limit: 8) == start + 8 else { return false }
        let year =
            text.digit(start) * 1000 + text.digit(start + 1) * 100 + text.digit(start + 2) * 10 + text.digit(start + 3)
        let month = text.digit(start + 4) * 10 + text.digit(start + 5)
        let day = text.digit(start + 6) * 10 + text.digit(start + 7)
        guard (1900...2099).contains(year), (1...12).contains(month), day >= 1 else { return false }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int
        switch month {
        case 2: length = leap ? 29 : 28
        case 4, 6, 9, 11: length = 30
        default: length = 31
        }
        return day <= length
    }

    /// A unified social credit code (GB 32100-2015): 18 characters of 31, check by powers of three modulo 31.
    static func creditCode(_ text: ByteText, at start: Int) -> Bool {
        // The registering authority and the kind of body, then six digits of the division.
        guard text.digitsEnd(start + 2, limit: 6) == start + 8 else { return false }
        var sum = 0
        var weight = 1
        for position in 0..<17 {
            guard let value = creditValue(text[start + position]) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return creditValue(text[start + 17]) == (31 - sum % 31) % 31
    }

    /// Position in `0123456789ABCDEFGHJKLMNPQRTUWXY` (no I, O, S, V, Z).
    private static func creditValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(byte - UInt8(ascii: "A")) + 10
        case UInt8(ascii: "J")...UInt8(ascii: "N"): Int(byte - UInt8(ascii: "J")) + 18
        case UInt8(ascii: "P")...UInt8(ascii: "R"): Int(byte - UInt8(ascii: "P")) + 23
        case UInt8(ascii: "T"), UInt8(ascii: "U"): Int(byte - UInt8(ascii: "T")) + 26
        case UInt8(ascii: "W")...UInt8(ascii: "Y"): Int(byte - UInt8(ascii: "W")) + 28
        default: nil
        }
    }

    /// Luhn's check over the digits in a range; other characters are passed over.
    static func luhn(_ text: ByteText, _ range: Range<Int>) -> Bool {
        var sum = 0
        var doubles = false
        var index = range.upperBound - 1
        while index >= range.lowerBound {
            if text.isDigit(index) {
                let digit = text.digit(index)
                let doubled = digit * 2
                sum += doubles ? (doubled > 9 ? doubled - 9 : doubled) : digit
                doubles.toggle()
            }
            index -= 1
        }
        return sum % 10 == 0
    }

    /// A Hong Kong identity card number: one or two letters, six digits; gives the check character.
    static func hongKong(_ text: ByteText, letters: Int, at start: Int) -> UInt8 {
        // A missing first letter counts as a space, of value 36.
        var sum = letters == 2 ? (Int(text[start]) - 55) * 9 : 36 * 9
        sum += (Int(text[start + letters - 1]) - 55) * 8
        for position in 0..<6 { sum += text.digit(start + letters + position) * (7 - position) }
        let check = (11 - sum % 11) % 11
        return check == 10 ? UInt8(ascii: "A") : 0x30 + UInt8(check)
    }

    /// A Taiwan identity number: a letter and nine digits.
    static func taiwan(_ text: ByteText, at start: Int) -> Bool {
        let codes: StaticString = "JKLMNPQRSTUVXYWZIO"
        // The letters count from 10 in the order A–H, J–N, P–V, X, Y, W, Z, I, O.
        let letter = text[start]
        var code = -1
        if letter >= UInt8(ascii: "A") && letter <= UInt8(ascii: "H") {
            code = Int(letter - UInt8(ascii: "A")) + 10
        } else {
            for position in 0..<codes.utf8CodeUnitCount where codes.utf8Start[position] == letter {
                code = position + 18
            }
        }
        guard code >= 10 else { return false }
        var sum = code / 10 + code % 10 * 9
        for position in 1...8 { sum += text.digit(start + position) * (9 - position) }
        return (sum + text.digit(start + 9)) % 10 == 0
    }

    /// ISO 7064 mod 97-10 over an IBAN; spaces are passed over.
    static func iban(_ text: ByteText, _ range: Range<Int>) -> Bool {
        var remainder = 0
        var seen = 0
        // The country and the check digits count at the end.
        for pass in 0..<2 {
            var position = 0
            for index in range where text[index] != 0x20 {
                if (pass == 0) == (position >= 4) {
                    let byte = text[index]
                    if byte &- 0x30 < 10 {
                        remainder = (remainder * 10 + Int(byte - 0x30)) % 97
                    } else {
                        remainder = (remainder * 100 + Int(byte & 0xDF) - 55) % 97
                    }
                    seen += 1
                }
                position += 1
            }
        }
        return seen > 14 && remainder == 1
    }
}
