/// CSV put together as bytes; numbers are written so that reading them back gives the same double, `NaN` as nothing.
struct SeriesText {
    private var buffer: [UInt8] = []

    init() { buffer.reserveCapacity(1 << 21) }

    mutating func comma() { buffer.append(UInt8(ascii: ",")) }
    mutating func newline() { buffer.append(UInt8(ascii: "\n")) }
    mutating func bytes(_ bytes: ArraySlice<UInt8>) { buffer += bytes }

    /// A field, quoted where it has to be.
    mutating func string(_ text: String) {
        let utf8 = text.utf8
        guard utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }) else {
            buffer += utf8
            return
        }
        buffer += SeriesText.field(text)
    }

    mutating func number(_ value: Double) {
        guard value.isFinite else { return }
        if value == value.rounded(), abs(value) < 1e15 {
            if value == 0 { buffer.append(UInt8(ascii: "0")) } else { buffer += "\(Int64(value))".utf8 }
            return
        }
        buffer += "\(value)".utf8
    }

    mutating func row(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { comma() }
            string(field)
        }
        newline()
    }

    /// Hands over what has gathered once it is more than a number of bytes.
    mutating func drain(above limit: Int, _ write: (ArraySlice<UInt8>) throws -> Void) rethrows {
        guard buffer.count > limit else { return }
        try write(buffer[...])
        buffer.removeAll(keepingCapacity: true)
    }

    /// A text as a field's bytes.
    static func field(_ text: String) -> ArraySlice<UInt8> {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }) else {
            return Array(text.utf8)[...]
        }
        var out: [UInt8] = [0x22]
        for byte in text.utf8 {
            if byte == 0x22 { out.append(0x22) }
            out.append(byte)
        }
        out.append(0x22)
        return out[...]
    }
}
