import Testing

@testable import ParleyActions

@Suite("A schema is refused when it is read")
struct SchemaLoadTests {
    @Test(
        "An unknown keyword is refused where it stands, wherever that is",
        arguments: [
            "$ref", "$id", "$schema", "$defs", "$comment", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary",
            "definitions", "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "nullable", "patternProperties",
            "propertyNames", "unevaluatedProperties", "unevaluatedItems", "dependentRequired", "dependentSchemas",
            "dependencies", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minProperties",
            "maxProperties", "contentEncoding", "contentMediaType", "contentSchema", "deprecated", "readOnly",
            "writeOnly",
            "x-vendor", "Type", "minimun", "", "discriminator", "example",
        ])
    func unknownKeyword(name: String) throws {
        let mend = SchemaKeyword.mend(for: name)
        #expect(mend.hasPrefix("is not supported: "))
        #expect(try refusal(#"{"\#(name)":1}"#) == SchemaFault("/\(name)", mend))
        let places = [
            (#"{"type":"object","properties":{"a":{"#, "}}}", "/properties/a"),
            (#"{"type":"array","items":{"#, "}}", "/items"),
            (
                #"{"properties":{"a":{"items":{"additionalProperties":{"#, "}}}}}",
                "/properties/a/items/additionalProperties"
            ),
        ]
        for (front, back, pointer) in places {
            #expect(try refusal(front + #""\#(name)":{}"# + back) == SchemaFault("\(pointer)/\(name)", mend))
        }
    }

    @Test("A pointer escapes, and neither grows nor carries what does not print")
    func pointers() throws {
        #expect(try refusal(#"{"a/b~c":1}"#)?.place == "/a~1b~0c")
        #expect(try refusal(#"{"a\n\u202eb":1}"#)?.place == "/a??b")
        #expect(try refusal(#"{"\#(String(repeating: "k", count: 5_000))":1}"#)?.place.utf8.count == 65)
    }

    static let rows: [SchemaRow] = [
        ("7", "", "must be a schema: an object"),
        ("true", "", "must be a schema: an object"),
        (#"{"properties":{"a":true}}"#, "/properties/a", "must be a schema: an object"),
        (#"{"items":[{},{}]}"#, "/items", "must be a schema: an object"),
        (#"{"additionalProperties":"no"}"#, "/additionalProperties", "must be a schema: an object"),
        (#"{"properties":[]}"#, "/properties", "must be an object"),
        (#"{"title":1}"#, "/title", "must be text"),
        (#"{"description":["a"]}"#, "/description", "must be text"),
        (#"{"examples":"a"}"#, "/examples", "must be a list"),
        (#"{"uniqueItems":"true"}"#, "/uniqueItems", "must be true or false"),
        (#"{"type":"text"}"#, "/type", "must be of string, integer, number, boolean, object, array, null"),
        (#"{"type":[]}"#, "/type", "must be of string, integer, number, boolean, object, array, null"),
        (#"{"type":1}"#, "/type", "must be a list of names, each once"),
        (#"{"type":["string","string"]}"#, "/type", "must be a list of names, each once"),
        (#"{"required":true}"#, "/required", "must be a list of names, each once"),
        (#"{"properties":{"a":{}},"required":["a","a"]}"#, "/required", "must be a list of names, each once"),
        (#"{"properties":{"a":{}},"required":["a","b"]}"#, "/required", "must name only what properties has"),
        (#"{"required":["b"],"additionalProperties":true}"#, "/required", "must name only what properties has"),
        (#"{"properties":{"a b":{}}}"#, "/properties/a b", "must be named with 1 to 64 of A-Z, a-z, 0-9, _, . and -"),
        (#"{"properties":{"":{}}}"#, "/properties/", "must be named with 1 to 64 of A-Z, a-z, 0-9, _, . and -"),
        (#"{"minLength":-1}"#, "/minLength", "must be a whole number from 0 to 65536"),
        (#"{"minLength":1.5}"#, "/minLength", "must be a whole number from 0 to 65536"),
        (#"{"maxLength":1e300}"#, "/maxLength", "must be a whole number from 0 to 65536"),
        (#"{"maxItems":"2"}"#, "/maxItems", "must be a whole number from 0 to 65536"),
        (#"{"minLength":3,"maxLength":2}"#, "/minLength", "must not be above maxLength"),
        (#"{"minItems":3,"maxItems":2}"#, "/minItems", "must not be above maxItems"),
        (#"{"minimum":"1"}"#, "/minimum", "must be a number"),
        (#"{"minimum":1,"exclusiveMinimum":true}"#, "/exclusiveMinimum", "must be a number"),
        (#"{"minimum":2,"maximum":1.9}"#, "/minimum", "must not be above maximum"),
        (#"{"minimum":2,"exclusiveMaximum":2.0}"#, "/minimum", "must be below exclusiveMaximum"),
        (#"{"exclusiveMinimum":2,"maximum":2}"#, "/exclusiveMinimum", "must be below the upper bound"),
        (#"{"exclusiveMinimum":2,"exclusiveMaximum":2}"#, "/exclusiveMinimum", "must be below the upper bound"),
        (#"{"multipleOf":0}"#, "/multipleOf", "must be above 0 and have at most 18 digits"),
        (#"{"multipleOf":-1}"#, "/multipleOf", "must be above 0 and have at most 18 digits"),
        (#"{"multipleOf":1234567890123456789}"#, "/multipleOf", "must be above 0 and have at most 18 digits"),
        (#"{"format":"idn-email"}"#, "/format", "must be one of date, time, date-time, email, uri, e164, phone, uuid"),
        (#"{"type":"string","minimum":1}"#, "/minimum", "does nothing here: it is for type number"),
        (#"{"type":"integer","maxLength":1}"#, "/maxLength", "does nothing here: it is for type string"),
        (#"{"type":["string","null"],"items":{}}"#, "/items", "does nothing here: it is for type array"),
        (#"{"type":"array","properties":{}}"#, "/properties", "does nothing here: it is for type object"),
        (#"{"enum":[]}"#, "/enum", "must have 1 to 256 values"),
        (#"{"enum":"a"}"#, "/enum", "must be a list"),
        (#"{"const":3,"enum":[1,2]}"#, "/const", "must be one of enum"),
        (
            #"{"type":"string","enum":["a",1]}"#, "/enum/1",
            "does not fit its own schema: the outermost value must be text"
        ),
        (#"{"type":"string","const":1}"#, "/const", "does not fit its own schema: the outermost value must be text"),
        (
            #"{"enum":["a","canary"],"maxLength":1}"#, "/enum/1",
            "does not fit its own schema: the outermost value is longer than 1 characters"
        ),
        (
            #"{"type":"string","default":null}"#, "/default",
            "does not fit its own schema: the outermost value must be text"
        ),
        (
            #"{"enum":["a","b"],"default":"canary"}"#, "/default",
            "does not fit its own schema: the outermost value must be one of a, b"
        ),
        (
            #"{"properties":{"t":{"format":"time","default":"canary"}}}"#, "/properties/t/default",
            "does not fit its own schema: the outermost value must be a time as 14:30"
        ),
        (
            #"{"properties":{"o":{"properties":{"n":{}},"required":["n"],"default":{}}}}"#, "/properties/o/default",
            "does not fit its own schema: n is missing"
        ),
        (#"{"pattern":1}"#, "/pattern", "must be text"),
        (
            #"{"properties":{"p":{"pattern":"(a"}}}"#, "/properties/p/pattern",
            "must be a pattern: at character 2, a group is not closed"
        ),
    ]

    @Test(
        "What contradicts itself or cannot apply is refused at its keyword, and no value is repeated", arguments: rows)
    func refused(row: SchemaRow) throws {
        #expect(try refusal(row.schema) == SchemaFault(row.value, row.fault))
        #expect(try refusal(row.schema)?.text.contains("canary") == false)
    }

    @Test("Schemas end at 16 levels, objects at 64 names, choices at 256, all at 32 KiB")
    func bounds() throws {
        func nested(_ count: Int) -> String {
            String(repeating: #"{"items":"#, count: count - 1) + "{}" + String(repeating: "}", count: count - 1)
        }
        #expect(try refusal(nested(16)) == nil)
        #expect(try refusal(nested(17))?.text.hasSuffix("/items must not be nested deeper than 16 schemas") == true)
        #expect(try refusal(nested(70)) == SchemaFault("", "must not be nested deeper than 64 levels"))
        func names(_ count: Int) -> String {
            #"{"properties":{"# + (0..<count).map { #""n\#($0)":{}"# }.joined(separator: ",") + "}}"
        }
        #expect(try refusal(names(64)) == nil)
        #expect(try refusal(names(65)) == SchemaFault("/properties", "must have at most 64 names"))
        func choices(_ count: Int) -> String {
            #"{"enum":["# + (0..<count).map(String.init).joined(separator: ",") + "]}"
        }
        #expect(try refusal(choices(256)) == nil)
        #expect(try refusal(choices(257)) == SchemaFault("/enum", "must have 1 to 256 values"))
        func long(_ count: Int) -> String { #"{"title":"\#(String(repeating: "t", count: count))"}"# }
        #expect(try refusal(long(32_768 - 12)) == nil)
        #expect(try refusal(long(32_768 - 11)) == SchemaFault("", "must have at most 32768 bytes"))
        let name = String(repeating: "n", count: 65)
        #expect(try refusal(#"{"properties":{"\#(name)":{}}}"#)?.problem != nil)
    }

    @Test("Patterns are bounded together, too")
    func patternsTogether() throws {
        let properties = (0..<10).map { #""p\#($0)":{"pattern":"a{500}b{400}"}"# }
        #expect(try refusal(#"{"properties":{"# + properties.prefix(9).joined(separator: ",") + "}}") == nil)
        #expect(
            try refusal(#"{"properties":{"# + properties.joined(separator: ",") + "}}")
                == SchemaFault(
                    "/properties/p9/pattern", "must be simpler: the schema's patterns are too much together"))
    }
}
