/// Sequences of one batch, the longest first, so that a time step is a run of rows without padding.
struct PackedSequences: Sendable {
    /// For each place in the batch the sequence's index among those given.
    let order: [Int]
    /// For each place the sequence's length, descending.
    let lengths: [Int]
    /// Where each time step's rows start; one more than there are steps.
    let starts: [Int]

    var count: Int { order.count }
    var steps: Int { starts.count - 1 }
    /// The rows of all steps.
    var rows: Int { starts[starts.count - 1] }

    /// Packs sequences of these lengths, each at least 1.
    init(lengths given: [Int]) {
        order = given.indices.sorted { (given[$1], $0) < (given[$0], $1) }
        lengths = order.map { given[$0] }
        var starts = [0]
        var active = lengths.count
        var step = 0
        while active > 0 {
            while active > 0 && lengths[active - 1] <= step { active -= 1 }
            if active > 0 { starts.append(starts[step] + active) }
            step += 1
        }
        self.starts = starts
    }

    /// The number of sequences that reach a step.
    func active(_ step: Int) -> Int { starts[step + 1] - starts[step] }
}
