internal import Foundation

/// What BERT's basic tokenizer makes of one character that is not ASCII.
enum ScalarFolding {
    /// A piece of the result.
    enum Part: Sendable, Equatable {
        case space
        case letter(UInt32)
        /// A character that is a token of its own.
        case punctuation(UInt32)
    }

    /// The parts of a scalar: none for control characters and for accents that are taken off.
    ///
    /// In the order of the reference: control characters go, blanks become spaces, canonical decomposition, accents (Mn)
    /// go, lower case, then punctuation is told from letters.
    static func fold(_ value: UInt32, _ settings: WordPieceTokenizer.Settings) -> [Part] {
        guard let scalar = Unicode.Scalar(value), value != 0, value != 0xfffd else { return [] }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate: return []
        default: break
        }
        if scalar.properties.isWhitespace { return [.space] }
        var scalars = [scalar]
        if settings.isStrippingAccents {
            scalars = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter {
                $0.properties.generalCategory != .nonspacingMark
            }
        }
        if settings.isLowerCasing {
            scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
        }
        return scalars.map { isPunctuation($0) ? .punctuation($0.value) : .letter($0.value) }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return switch scalar.value {
            case 33...47, 58...64, 91...96, 123...126: true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    /// Whether BERT sets a character apart as Chinese: the blocks of unified and compatibility ideographs.
    static func isIdeograph(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2b73f, 0x2b740...0x2b81f,
            0x2b820...0x2ceaf, 0xf900...0xfaff, 0x2f800...0x2fa1f:
            true
        default: false
        }
    }
}
