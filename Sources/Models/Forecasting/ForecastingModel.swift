/// A model that was fitted to one series and can continue it.
///
/// Values are in the series' own units; a missing value is `NaN` and is never taken for zero.
package protocol ForecastingModel: Sendable {
    /// The model with its orders or components, as practitioners write it: `ARIMA(0,1,1)(0,1,1)[12]`, `ETS(A,Ad,M)`.
    var name: String { get }
    /// In-sample one-step-ahead forecasts, one per observation; `NaN` where the model makes none.
    var fittedValues: [Double] { get }
    /// The next `horizon` values with one interval for each of `levels` (0 < level < 1).
    func forecast(horizon: Int, levels: [Double]) -> Forecast
}
