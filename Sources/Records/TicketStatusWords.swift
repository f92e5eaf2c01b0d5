extension TicketStatus {
    /// The status of a word: the canonical one, or what help desks commonly write for it; `nil` for an unknown word.
    package init?(word: String) {
        if let status = TicketStatus(rawValue: word) {
            self = status
            return
        }
        var name = ""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "A"..."Z": name.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value + 32)))
            case "_", "-": name += " "
            default: name.unicodeScalars.append(scalar)
            }
        }
        guard let status = TicketStatus.words[name] else { return nil }
        self = status
    }

    private static let words: [String: TicketStatus] = [
        "new": .new, "unassigned": .new, "新建": .new, "待受理": .new, "未处理": .new,
        "open": .open, "opened": .open, "reopen": .open, "reopened": .open, "in progress": .open, "active": .open,
        "处理中": .open, "已受理": .open, "重新打开": .open,
        "pending": .pending, "waiting": .pending, "waiting on customer": .pending, "awaiting reply": .pending,
        "等待客户": .pending, "待回复": .pending,
        "hold": .hold, "on hold": .hold, "snoozed": .hold, "waiting on third party": .hold, "挂起": .hold, "暂停": .hold,
        "solved": .solved, "resolved": .solved, "completed": .solved, "done": .solved, "已解决": .solved, "已完成": .solved,
        "closed": .closed, "已关闭": .closed, "关闭": .closed,
        "deleted": .deleted, "spam": .deleted, "trash": .deleted, "merged": .deleted, "removed": .deleted,
        "已删除": .deleted,
    ]
}
