/// Header text with encoded words (RFC 2047) as Unicode.
enum EncodedWords {
    /// Unfolds and decodes; what is no encoded word stays, bytes beyond ASCII are taken as text without a declared set.
    static func decode(_ raw: UnsafeRawBufferPointer) -> String {
        var out = ""
        var plain: [UInt8] = []
        // Neighbours of the same set and encoding are joined before decoding: some senders cut characters in two.
        var pending: (label: String, bytes: [UInt8])?
        var index = 0
        func flushPlain() {
            guard !plain.isEmpty else { return }
            out += plain.withUnsafeBytes { LabelledText.decode($0, label: nil) }
            plain.removeAll(keepingCapacity: true)
        }
        func flushPending() {
            guard let word = pending else { return }
            out += word.bytes.withUnsafeBytes { LabelledText.decode($0, label: word.label) }
            pending = nil
        }
        while index < raw.count {
            if raw[index] == UInt8(ascii: "="), index + 1 < raw.count, raw[index + 1] == UInt8(ascii: "?"),
                let word = word(raw, at: index)
            {
                if pending != nil, plain.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                    // White space between two encoded words belongs to the folding.
                    plain.removeAll(keepingCapacity: true)
                } else {
                    flushPending()
                    flushPlain()
                }
                if let open = pending, open.label == word.label {
                    pending?.bytes += word.bytes
                } else {
                    flushPending()
                    pending = (word.label, word.bytes)
                }
                index = word.end
                continue
            }
            let byte = raw[index]
            index += 1
            if byte == 0x0D || byte == 0x0A { continue }
            if pending != nil, byte != 0x20, byte != 0x09 {
                flushPending()
            }
            plain.append(byte == 0x09 ? 0x20 : byte)
        }
        flushPending()
        flushPlain()
        return trimmed(out)
    }

    static func decode(_ raw: String) -> String {
        var raw = raw
        return raw.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace || last.value < 0x20 { scalars.removeLast() }
        while let first = scalars.first, first.properties.isWhitespace || first.value < 0x20 { scalars.removeFirst() }
        return String(scalars)
    }

    /// `=?set?B|Q?text?=` at a position; folds inside are tolerated, and a missing end takes the rest of the word.
    private static func word(_ raw: UnsafeRawBufferPointer, at start: Int) -> (label: String, bytes: [UInt8], end: Int)?
    {
        var index = start + 2
        let labelStart = index
        while index < raw.count, raw[index] != UInt8(ascii: "?"), index - labelStart < 60 {
            guard raw[index] > 0x20 else { return nil }
            index += 1
        }
        guard index + 2 < raw.count, raw[index] == UInt8(ascii: "?"), index > labelStart,
            raw[index + 2] == UInt8(ascii: "?")
        else { return nil }
        var label = String(decoding: UnsafeRawBufferPointer(rebasing: raw[labelStart..<index]), as: UTF8.self)
            .lowercased()
        // A language may follow the set (RFC 2231).
        if let star = label.firstIndex(of: "*") { label = String(label[..<star]) }
        let encoding = raw[index + 1] | 0x20
        index += 3
        let textStart = index
        while index + 1 < raw.count, !(raw[index] == UInt8(ascii: "?") && raw[index + 1] == UInt8(ascii: "=")) {
            index += 1
        }
        guard index + 1 < raw.count else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: raw[textStart..<index])
        switch encoding {
        case UInt8(ascii: "b"): return (label, base64(text), index + 2)
        case UInt8(ascii: "q"): return (label, quotedPrintable(text), index + 2)
        default: return nil
        }
    }

    private static func quotedPrintable(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "_") {
                out.append(0x20)
            } else if byte == UInt8(ascii: "="), index + 2 < text.count, let high = hex(text[index + 1]),
                let low = hex(text[index + 2])
            {
                out.append(high << 4 | low)
                index += 2
            } else if byte != 0x0D && byte != 0x0A {
                out.append(byte)
            }
            index += 1
        }
        return out
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    static func base64(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for byte in text {
            let value: UInt32
            switch byte {
            case 65...90: value = UInt32(byte) - 65
            case 97...122: value = UInt32(byte) - 71
            case 48...57: value = UInt32(byte) + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: continue
            }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return out
    }
}
