/// What an operator should know of a text before the first one is sent: said of each template when the configuration is
/// read, and of any text by the preview.
public struct TextLint: Equatable, Sendable {
    public var composer: TextComposer
    public var links: LinkRules
    public var sensitive: SensitiveData

    public init(composer: TextComposer, links: LinkRules = .none, sensitive: SensitiveData = SensitiveData()) {
        self.composer = composer
        self.links = links
        self.sensitive = sensitive
    }

    public struct Finding: Equatable, Sendable {
        public enum Level: String, Sendable {
            /// The text would be refused.
            case error
            /// It may be sent, and perhaps should be written in another way.
            case warning
        }
        public enum Rule: Equatable, Sendable {
            case empty, tooManyParts, severalParts, notGSM, senderNotNamed, hintMissing
            case link(LinkRules.Fault)
            case sensitive(SensitiveData.Kind)
        }
        public let level: Level
        public let rule: Rule
        /// For people; holds nothing of the text but one character.
        public let sentence: String
    }

    /// - Parameters:
    ///   - body: a whole text as it would be sent, with its longest values.
    ///   - needsHint: the text is one that has to have the opt-out hint.
    /// - Returns: errors first; none for a text that is as it should be. For how it travels see `Segments(of:)`.
    public func findings(in body: String, needsHint: Bool = true) -> [Finding] {
        var found: [Finding] = []
        let segments = Segments(of: body)
        if segments.count == 0 { found.append(Finding(level: .error, rule: .empty, sentence: "The text is empty.")) }
        if segments.count > composer.maxSegments {
            found.append(
                Finding(
                    level: .error, rule: .tooManyParts,
                    sentence: "The text takes \(segments.count) parts; at most \(composer.maxSegments) are allowed."))
        }
        if !composer.namesSender(body) {
            found.append(
                Finding(level: .error, rule: .senderNotNamed, sentence: "The text does not name its sender."))
        }
        // Without a footer it is the provider that adds the hint.
        if needsHint, !composer.footer.isEmpty, !composer.endsInHint(body) {
            found.append(
                Finding(level: .error, rule: .hintMissing, sentence: "The text does not end in the opt-out hint."))
        }
        found += links.faults(in: body).map { Finding(level: .error, rule: .link($0), sentence: Self.sentence($0)) }
        found += sensitive.kinds(in: body).map {
            Finding(level: .error, rule: .sensitive($0), sentence: Self.sentence($0))
        }
        return found + warnings(body, segments)
    }

    private func warnings(_ body: String, _ segments: Segments) -> [Finding] {
        var found: [Finding] = []
        if let odd = GSM7.firstForeign(in: body) {
            let sentence =
                "\(odd) is not in the GSM alphabet, so a part holds 70 characters and not 160:"
                + " \(Self.parts(segments.count)) for \(segments.units) units."
            found.append(Finding(level: .warning, rule: .notGSM, sentence: sentence))
        } else if segments.count > 1 {
            let sentence =
                "At \(segments.units) GSM characters the text takes \(Self.parts(segments.count)); 160 fit in one."
            found.append(Finding(level: .warning, rule: .severalParts, sentence: sentence))
        }
        return found
    }

    private static func parts(_ count: Int) -> String { count == 1 ? "1 part" : "\(count) parts" }

    private static func sentence(_ fault: LinkRules.Fault) -> String {
        switch fault {
        case .notHTTPS: "A link, or a name that telephones make one of, does not begin with https://."
        case .hostNotAllowed: "A link leads to a host that is not on the list of allowed hosts."
        case .hostNotASCII: "The host of a link has letters that are not ASCII."
        case .userInfo: "A link has a user name in front of its host."
        case .publicShortener: "A link is one of a public shortener; carriers block these."
        case .address: "A link leads to an IP address and not to a named host."
        case .malformed: "A link is written in a way that not every telephone reads alike."
        }
    }

    private static func sentence(_ kind: SensitiveData.Kind) -> String {
        switch kind {
        case .cardNumber: "The text has a number that looks like a payment card's."
        case .socialSecurityNumber: "The text has a number that looks like a social security number."
        case .accountNumber: "The text has a bank account number (IBAN)."
        case .secret: "The text tells a password, a PIN or a one-time code."
        case .health: "The text has a word about somebody's health."
        case .configured: "The text has a word that the configuration keeps out of texts."
        }
    }
}

extension GSM7 {
    /// The first character that makes a text travel as UCS-2: itself where it can be seen, and its code point.
    static func firstForeign(in body: String) -> String? {
        guard let scalar = body.unicodeScalars.first(where: { septets(of: $0) == nil }) else { return nil }
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .nonspacingMark, .spacingMark,
            .enclosingMark, .privateUse, .unassigned, .surrogate:
            return code
        default: return "\"\(scalar)\" (\(code))"
        }
    }
}
