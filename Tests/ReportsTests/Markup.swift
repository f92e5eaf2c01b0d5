import Foundation

/// A small reader of the markup that the pages are made of, strict about what it accepts.
struct Markup {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
    }
    var elements: [Element] = []
    var faults: [String] = []

    private static let void: Set<String> = ["meta", "br", "hr", "img", "input", "link", "col"]

    init(_ html: String) {
        var stack: [(name: String, index: Int)] = []
        let bytes = Array(html.utf8)
        var at = 0
        func text(_ from: Int, _ to: Int) -> String { String(decoding: bytes[from..<to], as: UTF8.self) }
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else {
                let start = at
                while at < bytes.count && bytes[at] != UInt8(ascii: "<") { at += 1 }
                if let top = stack.last { elements[top.index].text += text(start, at) }
                continue
            }
            guard let close = Markup.end(bytes, at) else {
                faults.append("a tag never ends: \(text(at, min(at + 60, bytes.count)))")
                return
            }
            let tag = text(at + 1, close)
            at = close + 1
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                let name = String(tag.dropFirst())
                if stack.last?.name == name {
                    stack.removeLast()
                } else {
                    faults.append("</\(name)> closes <\(stack.last?.name ?? "nothing")>")
                    return
                }
                continue
            }
            var element = Markup.element(tag)
            let isClosed = tag.hasSuffix("/")
            if element.name.hasSuffix("/") { element.name.removeLast() }
            elements.append(element)
            if !isClosed && !Markup.void.contains(element.name) { stack.append((element.name, elements.count - 1)) }
        }
        if let open = stack.last { faults.append("<\(open.name)> is never closed") }
    }

    private static func end(_ bytes: [UInt8], _ start: Int) -> Int? {
        var quoted = false
        for index in (start + 1)..<bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { quoted.toggle() }
            if bytes[index] == UInt8(ascii: ">") && !quoted { return index }
        }
        return nil
    }

    private static func element(_ tag: String) -> Element {
        var name = ""
        var attributes: [String: String] = [:]
        var key = ""
        var value = ""
        var state = 0
        for character in tag {
            switch state {
            case 0: if character == " " { state = 1 } else { name.append(character) }
            case 1:
                if character == "=" {
                    state = 2
                } else if character == " " {
                    if !key.isEmpty { attributes[key] = "" }
                    key = ""
                } else {
                    key.append(character)
                }
            case 2: if character == "\"" { state = 3 }
            default:
                if character == "\"" {
                    attributes[key] = value
                    key = ""
                    value = ""
                    state = 1
                } else {
                    value.append(character)
                }
            }
        }
        if !key.isEmpty && key != "/" { attributes[key] = "" }
        return Element(name: name, attributes: attributes)
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }
}
