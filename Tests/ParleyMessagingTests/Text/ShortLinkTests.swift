import Testing

@testable import ParleyMessaging

@Suite("Short links")
struct ShortLinkTests {
    @Test(
        "Ids from bits",
        arguments: [
            (0, "0000000000"), (61, "z000000000"), (62, "0100000000"), (839_299_365_868_340_223, "zzzzzzzzzz"),
            (839_299_365_868_340_224, "0000000000"), (17_625_286_683_235_144_703, "zzzzzzzzzz"),
            (17_625_286_683_235_144_704, nil), (.max, nil),
        ] as [(UInt64, String?)])
    func bits(bits: UInt64, text: String?) { #expect(ShortLink.ID(bits: bits)?.text == text) }

    @Test("No letter is likelier than another")
    func fair() {
        var state: UInt64 = 7
        var counts: [Character: Int] = [:]
        for _ in 0..<62_000 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            guard let id = ShortLink.ID(bits: bits ^ (bits >> 31)) else { continue }
            if let last = id.text.last { counts[last, default: 0] += 1 }
        }
        #expect(counts.count == 62)
        #expect(counts.values.allSatisfy { (800...1_120).contains($0) })
    }

    @Test(
        "Ids that came in",
        arguments: [
            ("0aZ9bY8cX7", true), ("0aZ9bY8cX", false), ("0aZ9bY8cX70", false), ("0aZ9bY8cX-", false), ("", false),
            ("../../../e", false), ("0aZ9bY8c%0", false), ("éééééé", false), ("０ａＺ９", false), ("0aZ9bY8cX\n", false),
        ])
    func incoming(text: String, isID: Bool) { #expect((ShortLink.ID(text) != nil) == isID) }

    @Test("A link lives to its end and not a millisecond longer")
    func life() {
        let month: Int64 = 30 * 86_400_000
        #expect(ShortLink.isLive(createdAt: 5, at: 5))
        #expect(ShortLink.isLive(createdAt: 5, at: 4 + month))
        #expect(!ShortLink.isLive(createdAt: 5, at: 5 + month))
        #expect(!ShortLink.isLive(createdAt: 5, life: -1, at: 5))
        #expect(ShortLink.isLive(createdAt: .max, at: .max))
    }

    private let base = "https://txt.example.org"
    private let long = "https://clinic.example/bookings/204815/details?from=sms"

    private func replace(_ body: String, base: String? = nil) throws -> ShortLinks.Replaced {
        var next: UInt64 = 0
        let rules = try LinkRules(hosts: ["clinic.example", "txt.example.org"])
        return ShortLinks.replace(in: body, base: base ?? self.base, rules: rules) {
            next += 1
            return ShortLink.ID(bits: next)!
        }
    }

    @Test("Long links that are allowed become short, each one once")
    func replaced() throws {
        let other = long + "#top"
        let replaced = try replace("Now: \(long). Then (\(other)) or \(long)!")
        #expect(
            replaced.body
                == "Now: https://txt.example.org/1000000000. Then (https://txt.example.org/2000000000) or"
                + " https://txt.example.org/1000000000!")
        #expect(replaced.links.map(\.target) == [long, other])
        #expect(replaced.links.map(\.id.text) == ["1000000000", "2000000000"])
        #expect(try replace(long, base: base + "/").body == "https://txt.example.org/1000000000")
    }

    @Test("Links that are short, not allowed, or our own stay")
    func kept() throws {
        for body in [
            "", "no link", "https://clinic.example/b/204815", "https://evil.com/" + String(repeating: "x", count: 80),
            "http" + long.dropFirst(5), "https://u@clinic.example/" + String(repeating: "x", count: 80),
            "https://txt.example.org/" + String(repeating: "x", count: 80),
            // As long as its short form: 34 characters.
            "https://clinic.example/abcdefghijk",
        ] {
            let replaced = try replace(body)
            #expect(replaced.body == body)
            #expect(replaced.links == [])
        }
        #expect(try replace("https://clinic.example/abcdefghijkl").links.count == 1)
    }
}
