import Records
import Runtime

/// Transcripts of calls with times relative to their start: SubRip (`.srt`) and WebVTT (`.vtt`).
///
/// Shape: the WebVTT standard of the W3C and SubRip's usual form. Speakers are named by `<v Name>`, `Name:` or `[Name]`. When a
/// call began stands in the file's name (`2026-03-02T10-15-00_CALLID.srt`, `20260302_101500-CALLID.vtt`), and needs a zone.
package struct TranscriptAdapter: TextAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "transcript", reads: "call transcripts: SubRip, WebVTT; the call's start stands in the file name",
            shapeSource: "w3.org/TR/webvtt1; SubRip", zone: .needed, defaultSource: "calls")
    }

    package func confidence(for head: UnsafeRawBufferPointer) -> Double {
        if head.count >= 6, head.prefix(6).elementsEqual("WEBVTT".utf8) { return 1 }
        var lines = 0
        var cues = 0
        TextLines.forEach(head) { range in
            lines += 1
            if Cue.times(TextLines.string(head, range)) != nil { cues += 1 }
            return lines < 40
        }
        return cues > 0 && cues * 8 >= lines ? 0.9 : 0
    }

    package func prepare(_ text: UnsafeRawBufferPointer, context: AdapterContext) throws(ItemFault) -> any PreparedText
    {
        let path = context.entry.isEmpty ? context.file : context.entry
        let name = path.split { $0 == "/" || $0 == "!" }.last.map(String.init) ?? path
        guard let (wall, id) = CallStart.find(name) else {
            throw ItemFault(
                .badTime,
                "its times count from the start of the call, and the file name does not tell when that was; call it like "
                    + "2026-03-02T10-15-00_CALLID.srt")
        }
        // The first who speaks answers the call, where the names do not tell.
        var first: String?
        TextLines.forEach(text) { range in
            if let speaker = Cue.speaker(TextLines.string(text, range)).name { first = speaker }
            return first == nil
        }
        return PreparedTranscript(start: wall, call: id, firstSpeaker: first, context: context)
    }
}

/// A cue's parts.
enum Cue {
    /// `00:00:01,000 --> 00:00:04.000 …` in milliseconds.
    static func times(_ line: String) -> (from: Int64, to: Int64)? {
        guard let arrow = line.firstRange(of: "-->") else { return nil }
        let left = line[..<arrow.lowerBound].split(separator: " ").last
        let right = line[arrow.upperBound...].split(separator: " ").first
        guard let left, let right, let from = time(left), let to = time(right) else { return nil }
        return (from, to)
    }

    private static func time(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":")
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        let seconds = last.split { $0 == "," || $0 == "." }
        guard (1...2).contains(seconds.count), let whole = Int64(seconds[0]), whole < 60 else { return nil }
        var total = whole * 1000
        if seconds.count == 2 {
            guard let fraction = Int64((seconds[1] + "000").prefix(3)) else { return nil }
            total += fraction
        }
        for (place, part) in parts.dropLast().reversed().enumerated() {
            guard let value = Int64(part), value < 10_000 else { return nil }
            total += value * (place == 0 ? 60_000 : 3_600_000)
        }
        return total
    }

    /// Who speaks in a line, and the words behind.
    static func speaker(_ line: String) -> (name: String?, words: String) {
        if line.hasPrefix("<v"), let end = line.firstIndex(of: ">") {
            let name = line[line.index(line.startIndex, offsetBy: 2)..<end].drop { $0 == " " || $0 == "." }
            var words = String(line[line.index(after: end)...])
            if words.hasSuffix("</v>") { words.removeLast(4) }
            return (name.isEmpty ? nil : String(name), words)
        }
        if line.hasPrefix("["), let end = line.firstIndex(of: "]"), line.distance(from: line.startIndex, to: end) < 60 {
            let words = line[line.index(after: end)...].drop { $0 == " " || $0 == ":" || $0 == "：" }
            if !words.isEmpty { return (String(line[line.index(after: line.startIndex)..<end]), String(words)) }
        }
        if let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }), colon != line.startIndex {
            let name = line[..<colon]
            let words = line[line.index(after: colon)...].drop { $0 == " " }
            let isName = name.count <= 40 && !words.isEmpty && !name.contains(where: { ".?!,。？！，".contains($0) })
            if isName, name.split(separator: " ").count <= 3, name.contains(where: \.isLetter) {
                return (String(name), String(words))
            }
        }
        return (nil, line)
    }

    private static let agents = ["agent", "客服", "坐席", "operator", "advisor", "representative", "support"]
    private static let customers = ["customer", "client", "caller", "客户", "顾客", "用户", "来电"]
    private static let machines = ["bot", "ivr", "system", "机器人", "系统"]

    /// The role that a speaker's name tells.
    static func role(_ name: String) -> Role? {
        let name = name.lowercased()
        if machines.contains(where: name.contains) { return .bot }
        if agents.contains(where: name.contains) { return .agent }
        return customers.contains(where: name.contains) ? .customer : nil
    }
}

