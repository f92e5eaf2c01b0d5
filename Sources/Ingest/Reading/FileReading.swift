package import Records
package import Runtime

extension ExportReader {
    /// Reads a planned file: a reader, workers that parse, map and filter, and the caller's handler in input order.
    ///
    /// Batches hold up to about 8,192 items, whatever the number of workers; their borders do not depend on it. A file
    /// that was refused gives one batch with its reject.
    /// - Parameters:
    ///   - filter: applied to each batch on the worker, before the handler sees it.
    ///   - handler: gets the batches in order on the calling thread.
    package func read(
        _ file: PlannedFile, workers: Int = 1, context run: RunContext, filter: (any RecordFilter)? = nil,
        handler: (RecordBatch) throws -> Void
    ) throws -> ReadSummary {
        var summary = ReadSummary()
        guard file.refusal == nil, let text = file.text, let strategy = file.strategy, let context = file.context else {
            if let refusal = file.refusal {
                var batch = RecordBatch()
                _ = batch.beginItem()
                batch.rejects = [refusal]
                filter?.apply(to: &batch)
                summary.items = 1
                summary.rejected = 1
                try handler(batch)
            }
            return summary
        }
        for warning in file.warnings { summary.warnings[warning, default: 0] += 1 }
        var lines = LineCounter(text.bytes)
        func consume(_ mapped: MappedItems) throws {
            try run.cancellation.check()
            var batch = mapped.batch
            for index in batch.rejects.indices {
                batch.rejects[index].ordinal += summary.items
                batch.rejects[index].line = lines.line(at: batch.rejects[index].byteOffset)
            }
            summary.items += batch.itemCount
            summary.rejected += batch.rejects.count
            for table in batch.tables where table.count > 0 { summary.records[table.kind, default: 0] += table.count }
            summary.warnings.merge(mapped.warnings, uniquingKeysWith: +)
            run.progress.advance(by: batch.itemCount)
            try handler(batch)
        }
        switch strategy {
        case .rows(let plan, let shape):
            let producer = RowProducer(text, shape, limits: configuration.tableLimits)
            let needsRepair = file.encoding.map { $0.hasInvalidBytes || $0.hasNUL } ?? false
            let columns = shape.header.names.count
            try OrderedPipeline.run(
                workers: workers, produce: { producer.next() },
                transform: { block, _ in
                    var mapper = RowMapper(plan: plan, context: context)
                    mapper.needsRepair = needsRepair
                    var mapped = BlockMapping.rows(block, columns: columns, &mapper)
                    filter?.apply(to: &mapped.batch)
                    return mapped
                }, consume: consume)
        case .mappedObjects(let plan, let keys, let items):
            try objects(file, text, workers, filter, consume) {
                ObjectMapping(plan: plan, keys: keys, items: items, context)
            }
        case .documents(let adapter):
            try objects(file, text, workers, filter, consume) { DocumentMapper(adapter: adapter, context: context) }
        case .text(_, let prepared):
            let producer = PreparedTextProducer(text, prepared)
            try OrderedPipeline.run(
                workers: workers, produce: { producer.next() },
                transform: { range, _ in
                    var sink = RecordSink(context: context)
                    prepared.map(
                        UnsafeRawBufferPointer(rebasing: text.bytes[range]), offset: range.lowerBound, to: &sink)
                    var mapped = sink.take()
                    filter?.apply(to: &mapped.batch)
                    return mapped
                }, consume: consume)
        }
        return summary
    }

    private func objects<Mapper: ObjectMapper>(
        _ file: PlannedFile, _ text: InputBytes, _ workers: Int, _ filter: (any RecordFilter)?,
        _ consume: (MappedItems) throws -> Void, _ makeMapper: @escaping @Sendable () -> Mapper
    ) throws {
        let needsRepair = file.encoding?.hasInvalidBytes ?? false
        let transform: @Sendable (TextBlock, Int) throws -> MappedItems = { block, _ in
            var mapper = makeMapper()
            BlockMapping.text(block, text, needsRepair: needsRepair, &mapper)
            var mapped = mapper.take()
            filter?.apply(to: &mapped.batch)
            return mapped
        }
        if file.kind == .jsonLines {
            let producer = LineProducer(text, limit: configuration.lineLimit)
            try OrderedPipeline.run(
                workers: workers, produce: { producer.next() }, transform: transform, consume: consume)
        } else {
            let producer = DocumentProducer(
                text, lineLimit: configuration.lineLimit, documentLimit: configuration.documentLimit)
            try OrderedPipeline.run(
                workers: workers, produce: { producer.next() }, transform: transform, consume: consume)
        }
    }

