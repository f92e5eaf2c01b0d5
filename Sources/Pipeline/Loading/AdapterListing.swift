import Ingest

/// What can be read, as `ingest --list-adapters` prints it.
package enum AdapterListing {
    package static func lines() -> [String] {
        let adapters = AdapterRegistry.standard.adapters.map(\.descriptor)
        let width = adapters.map(\.name.count).max() ?? 0
        let zones = adapters.map(\.zone.description.count).max() ?? 0
        return ["\(padded("adapter", width))  \(padded("times", zones))  reads"]
            + adapters.map { "\(padded($0.name, width))  \(padded($0.zone.description, zones))  \($0.reads)" }
            + [
                "any table, JSON or log besides: a YAML mapping (--mapping, setting 'mappings', or NAME.mapping.yaml beside the file)"
            ]
    }
}
