import Glibc
import Records
package import Runtime

/// Reads exports: first `plan`, which finds out what each file is, then `read`, file by file.
package struct ExportReader: Sendable {
    package let configuration: IngestConfiguration
    private let registry: AdapterRegistry
    private let cage: ArchiveCage

    package init(_ configuration: IngestConfiguration = IngestConfiguration()) {
        self.configuration = configuration
        registry = configuration.registry.adding(configuration.mappings)
        cage = ArchiveCage(executable: configuration.executable, limits: configuration.archiveLimits)
    }

    private init(_ configuration: IngestConfiguration, _ registry: AdapterRegistry) {
        self.configuration = configuration
        self.registry = registry
        cage = ArchiveCage(executable: configuration.executable, limits: configuration.archiveLimits)
    }

    /// Finds the files behind paths and what each of them is; nothing is thrown for a file that cannot be used, it is
    /// planned with its refusal.
    ///
    /// - Parameter isKnown: asked with a file's content hash before it is opened further; a file that is known is left
    ///   out of the plan.
    /// - Throws: `IngestError` where a path names nothing, or `--format` or `--source-tz` cannot be used.
    package func plan(
        _ paths: [String], now: Timestamp = .now(), isKnown: (String) throws -> Bool = { _ in false }
    ) throws -> [PlannedFile] {
        if let format = configuration.format, registry.adapter(named: format) == nil {
            throw IngestError.unknownAdapter(name: format, known: registry.names)
        }
        for zone in [configuration.sourceZone].compactMap({ $0 }) + configuration.zones.values
        where LocalZone(identifier: zone) == nil {
            throw IngestError.unknownZone(name: zone)
        }
        let sources = try InputSource.discover(paths)
        let found = try mappingsBeside(paths, sources)
        let reader = found.isEmpty ? self : ExportReader(configuration, registry.adding(found))
        var plan: [PlannedFile] = []
        for source in sources { try reader.plan(source, now, isKnown, &plan) }
        reader.learnPeople(&plan)
        return plan
    }

    /// Mapping files in the folders that were named and beside the files that were named.
    private func mappingsBeside(_ paths: [String], _ sources: [InputSource]) throws -> [MappingAdapter] {
        var folders: Set<String> = []
        for path in paths + sources.map(\.path) where path != "-" {
            var info = stat()
            if stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { folders.insert(path) }
            folders.insert(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
        }
        return try folders.sorted().flatMap { try MappingAdapter.load(folder: $0) { InputSource.isMapping($0) } }
    }

    private func plan(
        _ source: InputSource, _ now: Timestamp, _ isKnown: (String) throws -> Bool, _ plan: inout [PlannedFile]
    ) throws {
        let input: InputBytes
        do throws(IngestError) { input = try source.open() } catch {
            var file = PlannedFile(path: source.path, entry: "", contentHash: "", container: .plain)
            file.refuse(.unreadable, error.description)
            file.error = error
            plan.append(file)
            return
        }
        var hasher = ContentHasher()
        var at = 0
        while at < input.count {
            let end = min(input.count, at + 8 << 20)
            hasher.update(UnsafeRawBufferPointer(rebasing: input.bytes[at..<end]))
            if input.count > 256 << 20 { input.forget(upTo: end, from: at) }
            at = end
        }
        let hash = hasher.hexDigest()
        if try isKnown(hash) { return }
        let kind = ContainerKind.detect(input.bytes)
        var budget = configuration.archiveLimits
        try open(input, kind, source.path, entry: "", hash, depth: 0, &budget, now, &plan)
    }

    /// Plans a plain input, or goes through an archive and plans what is inside.
    private func open(
        _ input: InputBytes, _ kind: ContainerKind, _ path: String, entry: String, _ hash: String, depth: Int,
        _ budget: inout ArchiveLimits, _ now: Timestamp, _ plan: inout [PlannedFile]
    ) throws {
        var file = PlannedFile(path: path, entry: entry, contentHash: hash, container: kind)
        guard kind.isArchive else {
            if kind == .unsupported {
                file.refuse(.unknownFormat, "a binary format that is not read; export it as CSV or JSON")
            } else {
                describe(input, &file, now)
            }
            plan.append(file)
            return
        }
        guard depth < configuration.archiveLimits.depth else {
            file.refuse(.limitExceeded, "archives nested deeper than \(configuration.archiveLimits.depth)")
            plan.append(file)
            return
        }
        var spool = try Spool()
        var entries: [(name: String, range: Range<Int>)] = []
        var current: (name: String, start: Int)?
        var rejects: [(path: String, reason: Reject.Reason, detail: String)] = []
        let limited = ArchiveCage(executable: configuration.executable, limits: budget)
        try limited.read(input, kind: kind) { event in
            switch event {
            case .entry(let name): current = (name, spool.count)
            case .data(let data): try spool.write(data)
            case .endEntry:
                if let open = current { entries.append((open.name, open.start..<spool.count)) }
                current = nil
            case .reject(let path, let reason, let detail):
                if let open = current {
                    if kind.isStream && open.name.isEmpty && reason == .truncated && spool.count > open.start {
                        // One compressed file, cut short: the records before the cut are whole, the last is rejected.
                        entries.append((open.name, open.start..<spool.count))
                    } else {
                        // Half an entry of an archive is never taken for a whole one.
                        spool.rewind(to: open.start)
                    }
                }
                current = nil
                rejects.append((path, reason, detail))
            }
        }
        budget.totalBytes = max(1, budget.totalBytes - spool.count)
        budget.entries = max(1, budget.entries - entries.count)
        let all = try spool.map()
        for (name, range) in entries where !range.isEmpty || !name.isEmpty {
            let shown =
                name.isEmpty ? ContainerKind.uncompressedName(String(path.split(separator: "/").last ?? "")) : name
            let inner = entry.isEmpty ? shown : "\(entry)!\(shown)"
            let bytes = all.slice(range)
            let innerKind = ContainerKind.detect(bytes.bytes)
            try open(bytes, innerKind, path, entry: inner, hash, depth: depth + 1, &budget, now, &plan)
        }
        for reject in rejects {
            let inner = [entry, reject.path].filter { !$0.isEmpty }.joined(separator: "!")
            var file = PlannedFile(path: path, entry: inner, contentHash: hash, container: kind)
            file.refuse(reject.reason, reject.detail)
            plan.append(file)
        }
        if entries.isEmpty && rejects.isEmpty {
            file.warnings.append("an archive without files")
            file.refuse(.unknownFormat, "an archive without files")
            plan.append(file)
        }
    }

    /// Finds out character set, kind, adapter and zone of a plain input.
    private func describe(_ input: InputBytes, _ file: inout PlannedFile, _ now: Timestamp) {
        file.byteCount = input.count
        if input.count > 0, describeText(input, &file, now, isRaw: true) { return }
        let detected = CharsetDetector.detect(input.bytes) { seen in
            if input.count > 256 << 20 { input.forget(upTo: seen.upperBound, from: seen.lowerBound) }
        }
        file.encoding = detected
        let text: InputBytes
        do throws(IngestError) {
            let (decoded, replaced) = try Transcoder.utf8(input, detected)
            text = decoded
            if replaced > 0 {
                file.warnings.append("\(replaced) places that are not \(detected.charset.name) became U+FFFD")
            }
        } catch {
            file.error = error
            file.refuse(.badEncoding, error.description)
            return
        }
        if detected.hasInvalidBytes { file.warnings.append("bytes that are not UTF-8 become U+FFFD") }
        if detected.hasNUL { file.warnings.append("NUL bytes become U+FFFD") }
        file.kind = TextKind.detect(text.bytes)
        if file.kind != .empty, describeText(text, &file, now, isRaw: false) { return }
        switch file.kind {
        case .text: return
        case .empty: file.refuse(.unknownFormat, "the file is empty")
        case .other:
            file.refuse(.unknownFormat, "XML or HTML, which no adapter reads", excerpt: Excerpt.shown(text.bytes))
        case .table: describeTable(text, &file, now)
        case .json, .jsonLines: describeDocuments(text, &file, now)
        }
    }

    /// Takes text that an adapter of its own recognises, or that one was named for.
    private func describeText(
        _ text: InputBytes, _ file: inout PlannedFile, _ now: Timestamp, isRaw: Bool
    ) -> Bool {
        let head = UnsafeRawBufferPointer(rebasing: text.bytes.prefix(64 << 10))
        let adapters = registry.texts.filter { $0.readsRawBytes == isRaw }
        var detection = Detection.choose(adapters.map { ($0, $0.confidence(for: head)) })
        if let format = configuration.format {
            guard let adapter = registry.adapter(named: format) as? any TextAdapter, adapter.readsRawBytes == isRaw
            else {
                return false
            }
            detection = Detection(adapter: adapter, confidence: 1, candidates: detection.candidates)
        }
        guard let adapter = detection.adapter as? any TextAdapter else { return false }
        file.kind = .text
        file.candidates = detection.candidates
        file.confidence = detection.confidence
        let context = AdapterContext(
            source: "", file: file.path, entry: file.entry, now: now, people: People(agents: configuration.agents),
            envelopeKey: configuration.envelopeKey)
        do throws(ItemFault) {
            let prepared = try adapter.prepare(text.bytes, context: context)
            finish(.text(adapter, prepared), adapter, text, &file, now)
        } catch {
            file.adapter = adapter.descriptor.name
            file.refuse(error.reason, error.detail, excerpt: Excerpt.shown(text.bytes))
        }
        return true
    }

    private func describeTable(_ text: InputBytes, _ file: inout PlannedFile, _ now: Timestamp) {
        guard let shape = TableShape.sniff(text.bytes, limits: configuration.tableLimits) else {
            file.kind = .other
            file.refuse(.unknownFormat, "no table and no JSON", excerpt: Excerpt.shown(text.bytes))
            return
        }
        file.delimiter = shape.delimiter == 0x09 ? "tab" : String(UnicodeScalar(shape.delimiter))
        file.warnings += shape.warnings
        if shape.endsWithTotal(text.bytes) {
            file.warnings.append("the last row looks like a total and is read as data")
        }
        var detection = Detection.table(shape.header, among: registry)
        if let format = configuration.format {
            guard let adapter = registry.adapter(named: format) as? any TableAdapter else {
                wrongKind(&file, format, "a table")
                return
            }
            detection = Detection(adapter: adapter, confidence: 1, candidates: detection.candidates)
        }
        guard let adapter = settle(detection, &file, names: shape.header.names) as? any TableAdapter else { return }
        bind(adapter, shape.header, text, &file, now) { .rows($0, shape) }
    }

    private func describeDocuments(_ text: InputBytes, _ file: inout PlannedFile, _ now: Timestamp) {
        var names: [String] = []
        var seen: Set<String> = []
        let mappings = registry.adapters.compactMap { $0 as? MappingAdapter }
        var byMapping: [String: TableHeader] = [:]
        var scores: [Double] = Array(repeating: 0, count: registry.documents.count)
        var documents = 0
        var duplicateNames: [String: [String]] = [:]
        firstDocuments(text, file.kind, 16) { document in
            documents += 1
            for (index, adapter) in registry.documents.enumerated() {
                scores[index] += adapter.confidence(for: document)
            }
            for (key, _) in document.members {
                if let name = key.string, seen.insert(name).inserted { names.append(name) }
            }
            for mapping in mappings {
                let item =
                    mapping.items.isEmpty ? document : document[path: mapping.items]?.elements.first { _ in true }
                guard let item else { continue }
                for (key, value) in item.members {
                    guard let name = key.string else { continue }
                    duplicateNames[mapping.descriptor.name, default: []].append(name)
                    // Keys inside are reached by a path with dots.
                    for (inner, _) in value.members {
                        if let inner = inner.string {
                            duplicateNames[mapping.descriptor.name, default: []].append("\(name).\(inner)")
                        }
                    }
                }
            }
        }
        guard documents > 0 else {
            refuseUnreadableJSON(text, &file)
            return
        }
        for (name, keys) in duplicateNames {
            var unique: Set<String> = []
            byMapping[name] = TableHeader(keys.filter { unique.insert($0).inserted })
        }
        var scored: [(any Adapter, Double)] = mappings.map { mapping in
            (mapping, byMapping[mapping.descriptor.name].map { mapping.confidence(for: $0) } ?? 0)
        }
        for (index, adapter) in registry.documents.enumerated() {
            scored.append((adapter, scores[index] / Double(documents)))
        }
        var detection = Detection.choose(scored)
        if let format = configuration.format {
            let adapter = registry.adapter(named: format)
            guard adapter is any DocumentAdapter || adapter is MappingAdapter else {
                wrongKind(&file, format, "JSON")
                return
            }
            detection = Detection(adapter: adapter, confidence: 1, candidates: detection.candidates)
        }
        guard let adapter = settle(detection, &file, names: names) else { return }
        if let mapping = adapter as? MappingAdapter {
            // Columns are the keys of the data; those that only the mapping knows join them, since JSON leaves out
            // what is absent.
            let known = byMapping[mapping.descriptor.name] ?? TableHeader([])
            let header = TableHeader(known.names + mapping.mapping.columns.filter { !known.has($0) })
            let keys = header.names.map { name in name.split(separator: ".").map { Array($0.utf8) } }
            let exact = header.names.enumerated().map { index, name in
                names.contains(name) && mapping.items.isEmpty ? [Array(name.utf8)] : keys[index]
            }
            bind(mapping, header, text, &file, now) { .mappedObjects($0, keys: exact, items: mapping.items) }
        } else if adapter is SingerAdapter {
            let bound = SingerAdapter.bound(among: registry.documents) { body in
                firstDocuments(text, file.kind, 500, body)
            }
            guard let bound else {
                file.adapter = adapter.descriptor.name
                file.refuse(.unknownFormat, "a Singer tap whose records no adapter knows; see ingest --list-adapters")
                return
            }
            finish(.documents(bound), bound, text, &file, now)
        } else if let adapter = adapter as? any DocumentAdapter {
            file.columnsUnmapped = []
            file.columnsMapped = names
            finish(.documents(adapter), adapter, text, &file, now)
        }
    }

    private func refuseUnreadableJSON(_ text: InputBytes, _ file: inout PlannedFile) {
        let excerpt = Excerpt.shown(text.bytes)
        do throws(JSONFault) {
            // What parses as a whole and still has no documents is an empty array.
            _ = try JSONParser().parse(UnsafeRawBufferPointer(rebasing: text.bytes.prefix(configuration.lineLimit)))
            file.refuse(.unknownFormat, "JSON without any item", excerpt: excerpt)
        } catch {
            file.refuse(error.isLimit ? .limitExceeded : .badSyntax, error.description, excerpt: excerpt)
        }
    }

    /// The adapter that detection found; without one the file is refused with the candidates.
    private func settle(_ detection: Detection, _ file: inout PlannedFile, names: [String]) -> (any Adapter)? {
        file.candidates = detection.candidates
        file.confidence = detection.confidence
        guard let adapter = detection.adapter else {
            file.columnsUnmapped = names
            file.refuse(.unknownFormat, detection.refusal, excerpt: names.prefix(12).joined(separator: ", "))
            return nil
        }
        return adapter
    }

    private func wrongKind(_ file: inout PlannedFile, _ format: String, _ found: String) {
        let error = IngestError.wrongKind(file: file.displayName, adapter: format, found: found)
        file.error = error
        file.refuse(.unknownFormat, error.description)
    }

    private func bind(
        _ adapter: any TableAdapter, _ header: TableHeader, _ text: InputBytes, _ file: inout PlannedFile,
        _ now: Timestamp, _ strategy: (ColumnPlan) -> ReadingStrategy
    ) {
        do throws(MappingFault) {
            let plan = try ColumnPlan(adapter.mapping(for: header), header: header)
            file.columnsMapped = plan.mapped
            file.columnsUnmapped = plan.unmapped
            file.warnings += plan.warnings
            finish(strategy(plan), adapter, text, &file, now)
        } catch {
            let failure = IngestError.badMapping(file: adapter.descriptor.shapeSource, detail: error.description)
            file.error = failure
            file.refuse(.unknownFormat, failure.description)
        }
    }

    /// Settles source and zone, and refuses a file whose naive times have none.
    private func finish(
        _ strategy: ReadingStrategy, _ adapter: any Adapter, _ text: InputBytes, _ file: inout PlannedFile,
        _ now: Timestamp
    ) {
        let descriptor = adapter.descriptor
        file.adapter = descriptor.name
        file.source = configuration.source ?? descriptor.defaultSource
        let zoneName: String?
        switch descriptor.zone {
        case .fixed(let name):
            zoneName = name
            file.zoneRule = "\(name) (by the adapter)"
        case .stated, .needed:
            if let flag = configuration.sourceZone {
                zoneName = flag
                file.zoneRule = "\(flag) (--source-tz) where a time has no offset"
            } else if let known = configuration.zones[file.source] {
                zoneName = known
                file.zoneRule = "\(known) (configuration) where a time has no offset"
            } else {
                zoneName = nil
                file.zoneRule = ZoneRule.stated.description
            }
        }
        let context = AdapterContext(
            source: file.source, file: file.path, entry: file.entry,
            zone: zoneName.flatMap(LocalZone.init(identifier:)),
            now: now, people: People(agents: configuration.agents))
        if zoneName == nil {
            let (_, naive) = trial(text, file, strategy, context, items: 200)
            if naive > 0 {
                let error = IngestError.zoneNeeded(
                    file: file.displayName, source: file.source, adapter: descriptor.name)
                file.zoneRule = ZoneRule.needed.description
                file.error = error
                file.refuse(.badTime, error.description)
                return
            }
        }
        file.text = text
        file.strategy = strategy
        file.context = context
    }

    /// Reads who is who from files that name people, and tells every file of the same source.
    private func learnPeople(_ plan: inout [PlannedFile]) {
        var bySource: [String: People] = [:]
        for file in plan {
            guard case .documents(let adapter)? = file.strategy, adapter.namesPeople, let text = file.text else {
                continue
            }
            var people = bySource[file.source] ?? People(agents: configuration.agents)
            firstDocuments(text, file.kind, .max) { document in
                for (id, role) in adapter.people(in: document) { people.note(id, role) }
                for (id, name) in adapter.groups(in: document) { people.noteGroup(id, name) }
            }
            bySource[file.source] = people
        }
        for index in plan.indices {
            guard let people = bySource[plan[index].source], let context = plan[index].context else { continue }
            plan[index].context = AdapterContext(
                source: context.source, file: context.file, entry: context.entry, zone: context.zone, now: context.now,
                people: people)
        }
    }
}
