import Testing

@testable import ParleyActions

@Suite("Hostile values and bounds of templates")
struct TemplateBoundTests {
    @Test(
        "A value is put in as it is, whatever it looks like",
        arguments: [
            "{{ .contact.name }}", "}}{{ end }}", "{{/*", "-}}", "{{-", "%s%d%!", "\u{200F}abc\u{202E}", "👩🏽‍🚒😀",
            "\u{0}\u{7}", "\"`\\",
            "$x := 1", "e\u{301}\u{301}",
        ])
    func data(value: String) throws {
        let root = JSON.object(["contact": .object(["name": .string(value), "list": .array([.string(value)])])])
        func text(_ source: String) throws -> String { try Template(source, name: "t").render(root) }
        #expect(try text("<{{ .contact.name }}>").utf8.elementsEqual("<\(value)>".utf8))
        #expect(try text("{{ $x := .contact.name }}{{ $x | default `a` | trim }}|") == value + "|")
        #expect(try text("{{ printf `%s` .contact.name }}").utf8.elementsEqual(value.utf8))
        #expect(try text("{{ range .contact.list }}{{ . }}{{ end }}").utf8.elementsEqual(value.utf8))
        let quoted = try text("{{ json .contact.name }}")
        #expect(try JSON(parsing: quoted, maxBytes: 1_024, maxDepth: 1) == .string(value))
    }

    private func rule(_ source: String, _ root: JSON = .object([:])) -> TemplateFault.Rule? {
        do throws(TemplateFault) {
            _ = try Template(source, name: "t").render(root)
            return nil
        } catch {
            return error.rule
        }
    }

    @Test("A source ends at 64 KiB")
    func source() {
        #expect(rule(String(repeating: "a", count: 65_536)) == nil)
        #expect(rule(String(repeating: "a", count: 65_537)) == .sourceTooLong)
    }

