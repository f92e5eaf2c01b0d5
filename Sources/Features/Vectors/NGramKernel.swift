internal import Text

/// The loop that turns the tokens of one normalised text into buckets.
///
/// The buckets fall into four regions of one size, so that a bucket tells the kind of its feature: Chinese characters
/// and symbols, words, characters within words, pairs of words.
struct NGramKernel {
    private let wordOrder: Int
    private let ideographOrder: Int
    private let shortest: Int
    private let longest: Int
    private let pairWindow: Int
    private let quarterShift: UInt64
    private let wordRegion: UInt32
    private let withinRegion: UInt32
    private let pairRegion: UInt32

    init(_ scheme: HashedNGrams) {
        wordOrder = scheme.wordOrder
        ideographOrder = scheme.ideographOrder
        shortest = max(1, scheme.shortestWithinWord)
        longest = scheme.longestWithinWord
        pairWindow = min(scheme.pairWindow, 15)
        quarterShift = UInt64(64 - (scheme.bits - 2))
        wordRegion = NGramKernel.firstWordBucket(scheme)
        withinRegion = NGramKernel.firstWithinWordBucket(scheme)
        pairRegion = NGramKernel.firstPairBucket(scheme)
    }

    static func firstWordBucket(_ scheme: HashedNGrams) -> UInt32 { 1 << UInt32(scheme.bits - 2) }
    static func firstWithinWordBucket(_ scheme: HashedNGrams) -> UInt32 { 2 << UInt32(scheme.bits - 2) }
    static func firstPairBucket(_ scheme: HashedNGrams) -> UInt32 { 3 << UInt32(scheme.bits - 2) }

    /// The greatest number of buckets that a text of this many bytes can give.
    func capacity(bytes: Int) -> Int {
        // Words cannot touch, so there is one for two bytes at most.
        let perByte = max(wordOrder, ideographOrder) + max(0, longest - shortest + 1) + (pairWindow + 1) / 2
        // A piece of one byte has a space on both sides, hence three places.
        return (bytes + 2) * perByte * 3
    }

    struct Extent {
        var buckets = 0
        var words = 0
        var ideographs = 0
    }

    /// Writes the bucket of every n-gram, repeated ones too.
    /// - Parameters:
    ///   - isSubject: whether the features are those of a subject: words, Chinese characters and runs of them under other
    ///     names, and no characters within words or pairs.
    ///   - padded: room for the longest piece and 16 bytes.
    func run(
        _ bytes: UnsafePointer<UInt8>, _ tokens: UnsafePointer<Token>, _ tokenCount: Int, isSubject: Bool = false,
        padded: UnsafeMutablePointer<UInt8>, out: UnsafeMutablePointer<UInt32>
    ) -> Extent {
        var extent = Extent()
        var cursor = out
        // The hashes of the last units, newest first.
        var unit1: UInt64 = 0
        var unit2: UInt64 = 0
        var unit3: UInt64 = 0
        var units = 0
        var sinceIdeograph = Int.max >> 1
        var word1: UInt64 = 0
        var word2: UInt64 = 0
        var wordsInRow = 0
        var recent = InlineArray<16, UInt64>(repeating: 0)
        var pieceStart: UInt32 = 0
        var pieceEnd: UInt32 = 0
        var pieceHasWord = false
        let raw = UnsafeRawPointer(bytes)
        let pairWindow = isSubject ? 0 : pairWindow

        for index in 0..<tokenCount {
            let token = tokens[index]
            let length = Int(token.length)
            var hash: UInt64
            if length <= 8 {
                hash = ByteHash.mix(NGramKernel.load(raw, Int(token.start), length))
            } else {
                hash = ByteHash.hash(bytes + Int(token.start), count: length)
            }
            if isSubject { hash = ByteHash.combine(hash, 0x5355_424a) }
            switch token.kind {
            case .word:
                extent.words += 1
                sinceIdeograph += 1
                cursor.pointee = wordRegion | UInt32(truncatingIfNeeded: hash >> quarterShift)
                cursor += 1
                if wordsInRow >= 1 && wordOrder >= 2 {
                    let pair = ByteHash.mix(ByteHash.combine(word1, hash))
                    cursor.pointee = wordRegion | UInt32(truncatingIfNeeded: pair >> quarterShift)
                    cursor += 1
                    if wordsInRow >= 2 && wordOrder >= 3 {
                        let triple = ByteHash.mix(ByteHash.combine(ByteHash.combine(word2, word1), hash))
                        cursor.pointee = wordRegion | UInt32(truncatingIfNeeded: triple >> quarterShift)
                        cursor += 1
                    }
                }
                word2 = word1
                word1 = hash
                wordsInRow += 1
                if pairWindow >= 2 {
                    var back = min(extent.words - 1, pairWindow)
                    while back > 0 {
                        let other = recent[(extent.words - back) & 15]
                        if other != hash {
                            let pair = (other &+ hash) &* 0x9e37_79b9_7f4a_7c15
                            cursor.pointee = pairRegion | UInt32(truncatingIfNeeded: pair >> quarterShift)
                            cursor += 1
                        }
                        back -= 1
                    }
                    recent[extent.words & 15] = hash
                }
            case .ideograph:
                extent.ideographs += 1
                sinceIdeograph = 0
                wordsInRow = 0
                cursor.pointee = UInt32(truncatingIfNeeded: hash >> quarterShift)
                cursor += 1
            case .symbol:
                sinceIdeograph += 1
                cursor.pointee = UInt32(truncatingIfNeeded: hash >> quarterShift)
                cursor += 1
            }
            if sinceIdeograph < ideographOrder {
                // Windows over units that hold at least one ideograph.
                var window = hash
                if sinceIdeograph < 2 && units >= 1 && ideographOrder >= 2 {
                    window = ByteHash.combine(unit1, hash)
                    cursor.pointee = UInt32(truncatingIfNeeded: ByteHash.mix(window) >> quarterShift)
                    cursor += 1
                }
                if sinceIdeograph < 3 && units >= 2 && ideographOrder >= 3 {
                    window = ByteHash.combine(ByteHash.combine(unit2, unit1), hash)
                    cursor.pointee = UInt32(truncatingIfNeeded: ByteHash.mix(window) >> quarterShift)
                    cursor += 1
                }
                if sinceIdeograph < 4 && units >= 3 && ideographOrder >= 4 {
                    window = ByteHash.combine(ByteHash.combine(ByteHash.combine(unit3, unit2), unit1), hash)
                    cursor.pointee = UInt32(truncatingIfNeeded: ByteHash.mix(window) >> quarterShift)
                    cursor += 1
                }
            }
            unit3 = unit2
            unit2 = unit1
            unit1 = hash
            units += 1

            if isSubject { continue }
            // Words and symbols that touch make one piece for the characters within words.
            if token.kind == .ideograph {
                if pieceHasWord { withinWord(bytes, pieceStart, pieceEnd, padded, &cursor) }
                pieceHasWord = false
                pieceEnd = .max
            } else {
                if token.start != pieceEnd {
                    if pieceHasWord { withinWord(bytes, pieceStart, pieceEnd, padded, &cursor) }
                    pieceHasWord = false
                    pieceStart = token.start
                }
                pieceEnd = token.end
                if token.kind == .word { pieceHasWord = true }
            }
        }
        if pieceHasWord { withinWord(bytes, pieceStart, pieceEnd, padded, &cursor) }
        extent.buckets = cursor - out
        return extent
    }

