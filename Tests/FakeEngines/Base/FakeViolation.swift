/// What a client did that the protocol forbids.
public struct FakeViolation: Equatable, Sendable, CustomStringConvertible {
    /// From 0.
    public let connection: Int
    public let what: String

    public init(connection: Int, what: String) {
        self.connection = connection
        self.what = what
    }

    public var description: String { "connection \(connection): \(what)" }
}
