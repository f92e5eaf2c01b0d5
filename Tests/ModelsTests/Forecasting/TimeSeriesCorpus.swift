import Foundation

/// The reference values and series that tests compare with, where `CS_ANALYTICS_CORPORA` names their folder.
enum TimeSeriesCorpus {
    static let folder = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"].map { "\($0)/ts" }
    static var isThere: Bool { folder != nil }

    static func decode<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(name)"))
        return try JSONDecoder().decode(type, from: data)
    }

    struct Decompositions: Decodable {
        let series: [String: [Double]]
        let stl: [String: Parts]

        /// The parts that a reference holds: those of one season or those of several.
        struct Parts: Decodable {
            let seasonal: [Double]?
            let trend: [Double]?
            let remainder: [Double]?
            let weights: [Double]?
            let x: [Double?]?
            let seasonal48: [Double]?
            let seasonal336: [Double]?
        }
    }

    struct Models: Decodable {
        let series: [String: Series]

        struct Series: Decodable {
            let frequency: Int
            let values: [Double]
            let ets: Smoothing
        }
        struct Smoothing: Decodable {
            let method: String
            let par: [String: Double]
            let loglik: Double
            let aicc: Double
            let mean: [Double]
            let lo95: [Double]
            let hi95: [Double]
        }
    }

    /// The monthly competition series: training values and the values that followed.
    static func monthly() throws -> [(id: String, train: [Double], test: [Double])] {
        let text = try String(
            contentsOfFile: "\(folder ?? "")/m3-monthly-400/m3_monthly_sample400.csv", encoding: .utf8)
        var found: [(id: String, train: [Double], test: [Double])] = []
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let cells = line.split(separator: ",")
            guard cells.count == 4, let y = Double(cells[3]) else { continue }
            if found.last?.id != String(cells[0]) { found.append((String(cells[0]), [], [])) }
            if cells[1] == "train" {
                found[found.count - 1].train.append(y)
            } else {
                found[found.count - 1].test.append(y)
            }
        }
        return found
    }
}

/// The greatest difference between two lists in units of the greatest absolute value of the second.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let scale = b.reduce(1e-300) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1) / scale) }
}
