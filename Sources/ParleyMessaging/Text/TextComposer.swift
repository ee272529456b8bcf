/// Makes of words the text that is sent: cleaned, named, with the way out where it is due, and measured.
public struct TextComposer: Equatable, Sendable {
    /// Who texts, in words; put in front of a text that does not say so itself.
    public var senderName: String
    /// The opt-out hint, at the end of a text. Empty where the provider puts its own there.
    public var footer: String
    /// Typographic quotes, dashes and spaces become their GSM-7 neighbours, which halves the price of many texts.
    public var isSmartEncoding: Bool
    /// Parts that a text may have; never more than 10.
    public var maxSegments: Int

    public static let standardFooter = "Reply STOP to opt out"

    public init(
        senderName: String, footer: String = TextComposer.standardFooter, isSmartEncoding: Bool = true,
        maxSegments: Int = 3
    ) {
        self.senderName = senderName
        self.footer = footer
        self.isSmartEncoding = isSmartEncoding
        self.maxSegments = min(max(maxSegments, 1), 10)
    }

    public struct Composed: Equatable, Sendable {
        public let body: String
        public let segments: Segments
        /// The opt-out hint is in it, put there or said by the words themselves: the record of when it was last given.
        public let hasHint: Bool

        init(body: String, segments: Segments, hasHint: Bool) {
            self.body = body
            self.segments = segments
            self.hasHint = hasHint
        }

        /// A text that is sent as it is: an answer that the rules prescribe, which says all that has to be said.
        public init(whole body: String) { self.init(body: body, segments: Segments(of: body), hasHint: true) }
    }

    public enum Fault: Error, Equatable, Sendable {
        /// The configuration names nobody as the sender.
        case senderUnnamed
        case empty
        case tooLong(segments: Int, limit: Int)

        /// As the agent and the record are told.
        public var rule: String {
            switch self {
            case .senderUnnamed: "sender_unnamed"
            case .empty: "text_empty"
            case .tooLong(let segments, let limit): "text_too_long: \(segments) parts, at most \(limit)"
            }
        }
    }

    /// - Parameters:
    ///   - words: what is to be said; any Unicode text.
    ///   - withHint: the opt-out hint is due (`OptOutHint.isDue`).
    public func compose(_ words: String, withHint: Bool = true) throws(Fault) -> Composed {
        let name = clean(senderName)
        guard !name.isEmpty else { throw .senderUnnamed }
        var body = clean(words)
        guard !body.isEmpty else { throw .empty }
        if !Self.names(name, in: body) { body = "\(name): \(body)" }
        let footer = clean(footer)
        var hasHint = endsInHint(body)
        if withHint, !hasHint, !footer.isEmpty {
            let isClosed = body.last.map { ".!?".contains($0) } ?? true
            body += (isClosed ? " " : ". ") + footer
            hasHint = true
        }
        let segments = Segments(of: body)
        guard segments.count <= maxSegments else { throw .tooLong(segments: segments.count, limit: maxSegments) }
        return Composed(body: body, segments: segments, hasHint: hasHint)
    }

    /// The text as it would be sent: see `TextCleaning.clean`.
    func clean(_ text: String) -> String { TextCleaning.clean(text, isPlain: isSmartEncoding) }

    /// Whether a body says the sender's name, in any case.
    func namesSender(_ body: String) -> Bool {
        let name = clean(senderName)
        return !name.isEmpty && Self.names(name, in: body)
    }

    /// Whether a body ends in the footer; `false` where there is none. Case and closing marks do not make another one.
    func endsInHint(_ body: String) -> Bool {
        let hint = Self.bare(clean(footer))
        return !hint.isEmpty && Self.bare(body).hasSuffix(hint)
    }

    private static func bare(_ text: String) -> Substring {
        var rest = text.lowercased()[...]
        while let last = rest.last, ".!? ".contains(last) { rest.removeLast() }
        return rest
    }

    /// As whole words: "Ann" is not named by "annual".
    private static func names(_ name: String, in body: String) -> Bool {
        let name = Array(name.lowercased())
        let body = Array(body.lowercased())
        guard let first = name.first, let last = name.last, body.count >= name.count else { return false }
        for start in 0...(body.count - name.count) where body[start] == first {
            let end = start + name.count
            guard body[start..<end].elementsEqual(name) else { continue }
            let isOpen = start > 0 && isWordPart(first) && isWordPart(body[start - 1])
            let isOpenEnded = end < body.count && isWordPart(last) && isWordPart(body[end])
            if !isOpen, !isOpenEnded { return true }
        }
        return false
    }

    private static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
