/// The pages of a report, in the order of the navigation.
package enum PageName: String, CaseIterable, Sendable {
    case index, volume, service, topics, sentiment, anomalies, agents, models, quality

    package var file: String { "\(rawValue).html" }
}
