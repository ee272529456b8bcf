import Testing

@testable import ParleyActions

@Suite("Texts against a schema")
struct SchemaTextTests {
    static let rows: [SchemaRow] = [
        (#"{"minLength":2}"#, #""foo""#, ""),
        (#"{"minLength":2}"#, #""fo""#, ""),
        (#"{"minLength":2}"#, #""f""#, "the outermost value is shorter than 2 characters"),
        (#"{"minLength":2}"#, "1", ""),
        (#"{"minLength":2.0}"#, #""f""#, "the outermost value is shorter than 2 characters"),
        // One character of a reader, one scalar: not long enough. A family is several scalars: not short enough.
        (#"{"minLength":2}"#, #""\ud83d\udca9""#, "the outermost value is shorter than 2 characters"),
        (#"{"maxLength":2}"#, #""\ud83d\udca9\ud83d\udca9""#, ""),
        (#"{"maxLength":1}"#, #""e\u0301""#, "the outermost value is longer than 1 characters"),
        (#"{"maxLength":4}"#, #""👨‍👩‍👧""#, "the outermost value is longer than 4 characters"),
        (#"{"maxLength":2}"#, #""f""#, ""),
        (#"{"maxLength":2}"#, #""foo""#, "the outermost value is longer than 2 characters"),
        (#"{"maxLength":2}"#, "100", ""),
        (#"{"maxLength":0}"#, #""""#, ""),
        (#"{"pattern":"^a*$"}"#, #""aaa""#, ""),
        (#"{"pattern":"^a*$"}"#, #""abc""#, "the outermost value must match the pattern ^a*$"),
        (#"{"pattern":"^a*$"}"#, "true", ""),
        (#"{"pattern":"^a*$"}"#, "{}", ""),
        (#"{"pattern":"a+"}"#, #""xxaayy""#, ""),
        (#"{"enum":["red","blue"]}"#, #""red""#, ""),
        (#"{"enum":["red","blue"]}"#, #""Red""#, "the outermost value must be one of red, blue"),
        (#"{"enum":["caf\u00e9"]}"#, #""cafe\u0301""#, "the outermost value must be one of café"),
        (#"{"enum":["contact"]}"#, "7", "the outermost value must be one of contact"),
        (#"{"enum":["hello\u0000there"]}"#, #""hellothere""#, "the outermost value must be one of hello\u{0}there"),
        (#"{"const":"yes"}"#, #""no""#, "the outermost value must be yes"),
    ]

    @Test("Lengths count scalars, patterns search, choices are compared scalar by scalar", arguments: rows)
    func texts(row: SchemaRow) throws {
        #expect(try fault(row.schema, row.value) == row.fault)
    }

    @Test("A list of choices too long to repeat is only counted on")
    func longChoices() throws {
        let choices = (0..<200).map { "\"choice \($0)\"" }.joined(separator: ",")
        #expect(
            try fault(#"{"enum":[\#(choices)]}"#, #""none""#)
                == "the outermost value must be a value that its schema lists")
        let pattern = String(repeating: "ab", count: 51)
        #expect(try fault(#"{"pattern":"\#(pattern)"}"#, #""none""#) == "the outermost value must match its pattern")
    }

    @Test(
        "The longest plausible text is known where there is a bound",
        arguments: [
            (#"{"type":"string"}"#, nil),
            (#"{"type":"string","maxLength":5}"#, "WWWWW"),
            (#"{"type":"string","enum":["one","three","two"]}"#, "three"),
            (#"{"type":"string","enum":["one","three"],"maxLength":90}"#, "three"),
            (#"{"const":"four"}"#, "four"),
            (#"{"type":["string","null"],"maxLength":2}"#, "WW"),
            (#"{"type":"string","format":"date"}"#, "2026-12-28"),
            (#"{"type":"string","format":"date","maxLength":90}"#, "2026-12-28"),
            (#"{"type":"string","format":"email","maxLength":3}"#, "WWW"),
            (#"{"type":"string","format":"e164"}"#, "+888888888888888"),
            (#"{"type":"string","pattern":"^[a-z]$"}"#, nil),
            (#"{"type":"integer","maximum":5}"#, nil),
            (#"{"type":"object"}"#, nil),
            (#"{"enum":[1,2]}"#, nil),
            ("{}", nil),
        ] as [(String, String?)])
    func longest(text: String, longest: String?) throws {
        #expect(try schema(text).longest == longest)
    }

    @Test("What a format calls its longest fits the format", arguments: ["date", "time", "date-time", "e164", "uuid"])
    func longestFits(name: String) throws {
        let format = try #require(StringFormat(rawValue: name))
        #expect(format.fits(format.longest))
    }
}
