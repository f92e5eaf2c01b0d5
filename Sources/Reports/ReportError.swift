/// Why pages could not be rendered.
package enum ReportError: Error, Equatable, CustomStringConvertible {
    /// A template that Mustache cannot read: file, line and column, and what is wrong there.
    case template(file: String, line: Int, column: Int, reason: String)
    /// A template that includes another which does not exist.
    case missingPartial(file: String, partial: String)
    /// A folder of templates, or a file in it, that cannot be read.
    case unreadable(path: String, reason: String)
    /// A file of a template folder whose name is that of no template, with the nearest one.
    case unknownTemplate(file: String, nearest: String)
    /// A value that JSON cannot hold.
    case encoding(file: String, reason: String)

    package var description: String {
        switch self {
        case .template(let file, let line, let column, let reason):
            "\(file):\(line):\(column): template error: \(reason)"
        case .missingPartial(let file, let partial):
            "\(file): includes the template ‘\(partial)’, which does not exist; add \(partial).mustache or remove the tag"
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason); check the path given with --template"
        case .unknownTemplate(let file, let nearest):
            "\(file): no template has this name; did you mean \(nearest).mustache?"
        case .encoding(let file, let reason):
            "\(file): cannot be written: \(reason)"
        }
    }
}
