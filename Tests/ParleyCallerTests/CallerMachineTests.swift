import ParleyCore
import Testing

@testable import ParleyCaller

/// A caller under a virtual clock, and an agent made of tones.
struct VirtualCall {
    var machine: CallerMachine
    var now = CallTime.zero
    /// What the caller did, with the millisecond.
    var log: [(Int, CallerMachine.Effect)] = []

    init(
        _ lines: [CallScript.Line], audio: [[Int16]] = [], hangUp: CallScript.Cue? = nil, expect: Expectations = .init()
    ) {
        let script = CallScript(name: "test", lines: lines, hangUp: hangUp, expect: expect)
        let sounds = audio.isEmpty ? lines.map { _ in [] } : audio
        machine = CallerMachine(script: script, audio: sounds.map { .init($0) }, sampleRate: 8_000)
    }

    static func tone(_ milliseconds: Int, level: Int16 = 6_000) -> [Int16] {
        (0..<milliseconds * 8).map { $0 % 8 < 4 ? level : -level }
    }
    static func quiet(_ milliseconds: Int) -> [Int16] { [Int16](repeating: 0, count: milliseconds * 8) }

    /// Lets time pass, waking the machine exactly when it asks for it.
    mutating func run(to milliseconds: Int) {
        let end = CallTime.milliseconds(milliseconds)
        while let due = machine.nextDeadline, due <= end {
            let at = max(now, due)
            now = at
            take { $0.advance(to: at, into: &$1) }
        }
        now = end
    }

    /// The agent says this much, paced at one frame per 20 ms.
    mutating func agentSpeaks(_ milliseconds: Int) {
        for _ in 0..<milliseconds / 20 {
            machine.receive(media: Self.tone(20), at: now)
            run(to: now.milliseconds + 20)
        }
    }

    mutating func clear() {
        let at = now
        take { $0.receiveClear(at: at, into: &$1) }
    }

    mutating func note(_ note: GatewayNote) {
        let at = now
        take { $0.receive(note: note, at: at, into: &$1) }
    }

    private mutating func take(_ step: (inout CallerMachine, inout [CallerMachine.Effect]) -> Void) {
        var effects: [CallerMachine.Effect] = []
        step(&machine, &effects)
        log += effects.map { (now.milliseconds, $0) }
    }

    /// When each line began.
    var begins: [Int] { machine.report.turns.map { Int($0.beganMS) } }
    var frames: [(Int, [Int16])] {
        log.compactMap { if case (let at, .frame(let samples)) = $0 { (at, samples) } else { nil } }
    }
    func times(of wanted: CallerMachine.Effect) -> [Int] { log.filter { $0.1 == wanted }.map(\.0) }
}

@Suite("The caller")
struct CallerMachineTests {
    private typealias Line = CallScript.Line
    private let speech = CallScript.Line.Content.speech(wav: "a.wav", text: "hello")

    @Test("A frame leaves every 20 ms from the start, silence where the caller says nothing")
    func schedule() {
        var call = VirtualCall([], hangUp: .at(.milliseconds(200)))
        call.run(to: 300)
        #expect(call.frames.map(\.0) == Array(stride(from: 0, to: 200, by: 20)))
        #expect(call.frames.allSatisfy { $0.1 == VirtualCall.quiet(20) })
        #expect(call.times(of: .hangUp) == [200])
        #expect(call.machine.report.endReason == "caller_hung_up")
        #expect(call.machine.nextDeadline == nil)
    }

    @Test("A caller that wakes late sends all that was due and keeps its schedule")
    func late() {
        var call = VirtualCall([])
        call.run(to: 0)
        var effects: [CallerMachine.Effect] = []
        call.machine.advance(to: .milliseconds(110), into: &effects)
        #expect(effects.count == 5)
        #expect(call.machine.nextDeadline == .milliseconds(120))
    }

    @Test("A line waits for the agent to have spoken and then been quiet, however late the agent is")
    func afterQuiet() {
        var call = VirtualCall([Line(speech, .afterQuiet(.milliseconds(600)))], audio: [VirtualCall.tone(100)])
        call.run(to: 5_000)
        #expect(call.begins == [])
        call.agentSpeaks(1_000)
        call.run(to: 6_300)
        call.agentSpeaks(200)
        call.run(to: 9_000)
        #expect(call.begins == [7_100])
    }

    @Test("The next line waits for the agent to speak again, not for the quiet that is there already")
    func secondLine() {
        let cue = CallScript.Cue.afterQuiet(.milliseconds(600))
        var call = VirtualCall(
            [Line(speech, cue), Line(speech, cue)], audio: [VirtualCall.tone(400), VirtualCall.tone(400)])
        call.agentSpeaks(500)
        call.run(to: 6_000)
        #expect(call.begins == [1_100])
        call.agentSpeaks(500)
        call.run(to: 9_000)
        #expect(call.begins == [1_100, 7_100])
    }

