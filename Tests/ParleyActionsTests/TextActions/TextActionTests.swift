import ParleyCore
import Testing

@testable import ParleyActions

@Suite("Texts that an operator configured")
struct TextActionTests {
    private static let booking = """
        {"type":"object","required":["booking_reference"],"properties":{
          "booking_reference":{"type":"string","maxLength":40},"seats":{"type":"integer","default":2}}}
        """

    @Test(
        "A text is its template with the values put in",
        arguments: [
            ("Ref {{ .parameters.booking_reference }}.", "Ref BK-1."),
            ("For {{ .parameters.seats }}", "For 2"),
            ("Hi {{ .contact.name }}, {{ .contact.number }}", "Hi Ana, +12125550123"),
            ("{{ .call.id }}/{{ .call.reference }}", "01J/K4M"),
            ("{{ .variables.city }}", "Utrecht"),
            (#"{{ .variables.nothing | default "none" }}"#, "none"),
            ("{{ .parameters.booking_reference }}", "BK-1"),
        ])
    func render(template: String, text: String) throws {
        let action = try textAction(template, parameters: Self.booking)
        let checked = try ActionRegistry([action]).check(
            ActionRequest(name: "send_it", arguments: #"{"booking_reference":"BK-1"}"#))
        #expect(try action.rendered(checked.canonical, variables: #"{"city":"Utrecht"}"#) == text)
    }

    @Test("Defaults are in the arguments and in what the invocation's key is made of")
    func defaults() throws {
        let registry = ActionRegistry([try textAction("Hi", parameters: Self.booking)])
        let checked = try registry.check(
            ActionRequest(name: "send_it", arguments: #"{"booking_reference":"BK-1"}"#))
        #expect(checked.canonical == #"{"booking_reference":"BK-1","seats":2}"#)
        #expect(checked.arguments["seats"] == (try json("2")))
        let spelt = try registry.check(
            ActionRequest(name: "send_it", arguments: #"{"seats":2.0,"booking_reference":"BK-1"}"#))
        let key = InvocationKey(call: "A", turn: TurnID(1), action: checked)
        #expect(InvocationKey(call: "A", turn: TurnID(1), action: spelt) == key)
    }

    @Test("A value is put in as it is, and never read as a template")
    func values() throws {
        let action = try textAction("Ref {{ .parameters.booking_reference }}", parameters: Self.booking)
        let text = try action.rendered(#"{"booking_reference":"{{ .contact.number }}"}"#)
        #expect(text == "Ref {{ .contact.number }}")
    }

    @Test("A contact that is not known by name is missing, and a text with a hole is not sent")
    func missing() throws {
        let action = try textAction("Hi {{ .contact.name }}")
        #expect(throws: TemplateFault.self) {
            _ = try action.render(
                parameters: .object([:]), contact: .init(number: "+12125550123"), call: .init(id: "01J"),
                language: "en")
        }
        let polite = try textAction(#"Hi {{ .contact.name | default "there" }}"#)
        let text = try polite.render(
            parameters: .object([:]), contact: .init(number: "+12125550123"), call: .init(id: "01J"), language: "en")
        #expect(text == "Hi there")
    }

    @Test(
        "The language's text is taken: by the full tag, by the primary one, else the default",
        arguments: [
            ("en", "Hi"), ("", "Hi"), ("nl", "Hi"), ("es", "Hola"), ("es-MX", "Hola"), ("ES_mx", "Hola"),
            ("pt-BR", "Oi"), ("PT-br", "Oi"), ("pt", "Hi"), ("pt-PT", "Hi"),
        ])
    func languages(language: String, text: String) throws {
        let action = try textAction("Hi", messages: ["es": "Hola", "pt-BR": "Oi"])
        #expect(try action.rendered(language: language) == text)
    }

    @Test("Without a template the agent writes the text, as a parameter that is required")
    func written() throws {
        let action = try textAction(nil, parameters: #"{"type":"object","properties":{"about":{"type":"string"}}}"#)
        let registry = ActionRegistry([action])
        #expect(action.schema.properties == ["about", "message"])
        let checked = try registry.check(ActionRequest(name: "send_it", arguments: #"{"message":"{{ .x }} at 3"}"#))
        #expect(try action.rendered(checked.canonical) == "{{ .x }} at 3")
        for arguments in ["{}", #"{"message":""}"#] {
            #expect(throws: ActionRefusal.self) {
                _ = try registry.check(ActionRequest(name: "send_it", arguments: arguments))
            }
        }
        #expect(throws: SchemaFault.self) {
            _ = try textAction(nil, parameters: #"{"type":"object","properties":{"message":{"type":"string"}}}"#)
        }
    }

    @Test(
        "Parameters are of an object",
        arguments: [#"{"type":"string"}"#, #"{"properties":{}}"#, #"{"type":["object","null"]}"#])
    func parameters(text: String) throws {
        #expect(throws: SchemaFault(place: "/type", problem: .wants("must be object"))) {
            _ = try textAction("Hi", parameters: text)
        }
    }

    @Test("Without parameters none are taken")
    func noParameters() throws {
        let registry = ActionRegistry([try textAction("Hi")])
        #expect(try registry.check(ActionRequest(name: "send_it", arguments: "")).canonical == "{}")
        #expect(throws: ActionRefusal.self) {
            _ = try registry.check(ActionRequest(name: "send_it", arguments: #"{"to":"+12125550123"}"#))
        }
    }

    @Test("A custom recipient is what its template gives")
    func recipient() throws {
        let parameters = #"{"type":"object","required":["number"],"properties":{"number":{"type":"string"}}}"#
        let template = try Template("{{ .parameters.number }}", name: "recipient")
        let action = try textAction("Hi", parameters: parameters, recipient: .custom(template))
        let contact = TextAction.Contact(number: "+12125550123")
        let number = try action.customRecipient(
            parameters: try json(#"{"number":"+13125550188"}"#), contact: contact, call: .init(id: "01J"))
        #expect(number == "+13125550188")
        let plain = try textAction("Hi")
        #expect(try plain.customRecipient(parameters: .object([:]), contact: contact, call: .init(id: "01J")) == nil)
    }

    @Test("A registry knows its texts by name and by trigger; a built-in action keeps its name")
    func registry() throws {
        let booked = try textAction("Booked", trigger: .bookingConfirmed, name: "send_booked")
        let again = try textAction("Again", trigger: .bookingConfirmed, name: "send_again")
        let taken = try textAction("Taken", trigger: .paymentCaptured, name: "send_sms")
        let registry = ActionRegistry([booked, again, taken])
        #expect(registry.names == ["record_consent", "send_again", "send_booked", "send_sms"])
        #expect(registry.tools.map(\.name) == registry.names)
        #expect(registry.text(named: "send_booked") == booked)
        #expect(registry.text(named: "send_sms") == nil)
        #expect(registry.text(on: .bookingConfirmed) == booked)
        #expect(registry.text(on: .paymentCaptured) == nil)
        #expect(registry.tools.last?.schema == ActionSchema.sendText.arguments.json)
    }
}
