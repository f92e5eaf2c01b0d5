/// A piece of a normalised text: where it lies and what it is.
package struct Token: Sendable, Hashable {
    /// What a token is.
    package enum Kind: UInt8, Sendable {
        /// A run of letters and digits of a script that writes words.
        case word
        /// One character of a script without spaces between words: Han or kana.
        case ideograph
        /// One other character: punctuation, a symbol, an emoji.
        case symbol
    }

    /// The offset of the first byte.
    package var start: UInt32
    /// The length in bytes.
    package var length: UInt32
    package var kind: Kind

    package init(start: UInt32, length: UInt32, kind: Kind) {
        self.start = start
        self.length = length
        self.kind = kind
    }

    /// The offset behind the last byte.
    @inline(__always)
    package var end: UInt32 { start &+ length }
}

/// Cuts normalised text into words, Han characters and symbols.
package struct Tokenizer: Sendable {
    package init() {}

    /// Writes the tokens of valid UTF-8 bytes into a buffer that is used again and again, and gives their number.
    ///
    /// What the buffer holds behind that number means nothing. At most `UInt32.max` bytes.
    package func tokenize(_ bytes: UnsafeBufferPointer<UInt8>, into tokens: inout [Token]) -> Int {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return 0 }
        if tokens.count < bytes.count {
            tokens = [Token](repeating: Token(start: 0, length: 0, kind: .symbol), count: bytes.count * 2)
        }
        return tokens.withUnsafeMutableBufferPointer { out in
            asciiClasses.withUnsafeBufferPointer { classes in
                Tokenizer.run(base, bytes.count, classes, out)
            }
        }
    }

    private static func run(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, _ classes: UnsafeBufferPointer<UInt8>,
        _ out: UnsafeMutableBufferPointer<Token>
    ) -> Int {
        var written = 0
        var index = 0
        while index < count {
            let byte = bytes[index]
            if byte < 0x80 {
                let cls = classes[Int(byte)]
                if cls == 0 {
                    index += 1
                    continue
                }
                if cls == 2 {
                    out[written] = Token(start: UInt32(truncatingIfNeeded: index), length: 1, kind: .symbol)
                    written += 1
                    index += 1
                    continue
                }
            } else {
                let (scalar, length) = Scalars.decodeValid(bytes, at: index)
                let kind = Tokenizer.kind(of: scalar)
                if kind != .word {
                    out[written] = Token(
                        start: UInt32(truncatingIfNeeded: index), length: UInt32(truncatingIfNeeded: length), kind: kind
                    )
                    written += 1
                    index += length
                    continue
                }
            }
            let start = index
            while index < count {
                let byte = bytes[index]
                if byte < 0x80 {
                    guard classes[Int(byte)] == 1 else { break }
                    index += 1
                } else {
                    let (scalar, length) = Scalars.decodeValid(bytes, at: index)
                    guard Tokenizer.kind(of: scalar) == .word else { break }
                    index += length
                }
            }
            out[written] = Token(
                start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: index - start), kind: .word
            )
            written += 1
        }
        return written
    }

    @inline(__always)
    private static func kind(of scalar: UInt32) -> Token.Kind {
        if scalar >= 0x4e00 && scalar <= 0x9fff { return .ideograph }
        switch Script.of(scalar) {
        case .han, .kana: return .ideograph
        case .none: return .symbol
        default: return .word
        }
    }
}

/// 0 for what separates, 1 for letters, digits and the underscore, 2 for symbols.
private let asciiClasses: [UInt8] = (0..<128).map { (byte: UInt8) in
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: 1
    case 0...0x20, 0x7f: 0
    default: 2
    }
}
