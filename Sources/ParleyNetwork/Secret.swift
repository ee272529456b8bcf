/// A text that must not be seen: it prints as `***`, wherever it ends up.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself. Hand it to what signs or authenticates, to nothing that prints.
    public let revealed: String

    public init(_ text: String) { revealed = text }

    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
