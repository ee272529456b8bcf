import Testing

@testable import ParleyMessaging

@Suite("Codings of providers")
struct TextCodingTests {
    @Test(
        "Base64 as in RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, coded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
        let bare = coded.replacing("=", with: "")
        #expect(Base64.encode(Array(plain.utf8), .url) == bare)
        #expect(Base64.decode(bare, .url) == Array(plain.utf8))
    }

    @Test("Both alphabets hold all bytes and keep apart")
    func alphabets() {
        let all = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(all)) == all)
        #expect(Base64.decode(Base64.encode(all, .url), .url) == all)
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64.encode([0xFB, 0xFF], .url) == "-_8")
        #expect(Base64.decode("-_8=") == nil)
        #expect(Base64.decode("+/8", .url) == nil)
    }

    @Test(
        "A second spelling is refused",
        arguments: ["Zh==", "Zm9=", "Zg=", "Zg", "Zg===", "=", "====", "Z===", "Zm9v\n", "Zm 9v"])
    func strict(text: String) { #expect(Base64.decode(text) == nil) }

    @Test(
        "Forms and queries escape differently",
        arguments: [("a b", "a+b", "a%20b"), ("~*", "%7E*", "~%2A"), ("é+&=", "%C3%A9%2B%26%3D", "%C3%A9%2B%26%3D")])
    func percent(plain: String, form: String, query: String) {
        #expect(PercentCoding.encode(plain, isForm: true) == form)
        #expect(PercentCoding.encode(plain) == query)
        #expect(PercentCoding.decode(form.utf8) == plain)
        #expect(PercentCoding.decode(query.utf8) == plain)
    }

    @Test("A bad escape is no value", arguments: ["%", "%2", "%zz", "a%", "%ff"])
    func badEscape(text: String) { #expect(PercentCoding.decode(text.utf8) == nil) }

    @Test("A form of more fields than a provider has is none")
    func bounds() {
        func form(_ count: Int) -> FormFields? {
            FormFields(reading: Array(repeating: "a=1", count: count).joined(separator: "&").utf8)
        }
        #expect(form(256)?.fields.count == 256)
        #expect(form(257) == nil)
    }

    @Test(
        "Dates of mail",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 +0000", 0), ("Thu, 01 Jan 2026 00:00:00 +0000", 1_767_225_600),
            ("Sat, 21 Nov 2026 03:50:00 +0000", 1_795_233_000), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
        ] as [(String, Int64)])
    func mailDate(text: String, seconds: Int64) { #expect(CivilTime.seconds(of: text) == seconds) }

    @Test(
        "Others are none",
        arguments: [
            "", "2026-11-21T03:50:00Z", "Sat, 21 Nov 2026 03:50:00 +0100", "Sat, 21 Foo 2026 03:50:00 +0000",
            "Sat, 32 Nov 2026 03:50:00 +0000", "Sat, 21 Nov 2026 03:50 +0000", "Sat, 21 Nov 2026 24:50:00 +0000",
            "Sat, -1 Nov 2026 03:50:00 +0000", String(repeating: "a ", count: 1 << 19),
        ])
    func noDate(text: String) { #expect(CivilTime.seconds(of: text) == nil) }

    @Test(
        "Days",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (1_767_225_600_000, "2026-01-01"), (1_767_225_599_999, "2025-12-31"),
            (1_709_164_800_000, "2024-02-29"), (1_709_251_200_000, "2024-03-01"),
        ] as [(Int64, String)])
    func day(milliseconds: Int64, text: String) {
        #expect(CivilTime.day(of: milliseconds) == text)
        _ = CivilTime.day(of: .min) + CivilTime.day(of: .max)
    }

    @Test("JSON texts are escaped, the rest stays as it is")
    func json() {
        let object = JSONText.object(["a\"": .text("\u{1}\n\t\\/é😀"), "b": nil, "c": .number(-3)])
        #expect(String(decoding: object, as: UTF8.self) == #"{"a\"":"\u0001\n\u0009\\/é😀","c":-3}"#)
    }
}
