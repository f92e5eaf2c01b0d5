import Yams

/// A mapping that a user wrote in YAML: any table, or JSON objects, to records without code.
package struct MappingAdapter: TableAdapter {
    package let descriptor: AdapterDescriptor
    /// Headers (or keys) that must all be there.
    package let recognised: [String]
    /// The path to the items of a JSON page; empty where each document is an item.
    package let items: [String]
    package let mapping: TableMapping
    /// Given by `--mapping`: it goes before everything that was found by itself.
    package var isExplicit = false

    package init(
        name: String, reads: String = "what the mapping describes", source: String? = nil, zone: ZoneRule = .needed,
        recognised: [String], items: [String] = [], mapping: TableMapping, file: String = ""
    ) {
        descriptor = AdapterDescriptor(
            name: name, reads: reads, shapeSource: file.isEmpty ? "the user" : file, zone: zone,
            defaultSource: source ?? name)
        self.recognised = recognised
        self.items = items
        self.mapping = mapping
    }

    package func confidence(for header: TableHeader) -> Double {
        guard !recognised.isEmpty else { return isExplicit ? 1 : 0 }
        let found = header.count(of: recognised)
        guard found == recognised.count else { return 0.5 * Double(found) / Double(recognised.count) }
        // The more headers a mapping asks for, the surer it is.
        return isExplicit ? 1 : 0.9 + 0.005 * Double(min(18, found))
    }

    package func mapping(for header: TableHeader) -> TableMapping { mapping }
}

extension MappingAdapter {
    /// Reads a mapping file's text.
    ///
    /// - Parameter file: its name for messages.
    package init(yaml text: String, file: String, isExplicit: Bool = false) throws(IngestError) {
        do {
            guard let root = try Yams.compose(yaml: text) else {
                throw MappingFault("is empty, expected a mapping with name, recognise and records")
            }
            self = try MappingParser(file: file).adapter(root)
            self.isExplicit = isExplicit
        } catch let fault as MappingFault {
            throw .badMapping(file: file, detail: fault.description)
        } catch {
            throw .badMapping(file: file, detail: "is no YAML: \(error)".split(separator: "\n").joined(separator: " "))
        }
    }
}
