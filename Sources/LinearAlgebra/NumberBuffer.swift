/// A run of single-precision numbers in memory of its own, for kernels that work on parts of it.
///
/// Keep the buffer alive (`withExtendedLifetime`) as long as its pointer is used. Whoever writes sees to it that nobody
/// else reads or writes the same part.
package final class NumberBuffer: @unchecked Sendable {
    package let base: UnsafeMutablePointer<Float>
    package let count: Int

    /// A buffer of zeros.
    package init(count: Int) {
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: 0, count: max(1, count))
        self.count = count
    }

    /// A buffer with the numbers of an array.
    package convenience init(_ numbers: [Float]) {
        self.init(count: numbers.count)
        numbers.withUnsafeBufferPointer { numbers in
            if let source = numbers.baseAddress { base.update(from: source, count: numbers.count) }
        }
    }

    deinit { base.deallocate() }

    /// The numbers as an array.
    package var numbers: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
