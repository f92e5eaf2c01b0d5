import Glibc

/// A mergeable histogram of durations with fixed logarithmic buckets and integer counts.
///
/// A duration of `v` milliseconds (v ≥ 1) falls into bucket ceil(log(v) / log(γ)) with γ = 1.02, zero into a bucket of
/// its own. A quantile read from the sketch is therefore within 1% of the exact one: (γ−1)/(γ+1) = 0.99% (Masson, Rim
/// and Lee, "DDSketch", VLDB 2019, section 2). Merging adds counts: associative, commutative, exact.
package struct DurationSketch: Sendable, Equatable {
    package static let gamma = 1.02
    /// Greatest relative error of a quantile.
    package static let relativeError = 0.01
    private static let logGamma = 0.019802627296179712
    /// The bucket of the longest duration that 64 bits hold.
    private static let lastBucket = Int32(2206)
    /// Limits of counts read from bytes, so that sums of them cannot overflow.
    private static let greatestCount = UInt64(1) << 48

    package private(set) var zeroCount: Int64 = 0
    /// Bucket index and count, ascending by index, counts above zero.
    package private(set) var buckets: [(index: Int32, count: Int64)] = []

    package init() {}

    package var count: Int64 { buckets.reduce(zeroCount) { $0 + $1.count } }
    package var isEmpty: Bool { zeroCount == 0 && buckets.isEmpty }

    package static func == (a: DurationSketch, b: DurationSketch) -> Bool {
        a.zeroCount == b.zeroCount
            && a.buckets.elementsEqual(b.buckets) { $0.index == $1.index && $0.count == $1.count }
    }

    /// Counts a duration in milliseconds; it must not be negative.
    package mutating func insert(_ milliseconds: Int64, count: Int64 = 1) {
        precondition(milliseconds >= 0, "a duration is never negative")
        guard count > 0 else { return }
        guard milliseconds > 0 else {
            zeroCount += count
            return
        }
        add(DurationSketch.bucket(of: milliseconds), count)
    }

    package static func bucket(of milliseconds: Int64) -> Int32 {
        Int32((log(Double(milliseconds)) / logGamma - 1e-9).rounded(.up))
    }

    private mutating func add(_ index: Int32, _ count: Int64) {
        var low = 0
        var high = buckets.count
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle].index < index { low = middle + 1 } else { high = middle }
        }
        if low < buckets.count && buckets[low].index == index {
            buckets[low].count += count
        } else {
            buckets.insert((index, count), at: low)
        }
    }

    package mutating func merge(_ other: DurationSketch) {
        zeroCount += other.zeroCount
        if buckets.isEmpty {
            buckets = other.buckets
            return
        }
        if other.buckets.count == 1, let only = other.buckets.first {
            add(only.index, only.count)
            return
        }
        var merged: [(index: Int32, count: Int64)] = []
        merged.reserveCapacity(buckets.count + other.buckets.count)
        var i = 0
        var j = 0
        while i < buckets.count || j < other.buckets.count {
            if j == other.buckets.count || (i < buckets.count && buckets[i].index < other.buckets[j].index) {
                merged.append(buckets[i])
                i += 1
            } else if i == buckets.count || other.buckets[j].index < buckets[i].index {
                merged.append(other.buckets[j])
                j += 1
            } else {
                merged.append((buckets[i].index, buckets[i].count + other.buckets[j].count))
                i += 1
                j += 1
            }
        }
        buckets = merged
    }

    /// The quantile `q` (0–1) in milliseconds, within 1%; `nil` for an empty sketch.
    ///
    /// It is the value of rank floor(q·(n−1)), the lower of two middle values for a median of an even count.
    package func quantile(_ q: Double) -> Double? {
        let n = count
        guard n > 0 else { return nil }
        let rank = Int64((min(max(q, 0), 1) * Double(n - 1)).rounded(.down))
        if rank < zeroCount { return 0 }
        var seen = zeroCount
        for (index, count) in buckets {
            seen += count
            if seen > rank {
                // The point of the bucket (γ^(i−1), γ^i] whose relative distance to both ends is equal.
                return 2 * exp(Double(index) * DurationSketch.logGamma) / (1 + DurationSketch.gamma)
            }
        }
        return nil
    }

    /// How many durations are at most `milliseconds`, exact up to the bucket that holds it.
    package func count(atMost milliseconds: Int64) -> Int64 {
        guard milliseconds > 0 else { return milliseconds == 0 ? zeroCount : 0 }
        let limit = DurationSketch.bucket(of: milliseconds)
        return buckets.prefix { $0.index <= limit }.reduce(zeroCount) { $0 + $1.count }
    }

    /// Packed form: zero count, then bucket distances and counts, as variable-length integers; equal sketches give equal bytes.
    package func encoded() -> [UInt8] {
        if isEmpty { return [] }
        var out = [UInt8]()
        VariableLength.append(UInt64(zeroCount), to: &out)
        var previous: Int32 = 0
        for (index, count) in buckets {
            VariableLength.append(UInt64(index - previous), to: &out)
            VariableLength.append(UInt64(count), to: &out)
            previous = index
        }
        return out
    }

    /// Reads the packed form; `nil` for bytes that no sketch writes.
    package init?(encoded bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { return }
        var offset = 0
        guard let zeros = VariableLength.read(bytes, &offset), zeros <= DurationSketch.greatestCount else { return nil }
        zeroCount = Int64(zeros)
        var previous: Int32 = 0
        while offset < bytes.count {
            guard let step = VariableLength.read(bytes, &offset), let count = VariableLength.read(bytes, &offset),
                step <= DurationSketch.lastBucket, step > 0 || buckets.isEmpty, count > 0,
                count <= DurationSketch.greatestCount
            else { return nil }
            previous += Int32(step)
            guard previous <= DurationSketch.lastBucket else { return nil }
            buckets.append((previous, Int64(count)))
        }
    }
}

/// LEB128 integers for packed columns.
package enum VariableLength {
    package static func append(_ value: UInt64, to out: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        out.append(UInt8(rest))
    }

    /// Signed values by zigzag.
    package static func append(signed value: Int64, to out: inout [UInt8]) {
        append(UInt64(bitPattern: (value << 1) ^ (value >> 63)), to: &out)
    }

    package static func read(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    package static func readSigned(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Int64? {
        read(bytes, &offset).map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
    }
}
