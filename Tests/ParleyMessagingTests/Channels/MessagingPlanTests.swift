import ParleyMessaging
import Testing

@Suite("What an operator decides about texting")
struct MessagingPlanTests {
    private static let secret = ProviderSecret("hush")

    @Test("Without a file there is one channel that carries nothing, under the name that consent was given to")
    func recordOnly() throws {
        let plan = MessagingPlan.recordOnly("Bright Smile Dental")
        #expect(plan.channels == [plan.defaultChannel])
        #expect(plan.defaultChannel.name == "Bright Smile Dental")
        #expect(plan.defaultChannel.senderName == "Bright Smile Dental")
        #expect(try plan.format(of: "Bright Smile Dental") == nil)
        let rules = plan.defaultChannel.countryRules(ownSenders: plan.ownSenders)
        let london = try PhoneNumber("+442079460123")
        let decision = rules.decide(london, as: .caller, sender: "", facts: NumberingPlan.standard)
        #expect(decision == .allowed)
    }

    @Test("The first channel is the default, and a name counts once")
    func channels() {
        let plan = MessagingPlan(
            Channel(name: "a", sender: "+12125550100", senderName: "A"),
            [
                Channel(name: "b", sender: "+18885550100", senderName: "B"), Channel(name: "a", senderName: "C"),
                Channel(name: "c", sender: "whatsapp:+12125550100", senderName: "C"),
            ])
        #expect(plan.channels.map(\.name) == ["a", "b", "c"])
        #expect(plan.defaultChannel.name == "a")
        #expect(plan.channel("b")?.senderName == "B")
        #expect(plan.channel("d") == nil)
        #expect(plan.ownSenders.map(\.e164) == ["+12125550100"])
    }

    @Test(
        "Each account makes its provider's format",
        arguments: [
            (.twilio(account: "AC1", key: nil, secret: secret, signing: [secret], base: nil), "twilio"),
            (.vonage(key: "1a", secret: secret, signing: [], base: "http://127.0.0.1:9"), "vonage"),
            (.webhook(url: "https://bridge.example.org", secrets: [secret]), "webhook"),
            (.telnyx(apiKey: secret, publicKeys: [], base: nil), "telnyx"), (.recordOnly, nil),
        ] as [(ProviderAccount, String?)])
    func formats(account: ProviderAccount, name: String?) throws {
        let plan = MessagingPlan(Channel(name: "a", senderName: "A"), accounts: ["a": account])
        #expect(try plan.format(of: "a")?.name == name)
        #expect(try plan.format(of: "b") == nil)
        #expect(account.provider.rawValue == name ?? "record_only")
        #expect(!"\(plan)".contains("hush"))
    }

    @Test("A key that is none is told")
    func badKey() {
        let account = ProviderAccount.telnyx(apiKey: Self.secret, publicKeys: ["short"], base: nil)
        #expect(throws: ProviderFault.badPublicKey(index: 0)) { _ = try account.format() }
    }

    @Test("An answer to HELP names the sender and the way out")
    func help() {
        let channel = Channel(name: "a", senderName: "Bright Smile Dental")
        #expect(channel.help == "Bright Smile Dental texts. Msg & data rates may apply. Reply STOP to opt out.")
    }
}
