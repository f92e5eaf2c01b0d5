import Records

/// Bytes that live as long as their plan, for operations that point at them.
final class PlanBytes: @unchecked Sendable {
    // @unchecked: filled while the plan is made, only read afterwards.
    private var pieces: [UnsafeMutableRawBufferPointer] = []

    deinit { pieces.forEach { $0.deallocate() } }

    func keep(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
        piece.copyBytes(from: bytes)
        pieces.append(piece)
        return UnsafeRawBufferPointer(rebasing: piece[..<bytes.count])
    }
}

/// A part of a joined value: a column, or fixed bytes.
struct JoinedPart: @unchecked Sendable {
    // @unchecked: the bytes belong to the plan and are never written.
    let column: Int
    let constant: UnsafeRawBufferPointer
}

/// What is done for one field of every row, as a value without references so that the loop over rows counts none.
struct FieldOperation: @unchecked Sendable {
    // @unchecked: the bytes belong to the plan and are never written.
    enum Kind: UInt8 { case text, constant, isoTime, word, joined, general }

    let kind: Kind
    let isTrimmed: Bool
    let isRequired: Bool
    let position: Int32
    /// Column, or first part of `joined`.
    let column: Int32
    /// Number of parts of `joined`.
    let count: Int32
    /// Position among the rule's fields, for what the quick ways do not cover.
    let field: Int32
    let constant: UnsafeRawBufferPointer
}

extension ColumnPlan.Field {
    /// The quickest way to do what the field asks for.
    func operation(_ index: Int, _ bytes: PlanBytes, _ parts: inout [JoinedPart]) -> FieldOperation {
        var kind = FieldOperation.Kind.general
        var column = 0
        var count = 0
        var constant = UnsafeRawBufferPointer(start: nil, count: 0)
        let isBare =
            replacements == nil && absentWords == nil && conditions.isEmpty && rule.unmapped == .keep
            && rule.separators.isEmpty
        switch source {
        case .column(let number) where isBare:
            column = number
            switch type {
            case .text: kind = vocabulary == nil ? .text : .word
            case .time where rule.time == .iso: kind = .isoTime
            default: break
            }
        case .constant(let text) where isBare && type == .text && vocabulary == nil && !text.isEmpty:
            kind = .constant
            constant = bytes.keep(text)
        case .joined(let sources) where isBare && type == .text && vocabulary == nil:
            let simple: [JoinedPart] = sources.compactMap { source in
                switch source {
                case .column(let number): JoinedPart(column: number, constant: constant)
                case .constant(let text): JoinedPart(column: -1, constant: bytes.keep(text))
                default: nil
                }
            }
            if simple.count == sources.count {
                kind = .joined
                column = parts.count
                count = simple.count
                parts += simple
            }
        default: break
        }
        return FieldOperation(
            kind: kind, isTrimmed: isTrimmed, isRequired: isRequired, position: Int32(position), column: Int32(column),
            count: Int32(count), field: Int32(index), constant: constant)
    }
}
