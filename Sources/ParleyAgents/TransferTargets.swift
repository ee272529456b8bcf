import ParleySpeech

/// Where a model may hand a caller over to, as an engines file lists it (`transfer_targets`).
///
/// The model chooses among them as they are written, and the call's record names the chosen one. So each is a name that a
/// model can say again (`front desk`), or what can be dialled: a number in E.164 form, a SIP URI.
enum TransferTargets {
    static let help =
        "Whom the model may put a caller through to: names (`front desk`), numbers as +12125550123, SIP URIs."
    private static let mostCharacters = 64
    private static let mostURIBytes = 256

    /// What is wrong with the list; empty: nothing.
    static func problems(_ settings: EngineSettings) -> [EngineError] {
        var seen: Set<String> = []
        return settings.list("transfer_targets").enumerated().compactMap { index, target in
            let problem = seen.insert(target).inserted ? problem(target) : "is there already; leave it out"
            return problem.map {
                EngineError(
                    engine: settings.name, message: "entry \(index + 1) \($0)", option: "transfer_targets")
            }
        }
    }

    /// What is wrong with one; `nil`: nothing.
    static func problem(_ target: String) -> String? {
        let letters = target.lowercased()
        if letters.hasPrefix("sip:") || letters.hasPrefix("sips:") {
            return isSIPURI(letters) ? nil : "is no SIP URI; write it as sip:desk@pbx.example.org"
        }
        if letters.hasPrefix("tel:") { return "is a URI; write the number alone, as +12125550123" }
        if letters.contains("@") { return "is no name; write an address as sip:desk@pbx.example.org" }
        if isMeantAsNumber(target) {
            return isE164(target) ? nil : "is no number in E.164 form; write it with its country, as +12125550123"
        }
        guard isName(target) else {
            return "is no name; use letters, digits, spaces, `_` and `-`, at most \(mostCharacters), as `front desk`"
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        text.count <= mostCharacters && text.first != " " && text.last != " "
            && text.contains { $0.isLetter || $0.isNumber }
            && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == " " || $0 == "_" || $0 == "-" }
    }

    /// Five digits and nothing but what numbers are written with: fewer are an extension's name.
    private static func isMeantAsNumber(_ text: String) -> Bool {
        text.hasPrefix("+")
            || text.utf8.count { (0x30...0x39).contains($0) } >= 5
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) || " ()-./".utf8.contains($0) }
    }

    /// ITU-T E.164: a country's code, which begins with no zero, and at most 15 digits in all.
    private static func isE164(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.hasPrefix("+") && (7...15).contains(digits.count) && digits.first != 0x30
            && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// RFC 3261 19.1.1, as far as a mistake can be told: a user that is not empty where there is one, and a host.
    private static func isSIPURI(_ text: String) -> Bool {
        guard text.utf8.count <= mostURIBytes, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "<>\"".contains($0) }), let colon = text.firstIndex(of: ":")
        else { return false }
        let parts = text[text.index(after: colon)...].split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), let rest = parts.last else { return false }
        let host = rest.prefix { !":;?".contains($0) || rest.first == "[" }
        return !host.isEmpty && host.utf8.allSatisfy { $0 != 0x2F }
    }
}
