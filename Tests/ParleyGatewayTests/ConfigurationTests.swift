import Foundation
import ParleyGateway
import ParleyNetwork
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    private func errors(_ yaml: String, environment: [String: String] = [:]) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try Configuration.parse(yaml, file: "parley.yaml", environment: environment)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("With no file everything has its default, and only loopback is served")
    func embedded() {
        let configuration = Configuration.embedded
        #expect(configuration[Keys.insecure])
        #expect(configuration[Keys.host] == "127.0.0.1")
        #expect(configuration.port == 8080)
        #expect(configuration[Keys.hangover] == .milliseconds(500))
        #expect(configuration[Keys.maxFrameBytes] == 65_536)
        #expect(configuration.twilioAuthTokens.isEmpty)
    }

    @Test("The checkup looks for the engines that are used, and for no others")
    func checkup() throws {
        let used = Configuration.embedded
        #expect(Checkup.run(used).contains { $0.text.hasPrefix("moonshine") })
        let instant = try Configuration.parse(
            "{insecure: true, speech: {recognizer: instant, voice: instant}, vad: {second_opinion: \"off\"}}",
            file: "parley.yaml", environment: [:])
        let findings = Checkup.run(instant).map(\.text)
        for engine in ["moonshine", "flite", "joe", "silero", "capacity"] {
            #expect(!findings.contains { $0.hasPrefix(engine) }, "\(engine)")
        }
    }

    @Test("A file's values are taken, with the line they came from")
    func values() throws {
        let yaml = """
            insecure: true
            turn:
              hangover: 0.2s
            ws: {max_frame_bytes: 32KiB}
            metrics:
              allow: [10.0.0.0/8, "fd00::/8"]
            """
        let configuration = try Configuration.parse(yaml, file: "parley.yaml", environment: [:])
        #expect(configuration[Keys.hangover] == .milliseconds(200))
        #expect(configuration[Keys.maxFrameBytes] == 32_768)
        #expect(configuration[Keys.metricsAllow].map { $0.contains("10.9.8.7") } == [true, false])
        let effective = configuration.effective()
        #expect(effective.count == Keys.all.count)
        #expect(
            effective.first { $0.key == "turn.hangover" }.map { "\($0.value) \($0.source)" } == "200ms parley.yaml:3")
        #expect(effective.first { $0.key == "turn.pause" }.map { "\($0.value) \($0.source)" } == "180ms default")
    }

    @Test(
        "What is wrong is named with file, line, key and mend",
        arguments: [
            (
                "insecure: true\nturn:\n  hangovr: 1s",
                "parley.yaml:3: turn.hangovr: is not a key; did you mean `turn.hangover`?"
            ),
            ("insecure: true\nhangover: 1s", "parley.yaml:2: hangover: is not a key; did you mean `turn.hangover`?"),
            (
                "insecure: true\nturn:\n  hangover: 500",
                "parley.yaml:3: turn.hangover: `500` is not a duration, 100ms to 5s; write for example 500ms"
            ),
            (
                "insecure: true\nturn:\n  hangover: 1h",
                "parley.yaml:3: turn.hangover: `1h` is out of range; write a duration, 100ms to 5s"
            ),
            (
                "insecure: true\nws:\n  max_fragments: 0",
                "parley.yaml:3: ws.max_fragments: a limit cannot be switched off; write a number, 1 to 100000, for example 64"
            ),
            (
                "insecure: true\nws:\n  max_frame_bytes: unlimited",
                "parley.yaml:3: ws.max_frame_bytes: a limit cannot be switched off; "
                    + "write a size, 1KiB to 32MiB, for example 64KiB"
            ),
            (
                "insecure: maybe",
                "parley.yaml:1: insecure: is neither true nor false; write `insecure: false`"
            ),
            (
                "insecure: true\ntwilio:\n  auth_token: abc",
                "parley.yaml:3: twilio.auth_token: a secret does not belong in this file; "
                    + "put it in an environment variable and name that: `auth_token_env: AUTH_TOKEN`"
            ),
            (
                "insecure: true\nserver:\n  host: 0.0.0.0",
                "parley.yaml:3: server.host: insecure mode listens on loopback only, not on 0.0.0.0; "
                    + "set 127.0.0.1, or give credentials and set `insecure: false`"
            ),
            (
                "insecure: true\nspeech:\n  recognizer: moonshin",
                "parley.yaml:3: speech.recognizer: `moonshin` is not known here; write one of moonshine, instant"
            ),
            (
                "insecure: true\nws: 5",
                "parley.yaml:2: ws: holds keys, not a value; put its keys below it, indented"
            ),
            (
                "insecure: true\nturn:\n  pause: 900ms",
                "parley.yaml:3: turn.pause: turn.pause (900ms) is above turn.hangover (500ms); "
                    + "lower the first or raise the second"
            ),
            (
                "insecure: true\nserver:\n  tls: {certificate: a.pem}",
                "parley.yaml: server.tls.key: certificate and key belong together; set both, or neither"
            ),
            (
                "insecure: true\nmetrics:\n  allow: [10.0.0.0/33]",
                "parley.yaml:3: metrics.allow: `10.0.0.0/33` is not a network; write an address like 10.0.0.0/8"
            ),
        ])
    func mistakes(yaml: String, message: String) {
        #expect(errors(yaml) == [message])
    }

    @Test("A file that lets nobody prove anything is refused, unless it says so")
    func credentials() throws {
        #expect(errors("").count == 2)
        let yaml = "server: {public_url: https://voice.example.org}\ntwilio: {auth_token_env: TOKEN}"
        #expect(
            errors(yaml) == [
                "parley.yaml:2: twilio.auth_token_env: the environment has no TOKEN; export it before `parley serve`"
            ])
        let configuration = try Configuration.parse(yaml, file: "f", environment: ["TOKEN": "one, two\n"])
        #expect(configuration.twilioAuthTokens.map(\.revealed) == ["one", "two"])
        let problems = errors(yaml, environment: ["TOKEN": "s3cr\u{1B}et"])
        #expect(problems.count == 1 && problems[0].contains("the secret in TOKEN holds a control character"))
        #expect(!problems[0].contains("s3cr"))
    }

    @Test("Secrets print as stars, wherever they are printed")
    func secrets() throws {
        let canary = "c4n4ry-token"
        let yaml = "server: {public_url: https://voice.example.org}\ntwilio: {auth_token_env: TOKEN}"
        let configuration = try Configuration.parse(yaml, file: "f", environment: ["TOKEN": canary])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains(canary))
        #expect(!"\(configuration)".contains(canary))
        #expect(!"\(configuration.effective())".contains(canary))
        #expect("\(configuration.twilioAuthTokens)" == "[***]")
    }

    @Test(
        "Broken YAML is told with its line",
        arguments: ["insecure: [true", "a: b: c", "- 1\n- 2", "insecure: true\ninsecure: true"])
    func syntax(yaml: String) {
        let errors = errors(yaml)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("parley.yaml") == true)
    }

    @Test("Every key is listed once, and its written default is read back")
    func table() throws {
        #expect(Set(Keys.all.map(\.path)).count == Keys.all.count)
        let reference = Configuration.referenceMarkdown()
        for key in Keys.all {
            #expect(reference.contains("| `\(key.path)` |"))
            #expect(!key.documentation.isEmpty)
            guard !key.standardText.isEmpty, !key.standardText.hasPrefix("["),
                key.path != "insecure"
            else { continue }
            let changed = try Configuration.embedded.setting(key.path, to: key.standardText, option: "--set")
            #expect(changed.effective().first { $0.key == key.path }?.value == key.standardText)
            #expect(changed.effective().first { $0.key == key.path }?.source == "--set")
        }
    }

    @Test("The reference in docs is the one that the code writes")
    func reference() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(page == Configuration.referenceMarkdown())
    }

    @Test("The load tests' configuration is valid")
    func instant() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let configuration = try Configuration.load(
            path: root.appending(path: "Bench/instant.yaml").path, environment: [:])
        #expect(configuration[Keys.maxCalls] == 2_000)
        #expect(configuration[Keys.agentFlow] == "instant")
    }

    @Test(
        "Durations and sizes read back as they are written",
        arguments: [1, 20, 180, 500, 999, 1_000, 1_234, 1_500, 60_000, 3_600_000])
    func quantities(milliseconds: Int) {
        let duration = Duration.milliseconds(milliseconds)
        #expect(Quantity.duration(Quantity.format(duration)) == duration)
        #expect(Quantity.bytes(Quantity.format(bytes: milliseconds)) == milliseconds)
    }

    @Test(
        "Other ways to write a quantity are refused",
        arguments: ["", "1", "ms", "1 s", "-1s", "1e3s", "1.s", ".5s", "1.2345s", "١s", "99999999999s"])
    func notDurations(text: String) {
        #expect(Quantity.duration(text) == nil)
        #expect(Quantity.bytes(text) == nil)
    }
}
