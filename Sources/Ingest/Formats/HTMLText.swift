/// The words of an HTML fragment as a person reads them: tags away, entities decoded, a line break where a block ends.
///
/// Time grows with the length; nothing is nested, so depth is no matter. It is for text analysis, not for display.
enum HTMLText {
    /// Text that holds no tag and no entity is given back as it is, but for white space at its ends.
    static func plain(_ html: UnsafeRawBufferPointer) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(html.count)
        // Behind the last `>` no tag can end, so none is looked for: each byte is passed over a bounded number of times.
        let lastEnd = html.lastIndex(of: UInt8(ascii: ">")) ?? -1
        var index = 0
        while index < html.count {
            let byte = html[index]
            switch byte {
            case UInt8(ascii: "<") where index < lastEnd || html.starts(at: index, "<!--"):
                index = tag(html, index, &out)
            case UInt8(ascii: "&"):
                index = entity(html, index, &out)
            case 0x20, 0x09, 0x0A, 0x0D:
                if let last = out.last, last != 0x20, last != 0x0A { out.append(0x20) }
                index += 1
            default:
                out.append(byte)
                index += 1
            }
        }
        while let last = out.last, last <= 0x20 { out.removeLast() }
        let start = out.firstIndex { $0 > 0x20 } ?? out.endIndex
        return String(decoding: out[start...], as: UTF8.self)
    }

    static func plain(_ html: String) -> String {
        var html = html
        return html.withUTF8 { plain(UnsafeRawBufferPointer($0)) }
    }

    /// Passes a tag over; a `<` that opens none stays.
    private static func tag(_ html: UnsafeRawBufferPointer, _ start: Int, _ out: inout [UInt8]) -> Int {
        var index = start + 1
        if html.starts(at: index, "!--") {
            return html.position(of: "-->", from: index + 3).map { $0 + 3 } ?? html.count
        }
        let isClosing = index < html.count && html[index] == UInt8(ascii: "/")
        if isClosing { index += 1 }
        let nameStart = index
        while index < html.count, index - nameStart < 12, isNameByte(html[index]) { index += 1 }
        guard index > nameStart || (nameStart < html.count && html[nameStart] == UInt8(ascii: "!")) else {
            out.append(UInt8(ascii: "<"))
            return start + 1
        }
        let name = String(decoding: html[nameStart..<index], as: UTF8.self).lowercased()
        // The end of the tag: a `>` outside quotes; a tag that never ends is text.
        var quote: UInt8 = 0
        while index < html.count, quote != 0 || html[index] != UInt8(ascii: ">") {
            let byte = html[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            index += 1
        }
        guard index < html.count else {
            // An unclosed quote must not swallow the rest of the message.
            guard let end = html[nameStart...].firstIndex(of: UInt8(ascii: ">")) else {
                out.append(UInt8(ascii: "<"))
                return start + 1
            }
            return end + 1
        }
        switch name {
        case "script", "style", "head", "title":
            if !isClosing { return html.closing(of: name, from: index + 1) }
        case "br", "p", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
            "pre":
            while out.last == 0x20 { out.removeLast() }
            if let last = out.last, last != 0x0A { out.append(0x0A) }
        case "td", "th":
            if let last = out.last, last > 0x20 { out.append(0x20) }
        default: break
        }
        return index + 1
    }

    private static func isNameByte(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }

    private static func entity(_ html: UnsafeRawBufferPointer, _ start: Int, _ out: inout [UInt8]) -> Int {
        var end = start + 1
        while end < html.count, end - start <= 10, html[end] != UInt8(ascii: ";") { end += 1 }
        guard end < html.count, html[end] == UInt8(ascii: ";"), end > start + 1 else {
            out.append(UInt8(ascii: "&"))
            return start + 1
        }
        let name = String(decoding: html[(start + 1)..<end], as: UTF8.self)
        let scalar: Unicode.Scalar?
        switch name {
        case "amp": scalar = "&"
        case "lt": scalar = "<"
        case "gt": scalar = ">"
        case "quot": scalar = "\""
        case "apos": scalar = "'"
        case "nbsp": scalar = " "
        case "hellip": scalar = "…"
        case "ndash": scalar = "–"
        case "mdash": scalar = "—"
        case "lsquo": scalar = "‘"
        case "rsquo": scalar = "’"
        case "ldquo": scalar = "“"
        case "rdquo": scalar = "”"
        case "copy": scalar = "©"
        case "yen": scalar = "¥"
        case "euro": scalar = "€"
        default:
            if name.hasPrefix("#x") || name.hasPrefix("#X") {
                scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
            } else if name.hasPrefix("#") {
                scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
            } else {
                scalar = nil
            }
        }
        guard let scalar else {
            out.append(UInt8(ascii: "&"))
            return start + 1
        }
        if scalar == " " || scalar == "\u{A0}" {
            if let last = out.last, last != 0x20, last != 0x0A { out.append(0x20) }
        } else if scalar.value >= 0x20 || scalar == "\n" {
            out.append(contentsOf: String(scalar).utf8)
        }
        return end + 1
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func starts(at index: Int, _ word: StaticString) -> Bool {
        guard index + word.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where self[index + offset] != word.utf8Start[offset] { return false }
        return true
    }

    fileprivate func position(of word: StaticString, from start: Int) -> Int? {
        var index = start
        while index + word.utf8CodeUnitCount <= count {
            if starts(at: index, word) { return index }
            index += 1
        }
        return nil
    }

    /// Behind the closing tag of an element whose content is no text; the end where it is never closed.
    fileprivate func closing(of name: String, from start: Int) -> Int {
        let wanted = Array("</\(name)".utf8)
        var index = start
        while index + wanted.count <= count {
            if self[index] == UInt8(ascii: "<") {
                var offset = 1
                while offset < wanted.count, self[index + offset] | 0x20 == wanted[offset] | 0x20 { offset += 1 }
                if offset == wanted.count {
                    return self[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? count
                }
            }
            index += 1
        }
        return count
    }
}
