/// The number of somebody who texted us, however their provider or bridge writes it. Lenient: a stop must not be lost to a
/// space or a missing plus.
public enum InboundNumber {
    /// E.164; `nil` for what names no number: a short code, a name.
    ///
    /// - Parameters:
    ///   - text: `+12125550123`, `whatsapp:+...`, `(212) 555-0123`, `0012125550123`.
    ///   - sender: our own number, whose country a national number is of; empty or something else: none is guessed.
    public static func number(_ text: String, sender: String) -> PhoneNumber? {
        let last = text.split(separator: ":").last ?? ""
        let digits = String(
            last.prefix { $0 != ";" }.unicodeScalars.filter { (0x30...0x39).contains($0.value) }.map(Character.init))
        var forms = ["+" + digits]
        if !last.contains("+") {
            if digits.hasPrefix("00") { forms.insert("+" + digits.dropFirst(2), at: 0) }
            if digits.count == 10, sender.hasPrefix("+1") { forms.insert("+1" + digits, at: 0) }
        }
        return forms.lazy.compactMap { try? PhoneNumber($0) }.first
    }
}
