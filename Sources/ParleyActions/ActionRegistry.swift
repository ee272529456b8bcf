import ParleyCore

/// The actions that an agent may ask for, by name. A name that is not here is refused, whatever its arguments.
public struct ActionRegistry: Equatable, Sendable {
    /// Longest arguments, in UTF-8 bytes (reliability: a bound on every engine's answer).
    public static let maxArgumentBytes = 16 * 1_024
    /// Deepest nesting of arguments.
    public static let maxArgumentDepth = 16

    private let actions: [String: ActionSchema]
    private let textsByName: [String: TextAction]
    private let webhooksByName: [String: WebhookAction]
    private let triggered: [TextAction.Trigger: TextAction]

    /// The built-in actions and these. Where two have one name or one trigger, the built-in one counts, then the first.
    public init(_ texts: [TextAction] = [], webhooks: [WebhookAction] = []) {
        actions = Dictionary(
            (ActionSchema.builtIn + texts.map(\.tool) + webhooks.map(\.tool)).map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let own = texts.filter { text in !ActionSchema.builtIn.contains { $0.name == text.name } }
        textsByName = Dictionary(own.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let taken = Set(ActionSchema.builtIn.map(\.name) + own.map(\.name))
        webhooksByName = Dictionary(
            webhooks.filter { !taken.contains($0.name) }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        triggered = Dictionary(
            own.compactMap { text in text.trigger.map { ($0, text) } }, uniquingKeysWith: { first, _ in first })
    }

    /// Sorted; for `doctor`.
    public var names: [String] { actions.keys.sorted() }

    /// What an agent is told of each action, by name; `schema` is the arguments' JSON Schema.
    public var tools: [(name: String, description: String, schema: JSON)] {
        actions.values.sorted { $0.name < $1.name }.map { ($0.name, $0.description, $0.arguments.json) }
    }

    /// The configured action of this name; `nil` for the built-in ones too.
    public func text(named name: String) -> TextAction? { textsByName[name] }

    /// The configured actions, sorted by name.
    public var texts: [TextAction] { textsByName.values.sorted { $0.name < $1.name } }

    /// The configured call over HTTPS of this name.
    public func webhook(named name: String) -> WebhookAction? { webhooksByName[name] }

    /// Those, sorted by name.
    public var webhooks: [WebhookAction] { webhooksByName.values.sorted { $0.name < $1.name } }

    /// What a request of this name has to give: of an action, or of the text that a trigger of this name sends.
    ///
    /// - Returns: `nil` where there is neither.
    public func parameters(of name: String) -> JSONSchema? {
        if let trigger = TextAction.Trigger(rawValue: name), let text = text(on: trigger) { return text.schema }
        return actions[name]?.arguments
    }

    /// What is sent by itself when this happens.
    public func text(on trigger: TextAction.Trigger) -> TextAction? { triggered[trigger] }

    /// Checks a request, fills in the defaults and gives the arguments their canonical form.
    ///
    /// - Throws: `ActionRefusal`, whose text carries no argument value. Empty arguments are read as `{}`.
    public func check(_ request: ActionRequest) throws(ActionRefusal) -> CheckedAction {
        guard let action = actions[request.name] else { throw ActionRefusal(rule: .unknownAction) }
        let given: JSON
        do throws(JSON.Fault) {
            given = try JSON(
                parsing: request.arguments.isEmpty ? "{}" : request.arguments,
                maxBytes: Self.maxArgumentBytes, maxDepth: Self.maxArgumentDepth)
        } catch {
            throw ActionRefusal(error)
        }
        guard case .object = given else {
            throw ActionRefusal(rule: .argumentsNotJSON, detail: "a JSON object is wanted")
        }
        switch action.arguments.check(given) {
        case .success(let arguments): return CheckedAction(name: action.name, arguments: arguments)
        case .failure(let fault): throw ActionRefusal(rule: .argumentsInvalid, detail: fault.text(of: action.name))
        }
    }
}

/// An action whose name is known and whose arguments fit.
public struct CheckedAction: Equatable, Sendable {
    public let name: String
    /// An object, with the defaults that its schema has.
    public let arguments: JSON
    /// The arguments' only spelling, which the invocation key is made of.
    public let canonical: String

    init(name: String, arguments: JSON) {
        self.name = name
        self.arguments = arguments
        canonical = arguments.canonical
    }

    public func text(_ parameter: String) -> String? {
        if case .string(let text)? = arguments[parameter] { return text }
        return nil
    }

    public func flag(_ parameter: String) -> Bool? {
        if case .boolean(let isTrue)? = arguments[parameter] { return isTrue }
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
