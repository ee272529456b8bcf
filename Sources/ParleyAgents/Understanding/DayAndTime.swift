/// What was understood of a day, a time, or both, so far. A step that asks for both keeps one until it has the other.
struct DayAndTime: Equatable, Sendable {
    var day: CalendarDay?
    var time: ClockTime?
    /// "Tomorrow morning": settles a later "at nine".
    var part: DayPart?

    /// What one turn adds, or why it cannot be had.
    enum Answer: Equatable, Sendable {
        case understood(DayAndTime)
        /// "Friday the 28th", which is a Saturday.
        case conflict(CalendarDay, Weekday)
        case nothing
    }

    enum Wanted: Sendable {
        case day, time, both
    }

    /// Reads a turn. What is already known stays unless the turn says otherwise.
    ///
    /// - Parameters:
    ///   - isAsked: the words answer this very question, so that a lone number counts; else only a clear day or time
    ///     does.
    /// - Returns: also the tokens that were used.
    static func read(
        _ words: Words, wanted: Wanted, known: DayAndTime = DayAndTime(), now: LocalMoment, hours: OpeningHours?,
        isAsked: Bool
    ) -> (answer: Answer, used: Set<Int>) {
        if let tail = words.corrected {
            let offset = words.tokens.count - tail.tokens.count
            let before = Words(tokens: Array(words.tokens[..<offset]))
            let second = readOnce(tail, wanted, known, now, hours, isAsked)
            if second.answer != .nothing {
                // "Tuesday at three, no, four": the first half still stands where the second is silent.
                let first = readOnce(before, wanted, known, now, hours, false)
                if case .understood(let heard) = first.answer {
                    let both = readOnce(tail, wanted, heard, now, hours, isAsked)
                    return (both.answer, Set(words.tokens.indices))
                }
                return (second.answer, Set(second.used.map { $0 + offset }))
            }
        }
        return readOnce(words, wanted, known, now, hours, isAsked)
    }

    private static func readOnce(
        _ words: Words, _ wanted: Wanted, _ known: DayAndTime, _ now: LocalMoment, _ hours: OpeningHours?,
        _ isAsked: Bool
    ) -> (answer: Answer, used: Set<Int>) {
        var result = known
        var used: Set<Int> = []
        var rest = words
        var foundSomething = false

        if wanted != .day, let span = distance(words) {
            let total = now.time.minutes + span.minutes
            result.day = wanted == .both ? now.day.adding(days: total / 1_440) : known.day
            result.time = ClockTime(minutes: total % 1_440)
            return (.understood(result), Set(span.range))
        }
        if wanted != .time {
            if let phrase = DayPhrase.find(in: words, today: now.day, bareNumbers: isAsked && wanted == .day) {
                used.formUnion(phrase.range)
                for index in phrase.range { rest.tokens[index] = "" }
                switch phrase.meaning {
                case .day(let day): result.day = day
                case .conflict(let day, let said): return (.conflict(day, said), used)
                }
                foundSomething = true
            }
        }
        if let part = DayPart.find(in: words) {
            result.part = part
            // "Tomorrow morning" and "the afternoon" narrow a time, they do not give one.
            if wanted != .day, foundSomething || isAsked { foundSomething = true }
        }
        if wanted != .day, let phrase = ClockPhrase.find(in: rest, bareNumbers: isAsked) {
            used.formUnion(phrase.range)
            result.time = phrase.resolved(part: result.part, day: result.day, hours: hours)
            // "Today at nine", said at two in the afternoon, is nine in the evening.
            if !phrase.isExact, result.part == nil, let time = result.time, result.day == now.day, time <= now.time,
                time.hour < 12
            {
                let later = ClockTime(minutes: time.minutes + 720)
                if later > now.time, hours?.isOpen(at: later, on: now.day) ?? true { result.time = later }
            }
            foundSomething = true
        } else if wanted == .both, isAsked, result.day == nil, !foundSomething,
            let phrase = DayPhrase.findBeyondHours(in: rest, today: now.day), case .day(let day) = phrase.meaning
        {
            used.formUnion(phrase.range)
            result.day = day
            foundSomething = true
        }
        return (foundSomething ? .understood(result) : .nothing, used)
    }

    /// "In two hours", "in half an hour".
    private static func distance(_ words: Words) -> (minutes: Int, range: Range<Int>)? {
        let tokens = words.tokens
        for start in tokens.indices where tokens[start] == "in" {
            var count = 1.0
            var next = start + 1
            guard next < tokens.count else { return nil }
            if tokens[next] == "half" {
                count = 0.5
                next += next + 1 < tokens.count && ["an", "a"].contains(tokens[next + 1]) ? 2 : 1
            } else if tokens[next] == "an" || tokens[next] == "a" {
                next += 1
            } else if let number = NumberWords.cardinal(tokens, at: next) {
                (count, next) = (Double(number.value), number.end)
            } else {
                continue
            }
            guard next < tokens.count, count <= 1_000 else { continue }
            switch tokens[next] {
            case "hour", "hours": return (Int(count * 60), start..<(next + 1))
            case "minute", "minutes": return (Int(count), start..<(next + 1))
            default: continue
            }
        }
        return nil
    }
}
