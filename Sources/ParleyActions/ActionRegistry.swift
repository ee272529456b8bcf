import ParleyCore

/// The actions that an agent may ask for, by name. A name that is not here is refused, whatever its arguments.
public struct ActionRegistry: Sendable {
    /// Longest arguments, in UTF-8 bytes (reliability: a bound on every engine's answer).
    public static let maxArgumentBytes = 16 * 1_024
    /// Deepest nesting of arguments.
    public static let maxArgumentDepth = 16

    private let schemas: [String: ActionSchema]

    public init(_ schemas: [ActionSchema]) {
        self.schemas = Dictionary(schemas.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Sorted; for the agent's tool list and for `doctor`.
    public var names: [String] { schemas.keys.sorted() }

    /// Checks a request and gives its arguments their canonical form.
    ///
    /// - Throws: `ActionRefusal`, whose text carries no argument value. Empty arguments are read as `{}`.
    public func check(_ request: ActionRequest) throws(ActionRefusal) -> CheckedAction {
        guard let schema = schemas[request.name] else { throw ActionRefusal(rule: .unknownAction) }
        let arguments: JSON
        do throws(JSON.Fault) {
            arguments = try JSON(
                parsing: request.arguments.isEmpty ? "{}" : request.arguments,
                maxBytes: Self.maxArgumentBytes, maxDepth: Self.maxArgumentDepth)
        } catch {
            throw ActionRefusal(error)
        }
        guard case .object(let members) = arguments else {
            throw ActionRefusal(rule: .argumentsNotJSON, detail: "a JSON object is wanted")
        }
        if let fault = schema.fault(in: members) { throw ActionRefusal(rule: .argumentsInvalid, detail: fault) }
        return CheckedAction(name: request.name, members: members, canonical: arguments.canonical)
    }
}

/// An action whose name is known and whose arguments fit.
public struct CheckedAction: Equatable, Sendable {
    public let name: String
    let members: [String: JSON]
    /// The arguments' only spelling, which the invocation key is made of.
    public let canonical: String

    public func text(_ parameter: String) -> String? {
        if case .string(let text)? = members[parameter] { return text }
        return nil
    }

    public func flag(_ parameter: String) -> Bool? {
        if case .boolean(let isTrue) = members[parameter] { return isTrue }
        return nil
    }
}

/// Why an action was not even tried.
public struct ActionRefusal: Error, Equatable, Sendable {
    public enum Rule: String, Sendable, CaseIterable {
        case unknownAction = "unknown_action"
        case argumentsTooLarge = "arguments_too_large"
        case argumentsTooDeep = "arguments_too_deep"
        case argumentsNotJSON = "arguments_not_json"
        case argumentsInvalid = "arguments_invalid"
    }
    public var rule: Rule
    /// Names the parameter or the byte; empty where the rule says it all.
    public var detail: String

    public init(rule: Rule, detail: String = "") {
        self.rule = rule
        self.detail = detail
    }

    /// As the agent and the record are told: `arguments_invalid: message is missing`.
    public var text: String { detail.isEmpty ? rule.rawValue : "\(rule.rawValue): \(detail)" }

    init(_ fault: JSON.Fault) {
        switch fault {
        case .tooLarge(let limit): self.init(rule: .argumentsTooLarge, detail: "at most \(limit) bytes")
        case .tooDeep(let limit): self.init(rule: .argumentsTooDeep, detail: "at most \(limit) levels")
        case .notJSON(let offset): self.init(rule: .argumentsNotJSON, detail: "at byte \(offset)")
        case .repeatedKey(let offset): self.init(rule: .argumentsNotJSON, detail: "a key is repeated at byte \(offset)")
        case .numberOutOfRange(let offset):
            self.init(rule: .argumentsNotJSON, detail: "a number is out of range at byte \(offset)")
        }
    }
}
