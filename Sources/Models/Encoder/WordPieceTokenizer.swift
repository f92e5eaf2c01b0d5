internal import Text

/// Cuts texts into the word pieces of a BERT vocabulary.
///
/// The basic step drops control characters, sets Chinese characters and punctuation apart, lower-cases and takes accents
/// off, as Hugging Face's `BertTokenizer` does; words are then cut greedily, the longest known piece first, pieces within
/// a word being those that the vocabulary marks with `##` (Wu et al., "Google's neural machine translation system", 2016).
/// Special tokens such as `[SEP]` within a text are plain text.
package struct WordPieceTokenizer: Sendable {
    /// The tokens by their number.
    package let tokens: [String]
    /// The number of the token that opens every text, `[CLS]`.
    package let opening: Int32
    /// The number of the token that closes every text, `[SEP]`.
    package let closing: Int32
    /// The number of the token for words that have no pieces, `[UNK]`.
    package let unknown: Int32
    /// The settings of the basic step.
    package let settings: Settings

    /// How words are made of characters.
    package struct Settings: Sendable, Hashable, Codable {
        package var isLowerCasing = true
        package var isStrippingAccents = true
        package var isSplittingIdeographs = true
        package init() {}
    }

    /// Words longer than this are unknown.
    static let longestWord = 100

    private let pieces: PieceTable

    /// A tokenizer over the lines of a vocabulary file, a token each, numbered from 0.
    /// - Parameter path: what errors call the file.
    package init(vocabulary: [UInt8], settings: Settings, path: String) throws(ModelError) {
        var lines = vocabulary.split(separator: 0x0a, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        lines = lines.map { $0.last == 0x0d ? $0.dropLast() : $0 }
        func number(_ name: String) throws(ModelError) -> Int32 {
            guard let index = lines.lastIndex(where: { $0.elementsEqual(name.utf8) }) else {
                throw .unsupported(path: path, reason: "a vocabulary without the token \(name)")
            }
            return Int32(index)
        }
        opening = try number("[CLS]")
        closing = try number("[SEP]")
        unknown = try number("[UNK]")
        tokens = lines.map { String(decoding: $0, as: UTF8.self) }
        pieces = PieceTable(lines)
        self.settings = settings
    }

    /// The numbers of a text's tokens, from `[CLS]` to `[SEP]`, at most `limit` (at least 2).
    package func tokenize(_ text: UnsafeBufferPointer<UInt8>, limit: Int, scratch: inout Scratch) -> [Int32] {
        var out = [opening]
        scratch.word.removeAll(keepingCapacity: true)
        scratch.characters = 0
        var index = 0
        while index < text.count && out.count < limit {
            let byte = text[index]
            if byte < 0x80 {
                index += 1
                switch byte {
                case 0x61...0x7a, 0x30...0x39: scratch.append(byte)
                case 0x41...0x5a: scratch.append(settings.isLowerCasing ? byte | 0x20 : byte)
                case 0x20, 0x09, 0x0a, 0x0d: finish(&scratch, &out)
                case 0x21...0x7e:
                    finish(&scratch, &out)
                    scratch.append(byte)
                    finish(&scratch, &out)
                default: break
                }
                continue
            }
            guard let (scalar, length) = Scalars.decode(text, at: index) else {
                index += 1
                continue
            }
            index += length
            wide(scalar, &scratch, &out)
        }
        finish(&scratch, &out)
        if out.count > limit - 1 { out.removeLast(out.count - limit + 1) }
        out.append(closing)
        return out
    }

    /// The numbers of a text's tokens.
    package func tokenize(_ text: String, limit: Int = 512) -> [Int32] {
        var text = text
        var scratch = Scratch()
        return text.withUTF8 { tokenize($0, limit: limit, scratch: &scratch) }
    }

    private func wide(_ scalar: UInt32, _ scratch: inout Scratch, _ out: inout [Int32]) {
        if settings.isSplittingIdeographs && ScalarFolding.isIdeograph(scalar) {
            finish(&scratch, &out)
            // Compatibility ideographs are still replaced by the unified ones.
            for part in scratch.folding(of: scalar, settings) {
                if case .letter(let part) = part { scratch.append(scalar: part) }
            }
            finish(&scratch, &out)
            return
        }
        for part in scratch.folding(of: scalar, settings) {
            switch part {
            case .space: finish(&scratch, &out)
            case .letter(let part): scratch.append(scalar: part)
            case .punctuation(let part):
                finish(&scratch, &out)
                scratch.append(scalar: part)
                finish(&scratch, &out)
            }
        }
    }

    /// Cuts the word in the buffer into pieces.
    private func finish(_ scratch: inout Scratch, _ out: inout [Int32]) {
        if scratch.word.isEmpty { return }
        let kept = out.count
        let isKnown =
            scratch.characters <= WordPieceTokenizer.longestWord
            && scratch.word.withUnsafeBufferPointer { pieces.cut($0, into: &out) }
        if !isKnown {
            out.removeLast(out.count - kept)
            out.append(unknown)
        }
        scratch.word.removeAll(keepingCapacity: true)
        scratch.characters = 0
    }

    /// The buffers for one worker.
    package struct Scratch: Sendable {
        fileprivate var word: [UInt8] = []
        fileprivate var characters = 0
        private var foldings: [UInt32: [ScalarFolding.Part]] = [:]

        package init() {}

        fileprivate mutating func append(_ byte: UInt8) {
            word.append(byte)
            characters += 1
        }

        fileprivate mutating func append(scalar: UInt32) {
            characters += 1
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { bytes in
                guard let base = bytes.baseAddress else { return }
                let length = Scalars.encode(scalar, to: base)
                word.append(contentsOf: bytes[..<length])
            }
        }

        fileprivate mutating func folding(of scalar: UInt32, _ settings: Settings) -> [ScalarFolding.Part] {
            if let known = foldings[scalar] { return known }
            let parts = ScalarFolding.fold(scalar, settings)
            if foldings.count < 65_536 { foldings[scalar] = parts }
            return parts
        }
    }
}

/// The tokens of a vocabulary by the hash of their bytes; those that continue a word apart.
private struct PieceTable: Sendable {
    /// Open addressing: the number of the token, -1 for an empty place.
    private var places: [Int32]
    private let mask: Int
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var longest = 1

    private static let first: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let within: UInt64 = 0x8422_2325_cbf2_9ce4

    init(_ lines: [ArraySlice<UInt8>]) {
        var size = 1024
        while size < lines.count * 3 { size *= 2 }
        mask = size - 1
        places = [Int32](repeating: -1, count: size)
        for (number, line) in lines.enumerated() {
            bytes.append(contentsOf: line)
            ends.append(bytes.count)
            longest = max(longest, line.count)
            let isWithin = line.count > 2 && line.starts(with: [0x23, 0x23])
            let own = isWithin ? line.dropFirst(2) : line
            var hash = isWithin ? PieceTable.within : PieceTable.first
            for byte in own { hash = PieceTable.step(hash, byte) }
            var place = Int(truncatingIfNeeded: PieceTable.finish(hash)) & mask
            // A token that stands twice is the later one, as in a dictionary.
            while places[place] >= 0 && !token(Int(places[place]), is: line) { place = (place + 1) & mask }
            places[place] = Int32(number)
        }
    }

    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    private static func finish(_ hash: UInt64) -> UInt64 { (hash ^ hash >> 29) &* 0xbf58_476d_1ce4_e5b9 >> 20 }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    private func token(_ number: Int, is other: ArraySlice<UInt8>) -> Bool {
        bytes[range(number)].elementsEqual(other)
    }

    /// Appends the pieces of a word, the longest first; `false` where a part of it is no piece.
    func cut(_ word: UnsafeBufferPointer<UInt8>, into out: inout [Int32]) -> Bool {
        var start = 0
        while start < word.count {
            let isWithin = start > 0
            var hash = isWithin ? PieceTable.within : PieceTable.first
            var end = start
            var found: (number: Int32, end: Int)?
            while end < word.count && end - start < longest {
                hash = PieceTable.step(hash, word[end])
                end += 1
                if end < word.count && word[end] & 0xc0 == 0x80 { continue }
                let piece = UnsafeBufferPointer(rebasing: word[start..<end])
                if let number = number(of: piece, isWithin, hash) { found = (number, end) }
            }
            guard let found else { return false }
            out.append(found.number)
            start = found.end
        }
        return true
    }

    private func number(of piece: UnsafeBufferPointer<UInt8>, _ isWithin: Bool, _ hash: UInt64) -> Int32? {
        var place = Int(truncatingIfNeeded: PieceTable.finish(hash)) & mask
        while places[place] >= 0 {
            var range = range(Int(places[place]))
            let isMarked = range.count > 2 && bytes[range.lowerBound] == 0x23 && bytes[range.lowerBound + 1] == 0x23
            if isMarked { range = (range.lowerBound + 2)..<range.upperBound }
            if isMarked == isWithin && range.count == piece.count {
                var index = 0
                while index < piece.count && bytes[range.lowerBound + index] == piece[index] { index += 1 }
                if index == piece.count { return places[place] }
            }
            place = (place + 1) & mask
        }
        return nil
    }
}
