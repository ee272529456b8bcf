import ParleyCore
import Testing

@testable import ParleyActions

@Suite("What a webhook carries")
struct WebhookBodyTests {
    private func body(_ template: String, given: String, variables: String = "{}") throws -> String {
        let request = try webhookRequest("https://a.example/", body: template, given: given, variables: variables)
        return String(decoding: request.body, as: UTF8.self)
    }

    @Test(
        "A value alone keeps its type; among words it is text",
        arguments: [
            (#"{"n":"{{ .parameters.x }}"}"#, #"{"x":2.50}"#, #"{"n":2.5}"#),
            (#"{"n":"{{.parameters.x}}"}"#, #"{"x":true}"#, #"{"n":true}"#),
            (#"{"n":"{{ .parameters.x }}"}"#, #"{"x":"2"}"#, #"{"n":"2"}"#),
            (#"{"n":"{{ .parameters.x }}"}"#, #"{"x":[1,{"a":null}]}"#, #"{"n":[1,{"a":null}]}"#),
            (#"{"n":"{{ .parameters.x.y }}"}"#, #"{"x":{"y":7}}"#, #"{"n":7}"#),
            (#"{"n":"no {{ .parameters.x }}"}"#, #"{"x":2}"#, #"{"n":"no 2"}"#),
            (#"{"n":"{{ .parameters.x }} "}"#, #"{"x":2}"#, #"{"n":"2 "}"#),
            (#"[1,"{{ .parameters.x }}",false,null,"a"]"#, #"{"x":2}"#, #"[1,2,false,null,"a"]"#),
            (#"{"n":"{{ .parameters.none }}","m":1}"#, "{}", #"{"m":1}"#),
            (#"{"who":"{{ .contact.name }} {{ .contact.number }}"}"#, "{}", #"{"who":"Ana +12125550123"}"#),
        ])
    func types(template: String, given: String, text: String) throws {
        #expect(try body(template, given: given) == text)
    }

    /// Values that try to be more than one value of JSON, or a template.
    @Test(
        "No value breaks out of its place, alone or among words",
        arguments: [
            "\"", "\\", "\",\"admin\":true,\"x\":\"", "\u{0}", "\n", "\u{2028}", "{{ .call.id }}", "}}", "ü😀", "null",
            "\u{202E}", "</script>", "\u{1F}", "\\u0022",
        ])
    func hostile(value: String) throws {
        let given = JSON.object(["x": .string(value)]).canonical
        let text = try body(#"{"alone":"{{ .parameters.x }}","among":"<{{ .parameters.x }}>"}"#, given: given)
        #expect(try json(text) == .object(["alone": .string(value), "among": .string("<\(value)>")]))
    }

    @Test("What is missing and no optional parameter is refused, and no value is in the rule")
    func missing() throws {
        #expect(throws: RequestRefusal.self) { _ = try body(#"{"n":"{{ .variables.x }}"}"#, given: "{}") }
        #expect(try body(#"{"n":"{{ .variables.x }}"}"#, given: "{}", variables: #"{"x":"1"}"#) == #"{"n":"1"}"#)
        #expect(throws: RequestRefusal(rule: "body: longer than 65536 bytes")) {
            let long = String(repeating: "x", count: 15_000)
            let given = JSON.object(["x": .string(long)]).canonical
            let five = Array(repeating: "\"{{ .parameters.x }}\"", count: 5).joined(separator: ",")
            _ = try body("[\(five)]", given: given)
        }
    }

    @Test("A name is no place for a value")
    func names() throws {
        #expect(throws: WebhookFault.self) { _ = try WebhookBody(try json(#"{"{{ .x }}":1}"#), name: "body") }
        #expect(throws: WebhookFault.self) { _ = try WebhookBody(try json(#"{"a":"{{ .x "}"#), name: "body") }
    }

    @Test(
        "A header is one line of plain ASCII",
        arguments: [("a\r\nX: y", false), ("ü", false), ("a\u{0}", false), ("a b", true)])
    func headers(value: String, isTaken: Bool) throws {
        let header = WebhookAction.Header(name: "X-Who", value: try Template("<{{ .parameters.x }}>", name: "h"))
        let given = JSON.object(["x": .string(value)]).canonical
        let made = try? webhookRequest("https://a.example/", headers: [header], given: given)
        #expect((made?.headers == [.init(name: "X-Who", value: "<\(value)>")]) == isTaken)
    }

    @Test("The key is that of the call, the turn, the name and the arguments, however they are spelt")
    func key() throws {
        func key(_ given: String) throws -> String? {
            try webhookRequest("https://a.example/", given: given, idempotencyHeader: "Idempotency-Key").headers.first?
                .value
        }
        let first = try key(#"{"a":1,"b":2}"#)
        #expect(first?.count == 64)
        #expect(try key(#"{ "b": 2.0, "a": 1 }"#) == first)
        #expect(try key(#"{"a":1,"b":3}"#) != first)
    }
}
