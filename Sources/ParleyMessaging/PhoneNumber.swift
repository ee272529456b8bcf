/// A telephone number that a text may be sent to: E.164, `+` and 8 to 15 digits.
///
/// Short codes, emergency numbers, satellite and premium ranges never pass; in the North American plan, neither do service
/// codes, premium and toll-free numbers. Printing one shows `+1***0123`; only `e164` has all of it.
public struct PhoneNumber: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    public let e164: String

    /// What is wrong with a number; says nothing of its digits.
    public enum Fault: String, Error, Sendable, CaseIterable {
        case missing = "number_missing"
        case notE164 = "number_not_e164"
        case shortOrEmergency = "number_short_or_emergency"
        case notMessageable = "number_not_messageable"
    }

    /// - Parameter text: as the provider gave it; spaces around it are ignored, nothing else is.
    public init(_ text: String) throws(Fault) {
        let bytes = Array(text.utf8.drop { $0 == 0x20 })
        let end = bytes.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
        let trimmed = bytes[..<end]
        guard let first = trimmed.first else { throw .missing }
        let isInternational = first == UInt8(ascii: "+")
        let digits = isInternational ? trimmed.dropFirst() : trimmed
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .notE164
        }
        // 112, 911, 999, 116123, five-digit codes: with a plus or without.
        guard digits.count > 7 else { throw .shortOrEmergency }
        guard isInternational, digits.count <= 15, digits.first != UInt8(ascii: "0") else { throw .notE164 }
        if digits.first == UInt8(ascii: "1"), let fault = Self.northAmericanFault(Array(digits)) { throw fault }
        // Satellite, international freephone, shared-cost, universal and premium ranges (ITU-T E.164, shared codes).
        let shared = ["800", "808", "870", "878", "881", "882", "883", "888", "979"]
        if shared.contains(String(decoding: digits.prefix(3), as: UTF8.self)) { throw .notMessageable }
        e164 = String(decoding: trimmed, as: UTF8.self)
    }

    /// The North American numbering plan: 1, an area code of 2-9 and two digits, seven digits.
    private static func northAmericanFault(_ digits: [UInt8]) -> Fault? {
        guard digits.count == 11, digits[1] >= UInt8(ascii: "2") else { return .notE164 }
        let area = String(decoding: digits[1...3], as: UTF8.self)
        if area.hasSuffix("11") { return .shortOrEmergency }
        let unfit: Set<String> = ["900", "800", "833", "844", "855", "866", "877", "888"]
        return unfit.contains(area) ? .notMessageable : nil
    }

    public var description: String { Self.masked(e164) }
    public var debugDescription: String { description }

    /// A number as people and logs may see it: country code, three stars, the last four digits. What is not a number
    /// becomes three stars, nothing becomes `-`.
    public static func masked(_ text: String) -> String {
        if text.isEmpty { return "-" }
        let digits = Array(text.utf8.dropFirst())
        guard text.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return "***" }
        let code = digits.prefix(countryCodeLength(digits))
        return "+" + String(decoding: code, as: UTF8.self) + "***" + String(decoding: digits.suffix(4), as: UTF8.self)
    }

    /// Source: ITU-T E.164, list of assigned country codes.
    static func countryCodeLength(_ digits: [UInt8]) -> Int {
        if digits[0] == UInt8(ascii: "1") || digits[0] == UInt8(ascii: "7") { return 1 }
        let pair = Int(digits[0] - UInt8(ascii: "0")) * 10 + Int(digits[1] - UInt8(ascii: "0"))
        switch pair {
        case 20, 27, 30...34, 36, 39...41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98: return 2
        default: return 3
        }
    }
}
