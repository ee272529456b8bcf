import Foundation
import ParleyGateway
import Testing

@Suite("What a messaging file is refused for")
struct MessagingFileErrorTests {
    @Test(
        "The file as a whole",
        arguments: [
            ("", "m.yaml: is empty; write `channels:` and one channel below it"),
            ("[1]", "m.yaml:1: should be keys and values; put one `key: value` a line, indented"),
            ("a: [", "m.yaml:2: did not find expected node content; mend the YAML: indent with spaces, one key once"),
            (
                "channels: &c {}\ncaps: *c",
                "m.yaml:2: `*c` repeats `&c`, and aliases are not taken; write the value out"
            ),
            (
                "channels: {}\nchannels: {}",
                "m.yaml:1: the key `channels` stands twice; mend the YAML: indent with spaces, one key once"
            ),
            (
                "actions: []",
                "m.yaml:1: channels: is missing; write for example `channels: {clinic-sms: {sender_name: ...}}`"
            ),
            (
                "channels:",
                "m.yaml:1: channels: has no channel, or more than 100; write one, as `clinic-sms:`, and its"
                    + " keys below it"
            ),
            (oneChannel + "chanels: {}", "m.yaml:2: chanels: is not a key; did you mean `channels`?"),
        ])
    func whole(yaml: String, error: String) {
        #expect(messagingErrors(yaml) == [error])
    }

    @Test(
        "A channel's values",
        arguments: [
            ("sender_name: A\n    sendr: 1", "4: channels.a.sendr: is not a key; did you mean `sender`?"),
            (
                "sender_name: A\n    auth_token: hush",
                "4: channels.a.auth_token: a secret does not belong in this file; put it in an environment variable and"
                    + " name that, as in `secret_env: TWILIO_AUTH_TOKEN`"
            ),
            (
                "sender: \"12345\"",
                "2: channels.a.sender_name: is missing; write for example `sender_name: Bright Smile Dental`"
            ),
            ("sender_name:", "3: channels.a.sender_name: is empty; write a value, or leave the key out"),
            (
                "sender_name: A\n    provider: twillio",
                "4: channels.a.provider: `twillio` is not known here; did you mean `twilio`? write one of"
                    + " twilio, telnyx,"
                    + " vonage, webhook, record_only"
            ),
            (
                "sender_name: A\n    footer: \"\"",
                "4: channels.a.footer: is empty, so nobody would know how to opt out; leave it out, or set"
                    + " `provider_adds_hint: true` where the provider adds the hint"
            ),
            (
                "sender_name: A\n    max_segments: 0",
                "4: channels.a.max_segments: a limit cannot be switched off; write a number, 1 to 10"
            ),
            (
                "sender_name: A\n    max_segments: 11",
                "4: channels.a.max_segments: `11` is not a number, 1 to 10; write a number, 1 to 10"
            ),
            (
                "sender_name: A\n    countries: [UK]",
                "4: channels.a.countries: `UK` is not the code of a country; did you mean `GB`?"
            ),
            (
                "sender_name: A\n    countries: [us]",
                "4: channels.a.countries: `us` is not the code of a country; did you mean `US`?"
            ),
            (
                "sender_name: A\n    link_hosts:\n      - a.example\n      - https://b.example",
                "6: channels.a.link_hosts: `https://b.example` is not a host; write the host alone, as"
                    + " brightsmile.example"
            ),
            (
                "sender_name: A\n    language: english",
                "4: channels.a.language: `english` is not a language tag; write for example en-US"
            ),
            (
                "sender_name: A\n    sender: Bright Smile Dental",
                "4: channels.a.sender: `Bright Smile Dental` is nothing that a text can come from; write a number as"
                    + " \"+12125550100\", a service (MG...), whatsapp:+..., rcs:..., a name of 3 to 11 letters"
                    + " and digits,"
                    + " or a short code"
            ),
            (
                "sender_name: A\n    provider_handles_stop: yes",
                "4: channels.a.provider_handles_stop: is neither true nor false; write `provider_handles_stop:"
                    + " true` or `provider_handles_stop: false`"
            ),
        ])
    func channel(keys: String, error: String) {
        #expect(messagingErrors("channels:\n  a:\n    \(keys)") == ["m.yaml:\(error)"])
    }

