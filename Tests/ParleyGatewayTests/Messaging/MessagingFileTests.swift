import Foundation
import ParleyActions
import ParleyCore
import ParleyGateway
import ParleyMessaging
import ParleyNetwork
import Testing

@Suite("The messaging file")
struct MessagingFileTests {
    private static let clinic = """
        channels:
          clinic-sms:
            provider: twilio
            sender: "+12125550100"
            sender_name: Bright Smile Dental
            footer: "Reply STOP to opt out"
            opt_out_hint: first_and_monthly
            provider_handles_stop: true
            help: "Bright Smile Dental appointment texts. Help: 212-555-0100. Reply STOP to opt out."
            countries: [US, CA]
            link_hosts: [BrightSmile.example]
            max_segments: 2
            language: es-US
            registration: CABC1234
            account: AC0123
            key: SK0123
            secret_env: KEY_SECRET
            signing_env: TOKEN
            url: https://api.dublin.ie1.twilio.com
          desk: {sender_name: Desk}
        actions:
          - name: send_booking_confirmation
            description: Send when the booking is final.
            channel: clinic-sms
            trigger: booking_confirmed
            purpose: transactional_in_call
            recipient: contact
            parameters: {type: object, properties: {booking_reference: {type: string, maxLength: 40}}, required: [booking_reference]}
            message: "Hi, your booking is confirmed! Reference: {{ .parameters.booking_reference }}. Reply to this message if you need to make changes."
            messages: {es: "Referencia: {{ .parameters.booking_reference }}"}
          - name: send_summary_sms
            description: Send a short summary of what was agreed.
            message: ""
        opt_out: {words: [genug], phrases: [laat me met rust], languages: [en, es]}
        events: {secret_env: EVENTS}
        quiet_hours: {from: "09:00", to: "20:30", marketing_from: "10:00", marketing_to: "18:00", in_call_exempt: false}
        caps: {per_call: 2, per_recipient_10min: 4, per_recipient_day: 11, per_caller_hour: 6, per_minute: 61, per_day: 3001}
        outbox: {on_unknown: resend, expires_in_call: 10m, expires: 12h}
        short_links: {base: https://txt.example.org, expires: 7d}
        retention: {texts: 10d, transcripts: 20d, consent: 2000d, audit: 400d}
        """
    private static let secrets = ["KEY_SECRET": "one, two", "TOKEN": "three", "EVENTS": "four\nfive"]

