/// An action as an agent's tool list has it: its name, what it is for, and what its arguments must be.
public struct ActionSchema: Equatable, Sendable {
    public let name: String
    /// For a model: when to ask for the action, and what it does.
    public let description: String
    /// Of the arguments as a whole: an object.
    public let arguments: JSONSchema

    public init(_ name: String, _ description: String, arguments: JSONSchema) {
        self.name = name
        self.description = description
        self.arguments = arguments
    }
}

extension JSONSchema {
    /// A schema that stands in the code.
    init(builtIn text: String) {
        guard let json = try? JSON(parsing: text, maxBytes: Self.maxBytes, maxDepth: Self.maxDepth),
            let schema = try? JSONSchema(json)
        else { preconditionFailure("a built-in schema is well-formed") }
        self = schema
    }
}
