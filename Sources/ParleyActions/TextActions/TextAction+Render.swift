extension TextAction {
    /// Whom the call is with; empty: not known, and missing for a template.
    public struct Contact: Equatable, Sendable {
        public var name: String
        /// E.164.
        public var number: String

        public init(name: String = "", number: String) {
            self.name = name
            self.number = number
        }
    }

    /// The call that a text is about; empty: there is none.
    public struct Call: Equatable, Sendable {
        public var id: String
        /// As it may be read out.
        public var reference: String

        public init(id: String, reference: String = "") {
            self.id = id
            self.reference = reference
        }
    }

    /// What the text says, before the sender's name and the footer are put to it.
    ///
    /// - Parameters:
    ///   - parameters: as `schema` took them, defaults included.
    ///   - variables: an object; what else the caller of this knows, by name.
    ///   - language: BCP 47.
    /// - Throws: for a value that is missing or does not fit its place; no value is in the fault.
    public func render(
        parameters: JSON, variables: JSON = .object([:]), contact: Contact, call: Call, language: String
    ) throws(TemplateFault) -> String {
        guard let template = message(language: language) else {
            // The schema requires it.
            return parameters[Self.messageParameter]?.printed ?? ""
        }
        return try template.render(Self.root(parameters, variables, contact, call))
    }

    /// Whom it goes to, as the operator's template gives it: not yet checked to be a number. `nil`: the contact.
    public func customRecipient(
        parameters: JSON, variables: JSON = .object([:]), contact: Contact, call: Call
    ) throws(TemplateFault) -> String? {
        guard case .custom(let template) = recipient else { return nil }
        return try template.render(Self.root(parameters, variables, contact, call))
    }

    static func root(_ parameters: JSON, _ variables: JSON, _ contact: Contact, _ call: Call) -> JSON {
        func object(_ members: [String: String]) -> JSON {
            .object(members.filter { !$0.value.isEmpty }.mapValues(JSON.string))
        }
        return .object([
            "parameters": parameters, "variables": variables,
            "contact": object(["name": contact.name, "number": contact.number]),
            "call": object(["id": call.id, "reference": call.reference]),
        ])
    }
}
