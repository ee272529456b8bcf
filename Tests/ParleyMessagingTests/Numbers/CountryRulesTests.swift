import Testing

@testable import ParleyMessaging

@Suite("Countries that texts may go to")
struct CountryRulesTests {
    private func decide(
        _ number: String, as recipient: CountryRules.Recipient = .caller, sender: String = "+12125550100",
        rules: CountryRules = .init()
    ) throws -> String {
        switch rules.decide(try PhoneNumber(number), as: recipient, sender: sender, facts: NumberingPlan.standard) {
        case .allowed: "allowed"
        case .refused(let rule): rule.rawValue
        }
    }

    @Test("Without a list, the sender's own country and no other: not the Caribbean, whose numbers look alike")
    func ownCountry() throws {
        #expect(try decide("+13125550123") == "allowed")
        for number in ["+18765550123", "+14165550123", "+17875550123", "+442079460123", "+79161234567"] {
            #expect(try decide(number) == "country_not_allowed")
        }
        #expect(try decide("+447400123456", sender: "+447700900123") == "allowed")
        #expect(try decide("+447797123456", sender: "+447700900123") == "country_not_allowed")  // Jersey
        for sender in ["12345", "PARLEY", "", "channel:main", "+18005550123"] {
            #expect(try decide("+13125550123", sender: sender) == "country_not_allowed")
        }
    }

    @Test("The operator's list stands for the sender's country; numbers of several countries need all of them")
    func list() throws {
        let rules = CountryRules(allowed: ["CA", "GP"])
        #expect(try decide("+14165550123", rules: rules) == "allowed")
        #expect(try decide("+13125550123", rules: rules) == "country_not_allowed")
        #expect(try decide("+590690123456", rules: rules) == "country_not_allowed")
        #expect(try decide("+590690123456", rules: .init(allowed: ["GP", "BL", "MF"])) == "allowed")
        #expect(try decide("+13125550123", rules: .init(allowed: [])) == "country_not_allowed")
    }

    @Test("Premium and personal ranges and numbers of nowhere are refused in allowed countries, too")
    func kinds() throws {
        let rules = CountryRules(allowed: ["US", "GB"])
        #expect(try decide("+12129760123", rules: rules) == "number_kind_refused")
        #expect(try decide("+447012345678", rules: rules) == "number_kind_refused")
        #expect(try decide("+12995550123", rules: rules) == "region_unknown")
    }

    @Test("No text to a number that texts are sent from")
    func ownSenders() throws {
        #expect(try decide("+12125550100") == "recipient_is_sender")
        let rules = CountryRules(ownSenders: [try PhoneNumber("+12125550101")])
        #expect(try decide("+12125550101", rules: rules) == "recipient_is_sender")
        #expect(try decide("+12125550102", rules: rules) == "allowed")
    }

    @Test("Another recipient than the caller is in the country that the call came from, or gets nothing")
    func custom() throws {
        let rules = CountryRules(allowed: ["US", "CA"])
        let american = CountryRules.Recipient.custom(call: try PhoneNumber("+13055550123"))
        #expect(try decide("+13125550123", as: american, rules: rules) == "allowed")
        #expect(try decide("+14165550123", as: american, rules: rules) == "custom_not_country_of_call")
        #expect(try decide("+14165550123", as: .caller, rules: rules) == "allowed")
        #expect(try decide("+13125550123", as: .custom(call: nil), rules: rules) == "custom_not_country_of_call")
        let nowhere = CountryRules.Recipient.custom(call: try PhoneNumber("+12995550123"))
        #expect(try decide("+13125550123", as: nowhere, rules: rules) == "custom_not_country_of_call")
    }
}

@Suite("Fraud caps")
struct FraudCapsTests {
    private func decide(
        _ text: FraudCaps.Text = .init(), caps: FraudCaps = .init(), _ change: (inout FraudCaps.Counts) -> Void
    ) -> String {
        var counts = FraudCaps.Counts()
        change(&counts)
        switch caps.decide(text, counts: counts) {
        case .allowed: return "allowed"
        case .refused(let rule): return rule.rawValue
        }
    }