    @Test("A line into the agent's speech begins so long after the agent was first heard")
    func intoAgent() {
        var call = VirtualCall([Line(speech, .intoAgent(.milliseconds(800)))], audio: [VirtualCall.tone(100)])
        call.run(to: 2_000)
        call.agentSpeaks(2_000)
        #expect(call.begins == [2_800])
    }

    @Test("Keys are pressed 250 ms apart, under silence")
    func keys() {
        var call = VirtualCall([Line(.keys([.one, .two, .pound]), .at(.milliseconds(1_000)))])
        call.run(to: 3_000)
        #expect(call.times(of: .digit(.one)) == [1_000])
        #expect(call.times(of: .digit(.two)) == [1_260])
        #expect(call.times(of: .digit(.pound)) == [1_500])
        #expect(call.frames.count == 151)
    }

    @Test("Noise of the line is under speech and silence alike")
    func background() {
        let script = CallScript(name: "n", lines: [Line(speech, .at(.milliseconds(40)))])
        var machine = CallerMachine(
            script: script, audio: [.init([Int16](repeating: 100, count: 160))], background: [1, 2, 3],
            sampleRate: 8_000)
        var effects: [CallerMachine.Effect] = []
        machine.advance(to: .milliseconds(60), into: &effects)
        let samples = effects.flatMap { if case .frame(let samples) = $0 { samples } else { [Int16]() } }
        #expect(samples.count == 640)
        #expect(samples[..<320].elementsEqual((0..<320).map { Int16($0 % 3 + 1) }))
        #expect(samples[320..<480].elementsEqual((320..<480).map { Int16(100 + $0 % 3 + 1) }))
    }

    @Test("What the caller hears comes back later and weaker, on top of what the caller says")
    func echo() throws {
        let script = CallScript(name: "e", lines: [Line(speech, .at(.milliseconds(0)))])
        var machine = CallerMachine(
            script: script, audio: [.init([Int16](repeating: 7, count: 960))], echo: try EchoPath(option: "-20:40"),
            sampleRate: 8_000)
        var effects: [CallerMachine.Effect] = []
        machine.advance(to: .zero, into: &effects)
        machine.receive(media: [Int16](repeating: 1_000, count: 160), at: .zero)
        machine.advance(to: .milliseconds(100), into: &effects)
        let samples = effects.flatMap { if case .frame(let samples) = $0 { samples } else { [Int16]() } }
        #expect(samples[..<320].allSatisfy { $0 == 7 })
        #expect(samples[320..<480].allSatisfy { $0 == 107 })
        #expect(samples[480..<640].allSatisfy { $0 == 7 })
    }

    @Test(
        "An echo that is none of a telephone's is refused",
        arguments: ["", "-3", "-20:", "-20:10", "-20:400", "x", "-20:40:1"])
    func strangeEcho(text: String) {
        #expect(throws: CallError.self) { try EchoPath(option: text) }
    }

    @Test("Edge latency is from the last voiced frame sent to the first media after it; ear latency to its first sound")
    func edge() {
        let audio = VirtualCall.tone(300) + VirtualCall.quiet(200)
        var call = VirtualCall([Line(speech, .at(.milliseconds(1_000)))], audio: [audio])
        call.run(to: 1_900)
        call.machine.receive(media: VirtualCall.quiet(20) + VirtualCall.tone(20), at: call.now)
        call.run(to: 3_000)
        let turn = call.machine.report.turns[0]
        #expect(turn.firstVoicedMS == 1_000)
        #expect(turn.lastVoicedMS == 1_280)
        #expect(turn.edgeMS == 620)
        #expect(turn.earMS == 640)
        #expect(turn.isOverAgent == false)
    }

    @Test("Over the agent, the first clear is the barge-in, and only what comes after it is the answer")
    func bargeIn() {
        var call = VirtualCall([Line(speech, .intoAgent(.milliseconds(500)))], audio: [VirtualCall.tone(600)])
        call.agentSpeaks(700)
        #expect(call.begins == [500])
        call.clear()
        call.run(to: 1_800)
        call.agentSpeaks(100)
        let turn = call.machine.report.turns[0]
        #expect(turn.isOverAgent)
        #expect(turn.bargeInMS == 200)
        #expect(turn.lastVoicedMS == 1_080)
        #expect(turn.edgeMS == 720)
    }

    @Test("An agent that talks on through the caller has not answered; its next speech after a pause is the answer")
    func talkedOver() {
        var call = VirtualCall([Line(speech, .intoAgent(.milliseconds(400)))], audio: [VirtualCall.tone(200)])
        call.agentSpeaks(1_500)
        #expect(call.machine.report.turns[0].answeredMS == nil)
        call.run(to: 2_000)
        call.agentSpeaks(100)
        #expect(call.machine.report.turns[0].answeredMS == 2_000)
    }

