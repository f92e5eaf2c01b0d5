import Ingest
import Models
import Privacy
import Reports
import Runtime
import Warehouse

extension JobFailure {
    /// What any error of the rooms means for the person at the command line.
    package init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let error as ConfigurationError: self.init(.configuration, error.description)
        case let interruption as Interruption:
            self.init(interruption.signal == 15 ? .terminated : .interrupted, interruption.description)
        case let fault as FileFault: self.init(.cannotWrite, fault.description)
        case let error as WarehouseError:
            switch error {
            case .unreachable: self.init(.unavailable, error.description)
            case .badAddress: self.init(.configuration, error.description)
            case .newerSchema: self.init(.configuration, error.description)
            case .refused(_, let message) where message.contains("disk is full") || message.contains("No space left"):
                self.init(.cannotWrite, error.description)
            case .refused, .damaged: self.init(.unavailable, error.description)
            }
        case let error as IngestError:
            switch error {
            case .unknownAdapter, .unknownZone: self.init(.usage, error.description)
            case .badMapping: self.init(.configuration, error.description)
            case .noTemporarySpace: self.init(.cannotWrite, error.description)
            case .noSuchInput, .unreadable, .wrongKind, .zoneNeeded: self.init(.unusableInput, error.description)
            }
        case let error as PrivacyError: self.init(.configuration, error.description)
        case let error as ReportError: self.init(.configuration, error.description)
        case let error as ModelError: self.init(.unusableInput, error.description)
        default: self.init(.bug, "unexpected: \(error) (please report this)")
        }
    }
}
