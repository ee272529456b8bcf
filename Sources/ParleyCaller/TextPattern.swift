/// Words to look for: a phrase, or a regular expression between slashes.
///
/// A phrase is compared without case and with runs of white space as one space. A regular expression ignores case.
public struct TextPattern: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    private let isRegex: Bool

    /// - Throws: `TextPatternError` when what stands between the slashes is not a regular expression.
    public init(_ source: String) throws(TextPatternError) {
        description = source
        isRegex = source.count > 2 && source.hasPrefix("/") && source.hasSuffix("/")
        if isRegex, (try? compiled()) == nil { throw TextPatternError(source: source) }
    }

    /// Is it somewhere in this text?
    public func isFound(in text: String) -> Bool {
        if isRegex {
            guard let regex = try? compiled() else { return false }
            return text.contains(regex)
        }
        return plain(text).contains(plain(description))
    }

    /// Is it this text, all of it?
    public func isWhole(_ text: String) -> Bool {
        if isRegex {
            guard let regex = try? compiled() else { return false }
            return text.wholeMatch(of: regex) != nil
        }
        return plain(text) == plain(description)
    }

    private func compiled() throws -> Regex<AnyRegexOutput> {
        try Regex(String(description.dropFirst().dropLast())).ignoresCase()
    }

    private func plain(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

public struct TextPatternError: Error, Equatable, Sendable {
    public var source: String
}
