package import Records
import Runtime

/// Rejects as CSV: file, entry, line, byte offset, ordinal, reason, detail, masked excerpt.
package enum RejectsFile {
    package static func text(_ rejects: [Reject]) -> String {
        var out = "file,entry,line,byte_offset,ordinal,reason,detail,excerpt\n"
        for reject in rejects {
            let fields = [
                reject.file, reject.entry, reject.line > 0 ? "\(reject.line)" : "",
                reject.byteOffset >= 0 ? "\(reject.byteOffset)" : "", reject.ordinal > 0 ? "\(reject.ordinal)" : "",
                reject.reason.rawValue, reject.detail, Escaping.terminal(reject.excerpt),
            ]
            out += fields.map { Escaping.csv($0) }.joined(separator: ",") + "\n"
        }
        return out
    }

    package static func write(_ rejects: [Reject], to path: String) throws {
        try AtomicFile.write(text(rejects), to: path)
    }
}
