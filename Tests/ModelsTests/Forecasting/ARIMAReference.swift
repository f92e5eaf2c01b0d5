import Foundation
import Models
import Testing

/// What R 4.2.2 with the package forecast 8.20 found, read from the corpora.
struct ARIMAReference {
    static let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

    /// One fitted model of the reference.
    struct Model: Sendable {
        var order: ARIMAOrder
        var coefficients: [String: Double]
        var standardErrors: [String: Double]
        var sigma2: Double
        var logLikelihood: Double
        var aicc: Double
        var observations: Int
        var hasMean: Bool
        var hasDrift: Bool
        var mean: [Double]
        var lower80: [Double]
        var upper95: [Double]
        var residuals: [Double]
    }

    private let root: [String: Any]

    init() throws {
        let path = try #require(Self.corpora) + "/ts/reference_arima.json"
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        root = try #require(object as? [String: Any])
    }

    /// A series by its name, `NaN` for missing values; `log10 lynx` and `presidents` too.
    func series(_ name: String) throws -> (values: [Double], period: Int) {
        if name == "log10 lynx" { return (try series("lynx").values.map { log10($0) }, 1) }
        if name == "presidents" { return (numbers(try dictionary(root, "fixed_data")["presidents"]), 4) }
        let entry = try dictionary(dictionary(root, "series"), name)
        return (numbers(entry["values"]), try #require(entry["frequency"] as? Int))
    }

    func fixed(_ name: String) throws -> Model { try model(dictionary(dictionary(root, "fixed_order"), name)) }

    func automatic(_ name: String, _ kind: String = "auto_default") throws -> Model {
        try model(dictionary(dictionary(dictionary(root, "series"), name), kind))
    }

    private func model(_ entry: [String: Any]) throws -> Model {
        let order = try dictionary(entry, "order")
        func count(_ key: String) -> Int { order[key] as? Int ?? 0 }
        func named(_ key: String) -> [String: Double] {
            (entry[key] as? [String: Any] ?? [:]).mapValues { number($0) }
        }
        return Model(
            order: ARIMAOrder(
                count("p"), count("d"), count("q"), seasonal: (count("P"), count("D"), count("Q")),
                period: entry["seasonal_period"] as? Int ?? 1),
            coefficients: named("coef"), standardErrors: named("se"), sigma2: number(entry["sigma2"]),
            logLikelihood: number(entry["loglik"]), aicc: number(entry["aicc"]),
            observations: try #require(entry["nobs_used"] as? Int), hasMean: entry["include_mean"] as? Bool ?? false,
            hasDrift: entry["include_drift"] as? Bool ?? false, mean: numbers(entry["mean"]),
            lower80: numbers(entry["lo80"]), upper95: numbers(entry["hi95"]),
            residuals: numbers(entry["residuals_head"]))
    }

    private func dictionary(_ parent: [String: Any], _ key: String) throws -> [String: Any] {
        try #require(parent[key] as? [String: Any], "no \(key) in the reference")
    }

    private func number(_ value: Any?) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

    private func numbers(_ value: Any?) -> [Double] { (value as? [Any] ?? []).map { number($0) } }
}

/// A seeded source of standard normal numbers.
struct NormalSource {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    /// A number of the uniform distribution on (0, 1).
    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return (Double(z >> 11) + 0.5) * 0x1p-53
    }

    mutating func next() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }

    /// `count` values of an ARMA process around zero, after a run-in.
    mutating func arma(_ count: Int, phi: [Double], theta: [Double]) -> [Double] {
        var (values, shocks): ([Double], [Double]) = ([], [])
        for t in 0..<(count + 300) {
            shocks.append(next())
            var value = shocks[t]
            for (j, weight) in phi.enumerated() where t > j { value += weight * values[t - 1 - j] }
            for (j, weight) in theta.enumerated() where t > j { value += weight * shocks[t - 1 - j] }
            values.append(value)
        }
        return Array(values.suffix(count))
    }
}
