/// How inputs are to be read: the validated form of flags and configuration.
package struct IngestConfiguration: Sendable {
    /// `--source`: the source name of every record; else the mapping's or the adapter's own.
    package var source: String?
    /// `--format`: the adapter to use whatever detection says.
    package var format: String?
    /// `--source-tz`: IANA zone of times without an offset.
    package var sourceZone: String?
    /// Zones by source name, from the configuration.
    package var zones: [String: String] = [:]
    /// Ids of people known to be agents.
    package var agents: [String] = []
    /// EncodingAESKey of WeChat callbacks, from the environment.
    package var envelopeKey: String?
    /// Mappings given by flag or configuration; those found beside the inputs join them.
    package var mappings: [MappingAdapter] = []
    package var registry = AdapterRegistry.standard
    package var archiveLimits = ArchiveLimits()
    package var tableLimits = TableLimits()
    /// Bytes of one line of JSON Lines and of one element of a JSON array.
    package var lineLimit = 16 << 20
    /// Bytes of a JSON document that is no array.
    package var documentLimit = 512 << 20
    /// The program to start again for reading archives; `nil` reads them within this process.
    package var executable: String?

    package init() {}
}
