import ParleyActions
import ParleyGateway
import ParleyMessaging
import ParleyNetwork
import Testing

@Suite("Webhook actions in a messaging file")
struct WebhookFileTests {
    private static let head = "actions:\n  - name: free_times\n    kind: webhook\n    description: Looks it up.\n"

    @Test("A file may have webhooks alone: texts are written down then, and go no further")
    func alone() throws {
        let setup = try MessagingFile.parse(
            Self.head + "    url: https://api.example.org/slots\n", file: "m.yaml", sender: "Bright Smile",
            environment: [:])
        #expect(setup.plan.channels.map(\.name) == ["Bright Smile"])
        #expect(setup.plan.channels.allSatisfy { $0.provider == .recordOnly })
        let webhook = try #require(setup.registry.webhook(named: "free_times"))
        #expect(webhook.method == .get && webhook.retries == 1 && webhook.timeoutMS == 5_000 && !webhook.isAbandonable)
        #expect(setup.webhooks["free_times"]?.rules == AddressRules())
        #expect(setup.registry.tools.map(\.name) == ["free_times", "record_consent", "send_sms"])
        #expect(setup.registry.text(named: "free_times") == nil)
    }

    @Test("Beside texts, with all that a webhook may have; no secret is in what prints")
    func whole() throws {
        let setup = try messaging(
            oneChannel + """
                actions:
                  - {name: send_it, description: Sends it., message: Hello}
                  - name: book
                    kind: webhook
                    description: Books it.
                    parameters: {type: object, properties: {seats: {type: integer}, day: {type: string}}, required: [day]}
                    method: PUT
                    url: "https://api.example.org:8443/v1/{{ .parameters.day }}?src=parley"
                    headers: {X-Clinic: main, X-Who: "{{ .contact.number }}"}
                    header_env: {Authorization: TOKEN}
                    body: {seats: "{{ .parameters.seats }}", tags: [a, "{{ .call.reference }}"], now: true}
                    timeout: 8s
                    retries: 3
                    idempotency_key: Idempotency-Key
                    signing_env: TOKEN
                    result: {reference: booking.reference}
                    abandon_ok: true
                    allow_private: [10.20.0.0/16, "fd12:3456::/32"]
                """)
        let webhook = try #require(setup.registry.webhook(named: "book"))
        #expect(webhook.method == .put && webhook.timeoutMS == 8_000 && webhook.retries == 3 && webhook.isAbandonable)
        #expect(webhook.idempotencyHeader == "Idempotency-Key")
        #expect(webhook.result.fields.map(\.name) == ["reference"])
        let access = try #require(setup.webhooks["book"])
        #expect(access.headers.map(\.value.revealed) == ["hush"] && access.signing.count == 1)
        #expect(access.rules.allowed.map(\.description) == ["10.20.0.0/16", "fd12:3456:0:0:0:0:0:0/32"])
        #expect(!"\(setup)".contains("hush"))
        var dumped = ""
        dump(setup, to: &dumped)
        #expect(!dumped.contains("hush"))
    }

