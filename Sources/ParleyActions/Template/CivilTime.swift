/// A day, a time of day, and how far its place's clock is from UTC.
struct CivilTime: Equatable, Sendable {
    var date: CivilDate
    /// 0 to 23.
    var hour: Int
    var minute: Int
    /// 0 to 59; leap seconds are not taken.
    var second: Int
    var nanosecond: Int
    /// East is positive.
    var offsetMinutes: Int

    /// - Parameter unixSeconds: since 1970-01-01T00:00:00Z. The result is in UTC.
    init?(unixSeconds: Int) {
        let day = unixSeconds / 86_400 - (unixSeconds % 86_400 < 0 ? 1 : 0)
        guard let date = CivilDate(number: day) else { return nil }
        let rest = unixSeconds - day * 86_400
        self.date = date
        (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60)
        (nanosecond, offsetMinutes) = (0, 0)
    }

    /// Reads `2026-11-24`, `2026-11-24T15:00`, `2026-11-24T15:00:30.5+01:00`: RFC 3339, whose time, seconds and zone may
    /// be left out as in ISO 8601. Without a zone it is in UTC; without a time it is midnight.
    init?(iso text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self.date = date
        (hour, minute, second, nanosecond, offsetMinutes) = (0, 0, 0, 0, 0)
        if reader.rest.isEmpty { return }
        guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2), hour < 24,
            reader.take(":"), let minute = reader.digits(2), minute < 60
        else { return nil }
        (self.hour, self.minute) = (hour, minute)
        if reader.take(":") {
            guard let second = reader.digits(2), second < 60 else { return nil }
            self.second = second
            if reader.take(".") {
                guard let nanosecond = reader.fraction() else { return nil }
                self.nanosecond = nanosecond
            }
        }
        guard let offset = reader.zone(), reader.rest.isEmpty else { return nil }
        offsetMinutes = offset
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for byte in rest.prefix(count) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            rest.removeFirst(count)
            return value
        }

        /// In nanoseconds; digits behind the ninth are dropped.
        mutating func fraction() -> Int? {
            var (value, unit, isEmpty) = (0, 100_000_000, true)
            while let digit = digits(1) {
                value += digit * unit
                unit /= 10
                isEmpty = false
            }
            return isEmpty ? nil : value
        }

        mutating func zone() -> Int? {
            if rest.isEmpty || take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let hours = digits(2), hours < 24 else { return nil }
            _ = take(":")
            guard let minutes = digits(2), minutes < 60 else { return nil }
            let offset = hours * 60 + minutes
            return isWest ? -offset : offset
        }
    }
}
