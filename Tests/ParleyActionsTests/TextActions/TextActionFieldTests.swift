import Testing

@testable import ParleyActions

@Suite("What a text may read")
struct TextActionFieldTests {
    private static let parameters = """
        {"type":"object","properties":{
          "booking_reference":{"type":"string"},
          "guest":{"type":"object","properties":{"name":{"type":"string"}}},
          "extra":{"type":"object","properties":{},"additionalProperties":{"type":"string"}}}}
        """

    @Test(
        "What can be there is taken",
        arguments: [
            "plain", "{{ .parameters.booking_reference }}", "{{ .parameters.guest.name }}",
            "{{ .parameters.extra.anything }}", "{{ .variables.anything.at.all }}", "{{ .contact.name }}",
            "{{ with .parameters.guest }}{{ .name }}{{ end }}", "{{ json .parameters }}",
            "{{ $r := .parameters }}{{ $r.booking_reference }}", "{{ .call.id }} {{ .call.reference }}",
        ])
    func taken(text: String) throws {
        #expect(try faults(text) == [])
    }

    @Test(
        "What can never be there is a fault, with its place and what was probably meant",
        arguments: [
            (
                "Ref {{ .parameters.booking_referense }}",
                "t:1:8: `.parameters.booking_referense` is not there; did you mean `.parameters.booking_reference`?"
            ),
            (
                "{{ .parameters.x }}",
                "t:1:4: `.parameters.x` is not there; there are `.parameters.booking_reference`, `.parameters.extra`,"
                    + " `.parameters.guest`"
            ),
            (
                "One\n two {{ .foo }}",
                "t:2:9: `.foo` is not there; did you mean `.parameters.foo`?"
            ),
            ("{{ .contac.name }}", "t:1:4: `.contac` is not there; did you mean `.contact`?"),
            ("{{ .contact.nmae }}", "t:1:4: `.contact.nmae` is not there; did you mean `.contact.name`?"),
            ("{{ .contact.name.first }}", "t:1:4: `.contact.name.first` is not there; `.contact.name` is text"),
            (
                "{{ .call.number }}", "t:1:4: `.call.number` is not there; there are `.call.id`, `.call.reference`"
            ),
            (
                "{{ with .parameters.guest }}{{ .age }}{{ end }}",
                "t:1:32: `.parameters.guest.age` is not there; there are `.parameters.guest.name`"
            ),
            (
                #"{{ index .parameters "x" | default "" }}"#,
                "t:1:10: `.parameters.x` is not there; there are `.parameters.booking_reference`, `.parameters.extra`,"
                    + " `.parameters.guest`"
            ),
        ])
    func refused(text: String, fault: String) throws {
        #expect(try faults(text) == [fault])
    }

    @Test("All of them are told, and an action without parameters has none")
    func several() throws {
        #expect(try faults("{{ .a }} {{ .b }} {{ .contact.name }}").count == 2)
        let template = try Template("{{ .parameters.x }}", name: "t")
        let found = TextAction.faults(in: template, parameters: nil).map(\.description)
        #expect(found == ["t:1:4: `.parameters.x` is not there; the action has no parameters"])
    }

    private func faults(_ text: String) throws -> [String] {
        let template = try Template(text, name: "t")
        return TextAction.faults(in: template, parameters: try schema(Self.parameters)).map(\.description)
    }
}