    @Test("A server that streams silence answers with its first sound")
    func silenceStream() {
        var call = VirtualCall([Line(speech, .at(.milliseconds(200)))], audio: [VirtualCall.tone(200)])
        for _ in 0..<40 {
            call.machine.receive(media: VirtualCall.quiet(20), at: call.now)
            call.run(to: call.now.milliseconds + 20)
        }
        #expect(call.machine.report.turns[0].answeredMS == nil)
        call.agentSpeaks(100)
        #expect(call.machine.report.turns[0].edgeMS == 420)
    }

    @Test("A bridging phrase is no answer, and the caller waits for the real one")
    func bridged() {
        let cue = CallScript.Cue.afterQuiet(.milliseconds(600))
        var call = VirtualCall(
            [Line(speech, .at(.milliseconds(0))), Line(speech, cue)],
            audio: [VirtualCall.tone(200), VirtualCall.tone(200)])
        call.run(to: 1_680)
        call.note(.bridged(phrase: "one_moment"))
        call.agentSpeaks(600)
        call.run(to: 4_180)
        #expect(call.begins == [0])
        call.note(.answered(.init(turn: 1, generation: 2, edgeMS: 3_990)))
        call.agentSpeaks(400)
        call.run(to: 6_000)
        #expect(call.machine.report.turns[0].edgeMS == 4_000)
        #expect(call.machine.report.turns[0].waterfall?.edgeMS == 3_990)
        #expect(call.begins == [0, 5_180])
    }

    @Test("A line after which the agent goes on is no turn and has no latency")
    func resumed() {
        var call = VirtualCall([Line(speech, .intoAgent(.milliseconds(400)))], audio: [VirtualCall.tone(300)])
        call.agentSpeaks(600)
        call.clear()
        call.note(.bargeIn("paused"))
        call.run(to: 1_200)
        call.agentSpeaks(20)
        call.note(.bargeIn("resumed"))
        call.agentSpeaks(500)
        let turn = call.machine.report.turns[0]
        #expect(turn.isNoTurn)
        #expect(turn.edgeMS == nil)
        #expect(turn.bargeInMS == 200)
        #expect(call.machine.report.bargeInsResumed == 1)
    }

    @Test("A cough that stopped nothing has no latency: what comes after a gap is more of the same reply")
    func stoppedNothing() {
        var call = VirtualCall([Line(speech, .intoAgent(.milliseconds(400)))], audio: [VirtualCall.tone(300)])
        call.note(.answered(.init(turn: 1, generation: 1, edgeMS: 1)))
        call.agentSpeaks(600)
        call.run(to: 2_000)
        call.agentSpeaks(500)
        #expect(call.machine.report.turns[0].edgeMS != nil)
        call.machine.closed(at: .milliseconds(4_000))
        let turn = call.machine.report.turns[0]
        #expect(turn.isOverAgent && turn.isNoTurn)
        #expect(turn.edgeMS == nil && turn.earMS == nil)
    }

    @Test("A caller who is met with silence gives up after 20 s and says so")
    func patience() {
        var call = VirtualCall([Line(speech, .afterQuiet(.milliseconds(600)))], audio: [VirtualCall.tone(200)])
        call.run(to: 30_000)
        #expect(call.times(of: .hangUp) == [20_000])
        #expect(call.machine.report.stuck == "the agent was not heard for 20 s since the call began")
    }

    @Test("A call that outlasts its bound is hung up")
    func tooLong() {
        var expect = Expectations()
        expect.maxDuration = .milliseconds(5_000)
        var call = VirtualCall([], expect: expect)
        call.agentSpeaks(8_000)
        #expect(call.times(of: .hangUp) == [5_000])
        #expect(call.machine.report.stuck != nil)
    }

    @Test("Marks come back when they have been heard; a cleared one at once")
    func marks() {
        var call = VirtualCall([])
        call.run(to: 100)
        call.machine.receive(media: VirtualCall.tone(400), at: call.now)
        var effects: [CallerMachine.Effect] = []
        call.machine.receive(mark: "u1-1", at: call.now, into: &effects)
        call.machine.receive(media: VirtualCall.tone(400), at: call.now)
        call.machine.receive(mark: "u1-2", at: call.now, into: &effects)
        #expect(effects == [])
        call.run(to: 600)
        #expect(call.times(of: .mark("u1-1")) == [500])
        call.clear()
        #expect(call.times(of: .mark("u1-2")) == [600])
        #expect(call.machine.report.marksReturned == 2)
    }

    @Test("The recording holds both sides in step")
    func recording() {
        var call = VirtualCall([Line(speech, .at(.milliseconds(100)))], audio: [VirtualCall.tone(100)])
        call.run(to: 300)
        call.agentSpeaks(100)
        call.run(to: 600)
        #expect(call.machine.sent.firstIndex { $0 != 0 } == 800)
        #expect(call.machine.heard.firstIndex { $0 != 0 } == 2_400)
        #expect(call.machine.sent.count - call.machine.heard.count == 160)
    }
}
