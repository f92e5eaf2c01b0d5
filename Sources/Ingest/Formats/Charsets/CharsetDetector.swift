import Glibc

/// The character set of a text and how sure that is.
package struct DetectedCharset: Sendable, Equatable {
    package let charset: Charset
    /// 1 for what marks or rules decide, else the winner's lead over the next as a share.
    package let confidence: Double
    /// Bytes of a byte-order mark at the start.
    let markLength: Int
    /// UTF-8 with some bytes that are not: those become U+FFFD.
    package let hasInvalidBytes: Bool
    package let hasNUL: Bool

    init(
        _ charset: Charset, confidence: Double = 1, markLength: Int = 0, hasInvalidBytes: Bool = false,
        hasNUL: Bool = false
    ) {
        self.charset = charset
        self.confidence = confidence
        self.markLength = markLength
        self.hasInvalidBytes = hasInvalidBytes
        self.hasNUL = hasNUL
    }

    /// Whether the bytes can be read as they are.
    var isDirect: Bool { charset == .utf8 }
}

/// Decides on the character set of a whole file: byte-order mark, escape sequences, strict UTF-8, the NUL pattern of
/// UTF-16, and then the best score among strict decodings of a sample that is pooled from all of the file.
enum CharsetDetector {
    /// - Parameter seen: told now and then how far the bytes were looked through, so that the caller can let go of pages.
    static func detect(_ bytes: UnsafeRawBufferPointer, seen: (Range<Int>) -> Void = { _ in }) -> DetectedCharset {
        func starts(_ magic: [UInt8]) -> Bool {
            bytes.count >= magic.count && bytes.prefix(magic.count).elementsEqual(magic)
        }
        if starts([0xFF, 0xFE]), !starts([0xFF, 0xFE, 0, 0]) { return DetectedCharset(.utf16LE, markLength: 2) }
        if starts([0xFE, 0xFF]) { return DetectedCharset(.utf16BE, markLength: 2) }
        if starts([0x84, 0x31, 0x95, 0x33]) { return DetectedCharset(.gb18030, markLength: 4) }
        let mark = starts([0xEF, 0xBB, 0xBF]) ? 3 : 0
        let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(1 << 20))
        if mark == 0, let wide = nulPattern(head) { return DetectedCharset(wide) }
        let (firstInvalid, hasNUL) = scan(bytes, seen)
        guard let invalid = firstInvalid else {
            if mark == 0, let escaped = escapes(head) { return DetectedCharset(escaped) }
            return DetectedCharset(.utf8, markLength: mark, hasNUL: hasNUL)
        }
        let broken = DetectedCharset(
            .utf8, confidence: 0.5, markLength: mark, hasInvalidBytes: true, hasNUL: hasNUL)
        if mark > 0 || isMostlyUTF8(bytes, from: invalid) { return broken }
        return score(sample(bytes, from: invalid)) ?? broken
    }

    /// The first byte that is not UTF-8, and whether there is a NUL, in steps of some megabytes.
    private static func scan(_ bytes: UnsafeRawBufferPointer, _ seen: (Range<Int>) -> Void) -> (
        invalid: Int?, hasNUL: Bool
    ) {
        var hasNUL = false
        var at = 0
        while at < bytes.count {
            var end = min(bytes.count, at + 16 << 20)
            // A step ends before a sequence, not inside one.
            if end < bytes.count {
                var back = 0
                while back < 3, bytes[end] & 0xC0 == 0x80 {
                    end -= 1
                    back += 1
                }
            }
            let step = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
            if !hasNUL, let base = step.baseAddress { hasNUL = memchr(base, 0, step.count) != nil }
            if let found = UTF8Check.firstInvalid(step) { return (at + found, hasNUL) }
            seen(at..<end)
            at = end
        }
        return (nil, hasNUL)
    }

    /// UTF-16 without a mark: text has many zero bytes in one of the two positions and few in the other.
    private static func nulPattern(_ head: UnsafeRawBufferPointer) -> Charset? {
        let count = min(head.count, 64 << 10) & ~1
        guard count >= 8 else { return nil }
        var even = 0
        var odd = 0
        for index in stride(from: 0, to: count, by: 2) {
            if head[index] == 0 { even += 1 }
            if head[index + 1] == 0 { odd += 1 }
        }
        let pairs = count / 2
        // Separators and digits alone give an ASCII share of some percent even in Chinese text.
        if odd > pairs / 20, odd > 4 * even + 2 { return .utf16LE }
        if even > pairs / 20, even > 4 * odd + 2 { return .utf16BE }
        return nil
    }

    /// 7-bit sets by their escape sequences.
    private static func escapes(_ head: UnsafeRawBufferPointer) -> Charset? {
        guard let base = head.baseAddress else { return nil }
        func has(_ sequence: [UInt8]) -> Bool {
            var at = 0
            while at + sequence.count <= head.count,
                let found = memchr(base + at, Int32(sequence[0]), head.count - at - sequence.count + 1)
            {
                if memcmp(found, sequence, sequence.count) == 0 { return true }
                at = base.distance(to: UnsafeRawPointer(found)) + 1
            }
            return false
        }
        if memchr(base, 0x1B, head.count) != nil {
            if has([0x1B, 0x24, 0x29, 0x43]) { return .iso2022KR }
            if has([0x1B, 0x24, 0x29, 0x41]) || has([0x1B, 0x24, 0x29, 0x47]) { return .iso2022CN }
            if has([0x1B, 0x24, 0x42]) || has([0x1B, 0x24, 0x40]) { return .iso2022JP }
        }
        return has([0x7E, 0x7B]) && has([0x7E, 0x7D]) && HZ.isPlausible(head) ? .hz : nil
    }

    /// Whether a text that is not quite UTF-8 is UTF-8 with damage: many well-formed sequences to each broken byte.
    private static func isMostlyUTF8(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        var valid = 0
        var invalid = 0
        // What stands before the first broken byte counts too: a file may be clean up to its last line.
        var at = max(0, start - (1 << 20))
        while at < start, base[at] & 0xC0 == 0x80 { at += 1 }
        let end = min(bytes.count, start + (4 << 20))
        while at < end {
            let byte = base[at]
            if byte < 0x80 {
                at += 1
                continue
            }
            let length = UTF8Check.sequenceLength(base, at, bytes.count)
            if length > 1 { valid += 1 } else { invalid += 1 }
            at += max(1, length)
        }
        return valid >= 4 * invalid && valid > 0
    }

    /// Lines with bytes above 0x7F from all over the file, at most 128 KiB.
    private static func sample(_ bytes: UnsafeRawBufferPointer, from start: Int) -> [UInt8] {
        var pool: [UInt8] = []
        var at = start
        while at > 0, bytes[at - 1] != 0x0A, start - at < 4096 { at -= 1 }
        let step = max(0, (bytes.count - at) / 64)
        for part in 0..<64 {
            var from = at + part * step
            if part > 0 {
                while from < bytes.count, bytes[from] != 0x0A { from += 1 }
                from += 1
            }
            guard from < bytes.count else { break }
            var to = min(bytes.count, from + 2048)
            while to < bytes.count, bytes[to - 1] != 0x0A, to - from < 8192 { to += 1 }
            pool.append(contentsOf: bytes[from..<to])
            if step < 2048 && part == 0 && bytes.count - at <= 128 << 10 {
                return Array(bytes[at...])
            }
        }
        return pool
    }

    private static let candidates: [Charset] = [.gb18030, .big5, .shiftJIS, .eucJP, .eucKR, .windows1252]

    /// The set with the best mean score per character among those that decode the sample without error.
    private static func score(_ sample: [UInt8]) -> DetectedCharset? {
        let scored: [(charset: Charset, score: Double)] = candidates.compactMap { charset in
            let decoded = sample.withUnsafeBytes { Iconv.strictBytes($0, from: charset, isLast: false) }
            guard let decoded else { return nil }
            if charset == .windows1252 && !isLatinText(sample) { return nil }
            return (charset, CharsetScore.mean(decoded, as: charset))
        }
        let ranked = scored.sorted { $0.score > $1.score }
        guard let best = ranked.first, best.score > 0 else {
            // Damaged text of a multi-byte set: the one with the fewest errors, if they are few.
            return damaged(sample)
        }
        let lead = ranked.count > 1 ? best.score - ranked[1].score : best.score
        return DetectedCharset(best.charset, confidence: min(1, 0.5 + max(0, lead)))
    }

    private static func damaged(_ sample: [UInt8]) -> DetectedCharset? {
        var best: (charset: Charset, errors: Int)?
        let high = sample.reduce(0) { $0 + ($1 >= 0x80 ? 1 : 0) }
        for charset in candidates where charset != .windows1252 {
            guard var decoder = Iconv(charset) else { continue }
            var out: [UInt8] = []
            sample.withUnsafeBytes { decoder.decode($0, isLast: false, into: &out) }
            if decoder.replaced * 20 < high, decoder.replaced < best?.errors ?? .max,
                CharsetScore.mean(out, as: charset) > 0.3
            {
                best = (charset, decoder.replaced)
            }
        }
        return best.map { DetectedCharset($0.charset, confidence: 0.5) }
    }

    /// Western text has letters around most of its high bytes, and not many high bytes in a row.
    private static func isLatinText(_ sample: [UInt8]) -> Bool {
        var high = 0
        var letters = 0
        for (index, byte) in sample.enumerated() where byte >= 0x80 {
            high += 1
            let before = index > 0 ? sample[index - 1] : 0x20
            if byte >= 0xC0 && (before < 0x80) { letters += 1 }
        }
        return high >= 3 && letters * 2 >= high
    }
}
