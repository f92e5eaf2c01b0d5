/// Ids for what its source gave none: a hash of the content in hexadecimal.
enum StableID {
    static func text(_ value: UInt64) -> String {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ value: UInt64, to out: inout [UInt8]) {
        let digits = StaticString("0123456789abcdef")
        for shift in stride(from: 60, through: 0, by: -4) {
            out.append(digits.utf8Start[Int(truncatingIfNeeded: value >> UInt64(shift) & 15)])
        }
    }
}
