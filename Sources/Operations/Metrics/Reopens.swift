package import Aggregates

/// Reopens: transitions into solved less one, never below zero; absent where states are unknown.
package enum Reopens {
    package static func count(_ states: [ServiceCase.StateChange]) -> Int? {
        states.isEmpty ? nil : max(0, StateHistory.solvings(states).count - 1)
    }
}
