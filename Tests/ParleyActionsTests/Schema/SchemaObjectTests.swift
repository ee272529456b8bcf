import Testing

@testable import ParleyActions

@Suite("Objects and lists against a schema")
struct SchemaObjectTests {
    static let booking = """
        {"type":"object","required":["date","guests"],"properties":{
          "date":{"type":"string","format":"date"},
          "time":{"type":"string","format":"time","default":"19:00"},
          "guests":{"type":"integer","minimum":1,"maximum":12},
          "seats":{"type":"array","items":{"type":"object","required":["row"],"properties":{
            "row":{"type":"string","maxLength":2},"aisle":{"type":"boolean","default":false}}}},
          "contact":{"type":"object","default":{},"properties":{
            "by":{"enum":["text","call"],"default":"text"},"at":{"type":"string","format":"time"}}}}}
        """

    static let rows: [SchemaRow] = [
        (booking, #"{"date":"2026-07-14","guests":2}"#, ""),
        (booking, #"{"date":"2026-07-14","guests":2.0,"time":"14:30"}"#, ""),
        (booking, #"{"guests":2}"#, "date is missing"),
        (booking, #"{"date":"tomorrow","guests":2}"#, "date must be a date as 2026-07-14"),
        (booking, #"{"date":"2026-07-14","guests":0}"#, "guests must be at least 1"),
        (booking, #"{"date":"2026-07-14","guests":13}"#, "guests must be at most 12"),
        (booking, #"{"date":"2026-07-14","guests":"2"}"#, "guests must be a whole number"),
        (booking, #"{"date":"2026-07-14","guests":null}"#, "guests must be a whole number"),
        (booking, #"{"date":"2026-07-14","guests":2,"time":"half two"}"#, "time must be a time as 14:30"),
        (
            booking, #"{"date":"2026-07-14","guests":2,"canary":1}"#,
            "an unknown parameter was given; book takes contact, date, guests, seats, time"
        ),
        (
            booking, #"{"date":"2026-07-14","guests":2,"seats":[{"row":"A"},{"row":"ABC"}]}"#,
            "seats[1].row is longer than 2 characters"
        ),
        (booking, #"{"date":"2026-07-14","guests":2,"seats":[{}]}"#, "seats[0].row is missing"),
        (booking, #"{"date":"2026-07-14","guests":2,"seats":{}}"#, "seats must be a list"),
        (booking, #"{"date":"2026-07-14","guests":2,"contact":{"by":"post"}}"#, "contact.by must be one of text, call"),
        (booking, #"{"date":"2026-07-14","guests":2,"contact":{"at":"2 pm"}}"#, "contact.at must be a time as 14:30"),
        (
            booking, #"{"date":"2026-07-14","guests":2,"contact":{"canary":1}}"#,
            "an unknown parameter was given; contact takes at, by"
        ),
        (booking, "[]", "the outermost value must be an object"),
        (booking, "null", "the outermost value must be an object"),
        // A type alone.
        (#"{"type":"object"}"#, "{}", ""),
        (#"{"type":"object"}"#, #"{"a":1}"#, "an unknown parameter was given; book takes none"),
        (#"{"type":"object","additionalProperties":true}"#, #"{"a":1}"#, ""),
        (#"{"type":"null"}"#, "0", "the outermost value must be null"),
        (#"{"type":"null"}"#, "null", ""),
        (#"{"type":"boolean"}"#, "0", "the outermost value must be true or false"),
        (#"{"type":"boolean"}"#, #""""#, "the outermost value must be true or false"),
        (#"{"type":"boolean"}"#, "false", ""),
        (#"{"type":"string"}"#, "1", "the outermost value must be text"),
        (#"{"type":"string"}"#, #""1""#, ""),
        (#"{"type":"array"}"#, "{}", "the outermost value must be a list"),
        (#"{"type":["integer","string"]}"#, "1", ""),
        (#"{"type":["integer","string"]}"#, #""foo""#, ""),
        (#"{"type":["integer","string"]}"#, "1.1", "the outermost value must be a whole number or text"),
        (#"{"type":["string","null"]}"#, "null", ""),
        (#"{"type":["string"]}"#, "null", "the outermost value must be text"),
        ("{}", #"{"a":[1,null]}"#, ""),
        // Names that properties lacks.
        (#"{"properties":{"foo":{}}}"#, #"{"foo":1}"#, ""),
        (#"{"properties":{"foo":{}}}"#, #"{"quux":true}"#, "an unknown parameter was given; book takes foo"),
        (#"{"properties":{"foo":{}}}"#, "[1]", ""),
        (#"{"properties":{"foo":{}}}"#, #""text""#, ""),
        (#"{"properties":{"foo":{}},"additionalProperties":true}"#, #"{"quux":true}"#, ""),
        (#"{"properties":{"foo":{}},"additionalProperties":{"type":"boolean"}}"#, #"{"foo":1,"quux":true}"#, ""),
        (
            #"{"properties":{"foo":{}},"additionalProperties":{"type":"boolean"}}"#, #"{"canary":12}"#,
            "* must be true or false"
        ),
        (
            #"{"properties":{"m":{"type":"object","additionalProperties":{"type":"boolean"}}}}"#,
            #"{"m":{"canary":1}}"#,
            "m.* must be true or false"
        ),
        // The Kelvin sign looks like K to a dictionary.
        (#"{"properties":{"K":{}}}"#, #"{"\u212a":1}"#, "an unknown parameter was given; book takes K"),
        (#"{"properties":{"K":{}},"required":["K"],"additionalProperties":true}"#, #"{"\u212a":1}"#, "K is missing"),
        (
            #"{"properties":{"K":{"default":1}},"additionalProperties":true}"#, #"{"\u212a":1}"#,
            "the outermost value must have each name in one spelling"
        ),
        (#"{"properties":{"toString":{"type":"string"},"__proto__":{}}}"#, #"{"toString":1}"#, "toString must be text"),
        (#"{"properties":{"foo":{}},"required":["foo"]}"#, "{}", "foo is missing"),
        (#"{"properties":{"foo":{}},"required":["foo"]}"#, #"{"foo":null}"#, ""),
        (#"{"properties":{"foo":{}},"required":[]}"#, "{}", ""),
        (#"{"properties":{"foo":{}},"required":["foo"]}"#, #""""#, ""),
        // Lists.
        (#"{"items":{"type":"integer"}}"#, "[1,2,3]", ""),
        (#"{"items":{"type":"integer"}}"#, #"[1,"x"]"#, "[1] must be a whole number"),
        (#"{"items":{"type":"integer"}}"#, #"{"foo":"bar"}"#, ""),
        (#"{"items":{"items":{"type":"integer"}}}"#, "[[1],[2,null]]", "[1][1] must be a whole number"),
        (#"{"minItems":1}"#, "[]", "the outermost value must have at least 1 entries"),
        (#"{"minItems":1}"#, "[1]", ""),
        (#"{"minItems":1}"#, #""""#, ""),
        (#"{"maxItems":2}"#, "[1,2]", ""),
        (#"{"maxItems":2}"#, "[1,2,3]", "the outermost value must have at most 2 entries"),
        (#"{"maxItems":2.0}"#, "[1,2,3]", "the outermost value must have at most 2 entries"),
        (#"{"uniqueItems":true}"#, "[1,2]", ""),
        (#"{"uniqueItems":true}"#, "[1,1]", "the outermost value must have each entry only once"),
        (#"{"uniqueItems":true}"#, "[1.0,1.00,1]", "the outermost value must have each entry only once"),
        (#"{"uniqueItems":true}"#, "[0,false,1,true,null,\"\"]", ""),
        (
            #"{"uniqueItems":true}"#, #"[{"a":1,"b":2},{"b":2,"a":1}]"#,
            "the outermost value must have each entry only once"
        ),
        (#"{"uniqueItems":true}"#, "[[1],[true]]", ""),
        (#"{"uniqueItems":true}"#, #"["\u00e9","e\u0301"]"#, ""),
        (#"{"uniqueItems":false}"#, "[1,1]", ""),
        // Choices of any type.
        (#"{"enum":[6,"foo",[],true,{"foo":12}]}"#, "[]", ""),
        (#"{"enum":[6,"foo",[],true,{"foo":12}]}"#, #"{"foo":12.0}"#, ""),
        (
            #"{"enum":[6,"foo",[],true,{"foo":12}]}"#, #"{"foo":false}"#,
            #"the outermost value must be one of 6, foo, [], true, {"foo":12}"#
        ),
        (#"{"enum":[false]}"#, "0", "the outermost value must be one of false"),
        (#"{"enum":[[false]]}"#, "[0]", "the outermost value must be one of [false]"),
        (#"{"enum":[0]}"#, "-0.0", ""),
        (#"{"enum":[null]}"#, "null", ""),
        (#"{"const":{"a":false}}"#, #"{"a":0}"#, #"the outermost value must be {"a":false}"#),
        (#"{"const":-2.0}"#, "-2", ""),
        (#"{"const":9007199254740992}"#, "9007199254740993", "the outermost value must be 9007199254740992"),
        (#"{"const":2,"enum":[1,2]}"#, "1", "the outermost value must be 2"),
    ]

    @Test("A value fits, or its path and what is wanted are named", arguments: rows)
    func objects(row: SchemaRow) throws {
        #expect(try fault(row.schema, row.value) == row.fault)
        #expect(!(try fault(row.schema, row.value)).contains("canary"))
    }

    @Test(
        "What was left out takes its default, also inside of what was given",
        arguments: [
            (
                booking, #"{"date":"2026-07-14","guests":2.0}"#,
                #"{"contact":{"by":"text"},"date":"2026-07-14","guests":2,"time":"19:00"}"#
            ),
            (
                booking,
                #"{"date":"2026-07-14","guests":2,"contact":{"at":"20:00"},"seats":[{"row":"A"},{"row":"B","aisle":true}]}"#,
                #"{"contact":{"at":"20:00","by":"text"},"date":"2026-07-14","guests":2,"seats":[{"aisle":false,"row":"A"},{"aisle":true,"row":"B"}],"time":"19:00"}"#
            ),
            // A parent that nobody gave is not made up.
            (#"{"properties":{"a":{"properties":{"b":{"default":1}}}}}"#, "{}", "{}"),
            (#"{"properties":{"a":{"properties":{"b":{"default":1}}}}}"#, #"{"a":{}}"#, #"{"a":{"b":1}}"#),
            (#"{"properties":{"a":{"default":null}}}"#, #"{"a":2}"#, #"{"a":2}"#),
            (#"{"properties":{"a":{"default":null}}}"#, "{}", #"{"a":null}"#),
            (#"{"properties":{"a":{"default":1}},"required":["a"]}"#, "{}", #"{"a":1}"#),
            (#"{"additionalProperties":{"properties":{"b":{"default":1}}}}"#, #"{"x":{}}"#, #"{"x":{"b":1}}"#),
            (#"{"default":5}"#, "null", "null"),
        ] as [(String, String, String)])
    func defaults(text: String, value: String, filled: String) throws {
        #expect(try schema(text).check(try json(value)).get().canonical == filled)
        #expect(try schema(text).check(try json(filled)).get().canonical == filled)
    }

    @Test("Many short entries cannot call for more default than 32 KiB")
    func amplification() throws {
        let long = String(repeating: "x", count: 1_022)
        let text = #"{"items":{"properties":{"a":{"default":"\#(long)"}}}}"#
        func entries(_ count: Int) -> String { "[" + Array(repeating: "{}", count: count).joined(separator: ",") + "]" }
        #expect(try fault(text, entries(32)) == "")
        #expect(
            try fault(text, entries(33)) == "[32].a must be given: the defaults are more than 32768 bytes")
    }

    @Test("A value nested beyond 64 levels is refused before it is looked at")
    func deepValue() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(try fault("{}", nested(64)) == "")
        #expect(try fault("{}", nested(65)) == "the outermost value must not be nested deeper than 64 levels")
    }

    @Test("An outermost object tells its parameters and takes one more")
    func adding() throws {
        let book = try schema(Self.booking)
        #expect(book.properties == ["contact", "date", "guests", "seats", "time"])
        #expect(book.property("seats")?.properties == [])
        #expect(book.property("contact")?.properties == ["at", "by"])
        #expect(book.property("nothing") == nil)
        let message = try json(#"{"type":"string","maxLength":1530,"description":"The text."}"#)
        let more = try book.adding("message", message, isRequired: true)
        #expect(more.properties == ["contact", "date", "guests", "message", "seats", "time"])
        #expect(more.property("message") == (try JSONSchema(message)))
        let value = try json(#"{"date":"2026-07-14","guests":2}"#)
        #expect(more.check(value) == .failure(SchemaFault("message", "is missing")))
        #expect(throws: Never.self) { try book.adding("message", message, isRequired: false).check(value).get() }
        let taken = SchemaFault(
            "/properties/date", "must be named otherwise: a parameter of that name is added by itself")
        #expect(throws: taken) { try book.adding("date", message, isRequired: false) }
        #expect(throws: SchemaFault("/type", "must be object, for a parameter to be added")) {
            try schema(#"{"type":"string"}"#).adding("message", message, isRequired: false)
        }
    }

    @Test("A model is shown the schema with its descriptions, and with what is closed written out")
    func shown() throws {
        let text = """
            {"type":"object","title":"Book","description":"Books a table.","properties":{"a":{"type":"object"},
             "b":{"description":"Any."},"c":{"type":"array","items":{"type":"object","properties":{}}},
             "d":{"type":"object","additionalProperties":{"type":"object","additionalProperties":true}}}}
            """
        let expected = """
            {"additionalProperties":false,"description":"Books a table.","properties":{"a":{"additionalProperties":false,\
            "type":"object"},"b":{"description":"Any."},"c":{"items":{"additionalProperties":false,"properties":{},\
            "type":"object"},"type":"array"},"d":{"additionalProperties":{"additionalProperties":true,"type":"object"},\
            "type":"object"}},"title":"Book","type":"object"}
            """
        let once = try schema(text)
        #expect(once.json.canonical == expected)
        #expect(try JSONSchema(once.json) == once)
    }
}
