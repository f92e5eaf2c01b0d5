import Aggregates
import Support
import Testing

@Suite struct DurationSketchTests {
    private func sketch(_ values: [Int64]) -> DurationSketch {
        var out = DurationSketch()
        for value in values { out.insert(value) }
        return out
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func quantilesAreWithinOnePercent(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let values = (0..<2_000).map { _ in
            Int64.random(in: 0...20, using: &random) == 0
                ? 0 : Int64(1) << Int64.random(in: 0...40, using: &random) | Int64.random(in: 0...1_000, using: &random)
        }.sorted()
        let sketch = sketch(values.shuffled(using: &random))
        for q in [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 1] {
            let exact = Double(values[Int(q * Double(values.count - 1))])
            let read = try #require(sketch.quantile(q))
            #expect(abs(read - exact) <= DurationSketch.relativeError * exact, "seed \(seed), q \(q)")
        }
        #expect(sketch.count == 2_000)
    }

    @Test func everyValueFallsWithinItsBucket() {
        var value = 1.0
        while value < 9e18 {
            let milliseconds = Int64(value)
            let read = sketch([milliseconds]).quantile(0.5) ?? 0
            #expect(abs(read - Double(milliseconds)) <= DurationSketch.relativeError * Double(milliseconds))
            value *= 1.013
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func mergingIsAssociativeCommutativeAndExact(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<300).map { _ in Int64.random(in: 0...100_000_000, using: &random) }
        let whole = sketch(values)
        for split in [0, 1, 7, 150, 299, 300] {
            var left = sketch(Array(values[..<split]))
            var right = sketch(Array(values[split...]))
            let copy = left
            left.merge(right)
            right.merge(copy)
            #expect(left == whole && right == whole && left.encoded() == whole.encoded(), "seed \(seed)")
        }
    }

    @Test func packing() throws {
        for values in [[], [0], [0, 0, 5], [1], [1, 1, Int64.max], (1...500).map { $0 * $0 * 997 }] as [[Int64]] {
            let sketch = sketch(values)
            let back = sketch.encoded().withUnsafeBytes { DurationSketch(encoded: $0) }
            #expect(back == sketch)
        }
    }

    @Test(
        arguments: [
            [0x80], [0, 5], [0, 1, 0], [0, 1, 1, 0, 1], [0, 0xFF, 0xFF, 0x03, 1], Array(repeating: 0xFF, count: 40),
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] as [[UInt8]])
    func bytesThatNoSketchWritesAreRefused(bytes: [UInt8]) {
        #expect(bytes.withUnsafeBytes { DurationSketch(encoded: $0) } == nil)
    }

    @Test func insertingNothingChangesNothing() {
        var sketch = DurationSketch()
        sketch.insert(5, count: 0)
        sketch.insert(0, count: 0)
        #expect(sketch.isEmpty && sketch == DurationSketch() && sketch.quantile(0.5) == nil && sketch.encoded() == [])
    }

    @Test func countAtMost() {
        let sketch = sketch([0, 0, 1_000, 60_000, 3_600_000])
        #expect(sketch.count(atMost: -1) == 0 && sketch.count(atMost: 0) == 2 && sketch.count(atMost: 1_000) == 3)
        #expect(
            sketch.count(atMost: 59_000) == 3 && sketch.count(atMost: 60_000) == 4 && sketch.count(atMost: .max) == 5)
        #expect(self.sketch([0, 1_000]).quantile(0.5) == 0)
    }

    @Test(arguments: [0, 1, -1, 63, -64, 127, 128, Int64.max, Int64.min] as [Int64])
    func variableLengthIntegers(value: Int64) {
        var bytes: [UInt8] = []
        VariableLength.append(signed: value, to: &bytes)
        var offset = 0
        #expect(bytes.withUnsafeBytes { VariableLength.readSigned($0, &offset) } == value && offset == bytes.count)
    }
}
