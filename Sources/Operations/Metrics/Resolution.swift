package import Aggregates
import Records

/// First and full resolution: the first and the last transition into solved (or closed without being solved before).
package struct Resolution: Sendable, Equatable {
    package var first: ServiceCase.StateChange?
    /// The last solving, whether or not the case is open again.
    package var last: ServiceCase.StateChange?
    /// Solved or closed now.
    package var isSolved: Bool

    package init(_ states: [ServiceCase.StateChange]) {
        let solvings = StateHistory.solvings(states)
        first = solvings.first
        last = solvings.last
        isSolved = states.last?.status.isSolved ?? false
    }
}
