import Aggregates
import Runtime
import Testing

@testable import Reports

/// The days and hours ahead on the pages, and the same numbers in CSV.
struct ForecastPagesTests {
    private static let day = RenderedPages.day

    @Test(arguments: ReportLocale.allCases)
    func everyWatchedSeriesHasItsDaysAhead(_ locale: ReportLocale) throws {
        let rendered = try RenderedPages(Self.day, locale)
        let lines = rendered.text("csv/anomalies_forecast.csv").split(separator: "\n")
        #expect(lines.first == "series,day,expected,lower_95,upper_95,model")
        let all = Self.day.watched.reduce(0) { $0 + $1.forecast.count }
        #expect(lines.count == all + 1)
        let first = try #require(Self.day.watched.first)
        let point = try #require(first.forecast.first)
        #expect(
            lines.contains {
                $0.hasPrefix("cases_created,\(point.day),")
                    && $0.hasSuffix("\"mean(ETS(A,N,A), MSTL[7]+ARIMA(1,0,1))\"")
            })
        let models = rendered.text("csv/anomalies_forecast_models.csv").split(separator: "\n")
        #expect(models.count == Self.day.watched.count + 1)
        #expect(models.filter { $0.hasSuffix(",1") }.count == 10)
        let html = rendered.text("anomalies.html")
        #expect(html.contains("MSTL[7]+ARIMA(1,0,1)") && html.contains(Phrasebook(locale)("note_fallback")))
        #expect(html.contains("csv/anomalies_forecast.csv") && html.contains("csv/anomalies_calendar.csv"))
    }

    @Test func alertsOfTheCalendarKeepTheUnwatchedApart() throws {
        let lines = try RenderedPages(Self.day, .en).text("csv/anomalies_calendar.csv").split(separator: "\n")
        let end = Self.day.period.days.upperBound
        #expect(lines.contains("\(end),2") && lines.contains("\(end - 9),1") && lines.contains("\(end - 10),0"))
        #expect(lines.contains("\(end - 11),"))
    }

    @Test(arguments: ReportLocale.allCases)
    func arrivalsByHour(_ locale: ReportLocale) throws {
        let rendered = try RenderedPages(Self.day, locale)
        let lines = rendered.text("csv/staffing.csv").split(separator: "\n")
        #expect(
            lines.first
                == "metric,dimension,channel,day,hour,minutes,is_open,expected,lower_80,upper_80,lower_95,upper_95,model,is_simple"
        )
        #expect(lines.count == 1 + 4 * 336)
        let next = Self.day.period.days.upperBound + 1
        #expect(lines.contains { $0.hasPrefix("cases_created,channel,chat,\(next),9,60,1,") && $0.hasSuffix(",1") })
        #expect(lines.contains { $0.hasPrefix("cases_created,channel,,\(next),3,60,0,0,0,0,0,0,") })
        let days = rendered.text("csv/staffing_days.csv").split(separator: "\n")
        #expect(days.count == 15)
        let fields = try #require(days.dropFirst().first).split(separator: ",")
        #expect(fields[0] == "\(next)" && fields[3] == "11" && fields[7] == "12")
        let heat = rendered.text("csv/staffing_cases_created_by_weekday_and_hour.csv").split(separator: "\n")
        #expect(heat.count == 8)
        let html = rendered.text("volume.html")
        #expect(html.contains("href=\"csv/staffing.csv\"") && html.contains("id=\"h-staffing\""))
    }

    @Test func theForecastOfAnotherNightIsNotShown() throws {
        var input = Self.day
        input.period = ReportPeriod(
            kind: .day, days: (input.period.days.lowerBound - 3)...(input.period.days.lowerBound - 3))
        let rendered = try RenderedPages(input, .en)
        #expect(rendered.text("anomalies.html").contains("they stand in the report of that day"))
        #expect(!rendered.text("volume.html").contains("h-staffing"))
        #expect(rendered.text("csv/staffing.csv").split(separator: "\n").count == 1)
    }
}
