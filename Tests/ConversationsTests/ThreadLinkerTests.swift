import Conversations
import Runtime
import Support
import Testing

private func day(_ number: Int64) -> Timestamp { Timestamp(seconds: 1_790_000_000 + number * 86_400) }

private func node(
    _ key: String, _ at: Int64, ids: [String] = [], references: [String] = [], subject: String? = nil,
    with participants: Set<String> = []
) -> ThreadLinker.Node {
    ThreadLinker.Node(
        key: key, at: day(at), messageIDs: ids, references: references, subject: subject, participants: participants)
}

@Suite struct ThreadLinkerTests {
    private func links(_ nodes: [ThreadLinker.Node], window: Int64 = 14) -> [String: String] {
        var linker = ThreadLinker(window: window * 86_400_000)
        for node in nodes { linker.add(node) }
        return linker.links()
    }

    @Test func repliesJoin() {
        #expect(
            links([
                node("b", 1, ids: ["2"], references: ["1"]), node("a", 0, ids: ["1"]),
                node("c", 2, ids: ["3"], references: ["2"]), node("d", 3, ids: ["4"]),
            ]) == ["b": "a", "c": "a"])
    }

    @Test func citingTheSameMissingMailJoins() {
        #expect(
            links([node("x", 5, ids: ["9"], references: ["0"]), node("y", 4, ids: ["8"], references: ["0"])]) == [
                "x": "y"
            ])
    }

    @Test func subjectAndParticipantJoinWithinTheWindow() {
        #expect(
            links([
                node("a", 0, subject: "Refund  please", with: ["k"]),
                node("b", 10, subject: "RE: refund please", with: ["k"]),
                node("c", 20, subject: "Re: Fwd: Refund please", with: ["k", "l"]),
                node("d", 40, subject: "Re: refund please", with: ["k"]),
                node("e", 10, subject: "refund please", with: ["z"]),
            ]) == ["b": "a", "c": "a"])
        #expect(links([node("a", 0, subject: "", with: ["k"]), node("b", 0, subject: "Re: ", with: ["k"])]).isEmpty)
        #expect(links([node("a", 0, subject: "x"), node("b", 0, subject: "x")]).isEmpty)
    }

    @Test func theSameKeyTwiceIsOneNode() {
        #expect(
            links([node("a", 0, ids: ["1"]), node("a", 5, ids: ["2"]), node("b", 6, references: ["2"])]) == ["b": "a"])
    }

    @Test(arguments: [71, 72] as [UInt64])
    func theOrderOfArrivalDoesNotMatter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var nodes = (0..<60).map { index in
            node(
                "k\(index)", Int64.random(in: 0...30, using: &random), ids: ["m\(index)"],
                references: index % 4 == 0 ? ["m\(Int.random(in: 0..<60, using: &random))"] : [],
                subject: "s\(index % 11)", with: ["p\(index % 5)"])
        }
        let expected = links(nodes, window: 3)
        #expect(!expected.isEmpty && Set(expected.values).isDisjoint(with: expected.keys))
        for _ in 0..<10 {
            nodes.shuffle(using: &random)
            #expect(links(nodes, window: 3) == expected, "seed \(seed)")
        }
    }

    @Test(arguments: [
        ("Re: RE: Fwd: Hello", "hello"), ("回复：退款", "退款"), ("答复: 转发: 退款", "退款"), ("Re[2]: a", "a"), ("AW: a", "a"),
        ("re:", ""), ("Regarding: x", "regarding: x"), ("  a \t b ", "a b"), ("Re : a", "a"), ("re(3): a", "a"),
        ("Re[x: a", "re[x: a"), ("", ""),
    ])
    func subjects(raw: String, normalised: String) { #expect(MailSubject.normalised(raw) == normalised) }
}
