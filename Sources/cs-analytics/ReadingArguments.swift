import ArgumentParser
import Pipeline

/// How exports are to be read: the same flags on `ingest`, `inspect`, `convert` and `nightly`.
struct ReadingArguments: ParsableArguments {
    @Option(help: "Source name of every record (default: that of the adapter or mapping).") var source: String?
    @Option(help: "Adapter to use whatever detection says; see ingest --list-adapters.") var format: String?
    @Option(help: "YAML mapping for a table or log that no adapter knows.") var mapping: String?
    @Option(help: "IANA zone of times that carry none, such as Asia/Shanghai.") var sourceTz: String?

    var options: ReadingOptions {
        var out = ReadingOptions()
        out.source = source
        out.format = format
        out.mapping = mapping
        out.sourceZone = sourceTz
        return out
    }
}