/// When a call began, by its file name.
enum CallStart {
    /// Milliseconds on the wall clock, and the rest of the name as the call's id.
    static func find(_ name: String) -> (wall: Int64, id: String)? {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        let bytes = Array(stem.utf8)
        func digits(_ at: Int, _ count: Int) -> Int? {
            guard at + count <= bytes.count else { return nil }
            var value = 0
            for index in at..<at + count {
                guard bytes[index] &- 48 < 10 else { return nil }
                value = value * 10 + Int(bytes[index] &- 48)
            }
            return value
        }
        for start in bytes.indices where start == 0 || bytes[start - 1] &- 48 > 9 {
            for gap in [1, 0] {
                guard gap == 0 || digits(start + 4, 1) == nil else { continue }
                let monthAt = start + 4 + gap
                let dayAt = monthAt + 2 + gap
                let hourAt = dayAt + 2 + 1
                guard let year = digits(start, 4), let month = digits(monthAt, 2), let day = digits(dayAt, 2),
                    CivilDate.isValid(year: year, month: month, day: day), (1995...2100).contains(year),
                    let hour = digits(hourAt, 2), hour < 24
                else { continue }
                for clockGap in [1, 0] {
                    // A gap is a sign between hours and minutes, not one of their digits.
                    guard clockGap == 0 || digits(hourAt + 2, 1) == nil else { continue }
                    guard let minute = digits(hourAt + 2 + clockGap, 2), minute < 60 else { continue }
                    let secondAt = hourAt + 4 + 2 * clockGap
                    let second = digits(secondAt, 2).flatMap { $0 < 60 ? $0 : nil }
                    let end = second == nil ? hourAt + 4 + clockGap : secondAt + 2
                    let days = Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch)
                    let wall = days * 86_400_000 + Int64((hour * 60 + minute) * 60 + (second ?? 0)) * 1000
                    let rest = String(decoding: bytes[..<start] + bytes[min(end, bytes.count)...], as: UTF8.self)
                    let id = String(rest.drop { "_- ".contains($0) })
                    return (wall, id.isEmpty ? stem : id)
                }
            }
        }
        return nil
    }
}

/// A transcript of which the start is known.
struct PreparedTranscript: PreparedText {
    let start: Int64
    let call: String
    let firstSpeaker: String?
    let context: AdapterContext

    /// Speakers carry over from cue to cue, so a transcript is one block; calls are short.
    func nextItem(_ text: UnsafeRawBufferPointer, from position: Int) -> Int { text.count }

    func map(_ block: UnsafeRawBufferPointer, offset: Int, to records: inout RecordSink) {
        var cue: (from: Int64, to: Int64, at: Int, words: [String], speaker: String?)?
        var speaker: String?
        var number = 0
        func flush(_ records: inout RecordSink) {
            guard let found = cue, !found.words.isEmpty else { return }
            records.beginItem()
            number += 1
            let mark = records.mark()
            do throws(ItemFault) {
                try write(found.from, found.to, found.speaker, found.words.joined(separator: " "), number, &records)
            } catch {
                records.rollBack(to: mark)
                records.reject(
                    error, line: 0, byteOffset: found.at, ordinal: number,
                    excerpt: UnsafeRawBufferPointer(rebasing: block[found.at..<min(block.count, found.at + 200)]))
            }
            cue = nil
        }
        TextLines.forEach(block) { range in
            let line = TextLines.string(block, range)
            if let times = Cue.times(line) {
                flush(&records)
                cue = (times.from, times.to, range.lowerBound, [], speaker)
            } else if line.isEmpty {
                flush(&records)
            } else if cue != nil {
                let (name, words) = Cue.speaker(line)
                if let name {
                    speaker = name
                    cue?.speaker = name
                }
                cue?.words.append(words)
            }
            return true
        }
        flush(&records)
    }

    private func write(
        _ from: Int64, _ to: Int64, _ speaker: String?, _ words: String, _ number: Int, _ records: inout RecordSink
    ) throws(ItemFault) {
        let began = try records.wallTime(start)
        let role: Role
        if let speaker, let known = Cue.role(speaker) ?? context.people.role(of: speaker) {
            role = known
        } else {
            role = speaker == firstSpeaker ? .agent : .customer
            records.warn("speakers without a telling name: the first to speak is taken for the agent")
        }
        var message = MessageRow(
            id: "\(call)/\(number)", conversation: call, at: began + from, role: role, author: speaker.map(personName),
            text: words)
        message.extra = #"{"seconds":\#(Double(to - from) / 1000)}"#
        records.add(message, channel: "phone")
    }
}
