import Testing

@testable import ParleyActions

@Suite("What of a webhook's answer is kept")
struct ResultMappingTests {
    private func value(_ path: String, _ answer: String) throws -> JSON? {
        let mapping = ResultMapping([try ResultMapping.Field(name: "x", path: path)])
        return mapping.values(in: Array(answer.utf8))?["x"]
    }

    @Test(
        "A path leads to one value",
        arguments: [
            ("a", #"{"a":"b"}"#, #""b""#), ("a.b", #"{"a":{"b":1.50}}"#, "1.5"),
            ("slots.1.time", Self.slots, #""10:30""#),
            ("a", #"{"a":true}"#, "true"), ("0", "[7]", "7"), ("a.0", #"{"a":{"0":"k"}}"#, #""k""#),
            ("a", #"{"a":["9:00","10:30",3]}"#, #""9:00, 10:30, 3""#), ("b", #"{"a":1}"#, "null"),
            ("a.b", #"{"a":1}"#, "null"), ("a.5", #"{"a":[1]}"#, "null"), ("a.-1", #"{"a":[1]}"#, "null"),
            ("a", #"{"a":{"b":1}}"#, "null"), ("a", #"{"a":[{"b":1}]}"#, "null"), ("a", #"{"a":null}"#, "null"),
            ("a", #"{"a":[]}"#, #""""#),
        ])
    func paths(path: String, answer: String, value: String) throws {
        #expect(try self.value(path, answer) == json(value))
    }
    private static let slots = #"{"slots":[{"time":"9:00"},{"time":"10:30"}]}"#

    @Test(
        "A text is one clean line",
        arguments: [
            ("a\\r\\nb", "a b"), ("a\\u0000b", "ab"), ("\\u202Eabc", "abc"), ("  a \\t b  ", "a b"),
            ("a\\u2028b", "a b"),
            ("{{ .x }}", "{{ .x }}"), ("a\\u200Bb", "ab"),
        ])
    func clean(text: String, kept: String) throws {
        #expect(try value("a", #"{"a":"\#(text)"}"#) == .string(kept))
    }

    @Test("A text is bounded, whatever it is made of")
    func bounds() throws {
        for letter in ["x", "é", "e\u{301}", "a b "] {
            guard case .string(let text)? = try value("a", #"{"a":"\#(String(repeating: letter, count: 2_000))"}"#)
            else {
                Issue.record("no text")
                return
            }
            #expect((490...500).contains(text.count))
        }
        let marks = "a" + String(repeating: "\u{301}", count: 10_000)
        guard case .string(let text)? = try value("a", #"{"a":"\#(marks)"}"#) else { return }
        #expect(text.unicodeScalars.count <= 16)
    }

    @Test(
        "What is no JSON that we take has no values",
        arguments: ["", "<html>", "{", #"{"a":1,"a":2}"#, String(repeating: "[", count: 40), "\u{FEFF}{}"])
    func noJSON(answer: String) throws {
        #expect(try value("a", answer) == nil)
        #expect(ResultMapping().values(in: Array(answer.utf8)) == .object([:]))
    }

    @Test(
        "Paths are checked when they are read",
        arguments: ["", ".", "a.", ".a", "a..b", String(repeating: "a.", count: 16) + "a"])
    func faults(path: String) {
        #expect(throws: WebhookFault.self) { _ = try ResultMapping.Field(name: "x", path: path) }
    }

    @Test(
        "As they are said",
        arguments: [("true", "yes"), ("false", "no"), ("1.50", "1.5"), (#""a""#, "a"), ("null", "")])
    func spoken(value: String, text: String) throws { #expect(try json(value).spoken == text) }
}
