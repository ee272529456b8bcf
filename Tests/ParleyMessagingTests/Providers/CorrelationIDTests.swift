import Testing

@testable import ParleyMessaging

@Suite("Correlation ids")
struct CorrelationIDTests {
    let key = Sample.correlationKey

    @Test("An id is signed with the first 16 bytes of its HMAC")
    func vector() {
        let text = "01KDVXN700PARLEYTEXT00000A.9ac4de3fcf1d7d1d4bd53c61f15ea54f"
        #expect(CorrelationID(id: Sample.id, key: key).text == text)
        #expect(CorrelationID(verifying: text, keys: [ProviderSecret("new"), key])?.id == Sample.id)
    }

    @Test("One for a try of a text is taken apart again")
    func parts() {
        let made = CorrelationID(message: Sample.id, fence: 7, key: key)
        #expect(made.id == Sample.id + "~7")
        let back = CorrelationID(verifying: made.text, keys: [key])
        #expect(back?.message == Sample.id)
        #expect(back?.fence == 7)
    }

    @Test(
        "What has no try has none",
        arguments: [
            ("a", "a", nil), ("a~", "a~", nil), ("a~x", "a~x", nil), ("~3", "~3", nil), ("a~-3", "a~-3", nil),
            ("a~3~4", "a~3", 4), ("a~99999999999999999999", "a~99999999999999999999", nil),
        ] as [(String, String, Int64?)])
    func noParts(id: String, message: String, fence: Int64?) {
        let correlation = CorrelationID(id: id, key: key)
        #expect(correlation.message == message)
        #expect(correlation.fence == fence)
    }

    @Test("One flipped bit is not ours")
    func flips() {
        let bytes = Array(Sample.correlation.text.utf8)
        for bit in 0..<bytes.count * 8 {
            var copy = bytes
            copy[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let text = String(validating: copy, as: UTF8.self) else { continue }
            #expect(CorrelationID(verifying: text, keys: [key]) == nil, "bit \(bit)")
        }
    }

    @Test(
        "What is cut, empty or long is not ours",
        arguments: [
            "", ".", "a", "a.", "01KDVXN700PARLEYTEXT00000A", "01KDVXN700PARLEYTEXT00000A.",
            "01KDVXN700PARLEYTEXT00000A.9ac4de3fcf1d7d1d4bd53c61f15ea5",
            "01KDVXN700PARLEYTEXT00000A.9ac4de3fcf1d7d1d4bd53c61f15ea54f00",
            "01KDVXN700PARLEYTEXT00000A.9AC4DE3FCF1D7D1D4BD53C61F15EA54F", String(repeating: "a", count: 1 << 20),
        ])
    func others(text: String) { #expect(CorrelationID(verifying: text, keys: [key]) == nil) }

    @Test("One of more than 128 characters is not looked at, though we signed it")
    func long() {
        func isOurs(_ count: Int) -> Bool {
            let text = CorrelationID(id: String(repeating: "a", count: count), key: key).text
            return CorrelationID(verifying: text, keys: [key]) != nil
        }
        #expect(isOurs(128 - 33))
        #expect(!isOurs(128 - 32))
    }

    @Test("Without a key nothing is ours, also what an empty key signed")
    func noKey() {
        #expect(CorrelationID(verifying: Sample.correlation.text, keys: []) == nil)
        let empty = ProviderSecret("")
        #expect(CorrelationID(verifying: CorrelationID(id: "a", key: empty).text, keys: [empty]) == nil)
        #expect(CorrelationID(verifying: CorrelationID(id: "", key: key).text, keys: [key]) == nil)
    }

    @Test(
        "It joins the query of the callback URL and is found there again",
        arguments: [
            ("https://a.example/s", "https://a.example/s?correlation=TEXT"),
            ("https://a.example/s?tenant=7", "https://a.example/s?tenant=7&correlation=TEXT"),
            ("https://a.example/s#rc=2", "https://a.example/s?correlation=TEXT#rc=2"),
        ])
    func place(callback: String, url: String) throws {
        let placed = try #require(try Sample.text(callback: callback).statusURL)
        #expect(placed == url.replacing("TEXT", with: Sample.correlation.text))
        let webhook = ProviderWebhook(url: placed, headers: [], body: [])
        #expect(webhook.correlation == Sample.correlation.text)
    }

    @Test(
        "A URL with none, an empty one, or two has none",
        arguments: [
            "https://a.example/s", "https://a.example/s?correlation=",
            "https://a.example/s?correlation=a&correlation=a",
            "https://a.example/s?correlation=%zz", "https://a.example/s#?correlation=a", "",
        ])
    func none(url: String) { #expect(ProviderWebhook(url: url, headers: [], body: []).correlation == nil) }
}