    @Test("A channel has what the file says")
    func channel() throws {
        let plan = try messaging(Self.clinic, secrets: Self.secrets).plan
        var channel = Channel(
            name: "clinic-sms", provider: .twilio, sender: "+12125550100", senderName: "Bright Smile Dental",
            footer: "Reply STOP to opt out", hintRule: .firstAndMonthly, providerHandlesStop: true,
            help: "Bright Smile Dental appointment texts. Help: 212-555-0100. Reply STOP to opt out.")
        channel.countries = ["US", "CA"]
        channel.linkHosts = ["brightsmile.example"]
        channel.maxSegments = 2
        channel.language = "es-US"
        channel.registration = "CABC1234"
        #expect(plan.defaultChannel == channel)
        #expect(plan.channels.map(\.name) == ["clinic-sms", "desk"])
        #expect(
            plan.accounts["clinic-sms"]
                == .twilio(
                    account: "AC0123", key: "SK0123", secret: ProviderSecret("one"), signing: [ProviderSecret("three")],
                    base: "https://api.dublin.ie1.twilio.com"))
        #expect(plan.accounts["desk"] == .recordOnly)
        #expect(plan.eventSecrets == [ProviderSecret("four"), ProviderSecret("five")])
    }

    @Test("What a channel leaves out has its default")
    func channelDefaults() throws {
        let plan = try messaging(
            "channels: {a: {provider: twilio, sender: \"+12125550100\", sender_name: A, account: AC1,"
                + " secret_env: TOKEN}}",
            secrets: ["TOKEN": "one\n\n two ,"]
        ).plan
        #expect(
            plan.defaultChannel == Channel(name: "a", provider: .twilio, sender: "+12125550100", senderName: "A"))
        #expect(plan.defaultChannel.countries == nil)
        #expect(
            plan.accounts["a"]
                == .twilio(
                    account: "AC1", key: nil, secret: ProviderSecret("one"),
                    signing: [ProviderSecret("one"), ProviderSecret("two")], base: nil))
        #expect(plan.quietHours == QuietHours())
        #expect(plan.caps == FraudCaps())
        #expect(plan.outbox == OutboxRules())
        #expect(plan.retention == Retention())
        #expect(plan.shortLinks == nil)
        #expect(plan.eventSecrets.isEmpty)
        #expect(plan.optOutLanguages == .english)
        let bare = try messaging(oneChannel + "actions:\ncaps:\n")
        #expect(bare.registry == .builtIn)
        #expect(bare.plan.defaultChannel.countries == NumberingPlan.standard.countries)
    }

    @Test("The rules for all channels")
    func rules() throws {
        let plan = try messaging(Self.clinic, secrets: Self.secrets).plan
        #expect(plan.quietHours.window == (try QuietWindow(startMinute: 540, endMinute: 1_230)))
        #expect(plan.quietHours.marketingWindow == (try QuietWindow(startMinute: 600, endMinute: 1_080)))
        #expect(!plan.quietHours.isInCallExempt)
        #expect(
            plan.caps
                == FraudCaps(
                    maxInCall: 2, maxPerRecipientInTenMinutes: 4, maxPerRecipientInDay: 11, maxPerCallerInHour: 6,
                    maxPerTenantInMinute: 61, maxPerTenantInDay: 3_001))
        #expect(plan.outbox == OutboxRules(expiresInCallMS: 600_000, expiresMS: 43_200_000, onUnknown: .resend))
        #expect(plan.shortLinks == .init(base: "https://txt.example.org", expiresMS: 604_800_000))
        let day: Int64 = 86_400_000
        #expect(
            plan.retention
                == Retention(
                    textsMS: 10 * day, transcriptsMS: 20 * day, consentMS: 2_000 * day, auditMS: 400 * day))
        let opted = try OptOutLanguages(tags: ["en", "es"]).adding(words: ["genug"], phrases: ["laat me met rust"])
        #expect(plan.optOutLanguages == opted)
    }

    @Test("The two documented actions, as an agent sees them and as they are sent")
    func actions() throws {
        let registry = try messaging(Self.clinic, secrets: Self.secrets).registry
        #expect(
            registry.names == ["record_consent", "send_booking_confirmation", "send_sms", "send_summary_sms"])
        let confirmation = try #require(registry.text(named: "send_booking_confirmation"))
        #expect(registry.text(on: .bookingConfirmed) == confirmation)
        #expect(confirmation.channel == "clinic-sms")
        #expect(confirmation.purpose == "transactional_in_call")
        #expect(confirmation.recipient == .contact)
        let checked = try registry.check(
            ActionRequest(name: "send_booking_confirmation", arguments: #"{"booking_reference":"BK-204815"}"#))
        let (contact, call) = (TextAction.Contact(number: "+12125550123"), TextAction.Call(id: "01J"))
        let english = try confirmation.render(
            parameters: checked.arguments, contact: contact, call: call, language: "en-US")
        #expect(
            english
                == "Hi, your booking is confirmed! Reference: BK-204815. Reply to this message if you need to make "
                + "changes.")
        let spanish = try confirmation.render(
            parameters: checked.arguments, contact: contact, call: call, language: "es-MX")
        #expect(spanish == "Referencia: BK-204815")
        let summary = try #require(registry.text(named: "send_summary_sms"))
        #expect(summary.channel == "clinic-sms")
        #expect(summary.message == nil)
        #expect(summary.schema.properties == ["message"])
        #expect(
            registry.tools.first { $0.name == "send_summary_sms" }?.schema["required"] == .array([.string("message")]))
    }

    @Test("Blocks, quotes and YAML's own words are read as they are meant")
    func yaml() throws {
        let setup = try messaging(
            oneChannel + """
                actions:
                  - name: send_it
                    description: Sends it.
                    parameters:
                      type: object
                      properties:
                        answer: {enum: [yes, no, "true"]}
                        share: {type: number, minimum: 0.5, default: 1.50}
                        flag: {type: boolean, default: true}
                        code: {type: string, default: "007"}
                    message: |
                      Two
                      lines
                """)
        let action = try #require(setup.registry.text(named: "send_it"))
        let answers = JSON.array([.string("yes"), .string("no"), .string("true")])
        #expect(action.schema.property("answer")?.json["enum"] == answers)
        let checked = try setup.registry.check(ActionRequest(name: "send_it", arguments: ""))
        #expect(checked.canonical == #"{"code":"007","flag":true,"share":1.5}"#)
    }

    @Test("A file is read from its path, with a byte order mark and without")
    func load() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "messaging-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for text in [oneChannel, "\u{FEFF}" + oneChannel] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(try MessagingFile.load(path: path, environment: [:]).plan.defaultChannel.name == "desk")
        }
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
        #expect(throws: ConfigurationErrors.self) { _ = try MessagingFile.load(path: path, environment: [:]) }
        #expect(throws: ConfigurationErrors.self) {
            _ = try MessagingFile.load(path: path + ".none", environment: [:])
        }
    }

    @Test("Without a file there are the built-in actions and a channel that carries nothing")
    func none() {
        let setup = MessagingSetup.recordOnly("Bright Smile Dental")
        #expect(setup.registry == .builtIn)
        #expect(setup.plan == .recordOnly("Bright Smile Dental"))
    }
}
