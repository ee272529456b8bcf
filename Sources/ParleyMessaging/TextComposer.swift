/// Makes of an agent's words the text that is sent: cleaned, named, with the way out, and measured.
public struct TextComposer: Equatable, Sendable {
    /// Who texts, in words; put in front of a text that does not say so itself.
    public var senderName: String
    /// The opt-out hint, at the end of every text.
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

    /// - Parameter words: what the agent wants to say; any Unicode text.
    public func compose(_ words: String) throws(Fault) -> Composed {
        let name = clean(senderName)
        guard !name.isEmpty else { throw .senderUnnamed }
        var body = clean(words)
        guard !body.isEmpty else { throw .empty }
        if !body.lowercased().contains(name.lowercased()) { body = "\(name): \(body)" }
        let footer = clean(footer)
        if !footer.isEmpty, !bare(body).hasSuffix(bare(footer)) {
            let isClosed = body.last.map { ".!?".contains($0) } ?? true
            body += (isClosed ? " " : ". ") + footer
        }
        let segments = Segments(of: body)
        guard segments.count <= maxSegments else { throw .tooLong(segments: segments.count, limit: maxSegments) }
        return Composed(body: body, segments: segments)
    }

    /// Case and closing marks do not make another footer.
    private func bare(_ text: String) -> Substring {
        var rest = text.lowercased()[...]
        while let last = rest.last, ".!? ".contains(last) { rest.removeLast() }
        return rest
    }

    /// Line ends and tabs become spaces; other controls, direction marks and invisible characters go; runs of spaces
    /// become one.
    func clean(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09...0x0D, 0x20, 0x85, 0x2028, 0x2029:
                if let last = out.last, last != " " { out.append(" ") }
            case 0..<0x20, 0x7F..<0xA0:  // C0, DEL, C1
                continue
            case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE007F:
                continue
            case 0xA0 where isSmartEncoding, 0x202F where isSmartEncoding:
                if let last = out.last, last != " " { out.append(" ") }
            default:
                if isSmartEncoding, let plain = Self.plain[scalar] {
                    out.append(contentsOf: plain.unicodeScalars)
                } else {
                    out.append(scalar)
                }
            }
        }
        if out.last == " " { out.removeLast() }
        return String(out)
    }

    private static let plain: [Unicode.Scalar: String] = [
        "\u{2018}": "'", "\u{2019}": "'", "\u{201A}": "'", "\u{2032}": "'",
        "\u{201C}": "\"", "\u{201D}": "\"", "\u{201E}": "\"", "\u{2033}": "\"",
        "\u{2010}": "-", "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-", "\u{2014}": "-", "\u{2212}": "-",
        "\u{2026}": "...", "\u{2022}": "-",
    ]
}
