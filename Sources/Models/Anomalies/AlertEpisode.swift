/// One deviation of one series over time, made of the steps that were called.
///
/// An alert is raised on its first called step, continues while steps on the same side are called with at most
/// `AlertEpisode.patience` quiet ones between them, and is over once that many quiet steps have passed.
package struct AlertEpisode: Sendable, Equatable {
    package enum State: String, Sendable, Codable {
        case raised, continuing, over
    }

    /// Position of the first and of the last called step.
    package var first: Int
    package var last: Int
    /// Called steps.
    package var count: Int
    package var isAbove: Bool
    /// Quiet steps with a value since the last called one.
    package var quietSteps: Int

    /// Quiet steps after which an alert is over.
    package static let patience = 3

    /// How it stands after the last step of the series.
    package var state: State {
        if quietSteps >= AlertEpisode.patience { return .over }
        return count == 1 && quietSteps == 0 ? .raised : .continuing
    }

    /// Groups the called steps of a series.
    ///
    /// - Parameter steps: for each step whether it was called, on which side it lies, and whether it has a value at all;
    ///   a missing step neither continues nor ends an alert.
    /// - Returns: the episodes in order, and for each step the episode that it is a called step of.
    package static func episodes(
        _ steps: some Sequence<(isCalled: Bool, isAbove: Bool, isKnown: Bool)>
    ) -> (episodes: [AlertEpisode], ofStep: [Int?]) {
        var out: [AlertEpisode] = []
        var ofStep: [Int?] = []
        // The open episode on either side.
        var open: [Bool: Int] = [:]
        for (index, step) in steps.enumerated() {
            guard step.isKnown else {
                ofStep.append(nil)
                continue
            }
            for episode in open.values where !(step.isCalled && out[episode].isAbove == step.isAbove) {
                out[episode].quietSteps += 1
            }
            open = open.filter { out[$0.value].quietSteps < patience }
            guard step.isCalled else {
                ofStep.append(nil)
                continue
            }
            if let episode = open[step.isAbove] {
                out[episode].last = index
                out[episode].count += 1
                out[episode].quietSteps = 0
                ofStep.append(episode)
            } else {
                open[step.isAbove] = out.count
                ofStep.append(out.count)
                out.append(AlertEpisode(first: index, last: index, count: 1, isAbove: step.isAbove, quietSteps: 0))
            }
        }
        return (out, ofStep)
    }
}
