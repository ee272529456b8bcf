import ParleyCore
import Testing

@testable import ParleyCaller

/// The repository's fixtures, and what each of their calls came to when all went well.
enum RecordedCalls {
    static let folder =
        String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }) + "/Fixtures"
    static let names = [
        "books-a-cleaning", "barges-in", "mhm-and-cough", "goes-silent", "uses-keys", "refuses-the-text", "noisy-line",
    ]

    private static let greeting =
        "Thank you for calling Bright Smile Dental. "
        + "What can I book for you: a check-up, a cleaning, or is it a toothache?"

    static func outcome(of name: String) -> CallReport {
        switch name {
        case "books-a-cleaning": booking("cleaning", "a cleaning", "Tuesday", "2026-11-24T15:00", "15:00")
        case "barges-in":
            booking("cleaning", "a cleaning", "Wednesday", "2026-11-25T10:00", "10:00") {
                $0.agentTurns[0].heard = "Thank you for calling Bright Smile Dental."
                $0.bargeInsConfirmed = 1
            }
        case "mhm-and-cough":
            booking("check_up", "a check-up", "Wednesday", "2026-11-25T10:00", "10:00") { $0.bargeInsResumed = 1 }
        case "goes-silent": silence()
        case "uses-keys":
            booking("check_up", "a check-up", "Friday", "2026-11-27T09:00", "09:00") { report in
                for index in [0, 2, 3] { report.callerTurns[index].isKeyed = true }
            }
        case "refuses-the-text":
            booking("cleaning", "a cleaning", "Monday", "2026-11-23T16:00", "16:00") {
                $0.messages = []
                $0.consents[0].isGranted = false
                $0.agentTurns[4].heard =
                    "No problem, no text. Your reference is B 7. See you on Monday at 2 PM. Goodbye."
            }
        default: booking("cleaning", "a cleaning", "Wednesday", "2026-11-25T10:00", "10:00")
        }
    }

    private static func booking(
        _ reason: String, _ spoken: String, _ day: String, _ when: String, _ time: String,
        change: (inout CallReport) -> Void = { _ in }
    ) -> CallReport {
        var report = CallReport()
        report.hasNotes = true
        report.durationMS = 41_000
        report.variables = [
            .init(name: "reason", value: reason), .init(name: "when.date", value: String(when.prefix(10))),
            .init(name: "when.time", value: time), .init(name: "when", value: when),
        ]
        report.callerTurns = [
            "I'd like to book \(spoken), please.", "\(day) at \(time).", "Yes, that's right.", "Yes, please.",
        ]
        .enumerated().map { .init(turn: $0.offset + 1, text: $0.element) }
        report.agentTurns = [
            greeting,
            "Right, \(spoken). Which day and time would suit you?", "\(day) at \(time), for \(spoken). Is that right?",
            "Great. May Bright Smile Dental send you one text message to confirm this booking? Please say yes or no.",
            "Done, your confirmation is on its way by text. See you on \(day). Goodbye.",
        ].enumerated().map { .init(generation: $0.offset + 1, heard: $0.element) }
        report.consents = [.init(purpose: "transactional_in_call", isGranted: true)]
        report.messages = [
            .init(
                body:
                    "Bright Smile Dental: you are booked for \(spoken) on \(day.prefix(3)) 24 Nov at \(time). Reply STOP to opt out."
            )
        ]
        report.endReason = "agent_ended"
        change(&report)
        return report
    }

    private static func silence() -> CallReport {
        var report = CallReport()
        report.hasNotes = true
        report.durationMS = 33_000
        report.agentTurns = [
            greeting,
            "You can say check-up, cleaning or toothache, or press 1, 2 or 3.",
            "For a check-up press 1, for a cleaning press 2, for a toothache press 3.",
        ].enumerated().map { .init(generation: $0.offset + 1, heard: $0.element) }
        report.endReason = "no_speech"
        return report
    }
}

@Suite("Expectations")
struct ExpectationTests {
    @Test("Every fixture is met by the call it describes", arguments: RecordedCalls.names)
    func own(name: String) throws {
        let script = try CallScript.load(folder: "\(RecordedCalls.folder)/\(name)")
        #expect(script.expect.check(RecordedCalls.outcome(of: name)) == [])
    }

    @Test("Swapping the expectations of any two fixtures fails both", arguments: RecordedCalls.names)
    func swapped(name: String) throws {
        let script = try CallScript.load(folder: "\(RecordedCalls.folder)/\(name)")
        for other in RecordedCalls.names where other != name {
            #expect(script.expect.check(RecordedCalls.outcome(of: other)) != [], "\(name) accepts the call of \(other)")
        }
    }

    @Test("A saved report is judged as the call itself: its own expectations are met, no others")
    func saved() throws {
        let runs = RecordedCalls.names.map { name in
            var report = RecordedCalls.outcome(of: name)
            report.name = name
            report.turns = [.init(line: 1, text: "Yes.", beganMS: 20, lastVoicedMS: 400.5, waterfall: nil)]
            return CallOutcome.Run(report: report, findings: [])
        }
        let reports = try ParleyCall.reports(json: ParleyCall.json(CallOutcome(runs: runs)))
        #expect(reports == runs.map(\.report))
        for name in RecordedCalls.names {
            let expect = try CallScript.load(folder: "\(RecordedCalls.folder)/\(name)").expect
            #expect(reports.filter { expect.check($0).isEmpty }.map(\.name) == [name])
        }
        #expect(throws: (any Error).self) { try ParleyCall.reports(json: Array("{}".utf8)) }
    }