    @Test("Blocks and parentheses nest 32 deep together, and a path has 32 names")
    func nesting() {
        func blocks(_ count: Int, inside: String = "") -> String {
            String(repeating: "{{ if 1 }}", count: count) + inside + String(repeating: "{{ end }}", count: count)
        }
        func parentheses(_ count: Int) -> String {
            "{{ " + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) + " }}"
        }
        #expect(rule(blocks(32)) == nil)
        #expect(rule(blocks(33)) == .nestedTooDeep)
        #expect(rule(parentheses(32)) == nil)
        #expect(rule(parentheses(33)) == .nestedTooDeep)
        #expect(rule(parentheses(10_000)) == .nestedTooDeep)
        #expect(rule(blocks(31, inside: parentheses(1))) == nil)
        #expect(rule(blocks(31, inside: parentheses(2))) == .nestedTooDeep)
        #expect(rule("{{ if " + String(repeating: ".a", count: 32) + " }}{{ end }}") == nil)
        #expect(rule("{{ if " + String(repeating: ".a", count: 33) + " }}{{ end }}") == .nestedTooDeep)
        #expect(rule("{{ if 0 }}" + String(repeating: "{{ else if 0 }}", count: 3_000) + "{{ end }}") == nil)
    }

    @Test("Names end at 128 characters, variables at 256")
    func names() {
        #expect(rule("{{ if .\(String(repeating: "a", count: 128)) }}{{ end }}") == nil)
        #expect(rule("{{ if .\(String(repeating: "a", count: 129)) }}{{ end }}") == .syntax)
        #expect(rule(String(repeating: "{{ $a := 1 }}", count: 256)) == nil)
        #expect(rule(String(repeating: "{{ $a := 1 }}", count: 257)) == .syntax)
    }

    @Test("A text ends at 64 KiB, and so does every text on the way to it")
    func output() {
        let kibibyte = JSON.object(["a": .string(String(repeating: "é", count: 512))])
        #expect(rule(String(repeating: "{{ .a }}", count: 64), kibibyte) == nil)
        #expect(rule(String(repeating: "{{ .a }}", count: 64) + ".", kibibyte) == .outputTooLong)
        let long = JSON.object(["a": .string(String(repeating: "é", count: 30_000))])
        #expect(rule("{{ if .a }}{{ end }}", long) == nil)
        #expect(rule("{{ if eq 1 (len (urlquery .a)) }}{{ end }}", long) == .outputTooLong)
        #expect(rule("{{ $x := printf `%s%s` .a .a }}", long) == .outputTooLong)
    }

    @Test("Rendering ends at 100,000 steps: rounds within rounds, and long texts in every round")
    func steps() {
        let list = JSON.array((0..<400).map { JSON.number(JSON.Decimal($0)) })
        #expect(rule("{{ range . }}{{ end }}", list) == nil)
        #expect(rule("{{ range . }}{{ range $ }}{{ end }}{{ end }}", list) == .tooManySteps)
        #expect(
            rule("{{ range . }}{{ range $ }}{{ range $ }}{{ range $ }}{{ end }}{{ end }}{{ end }}{{ end }}", list)
                == .tooManySteps)
        let long = JSON.object(["list": list, "a": .string(String(repeating: "a", count: 60_000))])
        #expect(rule("{{ range .list }}{{ end }}{{ $x := upper .a }}", long) == nil)
        #expect(rule("{{ range .list }}{{ $x := upper $.a }}{{ end }}", long) == .tooManySteps)
        let many = String(repeating: " $", count: 20_000)
        #expect(rule("{{ range .list }}{{ $x := and\(many) }}{{ end }}", long) == .tooManySteps)
    }

    private static let fragments = [
        "{{", "}}", "{{-", "-}}", "{{ ", " }}", "{{- ", " -}}", "{{/*", "*/}}", "if ", "else ", "else if ", "with ",
        "range ",
        "end", "break", "continue", "define ", "$x", "$", "$x := ", "$x = ", "$i, $v := ", ".", ".a", ".a.b", ".list",
        ".rows",
        ".absent", "|", "(", ")", ",", " ", "\n", "\r\n", "\"", "`", "'", "\"a\"", "`%5.2f`", "\"\\u00e9\"", "\\", "0",
        "-1",
        "1e9", "1.5", "true", "nil", "eq ", "ne ", "lt ", "and ", "or ", "not ", "index ", "len ", "default ", "upper ",
        "trim ",
        "printf ", "date ", "\"2006 Jan\" ", "urlquery ", "json ", "title ", "text", "😀", "e\u{301}", "\u{200F}", "é",
        "{{ end }}", "{{ else }}", "{{ if .a }}", "{{ range .list }}", "{{ with .rows }}", "{{ .a.b }}", "{{ . }}",
        "{{ break }}",
    ]

    @Test("20,000 sources of fragments end in a text or in a fault that points into the source")
    func fragments() throws {
        let seed: UInt64 = 20_261_124
        var random = SplitMix(state: seed)
        let root = try JSON(
            parsing: #"{"a":{"b":"{{ .a }}"},"list":[1,"x",null,[2]],"rows":[{"a":{"b":2}}],"n":1764072000}"#,
            maxBytes: 1_024, maxDepth: 8)
        var (texts, late) = (0, 0)
        for round in 0..<20_000 {
            var source = ""
            for _ in 0..<Int.random(in: 1...14, using: &random) {
                if let fragment = Self.fragments.randomElement(using: &random) { source += fragment }
            }
            // Half of them as one action, so that more get past the lexer.
            if Bool.random(using: &random) { source = "{{ if .a }}{{ \(source) }}{{ end }}" }
            do throws(TemplateFault) {
                let template = try Template(source, name: "t")
                texts += 1
                do throws(TemplateFault) {
                    let text = try template.render(root)
                    #expect(text.utf8.count <= Template.maxOutputBytes)
                } catch {
                    late += 1
                    expectInside(error, source, "seed \(seed), round \(round)")
                }
            } catch {
                expectInside(error, source, "seed \(seed), round \(round)")
            }
        }
        #expect(texts > 500, "too few templates: \(texts)")
        #expect(late > 50, "too few faults of rendering: \(late)")
    }

    private func expectInside(_ fault: TemplateFault, _ source: String, _ round: String) {
        let lines = source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard (1...lines.count).contains(fault.line) else {
            Issue.record("line \(fault.line): \(round)")
            return
        }
        let width = String(String.UnicodeScalarView(lines[fault.line - 1])).count
        #expect((1...width + 1).contains(fault.column), "\(round)")
        #expect(!fault.message.isEmpty, "\(round)")
    }
}
