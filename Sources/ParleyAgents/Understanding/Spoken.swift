/// Values as a voice says them, and as a text message writes them.
enum Spoken {
    /// "Tuesday the 24th of November"; with the year where it is not `thisYear`.
    static func day(_ day: CalendarDay, thisYear: Int) -> String {
        let year = day.year == thisYear ? "" : " \(day.year)"
        return "\(day.weekday.name) the \(ordinal(day.day)) of \(months[day.month - 1])\(year)"
    }

    /// "three p.m.", "nine oh five a.m.", "half past" left to people.
    static func time(_ time: ClockTime) -> String {
        switch (time.hour, time.minute) {
        case (12, 0): return "noon"
        case (0, 0): return "midnight"
        default: break
        }
        let hour = words[(time.hour + 11) % 12 + 1]
        let half = time.hour < 12 ? "a.m." : "p.m."
        switch time.minute {
        case 0: return "\(hour) \(half)"
        case 1...9: return "\(hour) oh \(words[time.minute]) \(half)"
        case 10...20: return "\(hour) \(words[time.minute]) \(half)"
        default:
            let tens = ["", "", "twenty", "thirty", "forty", "fifty"][time.minute / 10]
            let unit = time.minute % 10 == 0 ? "" : "-" + words[time.minute % 10]
            return "\(hour) \(tens)\(unit) \(half)"
        }
    }

    /// "0 7 9, 2 2 4 4 6": one by one, with a breath after every third.
    static func digits(_ digits: String) -> String {
        let characters = digits.filter { $0 != "+" }.map(String.init)
        var groups: [String] = []
        var index = 0
        while index < characters.count {
            // No lone digit at the end.
            let size = characters.count - index <= 4 ? characters.count - index : 3
            groups.append(characters[index..<(index + size)].joined(separator: " "))
            index += size
        }
        return groups.joined(separator: ", ")
    }

    /// "Tue 24 Nov".
    static func writtenDay(_ day: CalendarDay, thisYear: Int) -> String {
        let year = day.year == thisYear ? "" : " \(day.year)"
        return "\(day.weekday.name.prefix(3)) \(day.day) \(months[day.month - 1].prefix(3))\(year)"
    }

    /// "3:00 pm".
    static func writtenTime(_ time: ClockTime) -> String {
        "\((time.hour + 11) % 12 + 1):\(padded(time.minute, 2)) \(time.hour < 12 ? "am" : "pm")"
    }

    static func ordinal(_ number: Int) -> String {
        switch (number % 10, number % 100) {
        case (_, 11...13): "\(number)th"
        case (1, _): "\(number)st"
        case (2, _): "\(number)nd"
        case (3, _): "\(number)rd"
        default: "\(number)th"
        }
    }

    /// "a, b or c".
    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " or " + last
    }

    private static let words = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