    @Test(
        "Every WAV that a fixture names is there, mu-law at 8 kHz, and has a voice in it",
        arguments: RecordedCalls.names)
    func audio(name: String) throws {
        var options = CallOptions(url: "ws://h/")
        options.fixtures = [name]
        let call = try PreparedCall(folder: "\(RecordedCalls.folder)/\(name)", options: options)
        for (line, audio) in zip(call.script.lines, call.audio) {
            if case .keys = line.content { continue }
            let voiced = try #require(FrameLevel.voicedFrames(of: audio.samples, samplesPerFrame: 160))
            #expect(voiced.count >= 5)
            #expect(voiced.upperBound < audio.samples.count / 160, "ends in quiet")
        }
        #expect(call.background.isEmpty == (call.script.background == nil))
    }

    private func met(_ report: CallReport, _ change: (inout Expectations) -> Void) -> [String] {
        var expect = Expectations()
        change(&expect)
        return expect.check(report).map(\.description)
    }

    @Test("Each expectation says what was found instead")
    func findings() throws {
        let report = RecordedCalls.outcome(of: "books-a-cleaning")
        let tuesday = try TextPattern("wednesday")
        #expect(
            met(report) { $0.variables = [.init(name: "when", reading: .weekday, pattern: tuesday)] }
                == ["variables: weekday(when) is `tuesday` (from `2026-11-24T15:00`), expected `wednesday`"])
        #expect(
            met(report) { $0.variables = [.init(name: "phone", pattern: tuesday)] }
                == ["variables: phone was never settled, expected `wednesday`"])
        #expect(
            met(report) { $0.variables = [.init(name: "reason", reading: .time, pattern: tuesday)] }
                == ["variables: time(reason) cannot be read from `cleaning`, expected `wednesday`"])
        #expect(met(report) { $0.messages = .exactly(2) } == ["messages: is 1, expected 2"])
        #expect(met(report) { $0.resumed = .atLeast(1) } == ["resumed: is 0, expected at least 1"])
        #expect(met(report) { $0.consent = .refused } == ["consent: is granted, expected refused"])
        #expect(met(report) { $0.end = "no_speech" } == ["end: is agent_ended, expected no_speech"])
        #expect(
            met(report) { $0.maxDuration = .milliseconds(40_000) } == [
                "max_duration: took 41000 ms, expected at most 40000 ms"
            ])
        #expect(met(report) { $0.agentDoesNotSay = [(try? TextPattern("/good\\s*bye/")) ?? tuesday] }.count == 1)
    }

    @Test("Words match without case and punctuation of the recogniser")
    func words() throws {
        var report = CallReport()
        report.hasNotes = true
        report.callerTurns = [.init(turn: 1, text: "I'd like to book a Cleaning, please.")]
        let phrase = try TextPattern("cleaning please")
        #expect(met(report) { $0.callerSays = [phrase] } == [])
    }

    @Test("Heard text that was cut and went on reads as one")
    func cutText() throws {
        var report = CallReport()
        report.hasNotes = true
        report.agentTurns = [
            .init(generation: 1, heard: "What can I", unheard: " book for you?", wasCut: true),
            .init(generation: 2, heard: "book for you?"),
        ]
        let phrase = try TextPattern("what can I book for you")
        #expect(met(report) { $0.agentSays = [phrase] } == [])
    }

    @Test("Without notes, what needs words fails in one sentence; what does not is still judged")
    func noNotes() {
        var report = CallReport()
        report.durationMS = 10_000
        #expect(met(report) { $0.maxDuration = .milliseconds(20_000) } == [])
        let findings = met(report) {
            $0.messages = .exactly(1)
            $0.consent = .granted
        }
        #expect(findings.count == 1)
        #expect(findings.first?.contains("sent no notes") == true)
    }

    @Test("A caller who got stuck is a finding whatever was expected")
    func stuck() {
        var report = CallReport()
        report.stuck = "the agent was not heard for 20 s after line 2"
        #expect(met(report) { _ in } == ["call: the agent was not heard for 20 s after line 2"])
    }

    @Test(
        "Weekdays",
        arguments: [
            ("2026-11-24", "tuesday"), ("2026-11-24T15:00", "tuesday"), ("2024-02-29", "thursday"),
            ("2000-01-01", "saturday"),
            ("Tuesday", "tuesday"), ("tuesday, 3 pm", "tuesday"), ("24 November", nil), ("", nil), ("2026-13-01", nil),
        ] as [(String, String?)])
    func weekdays(text: String, day: String?) {
        #expect(SlotReading.weekday(text) == day)
    }

    @Test(
        "Times",
        arguments: [
            ("2026-11-24T15:00", "15:00"), ("9:05", "09:05"), ("at 23:59:00", "23:59"), ("24:00", nil), ("noon", nil),
        ] as [(String, String?)])
    func times(text: String, time: String?) {
        #expect(SlotReading.time(text) == time)
    }
}
