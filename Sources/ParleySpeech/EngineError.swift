/// What an engine could not do. Whether trying again may help is the one thing callers branch on.
public struct EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The engine's name, as in the configuration.
    public var engine: String
    /// One line for the operator: the thing, and the mend.
    public var message: String
    public var isRetryable: Bool
    /// The option that it is about, as the engines file calls it; empty: the engine as a whole.
    public var option: String

    public init(engine: String, message: String, isRetryable: Bool = false, option: String = "") {
        self.engine = engine
        self.message = message
        self.isRetryable = isRetryable
        self.option = option
    }

    public var description: String { "\(engine): " + (option.isEmpty ? "" : "\(option): ") + message }
}