    /// The first items of a file as records, for `inspect`.
    package func sample(of file: PlannedFile, items: Int = 5, filter: (any RecordFilter)? = nil) -> RecordBatch {
        guard let text = file.text, let strategy = file.strategy, let context = file.context else {
            return RecordBatch()
        }
        var mapped = trial(text, file, strategy, context, items: items).mapped
        filter?.apply(to: &mapped.batch)
        return mapped.batch
    }

    /// Maps the first items only, on this thread.
    func trial(
        _ text: InputBytes, _ file: PlannedFile, _ strategy: ReadingStrategy, _ context: AdapterContext, items: Int
    ) -> (mapped: MappedItems, naiveTimes: Int) {
        switch strategy {
        case .rows(let plan, let shape):
            var reader = CSVReader(
                text.bytes, from: shape.dataOffset, delimiter: shape.delimiter, limits: configuration.tableLimits,
                columns: shape.header.names.count)
            var mapper = RowMapper(plan: plan, context: context)
            mapper.needsRepair = true
            guard let block = reader.next(maximumRows: items) else { return (mapper.take(), 0) }
            let mapped = BlockMapping.rows(block, columns: shape.header.names.count, &mapper)
            return (mapped, mapper.sink.times.withoutZone)
        case .mappedObjects(let plan, let keys, let path):
            var mapper = ObjectMapping(plan: plan, keys: keys, items: path, context)
            firstDocuments(text, file.kind, items) { mapper.map($0, line: 0, byteOffset: 0) }
            let naive = mapper.rows.sink.times.withoutZone
            return (mapper.take(), naive)
        case .documents(let adapter):
            var mapper = DocumentMapper(adapter: adapter, context: context)
            firstDocuments(text, file.kind, items) { mapper.map($0, line: 0, byteOffset: 0) }
            let naive = mapper.sink.times.withoutZone
            return (mapper.take(), naive)
        case .text(_, let prepared):
            // The first items: enough of the text for them, cut where an item starts.
            var end = 0
            for _ in 0..<items where end < min(text.count, 4 << 20) {
                end = prepared.nextItem(text.bytes, from: end + 1)
            }
            var sink = RecordSink(context: context)
            prepared.map(UnsafeRawBufferPointer(rebasing: text.bytes[..<end]), offset: 0, to: &sink)
            let naive = sink.times.withoutZone
            return (sink.take(), naive)
        }
    }

    /// Calls `body` with the first documents that can be parsed.
    func firstDocuments(_ text: InputBytes, _ kind: TextKind, _ count: Int, _ body: (JSONValue) -> Void) {
        // A document points into its parser.
        let parser = JSONParser()
        defer { withExtendedLifetime(parser) {} }
        var given = 0
        if kind == .jsonLines {
            let producer = LineProducer(text, limit: configuration.lineLimit, blockSize: 256 << 10)
            while given < count, let block = producer.next() {
                if block.fault != nil { continue }
                BlockMapping.eachLine(text.bytes, block.range) { line in
                    guard given < count,
                        let document = try? parser.parse(UnsafeRawBufferPointer(rebasing: text.bytes[line]))
                    else { return }
                    given += 1
                    body(document)
                }
            }
            return
        }
        let producer = DocumentProducer(
            text, lineLimit: configuration.lineLimit, documentLimit: configuration.documentLimit)
        while given < count, let block = producer.next() {
            if block.fault != nil { continue }
            for range in block.elements where given < count {
                let bytes = UnsafeRawBufferPointer(rebasing: text.bytes[range])
                guard let document = (try? parser.parse(bytes)) ?? (try? parser.parseSalvaging(bytes)) else { continue }
                given += 1
                body(document)
            }
        }
    }
}
