import Testing

@testable import ParleyMessaging

@Suite("What may fill a place in a template")
struct SlotRuleTests {
    @Test("120 characters by default, counted after cleaning; nothing is cut")
    func length() throws {
        let rule = SlotRule()
        #expect(try rule.value(String(repeating: "é", count: 120)).count == 120)
        #expect(throws: SlotRule.Fault.tooLong(limit: 120)) { try rule.value(String(repeating: "é", count: 121)) }
        #expect(try rule.value(String(repeating: "\u{200B}", count: 5_000) + "a") == "a")
        #expect(throws: SlotRule.Fault.tooLong(limit: 120)) {
            try rule.value(String(repeating: "\u{200B}", count: 6_000))
        }
        // One character to the eye, and 121 to a telephone.
        #expect(throws: SlotRule.Fault.tooLong(limit: 120)) {
            try rule.value("👩" + String(repeating: "\u{1F3FD}", count: 120))
        }
        #expect(try SlotRule(maxLength: -4).value("a") == "a")
        #expect(SlotRule.Fault.tooLong(limit: 40).rule == "value_too_long: at most 40 characters")
    }

    @Test(
        "Values stay as they are but for what cannot be seen",
        arguments: [
            ("BK-204815", "BK-204815"), (" a\r\nTo: +19005550100 ", "a To: +19005550100"),
            ("\u{202E}evil\u{0}", "evil"),
            ("{{ .contact.name }}", "{{ .contact.name }}"), ("&To=+19005550100", "&To=+19005550100"), ("“x”", "“x”"),
            ("", ""),
        ])
    func values(text: String, value: String) throws { #expect(try SlotRule().value(text) == value) }

    @Test("Of each hostile value there is left what is short, on one line, and plain to see, or nothing")
    func hostile() {
        var refused = 0
        for text in HostileValues.all {
            do throws(SlotRule.Fault) {
                let value = try SlotRule().value(text)
                #expect(value.unicodeScalars.count <= 120)
                for scalar in value.unicodeScalars {
                    #expect(
                        ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
                            scalar.properties.generalCategory))
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused == HostileValues.long.count)
    }
}
