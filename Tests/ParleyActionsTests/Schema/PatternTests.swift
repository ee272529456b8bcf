import Testing

@testable import ParleyActions

@Suite("Patterns")
struct PatternTests {
    @Test(
        "A pattern is found in some texts and not in others",
        arguments: [
            ("", ["", "a"], []),
            ("abc", ["abc", "xabcx"], ["ab", "abd", ""]),
            ("^abc$", ["abc"], ["abc\n", "xabc", "abcx"]),
            ("^a.c$", ["abc", "a c", "a😀c"], ["a\nc", "a\u{2028}c", "ac", "abbc"]),
            ("^(a|bc|)$", ["a", "bc", ""], ["b", "abc"]),
            ("^a|b$", ["ax", "xb"], ["xax", "bx"]),
            ("^a*$", ["", "aaa"], ["b"]),
            ("^a+$", ["a", "aaa"], ["", "ab"]),
            ("^ab?c$", ["ac", "abc"], ["abbc"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaa"], ["a"]),
            ("^a{1,3}$", ["a", "aaa"], ["", "aaaa"]),
            ("^a{0}$", [""], ["a"]),
            ("^(?:ab){2}c$", ["ababc"], ["abc"]),
            ("^a+?b*?$", ["aab"], ["b"]),
            ("^(a*)*$", ["", "aaa"], ["b"]),
            ("^(a|a)*b$", ["aaab"], ["aaa"]),
            ("^(^a$)?$", ["", "a"], ["aa"]),
            ("^[a-c]+$", ["abc"], ["d", "A", ""]),
            ("^[^a-c]$", ["d", "\n", "é"], ["a", ""]),
            ("^[a\\-z]+$", ["a-z"], ["b"]),
            ("^[-a]+$", ["-a"], ["b"]),
            ("^[a-]+$", ["-a"], ["b"]),
            ("^[]$", [], ["", "a"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("^[.$*(){}|?+]+$", [".$*(){}|?+"], ["a"]),
            ("^[\\]\\\\^]+$", ["]\\^"], ["a"]),
            ("^\\d$", ["0", "9"], ["a", "߀", "४"]),
            ("^\\D$", ["a", "߀"], ["0"]),
            ("^\\w$", ["a", "Z", "0", "_"], ["é", "-", ""]),
            ("^\\W$", ["é", "-"], ["a"]),
            (
                "^\\s$",
                [" ", "\t", "\u{B}", "\u{C}", "\u{A0}", "\u{FEFF}", "\n", "\r", "\u{2028}", "\u{2029}", "\u{2003}"],
                ["\u{1}", "\u{2013}", "\u{85}", "\u{200B}"]
            ),
            ("^\\S$", ["\u{1}", "\u{2013}"], [" ", "\u{FEFF}"]),
            ("^[\\d\\s]+$", ["1 2"], ["a"]),
            ("^[^\\d\\s]+$", ["ab"], ["a1"]),
            ("^[\\D]$", ["a"], ["1"]),
            ("\\p{Letter}cole", ["l'ecole", "l'école"], ["l'ÉCOLE", "l' cole"]),
            ("\\wcole", ["l'ecole"], ["l'école"]),
            ("^\\p{L}[\\p{L}\\p{M} '-]*$", ["Zoë O'Neill", "Zoe\u{308}", "王"], ["7", ""]),
            ("^\\p{Lu}\\p{Ll}\\P{L}$", ["Éé1"], ["éÉ1", "ÉéA"]),
            ("^\\p{digit}+$", ["42", "৪২"], ["-%#", "Ⅳ"]),
            ("^\\p{N}$", ["Ⅳ"], ["a"]),
            ("^\\t\\n\\r\\v\\f$", ["\t\n\r\u{B}\u{C}"], ["tnrvf"]),
            ("^\\x41\\u00e9\\u{1F600}$", ["Aé😀"], ["A"]),
            ("^[\\x41-\\x43]$", ["B"], ["D"]),
            ("^\\.\\/\\-\\@\\$\\^\\\\$", ["./-@$^\\"], ["a"]),
            ("^é$", ["é"], ["e\u{301}"]),
            ("^.$", ["é", "😀"], ["e\u{301}", "👨‍👩‍👧"]),
            ("^[A-Z]{2}\\d{3}$", ["AB123"], ["AB12", "ab123", "AB1234"]),
            ("^\\+?[1-9]\\d{1,14}$", ["+15555550123", "49"], ["+0", "1"]),
        ] as [(String, [String], [String])])
    func found(source: String, texts: [String], others: [String]) throws {
        let pattern = try Pattern(source)
        for text in texts { #expect(pattern.isFound(in: text) == true, "\(source): \(text)") }
        for text in others { #expect(pattern.isFound(in: text) == false, "\(source): \(text)") }
    }

    @Test(
        "What is not a pattern, or one that is not supported, is refused",
        arguments: [
            "(", ")", "(a", "a)", "[", "[a", "[z-a]", "[\\d-x]", "[a-\\d]", "*", "+a", "?", "a**", "a{2}{3}", "a+*",
            "^*", "$+",
            "a{", "a{}", "a{,3}", "a{x}", "a{2,1}", "a{1001}", "a{99999999999999999999}", "{", "}", "]", "\\", "\\a",
            "\\1", "\\0",
            "\\b", "\\B", "\\k<x>", "\\cA", "\\x4", "\\u12", "\\ud83d", "\\u{110000}", "\\u{}", "\\u{1F600", "\\p",
            "\\p{", "\\p{Greek}",
            "(?=a)", "(?!a)", "(?<=a)", "(?<n>a)", "(?i)a", "(|*)", "[\\", "a{2", "a{2,", "(?", "[\\é]", "\\é",
        ])
    func refused(source: String) {
        #expect(throws: PatternFault.self) { try Pattern(source) }
    }

    @Test("A pattern's size is bounded however it is folded")
    func size() throws {
        #expect(try Pattern("^[A-Za-z0-9_.-]{1,200}$").size < Pattern.maxSize)
        let folded = [
            "(a{1000}){1000}", "((a{0,1000}){0,1000}){0,1000}", "((((a+){99}){99}){99}){99}",
            String(repeating: "a", count: 4_097), "[" + String(repeating: "a", count: 4_097) + "]",
        ]
        for source in folded { #expect(throws: PatternFault.self) { try Pattern(source) } }
        // Nothing, very often, is still nothing.
        #expect(try Pattern("^(((){1000}){1000}){1000}$").isFound(in: "") == true)
        let groups = String(repeating: "(", count: 32) + String(repeating: ")", count: 32)
        #expect(throws: Never.self) { try Pattern(groups) }
        #expect(throws: PatternFault.self) { try Pattern("(" + groups + ")") }
        #expect(throws: PatternFault.self) { try Pattern(String(repeating: "(", count: 100_000)) }
    }

    @Test(
        "Patterns that take a backtracking matcher for ever are done in one pass",
        arguments: [
            "^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "^(.*)*$b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y",
            "^(a?){50}a{50}b$",
        ])
    func catastrophic(source: String) throws {
        let text = String(repeating: "a", count: Pattern.maxInput - 1) + "!"
        #expect(try Pattern(source).isFound(in: text) == false)
    }

    @Test("A text above 4,096 scalars is not looked through")
    func input() throws {
        let pattern = try Pattern("a")
        #expect(pattern.isFound(in: String(repeating: "b", count: 4_096)) == false)
        #expect(pattern.isFound(in: "a" + String(repeating: "b", count: 4_096)) == nil)
        let text = String(repeating: "b", count: 4_097)
        #expect(try fault(#"{"pattern":"a"}"#, "\"\(text)\"") == "the outermost value is longer than 4096 characters")
    }

    @Test("Random pattern texts never trap, and agree with Swift's matcher where both take them")
    func noise() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let pieces = [
            "a", "b", "c", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,2}", "[ab]", "[^a]", ".", "^", "$", "\\d",
            "\\w",
        ]
        var compared = 0
        for _ in 0..<4_000 {
            let count = Int.random(in: 1...8, using: &random)
            let source = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            guard let pattern = try? Pattern(source), let regex = try? Regex(source) else { continue }
            for text in ["", "a", "ab", "abc", "aab", "cab1", "bb"] {
                compared += 1
                #expect(pattern.isFound(in: text) == text.contains(regex), "seed \(seed), \(source), \(text)")
            }
        }
        #expect(compared > 1_000)
    }
}
