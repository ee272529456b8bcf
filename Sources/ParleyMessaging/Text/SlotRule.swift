/// What may fill one place in a template: a short, clean piece of text.
///
/// Values are data whatever they look like; this rule keeps them short and plain to see. Type and pattern are the
/// parameter's schema's affair.
public struct SlotRule: Equatable, Sendable {
    /// In Unicode scalars, after cleaning.
    public let maxLength: Int

    public static let standardLength = 120

    /// - Parameter maxLength: at least 1.
    public init(maxLength: Int = SlotRule.standardLength) { self.maxLength = max(maxLength, 1) }

    public enum Fault: Error, Equatable, Sendable {
        /// Nothing is cut: half a reference is a wrong one.
        case tooLong(limit: Int)

        /// As the agent and the record are told.
        public var rule: String {
            switch self {
            case .tooLong(let limit): "value_too_long: at most \(limit) characters"
            }
        }
    }

    /// The value as it may be put in: line ends and tabs are spaces; other controls, direction marks, invisible
    /// characters and floods of accents are gone.
    ///
    /// - Parameter text: any Unicode text of any length.
    public func value(_ text: String) throws(Fault) -> String {
        // What is far too long is not worth cleaning.
        guard text.utf8.count <= Self.maxBytes else { throw .tooLong(limit: maxLength) }
        let value = TextCleaning.clean(text, isPlain: false)
        guard value.unicodeScalars.count <= maxLength else { throw .tooLong(limit: maxLength) }
        return value
    }

    /// As long as all arguments of an action may be together.
    private static let maxBytes = 16 << 10
}
