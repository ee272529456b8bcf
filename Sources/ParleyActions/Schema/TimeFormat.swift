/// `date`, `time` and `date-time` (RFC 3339 §5.6), in the proleptic Gregorian calendar.
enum TimeFormat {
    /// Most digits of a fraction of a second.
    static let maxFraction = 15

    static func isDate(_ bytes: [UInt8]) -> Bool {
        var scanner = FormatScanner(bytes)
        return scanner.takeDate() && scanner.isAtEnd
    }

    /// `14:30`: what people say has no offset, and mostly no seconds, so both may be left out; RFC 3339 wants them.
    static func isTime(_ bytes: [UInt8]) -> Bool {
        var scanner = FormatScanner(bytes)
        return scanner.takeTime(isFull: false) && scanner.isAtEnd
    }

    /// An instant: seconds and offset are wanted.
    static func isDateTime(_ bytes: [UInt8]) -> Bool {
        var scanner = FormatScanner(bytes)
        return scanner.takeDate() && (scanner.take("T") || scanner.take("t")) && scanner.takeTime(isFull: true)
            && scanner.isAtEnd
    }
}

extension FormatScanner {
    fileprivate mutating func takeDate() -> Bool {
        guard let year = number(digits: 4, in: 0...9_999), take("-"),
            let month = number(digits: 2, in: 1...12), take("-")
        else { return false }
        let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return number(digits: 2, in: 1...days[month - 1]) != nil
    }

    fileprivate mutating func takeTime(isFull: Bool) -> Bool {
        guard let hour = number(digits: 2, in: 0...23), take(":"), let minute = number(digits: 2, in: 0...59) else {
            return false
        }
        var second: Int?
        if take(":") {
            second = number(digits: 2, in: 0...60)
            guard second != nil else { return false }
            if take("."), !(1...TimeFormat.maxFraction).contains(take(while: \.isDigit).count) { return false }
        }
        var offset: Int?
        if !isAtEnd {
            offset = takeOffset()
            guard offset != nil else { return false }
        }
        if isFull, second == nil || offset == nil { return false }
        // A leap second ends a day in UTC; without an offset nobody can tell.
        guard second == 60 else { return true }
        guard let offset else { return false }
        return (hour * 60 + minute - offset + 2 * 1_440) % 1_440 == 1_439
    }

    /// Minutes east of UTC.
    private mutating func takeOffset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2, in: 0...23), take(":"),
            let minutes = number(digits: 2, in: 0...59)
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
