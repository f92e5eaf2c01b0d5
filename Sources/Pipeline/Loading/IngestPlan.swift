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
        out.envelopeKey = session.environment[WeChatCallbackAdapter.keyVariable].flatMap { $0.isEmpty ? nil : $0 }
        for setting in session.configuration.sources {
            if let zone = setting.timezone { out.zones[setting.name] = zone }
        }
        out.archiveLimits.totalBytes = session.configuration.integer("limits.archive-bytes")
        out.archiveLimits.entries = session.configuration.integer("limits.archive-entries")
        if let mapping { out.mappings.append(try MappingAdapter.load(file: mapping, isExplicit: true)) }
        for file in try mappingFiles(session) {
            let mapping = try MappingAdapter.load(file: file)
            if !out.mappings.contains(where: { $0.descriptor.name == mapping.descriptor.name }) {
                out.mappings.append(mapping)
            }
        }
        return out
    }

    /// The same text for the same way of reading: the same bytes read another way are another load.
    ///
    /// Mappings count by the bytes of their files: those given, those of the settings, those that come with the program,
    /// and those that lie beside the inputs.
    func fingerprint(_ session: Session, _ configuration: IngestConfiguration, paths: [String]) throws -> String {
        var files = try (mapping.map { [$0] } ?? []) + mappingFiles(session)
        for path in paths {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            let folder = isFolder.boolValue ? path : path.contains("/") ? ConfigurationLoader.folder(of: path) : "."
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            files += names.filter { $0.hasSuffix(".mapping.yaml") }.sorted().map { "\(folder)/\($0)" }
        }
        var hasher = ContentHasher()
        let zones = configuration.zones.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        hasher.update("reader=1;\(source ?? "");\(format ?? "");\(sourceZone ?? "");\(zones.joined(separator: ","));")
        for file in files {
            let bytes = FileManager.default.contents(atPath: file) ?? Data()
            hasher.update(ContentHasher.hexDigest(of: String(decoding: bytes, as: UTF8.self)))
        }
        return String(hasher.hexDigest().prefix(16))
    }

    /// The mapping files of the settings, then those that come with the program: the user's own are asked first.
    private func mappingFiles(_ session: Session) throws -> [String] {
        let shipped = session.shipped("samples/mappings").map { [$0] } ?? []
        return try (session.configuration.paths("mappings", workingFolder: session.workingFolder) + shipped).flatMap {
            path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard isFolder.boolValue else { return [path] }
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
                .map { "\(path)/\($0)" }
        }
    }
}