    /// The first `length` bytes from `offset`, at most eight, as one number.
    @inline(__always)
    private static func load(_ raw: UnsafeRawPointer, _ offset: Int, _ length: Int) -> UInt64 {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        return word & (UInt64.max >> UInt64(truncatingIfNeeded: 64 - 8 * length))
    }

    @inline(__always)
    private func bucket(within key: UInt64) -> UInt32 {
        let hash = (key ^ (key >> 29)) &* 0x9e37_79b9_7f4a_7c15
        return withinRegion | UInt32(truncatingIfNeeded: hash >> quarterShift)
    }

    @inline(__always)
    private func withinWord(
        _ bytes: UnsafePointer<UInt8>, _ start: UInt32, _ end: UInt32, _ padded: UnsafeMutablePointer<UInt8>,
        _ cursor: inout UnsafeMutablePointer<UInt32>
    ) {
        guard longest >= shortest else { return }
        let length = Int(end - start)
        let source = bytes + Int(start)
        var union: UInt8 = 0
        padded[0] = 0x20
        for index in 0..<length {
            let byte = source[index]
            union |= byte
            padded[index + 1] = byte
        }
        padded[length + 1] = 0x20
        if union < 0x80 && longest <= 8 {
            let total = length + 2
            let raw = UnsafeRawPointer(padded)
            for position in 0..<total {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let most = min(longest, total - position)
                var size = shortest
                var mask = UInt64.max >> UInt64(truncatingIfNeeded: 64 - 8 * shortest)
                while size <= most {
                    cursor.pointee = bucket(within: word & mask)
                    cursor += 1
                    mask = mask << 8 | 0xff
                    size += 1
                }
            }
        } else {
            wideWithinWord(padded, length + 2, &cursor)
        }
    }

    @inline(never)
    private func wideWithinWord(
        _ padded: UnsafeMutablePointer<UInt8>, _ total: Int, _ cursor: inout UnsafeMutablePointer<UInt32>
    ) {
        func next(_ position: Int) -> Int {
            var position = position + 1
            while position < total && padded[position] & 0xc0 == 0x80 { position += 1 }
            return position
        }
        var start = 0
        while start < total {
            var end = start
            var characters = 0
            while characters < longest && end < total {
                end = next(end)
                characters += 1
                if characters >= shortest {
                    let length = end - start
                    let key =
                        length <= 8
                        ? NGramKernel.load(UnsafeRawPointer(padded), start, length)
                        : ByteHash.hash(padded + start, count: length)
                    cursor.pointee = bucket(within: key)
                    cursor += 1
                }
            }
            start = next(start)
        }
    }
}