    @Test("A channel's name is what consent is given to, and plain")
    func channelName() {
        #expect(
            messagingErrors("channels: {Clinic: {sender_name: A}}")
                == [
                    "m.yaml:1: channels.Clinic: is not a channel's name; use a-z, 0-9 and `-`, at most 64, as"
                        + " `clinic-sms`"
                ])
    }

    @Test(
        "A provider's credentials and sender",
        arguments: [
            (
                "twilio, sender: \"+12125550100\", account: AC1",
                "secret_env: is missing; write for example `secret_env: TWILIO_AUTH_TOKEN`"
            ),
            (
                "twilio, account: AC1, secret_env: TOKEN",
                "sender: is missing; write for example `sender: \"+12125550100\"`"
            ),
            (
                "twilio, sender: \"+12125550100\", secret_env: TOKEN",
                "account: is missing; write the account's SID (AC...)"
            ),
            (
                "twilio, sender: \"+12125550100\", account: hush, secret_env: TOKEN",
                "account: is not the account's SID (AC...); copy it from the provider's console"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, secret_env: NONE",
                "secret_env: the environment has no NONE; export it before `parley serve`"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, secret_env: 0123abcdef",
                "secret_env: is not the name of an environment variable; export the secret, for example as"
                    + " TWILIO_AUTH_TOKEN, and write that name"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, secret_env: TOKEN, secret_file: x",
                "secret_file: the secret has two sources; keep `secret_env` or `secret_file`"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, secret_file: /nowhere/at/all",
                "secret_file: /nowhere/at/all cannot be read; write the secret there, mode 0600"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, key: SK1, secret_env: TOKEN",
                "signing_env: is missing: webhooks are signed with the auth token; write for example"
                    + " `signing_env: TWILIO_AUTH_TOKEN`"
            ),
            (
                "twilio, sender: Bright, account: AC1, secret_env: TOKEN",
                "countries: is missing: the sender names no country by itself; write for example `countries: [US]`"
            ),
            (
                "twilio, sender: 123e4567-e89b-12d3-a456-426614174000, countries: [US], account: AC1,"
                    + " secret_env: TOKEN",
                "sender: twilio has no sender of this form; write a number, or use the provider that the sender"
                    + " belongs to"
            ),
            (
                "twilio, sender: \"+12125550100\", account: AC1, secret_env: TOKEN, url: \"http://example.org\"",
                "url: is not encrypted, and the host is another machine; write for example"
                    + " `url: https://api.dublin.ie1.twilio.com`"
            ),
            (
                "telnyx, sender: \"+12125550100\", secret_env: TOKEN",
                "signing_env: is missing: without it no STOP and no report is believed; write for example"
                    + " `signing_env: TELNYX_PUBLIC_KEY`"
            ),
            (
                "telnyx, sender: \"+12125550100\", secret_env: TOKEN, signing_env: TOKEN",
                "signing_env: cannot be used; public_keys[0] is not an Ed25519 key: copy it from the provider's portal"
                    + " (base64 of 32 bytes)"
            ),
            (
                "vonage, sender: \"+12125550100\", account: a1, key: SK1, secret_env: TOKEN, signing_env: TOKEN",
                "key: does nothing for vonage; leave it out"
            ),
            (
                "webhook, sender: \"+12125550100\", secret_env: TOKEN",
                "url: is missing; write for example `url: https://bridge.example.org/texts`"
            ),
            (
                "webhook, sender: \"+12125550100\", url: \"https://b.example/in\"",
                "secret_env: is missing; write for example `secret_env: PARLEY_WEBHOOK_SECRET`"
            ),
        ])
    func account(keys: String, error: String) {
        let found = messagingErrors("channels: {a: {sender_name: A, provider: \(keys)}}")
        #expect(found == ["m.yaml:1: channels.a.\(error)"])
        #expect(!found.joined().contains("hush") && !found.joined().contains("0123abcdef"))
    }

    @Test("A secret's file is for nobody else")
    func mode() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let yaml = """
            channels: {a: {sender_name: A, provider: twilio, sender: "+12125550100", account: AC1, secret_file: \(file)}}
            """
        #expect(FileManager.default.createFile(atPath: file, contents: Data("hush\n".utf8)))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(
            messagingErrors(yaml) == [
                "m.yaml:1: channels.a.secret_file: \(file) can be read by others; chmod 600 \(file)"
            ])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(messagingErrors(yaml) == [])
    }

    @Test("A channel under record_only keeps its credentials unread")
    func triedOut() {
        let yaml = "channels: {a: {sender_name: A, provider: record_only, account: AC1, secret_env: NONE}}"
        #expect(messagingErrors(yaml) == [])
    }

    @Test(
        "An action's values",
        arguments: [
            ("name: send_sms, description: D", "name: `send_sms` is built in; name it otherwise"),
            (
                "name: send_it",
                "description: is missing; write for example `description: Send when the booking is final.`"
            ),
            ("name: send_it, description: D, chanel: desk", "chanel: is not a key; did you mean `channel`?"),
            ("name: send_it, description: D, channel: dsk", "channel: there is no channel `dsk`; did you mean `desk`?"),
            (
                "name: send_it, description: D, trigger: booking_confirm",
                "trigger: `booking_confirm` is not known here; did you mean `booking_confirmed`? write one of"
                    + " booking_confirmed, payment_captured, escalation_accepted, caller_requested"
            ),
            (
                "name: send_it, description: D, purpose: info",
                "purpose: `info` is not known here; write one of transactional_in_call, informational, marketing"
            ),
            (
                "name: send_it, description: D, recipient: \"911\"",
                "recipient: is not a number that can be texted (number_short_or_emergency); write `contact`, a"
                    + " number as"
                    + " \"+12125550123\", or \"{{ .parameters.number }}\""
            ),
            (
                "name: send_it, description: D, recipient: \"{{ .parameters.number }}\"",
                "recipient: column 4 of the text: `.parameters.number` is not there; the action has no parameters"
            ),
            (
                "name: send_it, description: D, message: \"Hi {{ .foo }}\"",
                "message: column 7 of the text: `.foo` is not there; did you mean `.parameters.foo`?"
            ),
            (
                "name: send_it, description: D, message: \"Hi {{ .contact.name\"",
                "message: column 4 of the text: this action is not closed; end it with `}}`"
            ),
            (
                "name: send_it, description: D, messages: {es: Hola}",
                "messages: there is no text for the other languages; write it as `message`, beside these"
            ),
            (
                "name: send_it, description: D, message: Hi, messages: {spanish: Hola}",
                "messages.spanish: is not a language tag; write for example es, or pt-BR"
            ),
            (
                "name: send_it, description: D, message: Hi, parameters: {type: object, propertys: {}}",
                "parameters.propertys: is not supported; leave it out"
            ),
            (
                "name: send_it, description: D, message: Hi, parameters: {type: string}",
                "parameters.type: must be object; mend it as JSON Schema has it"
            ),
        ])
    func action(keys: String, error: String) {
        let found = messagingErrors(oneChannel + "actions:\n  - {\(keys)}")
        let name = keys.hasPrefix("name: send_sms") ? "send_sms" : "send_it"
        #expect(found == ["m.yaml:3: actions.\(name).\(error)"])
    }

    @Test("Names and triggers are for one action each")
    func twice() {
        let yaml = """
            actions:
              - {name: send_it, description: D, trigger: booking_confirmed, message: A}
              - {name: send_it, description: D, message: B}
              - {name: send_more, description: D, trigger: booking_confirmed, message: C}
              - {name: Send More, description: D, message: D}
            """
        #expect(
            messagingErrors(oneChannel + yaml) == [
                "m.yaml:4: actions.send_it.name: `send_it` is the name of an action before; name each action otherwise",
                "m.yaml:5: actions.send_more.trigger: `send_it` has the trigger booking_confirmed already; keep"
                    + " one of the"
                    + " two; for another language write `messages`",
                "m.yaml:6: actions.4.name: `Send More` is not an action's name; use a-z, 0-9 and `_`, at most 64, as"
                    + " send_booking_confirmation",
            ])
    }

    @Test("A fault in a block of text, or deep in a schema, has its own line")
    func lines() {
        let yaml = """
            actions:
              - name: send_it
                description: Sends it.
                parameters:
                  type: object
                  properties:
                    time:
                      type: string
                      format: clock
                message: |
                  Hello
                  {{ .contact.nam }}
            """
        let found = messagingErrors(oneChannel + yaml)
        #expect(found.count == 2)
        #expect(
            found.first?.hasPrefix("m.yaml:10: actions.send_it.parameters.properties.time.format: must be one of")
                == true)
        #expect(
            found.last
                == "m.yaml:13: actions.send_it.message: column 4 of the text: `.contact.nam` is not there; did you mean"
                + " `.contact.name`?")
    }

    @Test(
        "The rules for all channels",
        arguments: [
            ("caps: {per_call: 0}", "caps.per_call: a limit cannot be switched off; write a number, 1 to 1000000"),
            (
                "caps: {per_call: unlimited}",
                "caps.per_call: a limit cannot be switched off; write a number, 1 to 1000000"
            ),
            ("caps: {per_cal: 1}", "caps.per_cal: is not a key; did you mean `per_call`?"),
            (
                "outbox: {expires: 8d}",
                "outbox.expires: `8d` is not a time as 24h, 1m to 7d; write a time as 24h, 1m to 7d"
            ),
            (
                "outbox: {expires: \"15\"}",
                "outbox.expires: `15` is not a time as 24h, 1m to 7d; write a time as 24h, 1m to 7d"
            ),
            (
                "outbox: {on_unknown: retry}",
                "outbox.on_unknown: `retry` is not known here; write one of hold, resend"
            ),
            (
                "quiet_hours: {from: \"21:00\", to: \"08:00\"}",
                "quiet_hours.to: the hours in which texts may arrive end before they begin; write a window"
                    + " within one day,"
                    + " as \"08:00\" to \"21:00\""
            ),
            (
                "quiet_hours: {from: 8am}",
                "quiet_hours.from: `8am` is not a time of day; write for example `from: \"08:00\"`"
            ),
            (
                "short_links: {expires: 1d}",
                "short_links.base: is missing; write for example `base: https://txt.example.org`"
            ),
            (
                "short_links: {base: \"https://txt.example.org/\"}",
                "short_links.base: ends in a slash; write for example `base: https://txt.example.org`"
            ),
            (
                "retention: {texts: never}",
                "retention.texts: a limit cannot be switched off; write a time as 30d, 1d to 3660d"
            ),
            (
                "retention: {consent: 10d}",
                "retention.consent: texts would be kept longer than the consent to them; keep `consent` at"
                    + " least as long as"
                    + " `texts`"
            ),
            ("events: {}", "events.secret_env: is missing; write for example `secret_env: PARLEY_EVENTS_SECRET`"),
            (
                "opt_out: {words: [\"yes\"]}",
                "opt_out.words: an entry means yes, no, help, start or cancel already; leave it out"
            ),
            (
                "opt_out: {words: [a], phrases: [\"...\"]}",
                "opt_out.phrases: an entry has no letters; write a word, or leave it out"
            ),
            (
                "opt_out: {languages: [pl]}",
                "opt_out.languages: `pl` has no built-in words; add `words`, with what opts out in it"
            ),
            ("opt_out: stop", "opt_out: should be keys and values; put one `key: value` a line, indented"),
        ])
    func rules(yaml: String, error: String) {
        #expect(messagingErrors(oneChannel + yaml) == ["m.yaml:2: \(error)"])
    }

    @Test("All that is wrong comes at once, in the file's order")
    func atOnce() {
        let yaml = """
            caps: {per_call: 0}
            channels:
              a: {sender: "+12125550100"}
              b: {sender_name: B, provider: twilio}
            actions:
              - {name: send_it, description: D, channel: c, message: "{{ .x }} {{ .y }}"}
            """
        let found = messagingErrors(yaml)
        #expect(
            found.map { $0.prefix(while: { $0 != ";" }) } == [
                "m.yaml:1: caps.per_call: a limit cannot be switched off",
                "m.yaml:3: channels.a.sender_name: is missing",
                "m.yaml:4: channels.b.account: is missing",
                "m.yaml:4: channels.b.secret_env: is missing",
                "m.yaml:4: channels.b.sender: is missing",
                "m.yaml:6: actions.send_it.channel: there is no channel `c`",
                "m.yaml:6: actions.send_it.message: column 4 of the text: `.x` is not there",
                "m.yaml:6: actions.send_it.message: column 13 of the text: `.y` is not there",
            ])
    }

    @Test("What an error quotes stays on one line")
    func quoted() {
        let found = messagingErrors(oneChannel + "\"x\\ny\\u202e\": 1")
        #expect(found.count == 1)
        #expect(found.first?.contains("x\u{FFFD}y\u{FFFD}") == true)
    }
}
