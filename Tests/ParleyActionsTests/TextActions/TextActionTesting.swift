@testable import ParleyActions

/// An action with one text and, where given, others by language.
func textAction(
    _ message: String?, parameters: String? = nil, messages: [String: String] = [:],
    recipient: TextAction.Recipient = .contact, trigger: TextAction.Trigger? = nil, name: String = "send_it"
) throws -> TextAction {
    try TextAction(
        name: name, description: "Sends it.", channel: "clinic-sms", trigger: trigger, recipient: recipient,
        parameters: try parameters.map { try schema($0) },
        message: try message.map { try Template($0, name: "message") },
        messages: try messages.mapValues { try Template($0, name: "messages") })
}

extension TextAction {
    /// With a contact and a call that are fully known.
    func rendered(_ parameters: String = "{}", variables: String = "{}", language: String = "en") throws -> String {
        try render(
            parameters: try json(parameters), variables: try json(variables),
            contact: Contact(name: "Ana", number: "+12125550123"), call: Call(id: "01J", reference: "K4M"),
            language: language)
    }
}
