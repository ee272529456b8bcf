/// A telephone number as spoken or keyed.
enum PhoneNumber {
    /// - Parameters:
    ///   - caller: the number the call came from, for "the number I am calling from"; may be empty.
    ///   - country: a country code without plus ("44"), which turns a national number into an international one.
    /// - Returns: `+` and digits where the country is known, else the digits; `nil` where this is no number of 7 to 15
    ///   digits.
    static func number(in words: Words, caller: String, country: String?) -> String? {
        if !caller.isEmpty, thisNumber.contains(where: words.contains) { return caller }
        let spoken = words.corrected.map { ($0, DigitString.digits(in: $0)) }
        if let (tail, digits) = spoken, digits.count >= 7 {
            return normal(digits, hasPlus: tail.tokens.contains("plus"), country: country)
        }
        return normal(DigitString.digits(in: words), hasPlus: words.tokens.contains("plus"), country: country)
    }

    static func number(keyed keys: String, country: String?) -> String? {
        let digits = keys.filter { $0.isASCII && $0.isNumber }
        guard digits.count == keys.filter({ $0 != "#" }).count else { return nil }
        return normal(digits, hasPlus: false, country: country)
    }

    private static func normal(_ digits: String, hasPlus: Bool, country: String?) -> String? {
        guard (7...15).contains(digits.count) else { return nil }
        if hasPlus { return "+" + digits }
        if digits.hasPrefix("00"), digits.count >= 9 { return "+" + digits.dropFirst(2) }
        guard let country else { return digits }
        if digits.hasPrefix("0") { return "+" + country + digits.dropFirst() }
        // North America: eleven digits that begin with 1 carry their country already.
        if country == "1", digits.count == 11, digits.hasPrefix("1") { return "+" + digits }
        return "+" + country + digits
    }

    private static let thisNumber = [
        "this number", "the number im calling from", "the number i am calling from", "number im calling from",
        "the one im calling from", "this one", "same number", "the same number", "this phone", "my current number",
    ]
}
