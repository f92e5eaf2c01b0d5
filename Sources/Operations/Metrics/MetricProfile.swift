/// Whose definitions are in force where vendors disagree.
package enum MetricProfile: String, Sendable, CaseIterable {
    case zendesk
}
