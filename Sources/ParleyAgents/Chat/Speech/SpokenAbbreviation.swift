/// Short forms that a voice would stumble over, in full.
enum SpokenAbbreviation {
    /// - Parameters:
    ///   - word: without punctuation around it.
    ///   - hasStop: a full stop follows it.
    ///   - previous: the word before; empty at the beginning.
    /// - Returns: `nil`: it is none.
    static func words(_ word: Substring, hasStop: Bool, previous: String) -> Found? {
        let lower = word.lowercased()
        let followsName = previous.first?.isUppercase == true && !noNames.contains(previous.lowercased())
        if hasStop {
            switch lower {
            case "dr": return Found(words: followsName ? "Drive" : "Doctor", takesStop: true, mayEnd: followsName)
            case "st": return Found(words: followsName ? "Street" : "Saint", takesStop: true, mayEnd: followsName)
            default: break
            }
            if let full = inFront[lower] { return Found(words: full, takesStop: true, mayEnd: false) }
            if let full = withStop[lower] { return Found(words: full, takesStop: true, mayEnd: true) }
            if word.first?.isUppercase == true, let full = calendar[lower] {
                return Found(words: full, takesStop: true, mayEnd: true)
            }
        }
        if let full = plain[lower] {
            return Found(words: full, takesStop: hasStop && lower.contains("."), mayEnd: false)
        }
        if let full = capitals[String(word)] { return Found(words: full, takesStop: false, mayEnd: false) }
        if previous.last?.isNumber == true, let unit = units[String(word)] {
            return Found(words: unit, takesStop: hasStop, mayEnd: true)
        }
        return nil
    }

    struct Found: Equatable {
        var words: String
        /// The full stop belonged to the short form.
        var takesStop: Bool
        /// It may have ended the sentence, too.
        var mayEnd: Bool
    }

    /// The unit that a number has right behind it, as in `5km`.
    static func unit(_ text: Substring) -> String? { units[String(text)] }

    static func isMonth(_ word: String) -> Bool { months.contains(word.lowercased()) }

    private static let noNames: Set<String> = ["the", "with", "see", "is", "and", "hi", "hello", "dear", "yes", "no"]
    private static let months: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    ]
    /// Something always follows.
    private static let inFront = [
        "mr": "Mister", "mrs": "Missus", "ms": "Miz", "prof": "Professor", "apt": "Apartment", "ste": "Suite",
        "approx": "approximately", "vs": "versus", "ext": "extension", "tel": "telephone",
    ]
    private static let withStop = [
        "ave": "Avenue", "rd": "Road", "blvd": "Boulevard", "etc": "et cetera", "dept": "department", "min": "minutes",
        "hr": "hour", "hrs": "hours",
    ]
    /// With a capital: "sat" and "sun" are words.
    private static let calendar = [
        "jan": "January", "feb": "February", "mar": "March", "apr": "April", "jun": "June", "jul": "July",
        "aug": "August", "sep": "September", "sept": "September", "oct": "October", "nov": "November",
        "dec": "December", "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday",
        "thu": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
    ]
    private static let plain = [
        "e.g": "for example", "i.e": "that is", "w/o": "without", "w/": "with", "etc": "et cetera", "vs": "versus",
        "approx": "approximately", "mins": "minutes", "hrs": "hours", "appt": "appointment", "&": "and", "@": "at",
        "+": "plus", "=": "equals", "%": "percent", "→": "to", "->": "to", "×": "times", "≈": "about", "°": "degrees",
    ]
    private static let capitals = [
        "ASAP": "as soon as possible", "FYI": "for your information", "ETA": "estimated time of arrival",
        "TBD": "to be decided", "Jan": "January", "Feb": "February", "Apr": "April", "Jun": "June", "Jul": "July",
        "Aug": "August", "Sep": "September", "Sept": "September", "Oct": "October", "Nov": "November",
        "Dec": "December", "Tue": "Tuesday", "Tues": "Tuesday", "Thu": "Thursday", "Thurs": "Thursday",
        "Fri": "Friday", "Mon": "Monday", "Wed": "Wednesday",
    ]
    private static let units = [
        "km": "kilometres", "m": "metres", "cm": "centimetres", "mm": "millimetres", "mi": "miles", "ft": "feet",
        "kg": "kilograms", "g": "grams", "mg": "milligrams", "lb": "pounds", "lbs": "pounds", "oz": "ounces",
        "ml": "millilitres", "L": "litres", "l": "litres", "min": "minutes", "mins": "minutes", "h": "hours",
        "hr": "hours", "hrs": "hours", "s": "seconds", "sec": "seconds", "secs": "seconds", "ms": "milliseconds",
        "mph": "miles an hour", "GB": "gigabytes", "MB": "megabytes", "°C": "degrees Celsius",
        "°F": "degrees Fahrenheit", "°": "degrees", "x": "times",
    ]
}
