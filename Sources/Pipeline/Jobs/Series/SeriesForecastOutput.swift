import Models

/// How forecasts are written.
extension SeriesForecastJob.Outcome {
    /// The columns of the limits: `lo-80`, `hi-80`, …
    private var limitNames: [(lower: String, upper: String)] {
        levels.map { level in
            let text = level == level.rounded() ? "\(Int(level))" : "\(level)"
            return ("lo-\(text)", "hi-\(text)")
        }
    }

    /// Hands over the CSV `unique_id,ds,yhat,lo-80,hi-80,…` piece by piece.
    package func writeCSV(_ write: (ArraySlice<UInt8>) throws -> Void) rethrows {
        var text = SeriesText()
        text.row(["unique_id", "ds", "yhat"] + limitNames.flatMap { [$0.lower, $0.upper] })
        for one in series {
            for h in one.stamps.indices {
                text.string(one.id)
                text.comma()
                text.string(one.stamps[h])
                text.comma()
                text.number(one.forecast.mean[h])
                for interval in one.forecast.intervals {
                    text.comma()
                    text.number(interval.lower[h])
                    text.comma()
                    text.number(interval.upper[h])
                }
                text.newline()
            }
            try text.drain(above: 1 << 20, write)
        }
        try text.drain(above: 0, write)
    }

    /// The outcome as a JSON document's members.
    package var document: some Encodable & Sendable {
        let names = limitNames
        return Document(
            budget: Document.Budget(origins: origins),
            series: series.map { one in
                Document.Series(
                    uniqueId: one.id, model: one.model, order: one.order, coefficients: one.coefficients,
                    sigma2: one.sigma2, loglik: one.logLikelihood, aicc: one.aicc, seconds: one.seconds,
                    members: one.members.isEmpty ? nil : one.members, origins: one.origins, fits: one.fits,
                    yhat: one.forecast.mean.map { $0.isFinite ? $0 : nil },
                    forecast: one.stamps.indices.map { h in
                        var row: [String: Cell] = ["ds": .text(one.stamps[h]), "yhat": .number(one.forecast.mean[h])]
                        for (name, interval) in zip(names, one.forecast.intervals) {
                            row[name.lower] = .number(interval.lower[h])
                            row[name.upper] = .number(interval.upper[h])
                        }
                        return row
                    }, warnings: one.notes)
            }, seconds: seconds, warnings: warnings)
    }

    private enum Cell: Encodable, Sendable {
        case text(String)
        case number(Double)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number) where number.isFinite: try container.encode(number)
            case .number: try container.encodeNil()
            }
        }
    }

    private struct Document: Encodable, Sendable {
        struct Budget: Encodable, Sendable { let origins: Int }

        struct Series: Encodable, Sendable {
            let uniqueId: String
            let model: String
            let order: [String: Int]?
            let coefficients: [String: Double]
            let sigma2: Double?
            let loglik: Double?
            let aicc: Double?
            let seconds: Double
            let members: [SeriesForecast.Member]?
            let origins: Int
            let fits: Int
            let yhat: [Double?]
            let forecast: [[String: Cell]]
            let warnings: [String]
        }

        let budget: Budget
        let series: [Series]
        let seconds: Double
        let warnings: [String]
    }
}
