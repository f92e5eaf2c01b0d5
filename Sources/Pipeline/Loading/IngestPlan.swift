import Foundation
package import Ingest
import Records
import Runtime

/// What the flags of `ingest`, `inspect` and `convert` say about reading.
package struct ReadingOptions: Sendable {
    package var source: String?
    package var format: String?
    package var mapping: String?
    package var sourceZone: String?
    package init() {}

    /// The reader's configuration from these options and the session's settings.
    package func configuration(_ session: Session) throws -> IngestConfiguration {
        var out = IngestConfiguration()
        out.source = source
        out.format = format
        out.sourceZone = sourceZone
        out.executable = session.executable
        for setting in session.configuration.sources {
            if let zone = setting.timezone { out.zones[setting.name] = zone }
        }
        out.archiveLimits.totalBytes = session.configuration.integer("limits.archive-bytes")
        out.archiveLimits.entries = session.configuration.integer("limits.archive-entries")
        if let mapping { out.mappings.append(try MappingAdapter.load(file: mapping, isExplicit: true)) }
        // Those that come with the program go last: the user's own are asked first.
        let shipped = session.shipped("samples/mappings").map { [$0] } ?? []
        for path in session.configuration.paths("mappings", workingFolder: session.workingFolder) + shipped {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            let files =
                isFolder.boolValue
                ? try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
                    .map { "\(path)/\($0)" } : [path]
            for file in files {
                let mapping = try MappingAdapter.load(file: file)
                if !out.mappings.contains(where: { $0.descriptor.name == mapping.descriptor.name }) {
                    out.mappings.append(mapping)
                }
            }
        }
        return out
    }

    /// The same text for the same way of reading: the same bytes read another way are another load.
    func fingerprint(_ configuration: IngestConfiguration) -> String {
        let parts = [
            "reader=1", "source=\(source ?? "")", "format=\(format ?? "")", "tz=\(sourceZone ?? "")",
            "zones=\(configuration.zones.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))",
            "mappings=\(configuration.mappings.map { "\($0.descriptor.name):\($0.mapping)" }.joined(separator: ","))",
        ]
        return String(ContentHasher.hexDigest(of: parts.joined(separator: ";")).prefix(16))
    }
}
