/// How a text travels, and in how many parts it is billed (3GPP TS 23.038 sections 6.1.2 and 6.2.1).
///
/// GSM-7: 160 septets alone, 153 a part. UCS-2: 70 units of 16 bits alone, 67 a part. An extension character (two septets)
/// and a surrogate pair are never split between parts, so a part may stay one unit short.
public struct Segments: Equatable, Sendable {
    public enum Encoding: String, Sendable {
        case gsm7, ucs2
    }
    public let encoding: Encoding
    /// Septets in GSM-7, 16-bit units in UCS-2.
    public let units: Int
    /// Parts; 0 for an empty text.
    public let count: Int

    public init(of text: String) {
        let scalars = text.unicodeScalars
        let isGSM = scalars.allSatisfy { GSM7.septets(of: $0) != nil }
        let alone = isGSM ? 160 : 70
        let part = isGSM ? 153 : 67
        var units = 0
        var parts = 0
        var room = 0
        for scalar in scalars {
            let size = isGSM ? GSM7.septets(of: scalar) ?? 1 : (scalar.value > 0xFFFF ? 2 : 1)
            units += size
            if room < size {
                parts += 1
                room = part
            }
            room -= size
        }
        encoding = isGSM ? .gsm7 : .ucs2
        self.units = units
        count = units == 0 ? 0 : (units <= alone ? 1 : parts)
    }
}

/// The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 section 6.2.1).
enum GSM7 {
    /// 1 for the default alphabet, 2 for the extension table, `nil` for anything else.
    static func septets(of scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", " ": 1
        default: basic.contains(scalar) ? 1 : (extended.contains(scalar) ? 2 : nil)
        }
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà").unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{C}".unicodeScalars)
}
