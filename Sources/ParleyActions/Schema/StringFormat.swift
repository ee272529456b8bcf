/// The values of `format`. All are asserted, and all are ASCII: internationalized addresses and identifiers
/// (`idn-email`, `iri`) are other formats in the specification.
enum StringFormat: String, CaseIterable, Sendable {
    case date
    case time
    case dateTime = "date-time"
    case email
    case uri
    case e164
    /// Another name of `e164`.
    case phone
    case uuid

    /// Follows "must be".
    var words: String {
        switch self {
        case .date: "a date as 2026-07-14"
        case .time: "a time as 14:30"
        case .dateTime: "a date, a time and an offset as 2026-07-14T14:30:00+02:00"
        case .email: "an e-mail address as name@example.com"
        case .uri: "a URI as https://example.com/page"
        case .e164, .phone: "a telephone number as +15555550123"
        case .uuid: "a UUID as 123e4567-e89b-12d3-a456-426614174000"
        }
    }

    /// As long as a value of the format gets when nobody gives fractions of a second.
    var longest: String {
        switch self {
        case .date: "2026-12-28"
        case .time: "23:59:59+00:00"
        case .dateTime: "2026-12-28T23:59:59+00:00"
        case .email: String(repeating: "W", count: InternetFormat.maxEmail)
        case .uri: String(repeating: "W", count: InternetFormat.maxURI)
        case .e164, .phone: "+" + String(repeating: "8", count: InternetFormat.phoneDigits.upperBound)
        case .uuid: "123e4567-e89b-12d3-a456-426614174000"
        }
    }

    func fits(_ text: String) -> Bool {
        guard text.utf8.count <= InternetFormat.maxURI else { return false }
        let bytes = Array(text.utf8)
        switch self {
        case .date: return TimeFormat.isDate(bytes)
        case .time: return TimeFormat.isTime(bytes)
        case .dateTime: return TimeFormat.isDateTime(bytes)
        case .email: return InternetFormat.isEmail(bytes)
        case .uri: return URIFormat.isURI(bytes)
        case .e164, .phone: return InternetFormat.isPhone(bytes)
        case .uuid: return InternetFormat.isUUID(bytes)
        }
    }
}

/// Takes one thing after another from the front of a text.
struct FormatScanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// A number of exactly so many digits, and in the range.
    mutating func number(digits: Int, in range: ClosedRange<Int>) -> Int? {
        let front = rest.prefix(digits)
        guard front.count == digits, front.allSatisfy(\.isDigit) else { return nil }
        let value = front.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard range.contains(value) else { return nil }
        rest.removeFirst(digits)
        return value
    }

    /// As many bytes as fit.
    mutating func take(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let front = rest.prefix(while: fits)
        rest.removeFirst(front.count)
        return front
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }

    func isOne(of characters: StaticString) -> Bool {
        characters.withUTF8Buffer { $0.contains(self) }
    }
}
