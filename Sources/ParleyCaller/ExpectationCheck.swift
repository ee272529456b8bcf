import ParleyCore

/// One expectation that did not hold, with what was found instead.
public struct Finding: Equatable, Sendable, CustomStringConvertible {
    public var key: String
    public var problem: String
    public var description: String { "\(key): \(problem)" }
}

extension Expectations {
    /// Everything in which a call was not as expected; empty when all is well. A caller who got stuck is always a
    /// finding.
    public func check(_ report: CallReport) -> [Finding] {
        var findings: [Finding] = []
        func miss(_ key: String, _ problem: String) { findings.append(Finding(key: key, problem: problem)) }
        if let stuck = report.stuck { miss("call", stuck) }
        if let maxDuration, report.durationMS > Double(maxDuration.milliseconds) {
            miss("max_duration", "took \(Int(report.durationMS)) ms, expected at most \(maxDuration.milliseconds) ms")
        }
        guard !needsNotes || report.hasNotes else {
            miss(
                "expect",
                "the server sent no notes of the call, and words, variables, messages and the end can only be judged "
                    + "from them; a Parley gateway sends notes to a caller on the same machine")
            return findings
        }
        for variable in variables { check(variable, report, miss) }
        for phrase in agentSays where !phrase.isFound(in: report.heardAgent) {
            miss("agent_says", "`\(phrase)` was not heard; heard: \(quoted(report.heardAgent))")
        }
        for phrase in agentDoesNotSay where phrase.isFound(in: report.heardAgent) {
            miss("agent_does_not_say", "`\(phrase)` was heard: \(quoted(report.heardAgent))")
        }
        for phrase in callerSays where !phrase.isFound(in: Self.words(report.heardCaller)) {
            miss("caller_says", "`\(phrase)` was not understood; understood: \(quoted(report.heardCaller))")
        }
        for phrase in messageContains where !report.messages.contains(where: { phrase.isFound(in: $0.body) }) {
            let bodies = report.messages.map { quoted($0.body) }.joined(separator: ", ")
            miss(
                "message_contains",
                "`\(phrase)` is in no message; \(bodies.isEmpty ? "there was none" : "there is \(bodies)")")
        }
        check(messages, report.messages.count, "messages", miss)
        check(bargeIns, report.bargeInsConfirmed, "barge_ins", miss)
        check(resumed, report.bargeInsResumed, "resumed", miss)
        check(backchannels, report.callerTurns.count { $0.isBackchannel }, "backchannels", miss)
        check(keyedTurns, report.callerTurns.count { $0.isKeyed }, "keyed_turns", miss)
        if let consent {
            // The last word counts: consent may be withdrawn.
            let found = report.consents.last.map { $0.isGranted ? Consent.granted : .refused } ?? .none
            if found != consent { miss("consent", "is \(found.rawValue), expected \(consent.rawValue)") }
        }
        if let end, report.endReason != end {
            miss("end", "is \(report.endReason.isEmpty ? "not told" : report.endReason), expected \(end)")
        }
        return findings
    }

    private func check(_ variable: Variable, _ report: CallReport, _ miss: (String, String) -> Void) {
        let key = variable.reading == .value ? variable.name : "\(variable.reading.rawValue)(\(variable.name))"
        guard let value = report.variable(variable.name) else {
            return miss("variables", "\(key) was never settled, expected `\(variable.pattern)`")
        }
        let reading: String? =
            switch variable.reading {
            case .value: value
            case .weekday: SlotReading.weekday(value)
            case .time: SlotReading.time(value)
            }
        guard let reading else {
            return miss("variables", "\(key) cannot be read from `\(value)`, expected `\(variable.pattern)`")
        }
        if !variable.pattern.isWhole(reading) {
            let origin = reading == value ? "" : " (from `\(value)`)"
            miss("variables", "\(key) is `\(reading)`\(origin), expected `\(variable.pattern)`")
        }
    }

    private func check(_ wanted: Count?, _ found: Int, _ key: String, _ miss: (String, String) -> Void) {
        guard let wanted, !wanted.allows(found) else { return }
        switch wanted {
        case .exactly(let number): miss(key, "is \(found), expected \(number)")
        case .atLeast(let number): miss(key, "is \(found), expected at least \(number)")
        }
    }

    /// Recognisers differ in case and punctuation; neither matters to what was said.
    package static func words(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber || $0 == "'" || $0 == ":" ? $0 : " " }).lowercased()
            .split(separator: " ").joined(separator: " ")
    }

    private func quoted(_ text: String) -> String {
        text.isEmpty ? "nothing" : "\"\(text.count > 400 ? String(text.prefix(400)) + "..." : text)\""
    }
}

/// Reads days and times out of the values that agents settle, so that a script can say "tuesday" whatever the date is.
enum SlotReading {
    static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// The weekday of a text that is one, or begins with one, or holds a date `YYYY-MM-DD`; `nil` for others.
    static func weekday(_ text: String) -> String? {
        if let (year, month, day) = date(in: text) {
            return weekdays[dayOfWeek(year: year, month: month, day: day)]
        }
        let word = text.lowercased().prefix { $0.isLetter }
        return weekdays.first { $0 == word }
    }

    /// `HH:MM` of a text that holds a time of 24 hours; `nil` for others.
    static func time(_ text: String) -> String? {
        guard let match = text.firstMatch(of: /(?:^|[T ])([01]?[0-9]|2[0-3]):([0-5][0-9])(?![0-9])/) else { return nil }
        let hour = String(match.1)
        return (hour.count == 1 ? "0" + hour : hour) + ":" + match.2
    }

    private static func date(in text: String) -> (Int, Int, Int)? {
        guard let match = text.firstMatch(of: /(?:^|[^0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return (year, month, day)
    }

    /// 0 for Sunday, by Zeller's congruence for the Gregorian calendar.
    private static func dayOfWeek(year: Int, month: Int, day: Int) -> Int {
        let shifted = month < 3 ? month + 12 : month
        let year = month < 3 ? year - 1 : year
        let zeller = (day + 13 * (shifted + 1) / 5 + year + year / 4 - year / 100 + year / 400) % 7
        return (zeller + 6) % 7
    }
}
