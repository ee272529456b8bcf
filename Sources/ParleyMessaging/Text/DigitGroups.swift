/// The numbers of a text as people write long ones: groups of digits with one space, dash or dot between them.
struct DigitGroups {
    private struct Group {
        var digits: [UInt8] = []
        /// What stands in front of the first digit, and behind the last; `nil` at the text's ends.
        var before: Unicode.Scalar?
        var after: Unicode.Scalar?
        /// The next group is one separator away.
        var isJoined = false
    }

    private var groups: [Group] = []

    init(_ text: String) {
        var group = Group()
        var previous: Unicode.Scalar?
        var beforePrevious: Unicode.Scalar?
        for scalar in text.unicodeScalars where !Folding.isInvisible(scalar) {
            if let digit = Self.digit(scalar) {
                if group.digits.isEmpty {
                    group.before = previous
                    let isOneAway = previous.map(Self.isSeparator) ?? false
                    if isOneAway, let beforePrevious, Self.digit(beforePrevious) != nil, !groups.isEmpty {
                        groups[groups.count - 1].isJoined = true
                    }
                }
                group.digits.append(digit)
            } else if !group.digits.isEmpty {
                group.after = scalar
                groups.append(group)
                group = Group()
            }
            (beforePrevious, previous) = (previous, scalar)
        }
        if !group.digits.isEmpty { groups.append(group) }
    }

    /// Of any script.
    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x80 { return ("0"..."9").contains(scalar) ? UInt8(scalar.value) & 15 : nil }
        guard scalar.properties.generalCategory == .decimalNumber else { return nil }
        return scalar.properties.numericValue.flatMap { UInt8(exactly: $0) }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        [" ", "-", ".", "\u{A0}", "\u{2010}", "\u{2011}", "\u{2013}", "\u{202F}"].contains(scalar)
    }
}

// MARK: payment cards

extension DigitGroups {
    var hasCardNumber: Bool {
        // Three digits in front are an area code.
        for start in groups.indices where groups[start].digits.count != 3 {
            var digits: [UInt8] = []
            for index in start..<groups.count {
                guard digits.count + groups[index].digits.count <= 19 else { break }
                digits += groups[index].digits
                // E.164: a plus and at most 15 digits is a telephone number.
                let isPhone = groups[start].before == "+" && digits.count <= 15
                if !isPhone, Self.isCard(digits) { return true }
                guard groups[index].isJoined else { break }
            }
        }
        return false
    }

    private static func isCard(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count), lengths(of: digits).contains(digits.count) else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index.isMultiple(of: 2) ? Int(digit) : Int(digit) * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum.isMultiple(of: 10)
    }

    /// How long the numbers of a network are, by their first four digits; none for digits that begin no card.
    ///
    /// Source: ISO/IEC 7812 issuer ranges as the networks publish them.
    private static func lengths(of digits: [UInt8]) -> [Int] {
        switch digits.prefix(4).reduce(0, { $0 * 10 + Int($1) }) {
        case 4_000...4_999: [13, 16, 19]
        case 5_100...5_599, 2_221...2_720: [16]
        case 3_400...3_499, 3_700...3_799: [15]
        case 3_000...3_099, 3_600...3_699, 3_800...3_999: [14, 15, 16, 17, 18, 19]
        case 3_528...3_589: [16, 17, 18, 19]
        case 5_000...5_099, 5_600...5_899, 6_000...6_999: [13, 14, 15, 16, 17, 18, 19]
        default: []
        }
    }
}

// MARK: social security numbers

extension DigitGroups {
    var hasSocialSecurityNumber: Bool {
        groups.indices.dropLast(2).contains { index in
            let (area, pair, serial) = (groups[index], groups[index + 1], groups[index + 2])
            guard [area, pair, serial].map(\.digits.count) == [3, 2, 4], area.isJoined, pair.isJoined,
                pair.before == serial.before, isOpen(area.before), isOpen(serial.after),
                !serial.isJoined || serial.after == " "
            else { return false }
            if index > 0, groups[index - 1].isJoined, area.before == pair.before { return false }
            let isArea = ![[0, 0, 0], [6, 6, 6]].contains(area.digits)
            return isArea && pair.digits != [0, 0] && serial.digits != [0, 0, 0, 0]
        }
    }

    /// No part of a longer number or of a reference.
    private func isOpen(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return true }
        return !scalar.properties.isAlphabetic && !["-", "/", "+", "_"].contains(scalar)
    }
}
