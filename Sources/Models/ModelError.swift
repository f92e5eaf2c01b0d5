/// What can go wrong when models are trained, stored and loaded.
package enum ModelError: Error, Equatable, Sendable {
    /// A file cannot be read or written.
    case file(path: String, reason: String)
    /// A row of a labelled file cannot be used; lines count from 1.
    case row(path: String, line: Int, reason: String)
    /// A labelled file lacks a column.
    case column(path: String, name: String, found: [String])
    /// There are no rows to learn from or to evaluate on.
    case noRows(String)
    /// Fewer than two labels, of which a classifier would have to choose.
    case tooFewLabels(task: String, labels: [String])
    /// A model file is damaged; the tensor is named where one is to blame.
    case damaged(path: String, tensor: String?, reason: String)
    /// A file or folder is whole, but no model of this program or of a version that it knows.
    case unsupported(path: String, reason: String)
    /// A task's name cannot be the name of a folder.
    case taskName(String)
    /// A model was not promoted.
    case notPromoted(String)
}

extension ModelError: CustomStringConvertible {
    /// One line for a person: the thing, the place and the way out.
    package var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .row(let path, let line, let reason): "\(path):\(line): \(reason)"
        case .column(let path, let name, let found):
            "\(path): no column \"\(name)\"; found \(found.map { "\"\($0)\"" }.joined(separator: ", "))"
        case .noRows(let what): "\(what): no rows"
        case .tooFewLabels(let task, let labels):
            "\(task): a classifier needs rows of at least two labels; found \(labels.isEmpty ? "none" : labels.joined(separator: ", "))"
        case .damaged(let path, let tensor, let reason):
            "\(path): damaged model file: \(tensor.map { "tensor \"\($0)\": " } ?? "")\(reason); train it again or restore it"
        case .unsupported(let path, let reason): "\(path): \(reason)"
        case .taskName(let name):
            "the task name \"\(name)\" is not allowed; use letters, digits, \"-\" and \"_\", at most 64"
        case .notPromoted(let reason): "not promoted: \(reason)"
        }
    }
}
