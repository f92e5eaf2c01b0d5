import Aggregates
import Records
import Runtime

/// The packed form of a case's status history and of its activity (columns `states` and `activity` of `service_case`).
///
/// Distances are zigzag LEB128, names are LEB128 length + 1 and UTF-8, so that a ticket's life fits into some bytes and
/// equal histories give equal bytes.
enum CaseHistoryCoding {
    static func encode(_ states: [ServiceCase.StateChange]) -> [UInt8] {
        var out: [UInt8] = []
        var previous: Int64 = 0
        for state in states {
            VariableLength.append(signed: state.at.milliseconds &- previous, to: &out)
            previous = state.at.milliseconds
            out.append(code(state.status))
            append(state.actor, to: &out)
        }
        return out
    }

    static func states(_ bytes: UnsafeRawBufferPointer) -> [ServiceCase.StateChange]? {
        var out: [ServiceCase.StateChange] = []
        var offset = 0
        var previous: Int64 = 0
        while offset < bytes.count {
            guard let step = VariableLength.readSigned(bytes, &offset), offset < bytes.count,
                let status = status(bytes[offset])
            else { return nil }
            offset += 1
            previous &+= step
            guard let actor = readName(bytes, &offset) else { return nil }
            out.append(.init(at: Timestamp(milliseconds: previous), status: status, actor: actor.name))
        }
        return out
    }

    static func encode(_ activity: [ServiceCase.Activity]) -> [UInt8] {
        var out: [UInt8] = []
        var previous: Int64 = 0
        for entry in activity {
            VariableLength.append(signed: Int64(entry.quarter) - previous, to: &out)
            previous = Int64(entry.quarter)
            out.append(entry.role.code | (entry.isPublic ? 16 : 0))
            append(entry.agent, to: &out)
            VariableLength.append(UInt64(UInt32(bitPattern: entry.count)), to: &out)
        }
        return out
    }

    static func activity(_ bytes: UnsafeRawBufferPointer) -> [ServiceCase.Activity]? {
        var out: [ServiceCase.Activity] = []
        var offset = 0
        var previous: Int64 = 0
        while offset < bytes.count {
            guard let step = VariableLength.readSigned(bytes, &offset), offset < bytes.count,
                let role = Role(code: bytes[offset] & 15)
            else { return nil }
            let isPublic = bytes[offset] & 16 != 0
            offset += 1
            previous &+= step
            guard let agent = readName(bytes, &offset), let count = VariableLength.read(bytes, &offset) else {
                return nil
            }
            out.append(
                .init(
                    quarter: Int32(truncatingIfNeeded: previous), role: role, agent: agent.name, isPublic: isPublic,
                    count: Int32(truncatingIfNeeded: count)))
        }
        return out
    }

    private static func code(_ status: TicketStatus) -> UInt8 {
        switch status {
        case .new: 0
        case .open: 1
        case .pending: 2
        case .hold: 3
        case .solved: 4
        case .closed: 5
        case .deleted: 6
        }
    }

    private static func status(_ code: UInt8) -> TicketStatus? {
        switch code {
        case 0: .new
        case 1: .open
        case 2: .pending
        case 3: .hold
        case 4: .solved
        case 5: .closed
        case 6: .deleted
        default: nil
        }
    }

    private static func append(_ name: String?, to out: inout [UInt8]) {
        guard let name else {
            out.append(0)
            return
        }
        VariableLength.append(UInt64(name.utf8.count + 1), to: &out)
        out.append(contentsOf: name.utf8)
    }

    private static func readName(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> (name: String?, Void)? {
        guard let length = VariableLength.read(bytes, &offset), length <= UInt64(bytes.count - offset) + 1 else {
            return nil
        }
        guard length > 0 else { return (nil, ()) }
        let end = offset + Int(length) - 1
        defer { offset = end }
        return (String(decoding: bytes[offset..<end], as: UTF8.self), ())
    }
}
