/// A text as bytes that may be read at any position: outside of it stands 0, so that look-arounds need no bounds.
struct ByteText {
    let base: UnsafePointer<UInt8>
    let count: Int

    @inline(__always)
    subscript(_ index: Int) -> UInt8 {
        index >= 0 && index < count ? base[index] : 0
    }

    @inline(__always)
    func isDigit(_ index: Int) -> Bool { self[index] &- 0x30 < 10 }

    /// The value of the digit at `index`.
    @inline(__always)
    func digit(_ index: Int) -> Int { Int(self[index] &- 0x30) }

    @inline(__always)
    func isAlphanumeric(_ index: Int) -> Bool { ByteText.isAlphanumeric(self[index]) }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || isLetter(byte) }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    /// The scalar of a three-byte sequence at `index`, 0 where there is none: all of the Han characters used here.
    @inline(__always)
    func wide(_ index: Int) -> UInt32 {
        guard index >= 0, index + 2 < count else { return 0 }
        let a = base[index]
        let b = base[index + 1]
        let c = base[index + 2]
        guard a & 0xF0 == 0xE0, b & 0xC0 == 0x80, c & 0xC0 == 0x80 else { return 0 }
        return UInt32(a & 0x0F) << 12 | UInt32(b & 0x3F) << 6 | UInt32(c & 0x3F)
    }

    /// The Han character at `index`, 0 where there is none.
    @inline(__always)
    func han(_ index: Int) -> UInt32 {
        let scalar = wide(index)
        return scalar >= 0x4E00 && scalar <= 0x9FFF ? scalar : 0
    }

    /// The end of the run of digits that starts at `index`, at most `limit` digits on.
    @inline(__always)
    func digitsEnd(_ index: Int, limit: Int) -> Int {
        var end = index
        let stop = min(count, index + limit)
        while end < stop, base[end] &- 0x30 < 10 { end += 1 }
        return end
    }

    /// Whether the ASCII letters at `index` are those of `word` (lower case), in either case.
    @inline(__always)
    func matches(_ word: StaticString, at index: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard index >= 0, index + length <= count else { return false }
        let wanted = word.utf8Start
        for offset in 0..<length {
            let byte = base[index + offset]
            let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if folded != wanted[offset] { return false }
        }
        return true
    }

    /// Whether the text before `index` ends with `word` (ASCII in lower case, or any UTF-8).
    @inline(__always)
    func ends(with word: StaticString, before index: Int) -> Bool {
        matches(word, at: index - word.utf8CodeUnitCount)
    }
}
