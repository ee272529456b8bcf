import Testing

@testable import ParleyActions

@Suite("What is wrong with a template, and where")
struct TemplateFaultTests {
    @Test(
        "A source that is no template is refused at its line and column, with the mend",
        arguments: [
            ("Hi {{ .name", "1:4: this action is not closed; end it with `}}`"),
            ("a\nb {{ .x }\n c", "2:9: `}` has no place in an action"),
            ("{{ .x } }}", "1:7: `}` has no place in an action"),
            ("{{/* x", "1:1: this comment is not closed; end it with `*/}}`"),
            ("{{ /* x */ }}", "1:1: a comment begins right behind the braces; write `{{/* ... */}}`"),
            ("{{/* x */ .a }}", "1:1: nothing may follow a comment in its action; end it with `*/}}`"),
            ("{{}}", "1:1: a value is missing here; write one, as in `.parameters.name`"),
            ("{{ if }}a{{ end }}", "1:4: a value is missing here; write one, as in `.parameters.name`"),
            ("{{ .a | }}", "1:9: a value is missing here; write one, as in `.parameters.name`"),
            ("{{ if .a }}b", "1:4: this `if` is not closed; add `{{ end }}`"),
            ("{{ range .a }}{{ with .b }}{{ end }}", "1:4: this `range` is not closed; add `{{ end }}`"),
            ("a{{ end }}", "1:5: `end` closes nothing; take it out"),
            ("a{{ else }}", "1:5: `else` belongs to nothing; take it out"),
            ("{{ if .a }}{{ else }}{{ else }}{{ end }}", "1:25: this `if` has an `else` already; take one out"),
            (
                "{{ if .a }}{{ else with .b }}{{ end }}",
                "1:20: `else with` does not go with `if`; put a block into the `else`"
            ),
            ("{{ if .a }}{{ end .b }}", "1:19: nothing may follow `end` in its action"),
            ("{{ break }}", "1:4: `break` is only for a `range`"),
            ("{{ range .a }}{{ else }}{{ continue }}{{ end }}", "1:28: `continue` is only for a `range`"),
            ("{{ define `x` }}", "1:4: `define` is not part of these templates; write its text where it is wanted"),
            ("{{ template `x` }}", "1:4: `template` is not part of these templates; write its text where it is wanted"),
            ("{{ block `x` . }}", "1:4: `block` is not part of these templates; write its text where it is wanted"),
            (
                "{{ title .a }}",
                "1:4: there is no function `title`; a field has a dot in front, and the functions are and, date, default, eq,"
                    + " ge, gt, index, json, le, len, lower, lt, ne, not, or, printf, trim, upper and urlquery"
            ),
            ("{{ .a.Format `x` }}", "1:4: `.a.Format` is no function, so nothing may follow it but `|`"),
            ("{{ eq .a len .b }}", "1:10: put `len` and its arguments in parentheses"),
            ("{{ .a | .b }}", "1:9: a value is piped into something that is no function"),
            ("{{ nil }}", "1:4: `nil` alone is no value; use it in a comparison"),
            ("{{ eq .a if }}", "1:10: `if` has to be the first word of its action"),
            ("{{ upper .a .b }}", "1:4: `upper` takes one value"),
            ("{{ .a | eq }}", "1:9: `eq` takes at least two values"),
            ("{{ default .a }}", "1:4: `default` takes a default and a value"),
            ("{{ (.a }}", "1:4: this parenthesis is not closed; end it with `)`"),
            ("{{ .a) }}", "1:6: `)` has no place here; an action is a value, `|` and functions"),
            ("{{ .a := 1 }}", "1:7: `:=` has no place here; an action is a value, `|` and functions"),
            ("{{ $ := 1 }}", "1:4: `$` is the root and cannot be set; name the variable, as in `$x`"),
            ("{{ $a, $b := 1 }}", "1:4: too many variables; `range` sets an index and an element, anything else one"),
            ("{{ ($a := 1) }}", "1:5: a variable cannot be set in parentheses; set it in an action before"),
            ("{{ \"a\"\"b\" }}", "1:7: put a space between two values"),
            ("{{ upper.a }}", "1:9: put a space between `upper` and its arguments"),
            ("{{ \"a\".b }}", "1:7: `a text` has no fields; put a space before the next value"),
            ("{{ \"ab }}\n\" }}", "1:4: this text is not closed on its line; end it with a double quote"),
            ("{{ `ab }}", "1:4: this text is not closed; end it with a backquote"),
            ("{{ 'a' }}", "1:4: a text is in double quotes; write \"...\""),
            (#"{{ "a\d" }}"#, #"1:6: this escape is not known; write a backslash itself as \\, or use backquotes"#),
            (#"{{ "\ud800" }}"#, #"1:5: this escape is not known; write a backslash itself as \\, or use backquotes"#),
            (#"{{ "\xff" }}"#, #"1:4: the bytes of this text are not UTF-8; use \u escapes"#),
            ("{{ 0x1F }}", "1:4: this is not a number; write digits as in 12, -3, 0.5 or 1e3"),
            ("{{ .5 }}", "1:4: a number needs a digit in front of the point; write 0.5"),
            ("{{ .a-}}", "1:6: the marker `-}}` needs a space in front"),
            ("{{ .a & .b }}", "1:7: `&` has no place in an action"),
            ("{{ .a\u{200F} }}", "1:6: the character U+200F has no place in an action"),
            (
                "{{ printf `%x` 1 }}",
                "1:11: `printf` knows %s, %d, %v, %q, %f and %%, with a width as in %5d, %-5s, %05d,"
                    + " and places as in %.2f"
            ),
            ("{{ printf `%d` }}", "1:11: places for values in the format: 1, values given: 0; give one to each"),
            ("{{ printf 1 }}", "1:11: a format is a text, as in \"%d of %d\""),
            (
                "{{ date `YYYY-MM-DD` .a }}",
                "1:9: the layout holds nothing of Go's reference date; write how 2 January 2006, 15:04 would look, as in"
                    + " \"2006-01-02\""
            ),
            // A column is a character: the family is one, and so are the letter with its mark and a line's CR LF.
            ("👨‍👩‍👧e\u{301}{{ x }}", "1:6: there is no function `x`;"),
            ("a\r\nb{{ x }}", "2:5: there is no function `x`;"),
        ])
    func load(source: String, expected: String) throws {
        let fault = try rendered(source)
        #expect(expected.hasSuffix(";") ? fault.hasPrefix("t:" + expected) : fault == "t:" + expected)
        #expect(throws: TemplateFault.self) { try Template(source, name: "t") }
    }

    @Test(
        "A text with a hole is not made, and the fault names the path and not the value",
        arguments: [
            ("a\n {{ .contact.nick }}", "2:5: `.contact.nick` is missing"),
            ("{{ .contact.none }}", "1:4: `.contact.none` is missing"),
            ("{{ .a.b.c }}", "1:4: `.a.b.c` is missing"),
            ("{{ with .contact }}{{ .nick }}{{ end }}", "1:23: `.contact.nick` is missing"),
            ("{{ $x := .contact }}{{ $x.nick }}", "1:24: `.contact.nick` is missing"),
            ("{{ $x := .contact.nick }}{{ $x }}", "1:29: `.contact.nick` is missing"),
            ("{{ range .list }}{{ . }}{{ end }}", "1:21: `an element of .list` is missing"),
            ("{{ index .list 9 }}", "1:4: `index .list` is missing"),
            ("{{ index .contact .contact.name }}", "1:4: `index .contact` is missing"),
            ("{{ or .a .b }}", "1:4: `.b` is missing"),
            ("{{ .a | upper | default `x` }}", "1:9: `.a` is missing"),
            ("{{ .a | default .b }}", "1:9: `.b` is missing"),
            ("{{ printf `%s` .a }}", "1:4: `.a` is missing"),
            ("{{ lt .a 1 }}", "1:4: `.a` is missing"),
            (
                "{{ .contact.name.first }}",
                "1:4: `.contact.name.first` looks for `first` in a text; only objects have fields"
            ),
            ("{{ .contact }}", "1:4: an object has no plain text; name one of its fields, or use `json`"),
            ("{{ . }}", "1:4: an object has no plain text; name one of its fields, or use `json`"),
            ("{{ .list }}", "1:4: an array has no plain text; name one of its fields, or use `json`"),
            ("{{ range .contact.name }}{{ end }}", "1:4: `range` goes over an array or an object, and this is a text"),
            ("{{ upper 1 }}", "1:4: `upper` takes a text, and this is a number"),
            ("{{ len 1 }}", "1:4: `len` takes a text, an array or an object, and this is a number"),
            ("{{ eq .contact.name 1 }}", "1:4: `eq` does not compare a text with a number; compare values of one kind"),
            ("{{ eq .list .list }}", "1:4: `eq` does not compare an array with an array; compare values of one kind"),
            ("{{ lt true false }}", "1:4: `lt` does not compare a boolean with a boolean; compare values of one kind"),
            ("{{ index .list `a` }}", "1:4: `index` into an array takes a whole number, and this is a text"),
            ("{{ index .list 0.5 }}", "1:4: `index` into an array takes a whole number, and this is a number"),
            ("{{ index .contact 0 }}", "1:4: `index` into an object takes a text, and this is a number"),
            ("{{ index .contact.name 0 }}", "1:4: `index` goes into an array or an object, and this is a text"),
            ("{{ printf `%d` 1.5 }}", "1:4: %d is given a fraction and takes a whole number; %v takes any"),
            ("{{ printf `%s` 1 }}", "1:4: %s is given a number and takes a text; %v takes numbers too"),
            (
                "{{ printf .contact.name 1 }}",
                "1:4: places for values in the format: 0, values given: 1; give one to each"
            ),
            ("{{ urlquery .list }}", "1:4: an array has no plain text; name one of its fields, or use `json`"),
        ])
    func rendering(source: String, expected: String) throws {
        let values = #"{"contact":{"name":"SECRET","none":null},"list":[null]}"#
        let fault = try rendered(source, values)
        let mend =
            expected.hasSuffix(" is missing") ? "; give it a `default`, or put this inside of an `if` or `with`" : ""
        #expect(fault == "t:" + expected + mend)
        #expect(!fault.contains("SECRET"))
        #expect(throws: Never.self) { try Template(source, name: "t") }
    }

    @Test("What a fault is about is a rule that a caller can tell apart")
    func rules() throws {
        func rule(_ source: String, _ root: JSON = .object([:])) -> TemplateFault.Rule? {
            do throws(TemplateFault) {
                _ = try Template(source, name: "t").render(root)
                return nil
            } catch {
                return error.rule
            }
        }
        #expect(rule("{{ x }}") == .syntax)
        #expect(rule("{{ .x }}") == .missingValue)
        #expect(rule("{{ . }}") == .wrongKind)
    }
}
