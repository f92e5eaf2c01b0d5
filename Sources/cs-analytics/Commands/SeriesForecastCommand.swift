import ArgumentParser
import Pipeline
import Runtime

extension SeriesCommand {
    struct Forecast: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forecast", abstract: "The next values of every series, with intervals.",
            discussion: """
                auto weighs several models by their errors at rolling origins; which were tried, with which weights, is in
                the JSON. Intervals are calibrated on the series' own errors; those of a count never go below zero. An empty
                value is missing, not zero; the forecast begins after the last row of each series.

                """
                    + examples(
                        "cs-analytics series forecast daily.csv --horizon 28 --calendar calendar.csv",
                        "cs-analytics series forecast monthly.csv --horizon 12 --order 0,1,1 --seasonal-order 0,1,1 --json"
                    ))

        @OptionGroup var global: GlobalOptions
        @OptionGroup var columns: SeriesColumnOptions
        @Argument(help: "A table with unique_id, ds and y.") var file: String
        @Option(help: "Steps ahead.") var horizon: Int
        @Option(help: "Steps of the season, and of a longer one: 7 or 24,168; 1 for none (default: from the step).")
        var season: String?
        @Option(help: "auto, arima, ets, theta, mstl or seasonal-naive (default: auto; arima with --order).")
        var model: SeriesModelRequest.Kind?
        @Option(help: "ARIMA orders p,d,q (default: chosen by AICc).") var order: String?
        @Option(help: "Seasonal ARIMA orders P,D,Q.") var seasonalOrder: String?
        @Flag(inversion: .prefixedNo, help: "Whether an undifferenced ARIMA model has a mean.") var mean = true
        @Flag(help: "Give the ARIMA model a linear trend.") var trend = false
        @Option(help: "ARIMA estimation: css-ml, ml (exact likelihood) or css.") var method = "css-ml"
        @Option(help: "Interval levels in percent.") var level = "80,95"
        @Option(help: "Holidays and peaks: CSV (date,event or columns of 0 and 1) or iCalendar; daily series.")
        var calendar: String?
        @Option(help: "Rolling origins at most at which auto compares its candidates (default: 6).") var origins: Int?
        @Option(name: [.customShort("o"), .long], help: "File (default: standard output).") var output: String?

        func run() throws {
            try global.perform { console in
                let session = try global.session("series forecast")
                let request = try request()
                let outcome = try SeriesForecastJob.run(request, session.context)
                for warning in outcome.warnings.prefix(20) {
                    console.complain("cs-analytics: \(Escaping.terminal(warning))")
                }
                if outcome.warnings.count > 20 {
                    console.complain("cs-analytics: and \(outcome.warnings.count - 20) more such remarks")
                }
                if console.isJSON {
                    console.data(try JSONOutput.document(outcome.document, runID: session.context.runID))
                    return
                }
                let file = try OutputFile(output)
                try outcome.writeCSV { try file.write($0) }
                try file.finish()
                console.say("\(outcome.series.count) series, \(horizon) steps each")
            }
        }

        /// The arguments as one plan.
        private func request() throws -> SeriesForecastJob.Request {
            var request = SeriesForecastJob.Request(path: file, horizon: horizon)
            request.columns = columns.columns
            request.seasons = try SeasonList.parse(season)
            request.calendarPath = calendar
            request.origins = origins
            request.levels = try SeriesArguments.levels(level)
            request.model.kind = model ?? (order == nil && seasonalOrder == nil ? .auto : .arima)
            request.model.order = try order.map { try SeriesArguments.order($0, option: "--order") }
            request.model.seasonalOrder = try seasonalOrder.map {
                try SeriesArguments.order($0, option: "--seasonal-order")
            }
            if request.model.seasonalOrder != nil && request.model.order == nil { request.model.order = [0, 0, 0] }
            request.model.includesMean = mean
            request.model.includesTrend = trend
            request.model.method = try SeriesArguments.method(method)
            guard request.model.order == nil || request.model.kind == .arima else {
                throw JobFailure(.usage, "--order and --seasonal-order belong to --model arima")
            }
            if let origins, !(0...60).contains(origins) {
                throw JobFailure(.usage, "--origins \(origins): expected a number from 0 to 60")
            }
            return request
        }
    }
}

extension SeriesModelRequest.Kind: ExpressibleByArgument {}
