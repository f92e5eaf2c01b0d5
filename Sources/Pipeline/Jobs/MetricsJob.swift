package import Aggregates
import Operations

/// The definitions of the metrics.
package enum MetricsJob {
    package static func definitions(_ session: Session) -> [MetricDefinition] {
        MetricCatalogue.definitions(profile: MetricProfile(rawValue: session.configuration["profile"]) ?? .zendesk)
    }

    package static func definition(_ session: Session, name: String) throws -> MetricDefinition {
        let all = definitions(session)
        if let found = all.first(where: { $0.metric.rawValue == name }) { return found }
        let names = all.map(\.metric.rawValue)
        let hint = EditDistance.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        throw JobFailure(.usage, "there is no metric '\(name)'\(hint) ('cs-analytics metrics list' names them all)")
    }
}
