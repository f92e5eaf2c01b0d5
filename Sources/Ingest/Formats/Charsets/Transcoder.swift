/// Whole inputs to UTF-8.
enum Transcoder {
    /// The text in UTF-8: the input itself where it is that already (without its mark), else a spool.
    ///
    /// - Returns: the text and how many places became U+FFFD.
    static func utf8(_ input: InputBytes, _ detected: DetectedCharset) throws(IngestError) -> (
        InputBytes, replaced: Int
    ) {
        let body = detected.markLength == 0 ? input : input.slice(detected.markLength..<input.count)
        if detected.charset == .utf8 { return (body, 0) }
        var spool = try Spool()
        if detected.charset == .hz {
            // The form of seven bits is undone first; the pairs are then those of GB18030.
            var pairs = try Spool()
            try pairs.write(HZ.toGB18030(body.bytes))
            let replaced = try stream(try pairs.map(), .gb18030, &spool)
            return (try spool.map(), replaced)
        }
        let replaced = try stream(body, detected.charset, &spool)
        return (try spool.map(), replaced)
    }

    private static func stream(_ input: InputBytes, _ charset: Charset, _ spool: inout Spool) throws(IngestError) -> Int
    {
        guard var decoder = Iconv(charset) else { return 0 }
        var out: [UInt8] = []
        let step = 1 << 20
        var at = 0
        while at < input.count {
            let end = min(input.count, at + step)
            out.removeAll(keepingCapacity: true)
            let chunk = UnsafeRawBufferPointer(rebasing: input.bytes[at..<end])
            decoder.decode(chunk, isLast: end == input.count, into: &out)
            try spool.write(out)
            input.forget(upTo: end, from: at)
            at = end
        }
        return decoder.replaced
    }
}