    @Test("Each cap lets its number of texts through and not one more")
    func edges() {
        let custom = FraudCaps.Text(isCustom: true)
        let anonymous = FraudCaps.Text(isCallerAttested: false)
        let rows: [(FraudCaps.Text, any WritableKeyPath<FraudCaps.Counts, Int> & Sendable, Int, String)] = [
            (.init(), \.history.inCall, 3, "cap_per_call"),
            (anonymous, \.history.inCall, 1, "cap_per_unattested_call"),
            (custom, \.otherCustomRecipientsInCall, 1, "cap_custom_recipients"),
            (.init(), \.history.inTenMinutes, 3, "cap_per_recipient_10min"),
            (.init(), \.history.inDay, 10, "cap_per_recipient_day"),
            (.init(), \.callerInHour, 5, "cap_per_caller_hour"),
            (.init(), \.otherNumbersOfPrefixInHour, 20, "cap_per_prefix_hour"),
            (.init(), \.tenantInMinute, 60, "cap_per_tenant_minute"),
            (.init(), \.tenantInHour, 600, "cap_per_tenant_hour"),
            (.init(), \.tenantInDay, 3_000, "cap_per_tenant_day"),
        ]
        for (text, count, limit, rule) in rows {
            #expect(decide(text) { $0[keyPath: count] = limit - 1 } == "allowed")
            #expect(decide(text) { $0[keyPath: count] = limit } == rule)
            #expect(decide(text) { $0[keyPath: count] = limit + 1 } == rule)
        }
        #expect(decide { $0.otherCustomRecipientsInCall = 1 } == "allowed")  // the caller's own number
    }

    @Test("The day's money: the text that would go beyond it is refused, whatever the sum")
    func money() {
        let caps = FraudCaps(maxCostPerTenantInDay: 10_000)
        #expect(decide(.init(cost: 8), caps: caps) { $0.tenantCostInDay = 9_992 } == "allowed")
        #expect(decide(.init(cost: 8), caps: caps) { $0.tenantCostInDay = 9_993 } == "cap_cost_per_day")
        #expect(decide(.init(cost: .max), caps: caps) { $0.tenantCostInDay = .max } == "cap_cost_per_day")
        #expect(decide(.init(cost: -8), caps: caps) { $0.tenantCostInDay = 10_001 } == "cap_cost_per_day")
        #expect(decide(.init(cost: .max)) { $0.tenantCostInDay = .max } == "allowed")
    }

    @Test("Pumping one block of numbers stops at the twenty-first, and somebody is told")
    func pumping() throws {
        let numbers = try (0..<100).map { try PhoneNumber("+12125550\(100 + $0)") }
        var sent: Set<PhoneNumber> = []
        for number in numbers {
            let prefix = FraudCaps.prefix(of: number)
            let others = sent.filter { FraudCaps.prefix(of: $0) == prefix && $0 != number }.count
            let verdict = decide { $0.otherNumbersOfPrefixInHour = others }
            if verdict == "allowed" { sent.insert(number) }
        }
        #expect(sent.count == 20)
        #expect(FraudCaps.prefix(of: numbers[0]) == "+1212555")
        #expect(FraudCaps.Rule.prefixHour.needsAlert)
        #expect(!FraudCaps.Rule.call.needsAlert)
    }

    @Test("The gate's three caps have the same names here, and the narrower of both limits holds")
    func joins() {
        let shared: [(FraudCaps.Rule, ConsentGate.Rule)] = [
            (.call, .callCap), (.recipientTenMinutes, .tenMinuteCap), (.recipientDay, .dayCap),
        ]
        for (cap, gate) in shared { #expect(cap.rawValue == gate.rawValue) }
        let gate = FraudCaps(maxInCall: 2, maxPerRecipientInDay: 50).tightened(ConsentGate(allowsMarketing: true))
        #expect(gate == ConsentGate(allowsMarketing: true, maxInCall: 2, maxInTenMinutes: 3, maxInDay: 10))
    }
}
