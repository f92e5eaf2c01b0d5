import Testing

@testable import LinearAlgebra

@Suite("Vector kernels")
struct VectorKernelTests {
    @Test func singleAndDoubleAgreeWithTheObviousSums() {
        let x: [Double] = [1, -2, 3]
        let y: [Double] = [4, 5, 6]
        #expect(VectorKernels.dot(x, y) == 12)
        #expect(VectorKernels.dot(x.map(Float.init), y.map(Float.init)) == 12)
        var sum = y
        VectorKernels.add(x, times: 2, to: &sum)
        #expect(sum == [6, 1, 12])
        var single = y.map(Float.init)
        VectorKernels.add(x.map(Float.init), times: 2, to: &single)
        #expect(single == [6, 1, 12])
        VectorKernels.scale(&sum, by: 0.5)
        VectorKernels.scale(&single, by: 0.5)
        #expect(sum == [3, 0.5, 6] && single == [3, 0.5, 6])
        #expect(VectorKernels.norm([3.0, 4.0] as [Double]) == 5)
        #expect(VectorKernels.norm([3.0, 4.0] as [Float]) == 5)
    }

    @Test func softmaxAddsUpToOneAndDoesNotOverflow() {
        var scores: [Float] = [1000, 1001, -1000]
        VectorKernels.softmax(&scores)
        #expect(abs(scores.reduce(0, +) - 1) < 1e-6)
        #expect(abs(scores[1] / scores[0] - 2.718_281_8) < 1e-4)
        var colder: [Float] = [1, 2]
        VectorKernels.softmax(&colder, temperature: 0.5)
        #expect(abs(colder[1] / colder[0] - 7.389_056) < 1e-3)
        var empty: [Float] = []
        VectorKernels.softmax(&empty)
        #expect(empty.isEmpty)
    }
}

extension VectorKernelTests {
    @Test(arguments: [1, 2, 7, 8, 9, 77, 150], [0.05, 0.2, 1, 10] as [Float])
    func theGreatestProbabilityIsThatOfTheSoftmax(count: Int, temperature: Float) {
        var random = SeededRandom(seed: UInt64(count))
        var scores = (0..<count).map { _ in Float(random.normal()) }
        let greatest = scores.max() ?? 0
        let found = scores.withUnsafeBufferPointer {
            VectorKernels.greatestProbability($0, greatest: greatest, temperature: temperature)
        }
        VectorKernels.softmax(&scores, temperature: temperature)
        #expect(abs(found - (scores.max() ?? 0)) < 2e-6)
    }
}

@Suite("BLAS")
struct BLASTests {
    @Test func tellsLibraryCoreAndThreads() {
        BLAS.useSingleThread()
        let configuration = BLAS.configuration
        #expect(configuration.library.contains("OpenBLAS"))
        #expect(!configuration.core.isEmpty)
        #expect(configuration.threads == 1)
    }

    @Test func measuresItsSpeed() {
        #expect(BLAS.measureGigaflops(size: 64) > 0)
    }

    @Test func knowsWhereFasterKernelsAreLeftUnused() {
        let flags: Set<Substring> = ["avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"]
        #expect(BLAS.fasterCore(than: "Haswell", flags: flags) == "SkylakeX")
        #expect(BLAS.fasterCore(than: "SkylakeX", flags: flags) == nil)
        #expect(BLAS.fasterCore(than: "Haswell", flags: ["avx2"]) == nil)
        #expect([nil, "SkylakeX"].contains(BLAS.fasterCore()))
    }

    @Test func scalesAndAccumulates() {
        var c: [Float] = [1, 1]
        BLAS.multiply([1, 2] as [Float], [3, 4, 5, 6], into: &c, rows: 1, columns: 2, inner: 2, alpha: 2, beta: 10)
        #expect(c == [36, 42])
    }
}

@Suite("Parallel loop")
struct ParallelLoopTests {
    @Test(arguments: [1, 2, 3, 16])
    func resultsKeepTheirOrder(workers: Int) {
        #expect(ParallelLoop.map(count: 100, workers: workers) { $0 * $0 } == (0..<100).map { $0 * $0 })
        #expect(ParallelLoop.map(count: 0, workers: workers) { $0 }.isEmpty)
    }

    @Test(arguments: [(0, 3), (1, 4), (10, 3), (10, 1), (7, 20)])
    func chunksCoverEverythingOnce(count: Int, parts: Int) {
        let chunks = ParallelLoop.chunks(of: count, parts: parts)
        #expect(chunks.flatMap { Array($0) } == Array(0..<count))
        #expect(chunks.count <= max(1, parts))
    }
}