    @Test(
        "What is wrong is told with its line and its mend",
        arguments: [
            (
                "url: ftp://a.example",
                "5: actions.free_times.url: does not begin with https://; write for example `url: https://api.example.org/v1/slots`"
            ),
            (
                "method: GET",
                "2: actions.free_times.url: is missing; write for example `url: https://api.example.org/v1/slots?day={{ .parameters.day }}`"
            ),
            (
                "url: http://a.example/",
                "5: actions.free_times.url: is not encrypted; write https://, or `allow_http: true` where everybody on the way is trusted"
            ),
            (
                "url: https://10.0.0.1/",
                "5: actions.free_times.url: its address is one that nothing is sent to (private); write `allow_private: [10.0.0.1]` if that machine is meant"
            ),
            (
                "url: https://169.254.169.254/",
                "5: actions.free_times.url: its address is one that nothing is sent to (metadata); write another address"
            ),
            (
                "url: https://0x7f.1/",
                "5: actions.free_times.url: its host can be read in more than one way; write a name, or an address as 192.0.2.1 or [2001:db8::1]"
            ),
            (
                "url: \"https://a.example/{{ .parameters.day }}\"",
                "5: actions.free_times.url: column 4 of its text: `.parameters.day` is not there; the action has no parameters"
            ),
            (
                "url: https://a.example/\n    methd: GET",
                "6: actions.free_times.methd: is not a key; did you mean `method`?"
            ),
            (
                "url: https://a.example/\n    method: FETCH",
                "6: actions.free_times.method: `FETCH` is not known here; did you mean `PATCH`? write one of GET, POST, PUT, PATCH, DELETE"
            ),
            (
                "url: https://a.example/\n    method: GET\n    body: {a: 1}",
                "7: actions.free_times.body: a GET has none; put the values into the path or the query, or write `method: POST`"
            ),
            (
                "url: https://a.example/\n    body:\n      a: 1\n      b: \"{{ .parameters.day }}\"",
                "8: actions.free_times.body.b: column 4 of its text: `.parameters.day` is not there; the action has no parameters"
            ),
            (
                "url: https://a.example/\n    method: POST\n    retries: 1",
                "7: actions.free_times.retries: what is sent twice may be done twice; name the header that tells the server it is the same, as `idempotency_key: Idempotency-Key`"
            ),
            (
                "url: https://a.example/\n    retries: 4",
                "6: actions.free_times.retries: `4` is not a number, 0 to 3; write 1"
            ),
            (
                "url: https://a.example/\n    timeout: 11s",
                "6: actions.free_times.timeout: `11s` is not a time as 5s, 100ms to 10s; write a time as 5s, 100ms to 10s"
            ),
            (
                "url: https://a.example/\n    headers: {Host: a}",
                "6: actions.free_times.headers.Host: is set by Parley itself; leave it out"
            ),
            (
                "url: https://a.example/\n    headers: {\"X Y\": a}",
                "6: actions.free_times.headers.X Y: is not the name of a header; use letters, digits and `-`, as X-Clinic"
            ),
            (
                "url: https://a.example/\n    headers: {Authorization: Bearer x}",
                "6: actions.free_times.headers.Authorization: a secret does not belong in this file; export it and name that variable, as in `header_env: {Authorization: BOOKING_AUTHORIZATION}`"
            ),
            (
                "url: https://a.example/\n    header_env: {X-Key: my-secret}",
                "6: actions.free_times.header_env.X-Key: is not the name of an environment variable; export the header's value, for example as BOOKING_AUTHORIZATION, and write that name"
            ),
            (
                "url: https://a.example/\n    header_env: {X-Key: NOWHERE}",
                "6: actions.free_times.header_env.X-Key: the environment has no NOWHERE; export it before `parley serve`"
            ),
            (
                "url: https://a.example/\n    signing_env: NOWHERE",
                "6: actions.free_times.signing_env: the environment has no NOWHERE; export it before `parley serve`"
            ),
            (
                "url: https://a.example/\n    idempotency_key: \"a b\"",
                "6: actions.free_times.idempotency_key: is not the name of a header; write `idempotency_key: Idempotency-Key`"
            ),
            (
                "url: https://a.example/\n    result: {First: a}",
                "6: actions.free_times.result.First: is not a variable's name; use a-z, 0-9 and `_`, at most 64, as first_free"
            ),
            (
                "url: https://a.example/\n    result: {first: a..b}",
                "6: actions.free_times.result.first: is not a path into the answer; write names and places parted by dots, as `slots.0.time`"
            ),
            (
                "url: https://a.example/\n    allow_private: [8.8.8.0/24]",
                "6: actions.free_times.allow_private: `8.8.8.0/24` is no range of private addresses; write for example 10.20.0.0/16, 127.0.0.1 or fd12:3456::/32"
            ),
            (
                "url: https://a.example/\n    allow_private: [0.0.0.0/0]",
                "6: actions.free_times.allow_private: `0.0.0.0/0` is no range of private addresses; write for example 10.20.0.0/16, 127.0.0.1 or fd12:3456::/32"
            ),
            (
                "url: https://a.example/\n    abandon_ok: maybe",
                "6: actions.free_times.abandon_ok: is neither true nor false; write `abandon_ok: true` or `abandon_ok: false`"
            ),
            (
                "url: https://a.example/\n    message: Hi",
                "6: actions.free_times.message: is not a key; here may stand name, kind, description, parameters, method, url, headers, header_env, body, timeout, retries, idempotency_key, signing_env, signing_file, result, abandon_ok, allow_private, allow_http"
            ),
        ])
    func errors(yaml: String, error: String) {
        #expect(messagingErrors(Self.head + "    \(yaml)\n") == ["m.yaml:" + error])
    }

    @Test("A kind that is not known, a name that is taken, a name of what happens in a call")
    func names() {
        #expect(
            messagingErrors(oneChannel + "actions: [{name: a, kind: webhok, description: A.}]")
                == [
                    "m.yaml:2: actions.a.kind: `webhok` is not known here; did you mean `webhook`? write one of text, webhook"
                ])
        let twice = "{name: a, kind: webhook, description: A., url: \"https://a.example/\"}"
        #expect(
            messagingErrors("actions: [\(twice), \(twice)]")
                == ["m.yaml:1: actions.a.name: `a` is the name of an action before; name each action otherwise"])
        #expect(
            messagingErrors(
                "actions: [{name: booking_confirmed, kind: webhook, description: A., url: \"https://a.example/\"}]")
                == [
                    "m.yaml:1: actions.booking_confirmed.name: `booking_confirmed` is what happens in a call; name it by what it does"
                ])
    }

    @Test("Texts still need a channel")
    func channels() {
        let both =
            "actions:\n  - {name: a, kind: webhook, description: A., url: \"https://a.example/\"}\n  - {name: b, description: B., message: Hi}\n"
        #expect(
            messagingErrors(both)
                == ["m.yaml:1: channels: is missing; write for example `channels: {clinic-sms: {sender_name: ...}}`"])
    }
}
