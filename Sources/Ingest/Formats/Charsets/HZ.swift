/// HZ-GB-2312 (RFC 1843): GB 2312 in seven bits between `~{` and `~}`.
enum HZ {
    /// Whether what stands between the marks is pairs of GB 2312 bytes.
    static func isPlausible(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var inside = false
        var pairs = 0
        var at = 0
        while at + 1 < bytes.count {
            if bytes[at] == 0x7E {
                if bytes[at + 1] == 0x7B { inside = true }
                if bytes[at + 1] == 0x7D { inside = false }
                at += 2
                continue
            }
            guard inside else {
                at += 1
                continue
            }
            guard (0x21...0x77).contains(bytes[at]), (0x21...0x7E).contains(bytes[at + 1]) else { return false }
            pairs += 1
            at += 2
        }
        return pairs > 0
    }

    /// The same text as GB18030, which the C library reads; a cut pair at the end is kept as it is.
    static func toGB18030(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var inside = false
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            if byte == 0x7E, next == 0x7B || next == 0x7D || next == 0x7E || next == 0x0A {
                if next == 0x7B { inside = true } else if next == 0x7D { inside = false }
                if next == 0x7E { out.append(0x7E) }
                at += 2
            } else if inside, byte >= 0x21, next >= 0x21 {
                out.append(byte | 0x80)
                out.append(next | 0x80)
                at += 2
            } else {
                if byte == 0x0A { inside = false }
                out.append(byte)
                at += 1
            }
        }
        return out
    }
}
