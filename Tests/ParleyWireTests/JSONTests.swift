import ParleyWire
import Testing

@Suite("JSON")
struct JSONTests {
    /// Checks a whole text; what is wrong with it, if anything.
    private func problem(_ text: String, _ limits: JSONScanner.Limits = .init()) -> JSONError? {
        Array(text.utf8).withUnsafeBytes { bytes -> JSONError? in
            var json = JSONScanner(bytes, limits: limits)
            do throws(JSONError) {
                try json.skip()
                try json.finish()
                return nil
            } catch { return error }
        }
    }

    private func read(_ text: String, _ body: (inout JSONScanner) throws -> Void) throws {
        try Array(text.utf8).withUnsafeBytes {
            var json = JSONScanner($0)
            try body(&json)
        }
    }

    @Test(
        "What RFC 8259 allows is taken",
        arguments: [
            "{}", "[]", " [ ] ", "0", "-0", "-1.5e+10", "1E5", "true", "false", "null", "\"\"",
            #""\u00e9\ud83d\ude00\n\/\"""#,
            #"{"a":{"b":[1,2,{"c":null}]},"d":"e"}"#, "\t{\n\"a\" :\r1 , \"b\": [ 1 , 2 ] }\n", "\"é😀\u{7F}\"",
            #"{"a":{"x":1},"b":{"x":1}}"#, #"[{"x":1},{"x":1}]"#, "\"12345678\"", "\"1234567\\n8\"",
        ])
    func taken(text: String) { #expect(problem(text) == nil) }

    @Test(
        "What it does not allow is refused, and where",
        arguments: [
            ("", .unexpectedEnd, 0), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("\"abc", .unexpectedEnd, 4),
            ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3),
            ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("[1,]", .unexpectedByte, 3),
            ("{\"a\":1,}", .unexpectedByte, 7),
            ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5), ("{,}", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3),
            ("[}", .unexpectedByte, 1), ("'a'", .unexpectedByte, 0), ("nul!", .unexpectedByte, 3),
            ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0), ("01", .badNumber, 1), ("-a", .badNumber, 1),
            ("1.a", .badNumber, 2),
            ("1 1", .textAfterValue, 2), ("{}x", .textAfterValue, 2), ("\"\\x\"", .badEscape, 3),
            ("\"\\u12g4\"", .badEscape, 5),
            ("\"\\ud800\"", .badEscape, 7), ("\"\\ud800\\n\"", .badEscape, 8), ("\"\\udc00\"", .badEscape, 7),
            ("\"\\ud800\\u0041\"", .badEscape, 13), ("\"a\nb\"", .controlCharacter, 2),
            ("\"12345678\u{1F}\"", .controlCharacter, 9), ("\"123\u{1F}5678901234567\"", .controlCharacter, 4),
            ("\u{FEFF}{}", .unexpectedByte, 0),
        ] as [(String, JSONError.Problem, Int)])
    func refused(text: String, problem: JSONError.Problem, offset: Int) {
        #expect(self.problem(text) == JSONError(problem, offset: offset))
    }

    @Test("A key that comes twice is refused in any object, however it is written and however many are between")
    func duplicates() {
        #expect(problem(#"{"a":1,"a":2}"#) == JSONError(.duplicateKey, offset: 7))
        #expect(problem(#"{"b":{"abcdefghi":1,"x":[],"abcdefghi":2}}"#)?.problem == .duplicateKey)
        #expect(problem(#"{"event":1,"\u0065vent":2}"#)?.problem == .duplicateKey)
        #expect(problem(#"{"\u0065vent":1,"event":2}"#)?.problem == .duplicateKey)
        #expect(problem(#"{"abcdefghi":1,"abcdefghj":2,"abcdefgh":3,"":4}"#) == nil)
        #expect(problem(#"{"a":{"b":1,"c":{"d":1}},"b":1,"c":2,"d":3}"#) == nil)
        let many = (0..<250).map { "\"key\($0)\":{\"key\($0)\":0}" }
        #expect(problem("{" + many[..<128].joined(separator: ",") + "}") == nil)
        for twice in [0, 15, 16, 17, 99] {
            let text = "{" + many[..<100].joined(separator: ",") + ",\"key\(twice)\":1}"
            #expect(problem(text)?.problem == .duplicateKey, "\(twice)")
        }
    }

    @Test("The limits: depth 16, 256 keys, strings of 64 KiB, numbers that fit")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(problem(nested(16)) == nil)
        #expect(problem(nested(17)) == JSONError(.tooDeep, offset: 16))
        #expect(problem(String(repeating: "{\"a\":", count: 100_000))?.problem == .tooDeep)
        func keys(_ count: Int) -> String { "{" + (0..<count).map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(problem(keys(256)) == nil)
        #expect(problem(keys(257))?.problem == .tooManyKeys)
        #expect(problem("\"" + String(repeating: "x", count: 65_536) + "\"") == nil)
        #expect(problem("\"" + String(repeating: "x", count: 65_537) + "\"")?.problem == .stringTooLong)
        #expect(problem(String(repeating: "9", count: 65))?.problem == .numberTooLarge)
        try read("9223372036854775807") { json in
            let value = try json.integer(); #expect(value == Int.max)
        }
        try read("-12") { json in
            let value = try json.integer(); #expect(value == -12)
        }
        for text in ["9223372036854775808", "1.0", "1e3"] {
            #expect(throws: JSONError.self, "\(text)") { try read(text) { json in _ = try json.integer() } }
        }
    }

    @Test("A counter is a number or a string of digits, and nothing else")
    func counters() throws {
        let texts = [
            "7", "\"7\"", "0", "\"007\"", "-1", "\"-1\"", "1.5", "\"\"", "\"x\"", "null", "[1]",
            "\"99999999999999999999\"",
        ]
        let values: [Int?] = [7, 7, 0, 7, nil, nil, nil, nil, nil, nil, nil, nil]
        for (text, value) in zip(texts, values) {
            try read(text) { json in
                let counter = try json.counter()
                #expect(counter == value, "\(text)")
                try json.finish()
            }
        }
    }

    @Test("Strings come back as they were meant")
    func strings() throws {
        let text = #"{"plain":"é","escaped":"a\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00z"}"#
        try read(text) { json in
            try json.enterObject()
            let first = try json.nextKey()
            #expect(first.map { $0 == "plain" } == true)
            let plain = try json.string()
            #expect(plain.string == "é")
            #expect(!plain.hasEscapes)
            _ = try json.nextKey()
            let escaped = try json.string()
            #expect(escaped.string == "a\"\\/\u{8}\u{C}\n\r\tAé€😀z")
            #expect(escaped == "a\"\\/\u{8}\u{C}\n\r\tAé€😀z")
            let end = try json.nextKey()
            #expect(end == nil)
        }
    }

    @Test("What is written is read again as it was")
    func writer() throws {
        let nasty = String(String.UnicodeScalarView((0..<0x180).compactMap { UnicodeScalar(UInt32($0)) })) + "\u{2028}😀"
        var json = JSONWriter(Array("before".utf8))
        json.beginObject()
        json.field("nasty \"key\"", nasty)
        json.field("number", -5)
        json.field("flag", true)
        json.key("list")
        json.beginArray()
        json.value("{")
        json.value(1.5)
        json.null()
        json.value(Double.infinity)
        json.beginObject()
        json.endObject()
        json.endArray()
        json.endObject()
        #expect(json.bytes.starts(with: Array("before{".utf8)))
        #expect(!json.bytes.contains { $0 < 0x20 || $0 == 0x7F })
        let text = String(decoding: json.bytes[6...], as: UTF8.self)
        #expect(text.hasSuffix(#","number":-5,"flag":true,"list":["{",1.5,null,null,{}]}"#))
        try read(text) { json in
            try json.enterObject()
            let key = try json.nextKey()
            #expect(key?.string == "nasty \"key\"")
            let value = try json.string()
            #expect(value.string == nasty)
            while try json.nextKey() != nil { try json.skip() }
            try json.finish()
        }
    }

    @Test("Rubbish is refused or taken, but never traps", arguments: 0..<500 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var text = Array(
            #"{"event":"media","a":[1,-2.5e3,true,null,{"x":"\u00e9\ud83d\ude00"}],"b":{"c":"abcdefghijkl\n"}}"#.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: text[at] = UInt8.random(in: 0...255, using: &random)
            case 1: text.remove(at: at)
            case 2: text.insert(Array("{}[]\",:\\u0".utf8).randomElement(using: &random)!, at: at)
            default: text.removeLast(text.count - at)
            }
            if text.isEmpty { text = [0x22] }
        }
        text.withUnsafeBytes { bytes in
            var json = JSONScanner(bytes)
            guard (try? json.skip()) != nil, (try? json.finish()) != nil else { return }
            // Taken once, taken again; and every string in it can be made.
            var again = JSONScanner(bytes)
            guard (try? again.enterObject()) != nil else { return }
            while let key = try? again.nextKey() {
                _ = key.string
                if (try? again.kind()) == .string { _ = try? again.string().string } else { _ = try? again.skip() }
            }
        }
    }
}
