/// One thing wrong, or doubtful, in a flow file.
public struct FlowIssue: Equatable, Sendable, CustomStringConvertible {
    public var file: String
    /// From 1.
    public var line: Int
    /// The key it is about, with its place: `steps.reason.kind`. Empty where the file as a whole is meant.
    public var key: String
    /// What is wrong and what mends it.
    public var message: String

    public var description: String { "\(file):\(line): \(key.isEmpty ? "" : key + ": ")\(message)" }
}

/// Everything that is wrong in a flow file, in the file's order.
public struct FlowErrors: Error, Equatable, Sendable, CustomStringConvertible {
    public var issues: [FlowIssue]
    public var description: String { issues.map(\.description).joined(separator: "\n") }
}
