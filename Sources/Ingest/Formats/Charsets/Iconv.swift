import Glibc

/// Character sets that the reader decodes; the raw value is the C library's name.
package enum Charset: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16LE = "UTF-16LE"
    case utf16BE = "UTF-16BE"
    case gb18030 = "GB18030"
    case big5 = "BIG5-HKSCS"
    case shiftJIS = "CP932"
    case eucJP = "EUC-JP"
    case eucKR = "CP949"
    case iso2022JP = "ISO-2022-JP"
    case iso2022CN = "ISO-2022-CN"
    case iso2022KR = "ISO-2022-KR"
    case windows1252 = "CP1252"
    /// GB2312 between `~{` and `~}`; decoded here, the C library does not know it.
    case hz = "HZ"

    /// The usual name.
    package var name: String {
        switch self {
        case .big5: "Big5-HKSCS"
        case .shiftJIS: "Shift_JIS"
        case .eucKR: "EUC-KR"
        case .windows1252: "windows-1252"
        case .hz: "HZ-GB-2312"
        default: rawValue
        }
    }
}

/// A streaming decoder to UTF-8 on the C library's tables, with the WHATWG rule for what cannot be decoded.
///
/// A character that is cut by the end of a chunk waits for the next one. Bytes that mean nothing become U+FFFD and are
/// counted; NUL becomes U+FFFD too.
struct Iconv: ~Copyable {
    private let handle: iconv_t
    private let charset: Charset
    private var pending: [UInt8] = []
    /// Places where U+FFFD stands for something else.
    private(set) var replaced = 0

    init?(_ charset: Charset) {
        guard let handle = iconv_open("UTF-8", charset.rawValue), handle != iconv_t(bitPattern: -1) else { return nil }
        self.handle = handle
        self.charset = charset
    }

    deinit { iconv_close(handle) }

    /// Decodes a chunk; with `isLast` a cut character at its end is an error like any other.
    mutating func decode(_ chunk: UnsafeRawBufferPointer, isLast: Bool, into out: inout [UInt8]) {
        if pending.isEmpty {
            run(chunk, isLast, &out)
        } else {
            let joined = pending + Array(chunk)
            pending = []
            joined.withUnsafeBytes { run($0, isLast, &out) }
        }
    }

    private mutating func run(_ chunk: UnsafeRawBufferPointer, _ isLast: Bool, _ out: inout [UInt8]) {
        guard let base = chunk.baseAddress else { return }
        var input: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(
            to: CChar.self)
        var left = chunk.count
        let room = 64 << 10
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
        defer { buffer.deallocate() }
        while left > 0 {
            var output: UnsafeMutablePointer<CChar>? = buffer
            var free = room
            let result = iconv(handle, &input, &left, &output, &free)
            let code = errno
            append(UnsafeRawBufferPointer(start: buffer, count: room - free), to: &out)
            if result != -1 { continue }
            switch code {
            case E2BIG: continue
            case EINVAL where !isLast:
                pending = Array(chunk[(chunk.count - left)...])
                return
            default:
                replaced += 1
                out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                let skip = min(left, width(chunk, chunk.count - left))
                input = input?.advanced(by: skip)
                left -= skip
            }
        }
    }

    /// How many bytes one U+FFFD stands for: a lead byte takes its trail along unless that is ASCII.
    private func width(_ chunk: UnsafeRawBufferPointer, _ at: Int) -> Int {
        switch charset {
        case .utf16LE, .utf16BE: 2
        case .windows1252, .utf8, .iso2022CN, .iso2022JP, .iso2022KR, .hz: 1
        default: chunk[at] >= 0x81 && at + 1 < chunk.count && chunk[at + 1] >= 0x80 ? 2 : 1
        }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard bytes.contains(0) else {
            out.append(contentsOf: bytes)
            return
        }
        for byte in bytes {
            if byte == 0 {
                replaced += 1
                out.append(contentsOf: [0xEF, 0xBF, 0xBD])
            } else {
                out.append(byte)
            }
        }
    }

    /// The whole of a short text; `nil` where any byte cannot be decoded.
    static func strict(_ bytes: UnsafeRawBufferPointer, from charset: Charset) -> String? {
        guard let decoded = strictBytes(bytes, from: charset, isLast: true) else { return nil }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The UTF-8 of a text; `nil` where any byte cannot be decoded. A character cut by the end is left out unless `isLast`.
    static func strictBytes(_ bytes: UnsafeRawBufferPointer, from charset: Charset, isLast: Bool) -> [UInt8]? {
        guard var decoder = Iconv(charset) else { return nil }
        var out: [UInt8] = []
        decoder.decode(bytes, isLast: isLast, into: &out)
        return decoder.replaced == 0 ? out : nil
    }
}
