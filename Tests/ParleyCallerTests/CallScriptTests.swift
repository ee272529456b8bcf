import ParleyCore
import Testing

@testable import ParleyCaller

@Suite("A call script")
struct CallScriptTests {
    @Test("Everything a script can say is read")
    func whole() throws {
        let script = try CallScript.parse(
            """
            caller: "+15550100001"
            background: hum.wav
            utterances:
              - wav: a.wav
                text: "I'd like a cleaning."
                say: {after_quiet: 600ms}
              - keys: "12#"
                say: {at: 3s}
              - wav: sub/b.wav
                say: {into_agent: 1.5s}
            hangup: {after_quiet: 2m}
            expect:
              variables: {reason: cleaning, weekday(when): tuesday, time(when): "15:00"}
              agent_says: ["on its way", "/sent|texted/"]
              agent_does_not_say: [goodbye]
              caller_says: [cleaning]
              messages: 1
              message_contains: [STOP]
              consent: granted
              end: agent_ended
              barge_ins: 2
              resumed: ">=1"
              backchannels: 0
              keyed_turns: 3
              max_duration: 90s
            """, name: "x", file: "call.yaml")
        #expect(script.caller == "+15550100001")
        #expect(script.background == "hum.wav")
        #expect(
            script.lines == [
                .init(.speech(wav: "a.wav", text: "I'd like a cleaning."), .afterQuiet(.milliseconds(600))),
                .init(.keys([.one, .two, .pound]), .at(.milliseconds(3_000))),
                .init(.speech(wav: "sub/b.wav", text: ""), .intoAgent(.milliseconds(1_500))),
            ])
        #expect(script.hangUp == .afterQuiet(.milliseconds(120_000)))
        #expect(script.expect.variables.map(\.reading) == [.value, .weekday, .time])
        #expect(script.expect.variables.map(\.name) == ["reason", "when", "when"])
        #expect(script.expect.messages == .exactly(1))
        #expect(script.expect.resumed == .atLeast(1))
        #expect(script.expect.consent == .granted)
        #expect(script.expect.maxDuration == .milliseconds(90_000))
    }

    @Test(
        "A slip is named by file, line and key",
        arguments: [
            ("utterances: []\nexpects: {}", 2, "expects", "unknown key"),
            ("caller: +1 555\nutterances: []", 1, "caller", "is no number"),
            ("caller: \"+15550100001\"", 1, "utterances", "is missing"),
            ("utterances:\n  - wav: a.wav", 2, "say", "is missing"),
            ("utterances:\n  - say: {at: 1s}", 2, "wav", "is missing"),
            ("utterances:\n  - wav: ../a.wav\n    say: {at: 1s}", 2, "wav", "inside the fixture's folder"),
            ("utterances:\n  - wav: a.wav\n    say: {at: soon}", 3, "say.at", "is no duration"),
            ("utterances:\n  - wav: a.wav\n    say: {at: -3s}", 3, "say.at", "is no duration"),
            ("utterances:\n  - wav: a.wav\n    say: {at: 1s, after_quiet: 1s}", 3, "say", "exactly one of"),
            ("utterances:\n  - keys: \"1x\"\n    say: {at: 1s}", 2, "keys", "is no key"),
            ("utterances:\n  - keys: \"1\"\n    wav: a.wav\n    say: {at: 1s}", 3, "wav", "does not go with"),
            ("utterances: []\nexpect: {end: bored}", 2, "end", "is no end reason"),
            ("utterances: []\nexpect: {consent: maybe}", 2, "consent", "none of granted"),
            ("utterances: []\nexpect: {messages: some}", 2, "messages", "is no count"),
            ("utterances: []\nexpect: {agent_says: [\"/(/\"]}", 2, "agent_says", "not a regular expression"),
            ("utterances: []\nexpect:\n  variables: {day(when): x}", 3, "day(when)", "unknown reading"),
            ("utterances: []\nutterances: []", 2, "", "twice"),
            ("utterances: [", 2, "", ""),
        ] as [(String, Int, String, String)])
    func slips(yaml: String, line: Int, key: String, words: String) {
        do {
            _ = try CallScript.parse(yaml, name: "x", file: "f/call.yaml")
            Issue.record("was accepted: \(yaml)")
        } catch {
            #expect(error.file == "f/call.yaml")
            #expect(abs(error.line - line) <= (key.isEmpty ? 1 : 0), "line \(error.line) of: \(yaml)")
            #expect(error.key == key)
            #expect(words.isEmpty || error.problem.contains(words), "\(error)")
        }
    }

    @Test("A folder without a script is an error that names the file")
    func missing() {
        #expect(throws: CallScriptError.self) { try CallScript.load(folder: "/nowhere/at-all") }
    }

    @Test("Durations", arguments: [("600ms", 600), ("3s", 3_000), ("1.5s", 1_500), ("2m", 120_000), ("0ms", 0)])
    func durations(text: String, milliseconds: Int) {
        #expect(CallTime(written: text) == .milliseconds(milliseconds))
    }

    @Test("What is no duration", arguments: ["", "3", "s", "3 s", "-1s", "1h", "1e3s", "1.2.3s", "99999999999s"])
    func noDurations(text: String) {
        #expect(CallTime(written: text) == nil)
    }
}
