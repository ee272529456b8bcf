/// A text message that an operator configured: who gets it, what it says, and when.
///
/// An agent asks for it by name, like for any action, and gives the parameters; or something that happens in a call
/// brings it about. What it says is a template per language; without one the agent writes the text.
public struct TextAction: Equatable, Sendable {
    /// What sends a text by itself, without an agent asking.
    public enum Trigger: String, Sendable, CaseIterable {
        case bookingConfirmed = "booking_confirmed"
        case paymentCaptured = "payment_captured"
        case escalationAccepted = "escalation_accepted"
        case callerRequested = "caller_requested"
    }

    public enum Recipient: Equatable, Sendable {
        /// Whom the call is with.
        case contact
        /// What the template gives must be a number in E.164 form.
        case custom(Template)
    }

    /// The parameter that the agent writes the text in, where there is no template.
    public static let messageParameter = "message"

    public let name: String
    public let description: String
    /// The channel's name in the configuration.
    public let channel: String
    public let trigger: Trigger?
    /// As consent is asked for: `transactional_in_call`.
    public let purpose: String
    public let recipient: Recipient
    /// What the agent gives, with `messageParameter` where it writes the text.
    public let schema: JSONSchema
    /// For any language that `messages` has not; `nil`: the agent writes the text.
    public let message: Template?
    /// By BCP 47 tag in lower case.
    public let messages: [String: Template]

    /// - Parameters:
    ///   - parameters: of an object; `nil`: none are taken.
    ///   - messages: by BCP 47 tag, without regard to case; for texts besides `message`.
    /// - Throws: where `parameters` are not of an object, or have a parameter `message` that the agent's text needs.
    public init(
        name: String, description: String, channel: String, trigger: Trigger? = nil,
        purpose: String = "transactional_in_call", recipient: Recipient = .contact, parameters: JSONSchema? = nil,
        message: Template? = nil, messages: [String: Template] = [:]
    ) throws(SchemaFault) {
        let parameters = parameters ?? .noParameters
        guard parameters.types == [.object] else { throw SchemaFault("/type", "must be object") }
        self.name = name
        self.description = description
        self.channel = channel
        self.trigger = trigger
        self.purpose = purpose
        self.recipient = recipient
        self.message = message
        self.messages = Dictionary(
            messages.map { (Self.tag($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        schema =
            message == nil
            ? try parameters.adding(Self.messageParameter, JSONSchema.writtenMessage, isRequired: true) : parameters
    }

    /// As an agent's tool list has it.
    public var tool: ActionSchema { ActionSchema(name, description, arguments: schema) }

    /// The template for a language: of its full tag, else of its primary tag, else `message`.
    ///
    /// - Parameter language: BCP 47, as `es-MX`.
    public func message(language: String) -> Template? {
        let tag = Self.tag(language)
        return messages[tag] ?? messages[String(tag.prefix { $0 != "-" })] ?? message
    }

    static func tag(_ language: String) -> String { language.lowercased().replacing("_", with: "-") }
}

extension JSONSchema {
    static let noParameters = JSONSchema(builtIn: #"{"type": "object", "properties": {}}"#)

    fileprivate static let writtenMessage = JSONSchema(
        builtIn: """
            {"type": "string", "minLength": 1, "maxLength": 1530,
             "description": "The text, without greeting or sender."}
            """
    ).json
}
