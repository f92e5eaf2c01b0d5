import Glibc

extension MappingAdapter {
    /// Reads one mapping file.
    package static func load(file path: String, isExplicit: Bool = false) throws(IngestError) -> MappingAdapter {
        let bytes = try InputBytes.map(path: path)
        let text = withExtendedLifetime(bytes) { String(decoding: bytes.bytes, as: UTF8.self) }
        return try MappingAdapter(yaml: text, file: path, isExplicit: isExplicit)
    }

    /// Reads the mapping files of a folder in order of their names; a folder that is not there has none.
    ///
    /// - Parameter accepts: which file names count; all that end in `.yaml` or `.yml` unless told otherwise.
    package static func load(
        folder: String, accepts: (String) -> Bool = { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    ) throws(IngestError) -> [MappingAdapter] {
        guard let directory = opendir(folder) else { return [] }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), accepts(name) { names.append(name) }
        }
        closedir(directory)
        var found: [MappingAdapter] = []
        for name in names.sorted() { found.append(try load(file: "\(folder)/\(name)")) }
        return found
    }
}
