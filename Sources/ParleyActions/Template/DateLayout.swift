/// A layout as Go has them: how 2 January 2006, 15:04:05 at -07:00 would be written. Source: https://pkg.go.dev/time#Layout.
///
/// Names are English. What is not part of the reference time stands for itself.
struct DateLayout: Equatable, Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        case part(Part)
        /// `.000` or `,000`; `.999` leaves zeros at the end out.
        case fraction(point: String, digits: Int, trims: Bool)
    }

    enum Part: String, CaseIterable, Sendable {
        case longMonth = "January"
        case month = "Jan"
        case monthNumber = "1"
        case monthTwoDigits = "01"
        case longWeekday = "Monday"
        case weekday = "Mon"
        case day = "2"
        case daySpaced = "_2"
        case dayTwoDigits = "02"
        case dayOfYearSpaced = "__2"
        case dayOfYear = "002"
        case hour = "15"
        case hour12 = "3"
        case hour12TwoDigits = "03"
        case minute = "4"
        case minuteTwoDigits = "04"
        case second = "5"
        case secondTwoDigits = "05"
        case year = "2006"
        case yearTwoDigits = "06"
        case noonUpper = "PM"
        case noonLower = "pm"
        case zoneName = "MST"
        case zone = "-0700"
        case zoneColon = "-07:00"
        case zoneHours = "-07"
        case zoneSeconds = "-070000"
        case zoneColonSeconds = "-07:00:00"
        case zuluZone = "Z0700"
        case zuluZoneColon = "Z07:00"
        case zuluZoneHours = "Z07"
        case zuluZoneSeconds = "Z070000"
        case zuluZoneColonSeconds = "Z07:00:00"
    }

    static let noParts =
        "the layout holds nothing of Go's reference date; write how 2 January 2006, 15:04 would look, as in"
        + " \"2006-01-02\""

    private(set) var pieces: [Piece] = []
    var hasParts: Bool { pieces.contains { if case .text = $0 { false } else { true } } }

    init(_ layout: String) {
        let units = Array(layout.utf8)
        var (position, textStart) = (0, 0)
        while position < units.count {
            guard let (piece, length) = Self.piece(in: units, at: position) else {
                position += 1
                continue
            }
            if textStart < position {
                pieces.append(.text(String(decoding: units[textStart..<position], as: UTF8.self)))
            }
            pieces.append(piece)
            position += length
            textStart = position
        }
        if textStart < position { pieces.append(.text(String(decoding: units[textStart...], as: UTF8.self))) }
    }

    // Longest first: `2006` is no day.
    private static let parts: [(part: Part, units: [UInt8])] =
        Part.allCases.map { ($0, Array($0.rawValue.utf8)) }.sorted { $0.1.count > $1.1.count }

    private static let firstUnits = Set(Part.allCases.compactMap(\.rawValue.utf8.first))

    private static func piece(in units: [UInt8], at position: Int) -> (Piece, length: Int)? {
        if let fraction = fraction(in: units, at: position) { return fraction }
        guard firstUnits.contains(units[position]) else { return nil }
        // In `_2006` the underscore is itself.
        if units[position...].starts(with: "_2006".utf8) { return nil }
        for (part, spelling) in parts where units[position...].starts(with: spelling) {
            // `Jan` in Janet and `Mon` in Month are not meant.
            let after = position + spelling.count
            if part == .month || part == .weekday, after < units.count,
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(units[after])
            {
                continue
            }
            return (.part(part), spelling.count)
        }
        return nil
    }

    private static func fraction(in units: [UInt8], at position: Int) -> (Piece, length: Int)? {
        guard units[position] == UInt8(ascii: ".") || units[position] == UInt8(ascii: ","),
            position + 1 < units.count
        else { return nil }
        let digit = units[position + 1]
        guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9") else { return nil }
        var end = position + 1
        while end < units.count, units[end] == digit { end += 1 }
        if end < units.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(units[end]) { return nil }
        let point = units[position] == UInt8(ascii: ".") ? "." : ","
        let digits = end - position - 1
        return (.fraction(point: point, digits: digits, trims: digit == UInt8(ascii: "9")), end - position)
    }
}
