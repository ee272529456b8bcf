import Testing

@testable import ParleyActions

@Suite("JSON as arguments of an action")
struct JSONTests {
    private func canonical(_ text: String) throws -> String {
        try JSON(parsing: text, maxBytes: 4_096, maxDepth: 16).canonical
    }

    @Test(
        "One value has one spelling",
        arguments: [
            (#" { "b" : 1 , "a" : [ true , null ] } "#, #"{"a":[true,null],"b":1}"#),
            (#"{"x":1.0}"#, #"{"x":1}"#),
            (#"{"x":10e-1}"#, #"{"x":1}"#),
            (#"{"x":-0}"#, #"{"x":0}"#),
            (#"{"x":0.10}"#, #"{"x":0.1}"#),
            (#"{"x":-12.50E+1}"#, #"{"x":-125}"#),
            (#"{"x":1e30}"#, #"{"x":1e30}"#),
            (#"{"x":0.00012}"#, #"{"x":0.00012}"#),
            (#"{"x":12345678901234567890}"#, #"{"x":12345678901234567890}"#),
            (#"["\u0041\/\ud83d\ude00\u0001"]"#, #"["A/😀\u0001"]"#),
            (#""a\"\\\b\f\n\r\t""#, #""a\"\\\u0008\u000c\n\r\t""#),
        ])
    func spelling(text: String, expected: String) throws {
        #expect(try canonical(text) == expected)
        #expect(try canonical(expected) == expected)
    }

    @Test(
        "What is not quite JSON is refused at its byte",
        arguments: [
            ("", 0), ("{", 1), (#"{"a"}"#, 4), (#"{"a":1,}"#, 7), ("[1,]", 3), ("01", 0), ("1.", 2), ("+1", 0),
            ("nul", 0),
            (#""\x""#, 2), (#""\ud800""#, 2), (#""\ud800\u0041""#, 2), ("\"a\nb\"", 2), ("1 2", 2), ("'a'", 0),
            ("NaN", 0), ("1e", 2), ("\"a", 2),
        ])
    func refused(text: String, offset: Int) {
        #expect(throws: JSON.Fault.notJSON(offset: offset)) { try canonical(text) }
    }

    @Test("A repeated key, an endless number, a deep or a long text are refused")
    func bounds() {
        #expect(throws: JSON.Fault.repeatedKey(offset: 7)) { try canonical(#"{"a":1,"a":2}"#) }
        #expect(throws: JSON.Fault.numberOutOfRange(offset: 0)) { try canonical("1e999") }
        #expect(throws: JSON.Fault.numberOutOfRange(offset: 0)) { try canonical("1e99999999999999999999") }
        let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(throws: Never.self) { try canonical(deep) }
        #expect(throws: JSON.Fault.tooDeep(limit: 16)) { try canonical("[" + deep + "]") }
        #expect(throws: JSON.Fault.tooDeep(limit: 16)) { try canonical(String(repeating: "[", count: 4_000)) }
        #expect(throws: JSON.Fault.tooLarge(limit: 4_096)) { try canonical(String(repeating: " ", count: 4_097)) }
    }

    @Test("Random bytes never trap, and what is taken keeps its spelling")
    func noise() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let alphabet = Array(#"{}[]",:0123456789.eE+-\u tfnalsr"#)
        for _ in 0..<20_000 {
            let length = Int(random.next() % 24)
            let text = String((0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
            guard let once = try? canonical(text) else { continue }
            #expect(try canonical(once) == once, "seed \(seed)")
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
