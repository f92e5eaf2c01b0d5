import Glibc

/// Decodes text of which the sender names the character set, as mail does: the name may be missing, misspelt or wrong.
enum LabelledText {
    /// The text of bytes in a declared character set.
    ///
    /// Labels mean what the WHATWG says (gb2312 is GB18030, iso-8859-1 is windows-1252). Without a label, with one that
    /// nobody knows, or where the label cannot be true (bytes that are strict UTF-8 under a label that does not fit), the
    /// text is UTF-8 if it can be, else what detection finds, else GB18030.
    static func decode(_ bytes: UnsafeRawBufferPointer, label: String?) -> String {
        if bytes.isEmpty { return "" }
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        let name = label.map(normalised)
        // Escaped forms are ASCII bytes that mean something else.
        if isASCII, name.map({ !isEscaped($0) }) ?? !bytes.contains(0x1B) {
            return String(decoding: bytes, as: UTF8.self)
        }
        if let name, let target = iconvName(name) {
            if target == "UTF-8" {
                if let text = String(validating: Array(bytes), as: UTF8.self) { return text }
                return detected(bytes) ?? String(decoding: bytes, as: UTF8.self)
            }
            if let text = run(bytes, target, isStrict: true) { return text }
            // A wrong label: what is strict UTF-8 with many bytes is hardly anything else.
            if let text = String(validating: Array(bytes), as: UTF8.self) { return text }
            if let text = run(bytes, target, isStrict: false) { return text }
        }
        if let text = String(validating: Array(bytes), as: UTF8.self) { return text }
        return detected(bytes) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// Whether every byte beyond ASCII stands alone: Latin letters do, the pairs of Chinese and Japanese do not.
    private static func isSingle(_ bytes: UnsafeRawBufferPointer) -> Bool {
        zip(bytes, bytes.dropFirst()).allSatisfy { $0 < 0x80 || $1 < 0x80 }
    }

    private static func detected(_ bytes: UnsafeRawBufferPointer) -> String? {
        if isSingle(bytes), !bytes.contains(0) { return run(bytes, "CP1252", isStrict: false) }
        let found = CharsetDetector.detect(bytes)
        if found.charset == .utf8 {
            // Bytes that are no UTF-8 and nothing else either: the set that takes most.
            return run(bytes, "GB18030", isStrict: true) ?? run(bytes, "CP1252", isStrict: false)
        }
        if found.charset == .hz {
            let pairs = HZ.toGB18030(bytes)
            return pairs.withUnsafeBytes { run($0, "GB18030", isStrict: false) }
        }
        return run(bytes, found.charset.rawValue, isStrict: false)
    }

    private static func normalised(_ label: String) -> String {
        String(label.lowercased().filter { !" \"'\t".contains($0) })
    }

    private static func isEscaped(_ name: String) -> Bool {
        name.hasPrefix("iso-2022") || name.hasPrefix("hz") || name.hasPrefix("utf-7") || name.hasPrefix("utf-16")
            || name.hasPrefix("ucs") || name.hasPrefix("utf-32") || name.hasPrefix("unicode-1-1-utf-7")
            || name.hasPrefix("csiso2022")
    }

    private static let aliases: [String: String] = [
        "utf-8": "UTF-8", "utf8": "UTF-8", "us-ascii": "UTF-8", "ascii": "UTF-8", "ansi_x3.4-1968": "UTF-8",
        "gb2312": "GB18030", "gbk": "GB18030", "gb18030": "GB18030", "x-gbk": "GB18030", "cp936": "GB18030",
        "gb_2312-80": "GB18030", "csgb2312": "GB18030", "chinese": "GB18030", "euc-cn": "GB18030",
        "x-euc-cn": "GB18030",
        "hz-gb-2312": "HZ", "hz": "HZ",
        "big5": "BIG5-HKSCS", "big5-hkscs": "BIG5-HKSCS", "x-x-big5": "BIG5-HKSCS", "cn-big5": "BIG5-HKSCS",
        "csbig5": "BIG5-HKSCS",
        "shift_jis": "CP932", "shift-jis": "CP932", "sjis": "CP932", "x-sjis": "CP932", "windows-31j": "CP932",
        "ms_kanji": "CP932", "euc-jp": "EUC-JP", "x-euc-jp": "EUC-JP",
        "euc-kr": "CP949", "ks_c_5601-1987": "CP949", "ks_c_5601": "CP949", "ksc5601": "CP949", "cp949": "CP949",
        "iso-8859-1": "CP1252", "iso8859-1": "CP1252", "latin1": "CP1252", "l1": "CP1252", "windows-1252": "CP1252",
        "cp1252": "CP1252", "x-cp1252": "CP1252", "iso_8859-1": "CP1252",
        "iso-8859-9": "CP1254", "windows-1254": "CP1254", "iso-8859-11": "CP874", "tis-620": "CP874",
        "windows-874": "CP874", "iso-8859-8-i": "ISO-8859-8", "x-mac-roman": "MACINTOSH", "macintosh": "MACINTOSH",
        "koi8-r": "KOI8-R", "koi8-u": "KOI8-U", "unicode-1-1-utf-7": "UTF-7", "utf-7": "UTF-7",
        "iso-2022-jp": "ISO-2022-JP-2", "iso-2022-jp-2": "ISO-2022-JP-2",
    ]

    /// The C library's name; `nil` where it has none.
    private static func iconvName(_ label: String) -> String? {
        if let known = aliases[label] { return known }
        // Only names that can be names reach the C library.
        guard label.utf8.count < 40,
            label.utf8.allSatisfy({ $0 &- 48 < 10 || $0 &- 97 < 26 || "-_.:".utf8.contains($0) })
        else { return nil }
        let plain = label.hasPrefix("x-") ? String(label.dropFirst(2)) : label
        guard let handle = iconv_open("UTF-8", plain), handle != iconv_t(bitPattern: -1) else { return nil }
        iconv_close(handle)
        return plain
    }

    private static func run(_ bytes: UnsafeRawBufferPointer, _ name: String, isStrict: Bool) -> String? {
        if name == "HZ" {
            let pairs = HZ.toGB18030(bytes)
            return pairs.withUnsafeBytes { run($0, "GB18030", isStrict: isStrict) }
        }
        if let charset = Charset(rawValue: name) {
            guard var decoder = Iconv(charset) else { return nil }
            var out: [UInt8] = []
            decoder.decode(bytes, isLast: true, into: &out)
            return isStrict && decoder.replaced > 0 ? nil : String(decoding: out, as: UTF8.self)
        }
        return other(bytes, name, isStrict: isStrict)
    }

    /// Any further set that the C library knows.
    private static func other(_ bytes: UnsafeRawBufferPointer, _ name: String, isStrict: Bool) -> String? {
        guard let handle = iconv_open("UTF-8", name), handle != iconv_t(bitPattern: -1), let base = bytes.baseAddress
        else { return nil }
        defer { iconv_close(handle) }
        var input: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(
            to: CChar.self)
        var left = bytes.count
        var out: [UInt8] = []
        var buffer = [CChar](repeating: 0, count: 8192)
        while true {
            let isFlush = left == 0
            let (result, written, code) = buffer.withUnsafeMutableBufferPointer { room -> (Int, Int, Int32) in
                var output = room.baseAddress
                var free = room.count
                // A last call without input writes what a stateful set still holds back.
                let result =
                    isFlush ? iconv(handle, nil, nil, &output, &free) : iconv(handle, &input, &left, &output, &free)
                return (Int(bitPattern: UInt(bitPattern: result)), room.count - free, errno)
            }
            out.append(contentsOf: buffer.prefix(written).lazy.map { UInt8(bitPattern: $0) })
            if isFlush { return String(decoding: out, as: UTF8.self) }
            if result != -1 || code == E2BIG { continue }
            if isStrict { return nil }
            out.append(contentsOf: [0xEF, 0xBF, 0xBD])
            input = input?.advanced(by: 1)
            left -= 1
        }
    }
}
