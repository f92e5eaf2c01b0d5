import Testing
import Text

@testable import Models

@Suite("Data split")
struct DataSplitTests {
    @Test func nearDuplicatesShareAGroup() {
        let base = "I am still waiting for my new card to arrive, it was ordered two weeks ago from your branch"
        let texts = TextBatch([base, base.uppercased(), "something else", base + " ", "Ｓomething  ELSE"])
        let groups = DataSplit.groupHashes(of: texts)
        #expect(groups[0] == groups[1] && groups[0] == groups[3])
        #expect(groups[2] == groups[4] && groups[0] != groups[2])
    }

    @Test func sharesAreAboutAsAskedAndStable() {
        let hashes = (0..<5000).map { ByteHash.mix($0) }
        let parts = DataSplit.parts(groupHashes: hashes, valid: 0.1, test: 0.2)
        // Five standard errors of 5,000 draws: 0.021 and 0.028.
        #expect(abs(Double(parts.count { $0 == .valid }) / 5000 - 0.1) < 0.022)
        #expect(abs(Double(parts.count { $0 == .test }) / 5000 - 0.2) < 0.029)
        #expect(DataSplit.parts(groupHashes: Array(hashes[100...]), valid: 0.1, test: 0.2) == Array(parts[100...]))
        #expect(DataSplit.parts(groupHashes: hashes, valid: 0, test: 0).allSatisfy { $0 == .train })
    }

    @Test(arguments: [2, 5, 10])
    func foldsSpreadTheLabels(count: Int) {
        let hashes = (0..<400).map { ByteHash.mix(UInt64($0 / 2)) }
        let labels = (0..<400).map { Int32($0 / 2 % 4) }
        let folds = DataSplit.stratifiedFolds(groupHashes: hashes, labels: labels, count: count, seed: 1)
        for pair in stride(from: 0, to: 400, by: 2) { #expect(folds[pair] == folds[pair + 1]) }
        for label in 0..<4 {
            let sizes = (0..<count).map { fold in folds.indices.count { folds[$0] == fold && labels[$0] == label } }
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 2)
        }
        let order = Array((0..<400).reversed())
        let turned = DataSplit.stratifiedFolds(
            groupHashes: order.map { hashes[$0] }, labels: order.map { labels[$0] }, count: count, seed: 1)
        #expect(turned == order.map { folds[$0] })
    }
}
