/// What is wrong with the settings, and where.
package enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case badSyntax(file: String, line: Int, reason: String)
    case unknownKey(file: String, line: Int, key: String, nearest: String?)
    case badValue(origin: String, key: String, found: String, expected: String)

    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            return "cannot read the configuration \(file): \(reason)"
        case .badSyntax(let file, let line, let reason):
            return "\(file):\(line): not valid YAML: \(reason)"
        case .unknownKey(let file, let line, let key, let nearest):
            let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
            return "\(file):\(line): there is no setting '\(key)'\(hint) ('cs-analytics config show' lists them all)"
        case .badValue(let origin, let key, let found, let expected):
            return "\(origin): setting '\(key)' is '\(found)'; expected \(expected)"
        }
    }
}
