import Testing

@testable import ParleyActions

@Suite("Hostile texts against a schema")
struct SchemaHostileTests {
    private static let seeds: [String] = [
        "\r\nTo: +15555550199", "&To=%2B15555550199", "{{caller.number}}", "%0d%0aBcc:x", "\u{202E}moc.live",
        "\u{200B}",
        "../../etc/passwd", "'; DROP TABLE calls;--", "<script>alert(1)</script>", "${jndi:ldap://x}", "\u{0}",
        "\u{FEFF}",
        "$(reboot)", "`id`", "\\u0000", "ｆｕｌｌ", "\u{2067}", "\u{85}", "\u{2028}", "1e400 ", "N\u{E9}", " -0", "null\t",
        "true\n", "[]",
        "{}",
        "\u{10FFFF}", "e\u{301}\u{301}\u{301}", "👨‍👩‍👧‍👦", "\u{1B}[2J",
    ]

    /// 210: each by itself, and before, behind and within what would fit, and very long.
    static let texts: [String] = seeds.flatMap { (seed: String) -> [String] in
        [
            seed, "14:30\(seed)", "\(seed)14:30", "14:\(seed)30", "a@b.example\(seed)", "\(seed)+15555550123",
            String(repeating: seed, count: 500),
        ]
    }

    private static let narrow = #"""
        {"type":"object","properties":{
          "date":{"type":"string","format":"date"},"time":{"type":"string","format":"time"},
          "at":{"type":"string","format":"date-time"},"mail":{"type":"string","format":"email"},
          "page":{"type":"string","format":"uri"},"phone":{"type":"string","format":"phone"},
          "id":{"type":"string","format":"uuid"},"code":{"type":"string","pattern":"^[A-Z]{2}\\d{3}$"},
          "one":{"enum":["a","b"]},"short":{"type":"string","minLength":8,"maxLength":8,"pattern":"^\\w+$"},
          "number":{"type":"number"},"flag":{"type":"boolean"},"list":{"type":"array"},"nested":{"type":"object"}}}
        """#

    @Test("None of 210 passes where only a narrow text may, and none is repeated")
    func refused() throws {
        #expect(Self.texts.count == 210)
        let book = try schema(Self.narrow)
        for text in Self.texts {
            for name in book.properties {
                guard case .failure(let fault) = book.check(.object([name: .string(text)])) else {
                    Issue.record("\(name) took \(text.debugDescription)")
                    continue
                }
                let words = fault.text(of: "book")
                #expect(words.hasPrefix("\(name) "))
                #expect(words.utf8.count < 120)
                if text.utf8.count > 6 { #expect(!words.contains(text)) }
            }
        }
    }

    @Test("As names they are stray, and are not repeated either")
    func names() throws {
        let book = try schema(Self.narrow)
        for text in Self.texts {
            guard case .failure(let fault) = book.check(.object([text: .null])) else {
                Issue.record("taken: \(text.debugDescription)")
                continue
            }
            #expect(fault == SchemaFault(place: "", problem: .unknownParameter(takes: book.properties)))
        }
    }

    @Test("As schemas' words they are refused or taken, never more")
    func schemas() throws {
        for text in Self.texts {
            for keyword in SchemaKeyword.allCases {
                _ = try? JSONSchema(.object([keyword.rawValue: .string(text)]))
                _ = try? JSONSchema(.object([keyword.rawValue: .array([.string(text), .null])]))
                _ = try? JSONSchema(.object([keyword.rawValue: .object([text: .object([:])])]))
            }
        }
    }

    @Test("Random schemas and values never trap, and a checked value passes again unchanged")
    func noise() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        var passed = 0
        for _ in 0..<5_000 {
            guard let schema = try? JSONSchema(randomSchema(&random, depth: 0)) else { continue }
            guard case .success(let once) = schema.check(randomValue(&random, depth: 0)) else { continue }
            passed += 1
            #expect(schema.check(once) == .success(once), "seed \(seed)")
            #expect(try JSONSchema(schema.json) == schema, "seed \(seed)")
        }
        #expect(passed > 100)
    }

    private func randomValue(_ random: inout SplitMix, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth < 3 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &random))
        case 2, 3:
            let digits: [UInt8] = Bool.random(using: &random) ? [] : [UInt8.random(in: 49...57, using: &random)]
            return .number(
                .init(
                    isNegative: false, digits: digits,
                    exponent: digits.isEmpty ? 0 : Int.random(in: -1...1, using: &random)))
        case 4: return .string(["", "a", "14:30", "2026-07-14"].randomElement(using: &random) ?? "")
        case 5:
            return .array(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in randomValue(&random, depth: depth + 1) })
        default:
            var members: [String: JSON] = [:]
            for name in ["a", "b"] where Bool.random(using: &random) {
                members[name] = randomValue(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }

    private func randomSchema(_ random: inout SplitMix, depth: Int) -> JSON {
        var members: [String: JSON] = [:]
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            guard let keyword = SchemaKeyword.allCases.randomElement(using: &random) else { continue }
            switch keyword {
            case .type: members["type"] = .string(SchemaType.allCases.randomElement(using: &random)?.rawValue ?? "")
            case .items where depth < 3, .additionalProperties where depth < 3:
                members[keyword.rawValue] = randomSchema(&random, depth: depth + 1)
            case .properties where depth < 3:
                members["properties"] = .object([
                    "a": randomSchema(&random, depth: depth + 1), "b": randomSchema(&random, depth: depth + 1),
                ])
            case .format: members["format"] = .string("time")
            default: members[keyword.rawValue] = randomValue(&random, depth: 1)
            }
        }
        return .object(members)
    }
}
