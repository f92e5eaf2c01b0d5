/// Positions by 64-bit key: open addressing with linear probing, for keys that are packed numbers.
///
/// Keys that differ only in their lowest eight bits lie side by side, so that the metrics of one segment and day share
/// cache lines. The standard dictionary's keyed hash guards against hostile keys, which these are not, and costs several
/// times more.
struct IntegerTable: Sendable {
    private struct Place {
        var key: UInt64 = 0
        /// Position plus one; 0 marks a free place.
        var position: Int = 0
    }

    private var places = Array(repeating: Place(), count: 512)
    private(set) var count = 0

    @inline(__always)
    private static func home(_ key: UInt64, _ mask: Int) -> Int {
        var hash = (key >> 8) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        hash = hash &* 0xBF58_476D_1CE4_E5B9
        return (Int(truncatingIfNeeded: hash >> 20) &+ Int(truncatingIfNeeded: key & 0xFF)) & mask
    }

    /// The position of a key; a new key gets the next one (0, 1, 2 …) and `isNew`.
    mutating func position(of key: UInt64) -> (position: Int, isNew: Bool) {
        let mask = places.count - 1
        var place = IntegerTable.home(key, mask)
        while places[place].position != 0 {
            if places[place].key == key { return (places[place].position - 1, false) }
            place = (place + 1) & mask
        }
        count += 1
        places[place] = Place(key: key, position: count)
        let position = count - 1
        if count * 2 > places.count { grow() }
        return (position, true)
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: Place(), count: old.count * 2)
        let mask = places.count - 1
        for entry in old where entry.position != 0 {
            var place = IntegerTable.home(entry.key, mask)
            while places[place].position != 0 { place = (place + 1) & mask }
            places[place] = entry
        }
    }
}
