import Testing

@testable import ParleyActions

@Suite("How long a text becomes")
struct LongestRenderingTests {
    private static let parameters = """
        {"type":"object","required":["reference","kind","day","count","isNew"],"properties":{
          "reference":{"type":"string","maxLength":12},
          "kind":{"enum":["cut","blow-dry"]},
          "day":{"type":"string","format":"date"},
          "count":{"type":"integer","minimum":1,"maximum":500},
          "any":{"type":"integer"},
          "isNew":{"type":"boolean"},
          "free":{"type":"string"},
          "items":{"type":"array","maxItems":4,"items":{"type":"string","maxLength":2}}}}
        """

    @Test(
        "Parameters are as long as their schema allows, the rest as long as is plausible",
        arguments: [
            ("{{ .parameters.reference }}", "WWWWWWWWWWWW"),
            ("{{ .parameters.kind }}", "blow-dry"),
            ("{{ .parameters.count }}", "500"),
            ("{{ .parameters.any }}", "9999999999"),
            (#"{{ date "Jan 2" .parameters.day }}"#, "Dec 28"),
            ("{{ if .parameters.isNew }}new{{ else }}known{{ end }}", "known"),
            ("{{ if .parameters.isNew }}brand new{{ end }}", "brand new"),
            ("{{ if .parameters.free }}a{{ else }}nothing{{ end }}", "nothing"),
            ("{{ range .parameters.items }}{{ . }},{{ end }}", "WW,WW,WW,WW,"),
            ("{{ .contact.number }}", "+888888888888888"),
            ("{{ .call.reference }}", "WWWWWW"),
        ])
    func values(template: String, longest: String) throws {
        let action = try textAction(template, parameters: Self.parameters)
        #expect(try action.longestRendering(language: "en") == longest)
    }

    @Test(
        "Without a bound",
        arguments: [
            ("{{ .parameters.free }}", 120), ("{{ .contact.name }}", 40), ("{{ .variables.a }}", 40),
            ("{{ .variables.a.b }}{{ .variables.a.c }}", 80),
        ])
    func unbounded(template: String, count: Int) throws {
        let action = try textAction(template, parameters: Self.parameters)
        #expect(try action.longestRendering(language: "en")?.count == count)
    }

    @Test("Each language is measured by its own text, and an agent's own text is not")
    func languages() throws {
        let action = try textAction("Hi", messages: ["de": "Guten Tag"])
        #expect(try action.longestRendering(language: "de-AT") == "Guten Tag")
        #expect(try action.longestRendering(language: "fr") == "Hi")
        #expect(try textAction(nil).longestRendering(language: "en") == nil)
    }

    @Test("A template that takes no longest value says so")
    func fault() throws {
        let action = try textAction(#"{{ date "Jan 2" .parameters.free }}"#, parameters: Self.parameters)
        #expect(throws: TemplateFault.self) { _ = try action.longestRendering(language: "en") }
    }
}
