import ParleyWire
import Testing

@Suite("Base64")
struct Base64Tests {
    private func decode(_ text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        var out = [UInt8](repeating: 0xEE, count: text.count / 4 * 3 + 3)
        let count = text.withUnsafeBytes { text in out.withUnsafeMutableBytes { Base64.decode(text, into: $0) } }
        let isValid = text.withUnsafeBytes { Base64.isValid($0) }
        #expect(isValid == (count != nil), "isValid and decode agree on \(text)")
        return count.map { Array(out[..<$0]) }
    }

    @Test(
        "The vectors of RFC 4648 section 10, both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(base64(Array(plain.utf8)) == text)
        #expect(decode(text) == Array(plain.utf8))
        #expect(Base64.encodedCount(plain.utf8.count) == text.utf8.count)
    }

    @Test(
        "What is not strictly base64 is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "=", "==", "===", "====", "Z===", "Zg=A", "=Zm9", "Zm=v", "Zm9v=",
            "Zm9vYg==Zm9v",
            "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm9-", "Zm9_", "Zm9\u{0}", "Zmé", "Zm9vZm9vZm9v!m9v", "Zm9vYmF\\",
        ])
    func refused(text: String) { #expect(decode(text) == nil) }

    @Test("Every length comes back as it was, and any damaged character is noticed")
    func roundTrips() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        for length in 0...200 {
            let bytes = random.bytes(length)
            let text = base64(bytes)
            #expect(decode(text) == bytes, "length \(length), seed \(seed)")
            guard length > 0 else { continue }
            var damaged = Array(text.utf8)
            damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8(ascii: "*")
            #expect(decode(String(decoding: damaged, as: UTF8.self)) == nil, "length \(length), seed \(seed)")
        }
    }

    @Test("A frame of mu-law silence is 216 characters that begin with four slashes")
    func silence() {
        let text = base64([UInt8](repeating: 0xFF, count: 160))
        #expect(text.utf8.count == 216)
        #expect(text.hasPrefix("////"))
    }
}
