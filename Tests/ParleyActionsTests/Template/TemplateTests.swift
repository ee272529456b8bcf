import Testing

@testable import ParleyActions

/// What a template makes of some values: the text, or the fault as it is printed.
func rendered(_ source: String, _ values: String = "{}") throws -> String {
    let root = try JSON(parsing: values, maxBytes: 1 << 20, maxDepth: 64)
    do throws(TemplateFault) {
        return try Template(source, name: "t").render(root)
    } catch {
        return error.description
    }
}

@Suite("Templates of messages")
struct TemplateTests {
    private static let values = """
        {"parameters": {"booking_reference": "KX-204", "count": 3, "price": 12.50, "big": 12345678901234567890123,
                        "flag": true, "off": false, "zero": 0, "empty": "", "none": null, "text": "2",
                        "items": ["a", "b", "c"], "no_items": [], "no_members": {},
                        "rows": [{"name": "Cut", "price": 30}, {"name": "Colour", "price": 75.5}]},
         "contact": {"name": "Zoë", "address": {"city": {"name": "Bergen"}}},
         "variables": {"y": "why", "größe": "L"}}
        """

    @Test("The confirmation as it is written in the configuration")
    func confirmation() throws {
        let source =
            "Hi, your booking is confirmed! Reference: {{ .parameters.booking_reference }}. Reply to this message if"
            + " you need to make changes."
        let template = try Template(source, name: "actions.confirm.message")
        let root = try JSON(parsing: Self.values, maxBytes: 4_096, maxDepth: 8)
        #expect(
            try template.render(root)
                == "Hi, your booking is confirmed! Reference: KX-204. Reply to this message if you need to make changes."
        )
        #expect(template.fields == [["parameters", "booking_reference"]])
        #expect(
            throws: TemplateFault(
                rule: .missingValue, name: "actions.confirm.message", line: 1, column: 46,
                message:
                    "`.parameters.booking_reference` is missing; give it a `default`, or put this inside of an `if`"
                    + " or `with`")
        ) { try template.render(.object([:])) }
    }

    @Test("An empty template is an empty text")
    func empty() throws {
        let template = try Template("", name: "t")
        #expect(try template.render(.null) == "")
        #expect(template.fields == [])
    }

    @Test(
        "Values, fields and literals",
        arguments: [
            ("plain } text }} {", "plain } text }} {"),
            ("{{.contact.name}}", "Zoë"),
            ("{{ .contact.address.city.name }}", "Bergen"),
            ("{{ $.contact.name }}", "Zoë"),
            ("{{ (.contact).name }}", "Zoë"),
            ("{{ ((.contact.address).city).name }}", "Bergen"),
            ("{{ .variables.größe }}", "L"),
            ("{{\n  .contact.name\n}}", "Zoë"),
            ("{{ .parameters.count }}/{{ .parameters.price }}/{{ .parameters.flag }}", "3/12.5/true"),
            ("{{ .parameters.big }}", "12345678901234567890123"),
            (#"{{ "a\tb\"\\\u00e9\U0001F600\x41\101" }}"#, "a\tb\"\\é😀AA"),
            (#"{{ "\xc3\xa9" }}"#, "é"),
            ("{{ `a\\n{{ \"b\"` }}", #"a\n{{ "b""#),
            ("{{ `a\r\nb` }}", "a\nb"),
            ("{{ 12 }} {{ -3 }} {{ +4 }} {{ 0.50 }} {{ 1e3 }} {{ true }}", "12 -3 4 0.5 1000 true"),
            ("{{-3}}", "-3"),
        ])
    func values(source: String, expected: String) throws {
        #expect(try rendered(source, Self.values) == expected)
    }

    @Test(
        "Comments leave nothing, and trim markers take white space and line ends away",
        arguments: [
            ("a {{/* {{ .x }} and }} */}} b", "a  b"),
            ("a {{- /* c */ -}} b", "ab"),
            ("{{23 -}} < {{- 45}}", "23<45"),
            ("a \r\n\t {{- \"b\" }} c", "ab c"),
            ("a {{ \"b\" -}} \n\n c", "a bc"),
            ("a {{- \"b\" -}} c {{- \"d\" -}} e", "abcde"),
            ("\u{A0}{{- \"b\" }}", "\u{A0}b"),
            ("a {{ `b`\t-}}\n", "a b"),
        ])
    func trimming(source: String, expected: String) throws {
        #expect(try rendered(source, Self.values) == expected)
    }

    @Test(
        "False, 0, nothing and what has no length are empty; everything else is true",
        arguments: [
            ("flag", "T"), ("off", "F"), ("count", "T"), ("zero", "F"), ("text", "T"), ("empty", "F"), ("none", "F"),
            ("absent", "F"), ("items", "T"), ("no_items", "F"), ("no_members", "F"), ("absent.deeper", "F"),
        ])
    func truth(field: String, expected: String) throws {
        #expect(try rendered("{{ if .parameters.\(field) }}T{{ else }}F{{ end }}", Self.values) == expected)
        #expect(try rendered("{{ not .parameters.\(field) }}", Self.values) == (expected == "T" ? "false" : "true"))
        #expect(try rendered("{{ with .parameters.\(field) }}T{{ else }}F{{ end }}", Self.values) == expected)
    }

    @Test(
        "Blocks choose, move the dot, and go round",
        arguments: [
            ("{{ if false }}a{{ else if true }}b{{ else }}c{{ end }}", "b"),
            ("{{ if false }}a{{ else if false }}b{{ else if false }}c{{ else }}d{{ end }}", "d"),
            ("{{ if false }}a{{ end }}", ""),
            ("{{ with .contact }}{{ .name }} {{ $.variables.y }}{{ end }}", "Zoë why"),
            ("{{ with .absent }}{{ .x }}{{ else }}{{ .contact.name }}{{ end }}", "Zoë"),
            ("{{ with .absent }}a{{ else with .contact }}{{ .name }}{{ end }}", "Zoë"),
            ("{{ with $x := .contact }}{{ $x.name }}{{ end }}", "Zoë"),
            ("{{ range .parameters.items }}{{ . }},{{ end }}", "a,b,c,"),
            ("{{ range $i, $v := .parameters.items }}{{ $i }}={{ $v }} {{ end }}", "0=a 1=b 2=c "),
            ("{{ range $v := .parameters.items }}{{ $v }}{{ end }}", "abc"),
            ("{{ range .parameters.rows }}{{ .name }} {{ .price }};{{ end }}", "Cut 30;Colour 75.5;"),
            ("{{ range $k, $v := .variables }}{{ $k }}:{{ $v }} {{ end }}", "größe:L y:why "),
            ("{{ range .parameters.no_items }}a{{ else }}none{{ end }}", "none"),
            ("{{ range .absent }}a{{ else }}none{{ end }}", "none"),
            ("{{ range .parameters.items }}{{ if eq . `b` }}{{ break }}{{ end }}{{ . }}{{ end }}.", "a."),
            ("{{ range .parameters.items }}{{ if eq . `b` }}{{ continue }}{{ end }}{{ . }}{{ end }}.", "ac."),
            (
                "{{ range .parameters.items }}{{ range $.parameters.items }}{{ break }}{{ end }}{{ . }}{{ end }}",
                "abc"
            ),
        ])
    func blocks(source: String, expected: String) throws {
        #expect(try rendered(source, Self.values) == expected)
    }

    @Test(
        "A variable lives to the end of its block, and is set anew from inside",
        arguments: [
            ("{{ $x := 1 }}{{ $x }}", "1"),
            ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
            ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"),
            ("{{ $x := `a` }}{{ $x := $x | upper }}{{ $x }}", "A"),
            ("{{ $last := `` }}{{ range .parameters.items }}{{ $last = . }}{{ end }}{{ $last }}", "c"),
            ("{{ if $x := .contact }}{{ $x.name }}{{ else }}{{ $x }}{{ end }}", "Zoë"),
            ("{{ if $x := .absent }}a{{ else if eq $x nil }}b{{ end }}", "b"),
            ("{{ $i := 9 }}{{ $v := 8 }}{{ range $i, $v = .parameters.items }}{{ end }}{{ $i }}{{ $v }}", "2c"),
            ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "t:1:39: `$x` is not set here; set it before with `:=`"),
            (
                "{{ if true }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
                "t:1:40: `$x` is not set here; set it before with `:=`"
            ),
            (
                "{{ range $x := .a }}{{ else }}{{ $x }}{{ end }}",
                "t:1:34: `$x` is not set here; set it before with `:=`"
            ),
            ("{{ $x = 1 }}", "t:1:4: `$x` is not set here; set it before with `:=`"),
            ("{{ $x := $x }}", "t:1:10: `$x` is not set here; set it before with `:=`"),
        ])
    func variables(source: String, expected: String) throws {
        #expect(try rendered(source, Self.values) == expected)
    }

    @Test(
        "Comparison and logic as in Go",
        arguments: [
            ("eq 1 1.0", "true"), ("eq 1 2 3 1", "true"), ("eq 1 2 3", "false"), ("ne `a` `b`", "true"),
            ("eq .parameters.none nil", "true"), ("eq .absent nil", "true"), ("eq .absent `a`", "false"),
            ("ne .absent `a`", "true"), ("eq true false", "false"), ("eq `é` `e\u{301}`", "false"),
            ("lt 1 2", "true"), ("lt 2 2", "false"), ("le 2 2", "true"), ("gt 10 9", "true"), ("ge 9 10", "false"),
            ("lt -2 -1", "true"), ("lt -1 0", "true"), ("lt 0 0.1", "true"), ("gt 0 -0.1", "true"),
            ("lt 1.09 1.1", "true"), ("lt 99 100", "true"), ("lt `a` `b`", "true"), ("lt `10` `9`", "true"),
            ("and 1 0 2", "0"), ("and 1 `x`", "x"), ("or 0 `` `x` `y`", "x"), ("or 0 `` | printf `%q`", #""""#),
            ("or .absent `x`", "x"), ("and true (eq 1 1)", "true"), ("not (or false 0)", "true"),
            // What is behind the answer is not looked at.
            ("or true (lt `a` 1)", "true"), ("and false (lt `a` 1)", "false"), (".absent | or `x`", "x"),
            ("`x` | and 1", "x"), ("3 | lt 2", "true"), ("gt .parameters.count 2 | not", "false"),
        ])
    func logic(expression: String, expected: String) throws {
        #expect(try rendered("{{ \(expression) }}", Self.values) == expected)
    }

    @Test(
        "Functions for texts, elements and lengths",
        arguments: [
            ("index .parameters.items 1", "b"), ("index .contact `name`", "Zoë"),
            ("index .parameters.rows 1 `price`", "75.5"), ("(index .parameters.rows 0).name", "Cut"),
            ("index .parameters.items 7 | default `-`", "-"), ("index .absent 0 | default `-`", "-"),
            ("index .parameters.items 1e30 | default `-`", "-"), ("index .parameters.items -1 | default `-`", "-"),
            ("len .parameters.items", "3"), ("len `Zoë`", "4"), ("len .contact", "2"), ("len ``", "0"),
            ("default `there` .contact.name", "Zoë"), ("default `there` .contact.nick", "there"),
            (".contact.nick | default `there`", "there"), (".parameters.zero | default 5", "5"),
            (".parameters.off | default `no`", "no"), (".parameters.none | default ``", ""),
            ("default .contact.name .contact.nick", "Zoë"),
            ("upper `straße é`", "STRASSE É"), ("lower `ÀB`", "àb"), ("trim ` \t\u{A0}a b\n`", "a b"),
            (".contact.name | upper | printf `%s!`", "ZOË!"),
            ("urlquery `a b&c=d/é~-_.*+`", "a+b%26c%3Dd%2F%C3%A9~-_.%2A%2B"), ("urlquery 12.5", "12.5"),
            ("json .contact.address", #"{"city":{"name":"Bergen"}}"#), ("json `a\"b`", #""a\"b""#),
            ("json .parameters.absent", "null"), ("json .parameters.no_items", "[]"), ("json 1.50", "1.5"),
        ])
    func functions(expression: String, expected: String) throws {
        #expect(try rendered("{{ \(expression) }}", Self.values) == expected)
    }

    @Test(
        "The paths that a template reads, in the order of first use",
        arguments: [
            ("{{ .b.c }}{{ .a }}{{ .b.c }}", ["b.c", "a"]),
            (
                "{{ with .contact }}{{ .name }}{{ $.x }}{{ else }}{{ .y }}{{ end }}",
                ["contact", "contact.name", "x", "y"]
            ),
            ("{{ $c := .contact }}{{ $c.name }}", ["contact", "contact.name"]),
            ("{{ $c := .a }}{{ $c = .b }}{{ $c.n }}", ["a", "b", "a.n", "b.n"]),
            ("{{ range .items }}{{ .name }}{{ $.x }}{{ end }}", ["items", "x"]),
            ("{{ range $i, $v := .items }}{{ $v.name }}{{ end }}", ["items"]),
            ("{{ (.a.b).c | default .d }}", ["a.b", "a.b.c", "d"]),
            ("{{ index .a `b` }}{{ (index .a `b`).c }}{{ index .a 0 }}", ["a", "a.b", "a.b.c"]),
            ("{{ json . }}{{ $ | json }}{{ `x` }}", []),
            ("{{ if and .a (or .b .c) }}{{ end }}", ["a", "b", "c"]),
            ("{{ with or .a .b }}{{ .c }}{{ end }}", ["a", "b"]),
        ])
    func fields(source: String, expected: [String]) throws {
        #expect(try Template(source, name: "t").fields.map { $0.joined(separator: ".") } == expected)
    }

    @Test("Templates are equal when name and source are, byte by byte")
    func equality() throws {
        #expect(try Template("{{ .a }}", name: "t") == Template("{{ .a }}", name: "t"))
        #expect(try Template("{{ .a }}", name: "t") != Template("{{ .a }}", name: "u"))
        #expect(try Template("é", name: "t") != Template("e\u{301}", name: "t"))
    }
}
