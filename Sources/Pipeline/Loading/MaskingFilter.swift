import FoundationEssentials
import Ingest
import Logging
import Privacy
package import Records
import Runtime

/// Masks records and the excerpts of rejects on the worker that made them.
package struct MaskingFilter: RecordFilter {
    private let masker: RecordMasker

    /// - Parameter isRehearsal: a dry run makes no key of its own; pseudonyms then mean nothing beyond the run.
    package init(_ session: Session, isRehearsal: Bool) throws {
        let configuration = session.configuration
        let policy = PrivacyPolicy(
            text: PrivacyAction(rawValue: configuration["privacy.text"]) ?? .mask,
            identities: PrivacyAction(rawValue: configuration["privacy.identities"]) ?? .pseudonym)
        guard policy.needsKey else {
            masker = RecordMasker(policy: policy)
            return
        }
        let file = MaskingFilter.keyFile(session)
        let hasKey =
            session.environment[PrivacyKey.environmentName] != nil || FileManager.default.fileExists(atPath: file)
        let key: PrivacyKey
        if isRehearsal && !hasKey {
            key = try PrivacyKey(bytes: Array(repeating: 0x55, count: 32))
        } else {
            try AtomicFile.makeFolder(ConfigurationLoader.folder(of: file))
            key = try PrivacyKey.load(environment: session.environment, file: file)
            if let notice = key.notice { session.context.log.notice("\(notice)") }
        }
        masker = RecordMasker(policy: policy, pseudonymizer: Pseudonymizer(key: key))
    }

    package static func keyFile(_ session: Session) -> String {
        session.configuration.path("privacy.key-file", workingFolder: session.workingFolder)
            ?? "\(session.stateFolder)/privacy.key"
    }

    package func apply(to batch: inout RecordBatch) {
        masker.mask(&batch)
        ExcerptFilter().apply(to: &batch)
    }
}

/// Masks only the excerpts of rejects, which are shown to people: for runs with `--privacy off`.
package struct ExcerptFilter: RecordFilter {
    package init() {}

    package func apply(to batch: inout RecordBatch) {
        for index in batch.rejects.indices {
            batch.rejects[index].excerpt = maskedExcerpt(batch.rejects[index].excerpt)
        }
    }
}
