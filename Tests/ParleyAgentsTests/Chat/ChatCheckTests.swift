import Foundation
import ParleySpeech
import Testing

@testable import ParleyAgents

@Suite("A chat agent's settings before a call")
struct ChatCheckTests {
    private func problems(_ values: [String: String], targets: [String] = []) -> [String] {
        let settings = EngineSettings(
            name: "gpt", options: ChatAdapter.options, values: values, lists: ["transfer_targets": targets])
        return ChatAdapter.problems(settings).map { "\($0.option): \($0.message)" }
    }

    @Test("All that is wrong is told at once, each with its option and its place in the text")
    func all() {
        let found = problems(
            [
                "prompt": "You are Robin.\nToday is {{ .now.weekday }", "greeting": "Hello {{ .caller.number }}",
                "time_zone": "Mars/Base",
            ], targets: ["reception", "0800 123 4567"])
        #expect(found.count == 4)
        #expect(found.first?.hasPrefix("prompt: line 2, column ") == true)
        #expect(found.dropFirst().first?.hasPrefix("greeting: line 1, column ") == true)
        #expect(found.dropFirst().first?.hasSuffix("not every call has it: write `{{ .x | default \"...\" }}`") == true)
        #expect(
            found.suffix(2) == [
                "time_zone: is no time zone; write it as Europe/London",
                "transfer_targets: entry 2 is no number in E.164 form; write it with its country, as +12125550123",
            ])
        #expect(problems(["prompt": "You are Robin.", "greeting": "Hello."], targets: ["reception"]) == [])
    }

    @Test("A prompt in a file of its own is told with that file's place")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "prompt-\(UUID().uuidString).txt").path
        try "Hello.\nYou are {{ .persona.name ".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(problems(["prompt_file": path]).first?.hasPrefix("prompt_file: \(path):2:") == true)
        #expect(
            problems(["prompt_file": "/nowhere/at/all"]) == [
                "prompt_file: /nowhere/at/all cannot be read; name a file of UTF-8 text"
            ])
    }

    @Test(
        "A transfer target is a name, a number in E.164 form or a SIP URI",
        arguments: [
            "reception", "front desk", "2nd-floor", "101", "Empfang_Süd", "+12125550123", "+4420794600",
            "sip:desk@pbx.example.org", "sips:desk@pbx.example.org:5061;transport=tls", "SIP:pbx.example.org",
            "sip:+12125550123@[2001:db8::1]:5060",
        ])
    func target(text: String) {
        #expect(TransferTargets.problem(text) == nil)
    }

    @Test(
        "Whatever looks like one of these and is none is refused, and so is what no model says again as it is written",
        arguments: [
            ("0800 123 4567", "E.164"), ("+0123456789", "E.164"), ("+12 125 550123", "E.164"), ("+1", "E.164"),
            ("+1234567890123456", "E.164"), ("2125550123", "E.164"), ("tel:+12125550123", "the number alone"),
            ("desk@pbx.example.org", "sip:"), ("sip:", "SIP URI"), ("sip:@host", "SIP URI"), ("sip:a@b@c", "SIP URI"),
            ("sip:desk @host", "SIP URI"), ("sip:desk@", "SIP URI"), ("", "no name"), ("-", "no name"),
            (" desk", "no name"), ("desk\nlist", "no name"), ("\u{202E}desk", "no name"),
            (String(repeating: "x", count: 65), "no name"), ("desk!", "no name"),
        ])
    func notATarget(text: String, says: String) {
        #expect(TransferTargets.problem(text)?.contains(says) == true)
    }

    @Test("One that is listed twice is told, with its place in the list and without its words")
    func twice() {
        #expect(
            problems([:], targets: ["desk", "desk", "de\u{7}sk"]).map { $0.prefix(44) }
                == [
                    "transfer_targets: entry 2 is there already; ", "transfer_targets: entry 3 is no name; use le",
                ].map { $0.prefix(44) })
    }
}
