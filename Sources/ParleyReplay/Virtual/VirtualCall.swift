import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyLedger
import ParleySpeech

/// Plays a caller against a call, both of them real, on a clock that nobody waits for.
///
/// Between the two is a network with a delay each way; at the caller's end the carrier that queues, plays, clears and
/// returns marks (`CarrierModel`). Engines work while the clock stands still. So a call of a minute takes as long as its
/// engines need, and goes the same way every time.
///
/// Used once, by one thread.
final class VirtualCall {
    /// Everything that a run depends on, but for the engines.
    struct Line {
        var caller: any VirtualCaller
        var settings: CallSettings
        var agent: any Agent
        var facts: CallFacts
        /// Of every message, each way.
        var networkDelay = CallTime.milliseconds(20)
        /// From an opinion's window to its answer.
        var opinionDelay = CallTime.milliseconds(1)
    }

    /// What is left of a call when it is over.
    struct Finished {
        var report: CallReport
        var sent: [Int16]
        var heard: [Int16]
        var shown: [ConversationEntry]
        var trace: CallTrace
        /// The whole call, as a live one is recorded.
        var capsule: [UInt8]
    }

    /// From the moment the caller gives up at the latest, to the end of whatever is still on its way.
    private static let farewell = CallTime.seconds(10)
    /// Nothing in a call takes this many steps at one moment: it would go on for ever.
    private static let mostStepsAtOnce = 100_000

    private let clock: VirtualClock
    private let engines: any VirtualEngines
    private let networkDelay: CallTime
    private let opinionDelay: CallTime
    private let desk: VirtualDesk

    private var caller: any VirtualCaller
    private var call: Call
    private var agent: (any AgentSession)?
    private var recognizer: (any RecognizerSession)?
    private var synthesizer: (any SynthesizerSession)?
    private var opinion: VirtualSpeech.Opinion?

    private var callerEffects: [CallerMachine.Effect] = []
    private var marks: [String: Mark] = [:]
    private var shown: [ConversationEntry] = []
    private var trace = CallTrace()
    private var recorder: CapsuleRecorder
    private var hasStarted = false
    /// Given by the call while it was handling something; acted upon when it has returned.
    private var end: EndReason?
    private var isConcluded = false
    private var isClosed = false

    /// - Throws: `CallError` where the engines cannot be opened, or no ledger can be made.
    init(_ line: Line, engines: any VirtualEngines) throws(CallError) {
        precondition(line.settings.format == .telephone, "virtual calls are telephone calls")
        let clock = VirtualClock()
        self.clock = clock
        self.engines = engines
        networkDelay = line.networkDelay
        opinionDelay = line.opinionDelay
        caller = line.caller
        call = Call(settings: line.settings)
        recorder = CapsuleRecorder(header: Self.header(of: line), settings: line.settings)
        do throws(LedgerFault) {
            desk = try VirtualDesk(call: line.facts, agent: line.agent, began: line.facts.wallClock, clock: clock)
        } catch {
            throw .usage("no ledger can be made for a virtual call: \(error)")
        }
        do {
            let speech = try engines.begin(on: clock)
            recognizer = try speech.recognizer?.start(sampleRate: 8_000) { clock.post(.event(.recognizer($0))) }
            let makeEncoder = { @Sendable () throws(CodecError) -> any FrameEncoder in try Self.makeEncoder() }
            let voice = try LegVoice(.telephone, makeEncoder: makeEncoder) { clock.post(.event(.synthesizer($0))) }
            synthesizer = try speech.synthesizer?.start { voice.take($0) }
            opinion = speech.opinion
        } catch {
            throw .usage("an engine could not be opened: \(error)")
        }
        agent = line.agent.start(line.facts) { clock.post(.event(.reply($0, $1))) }
    }

    private static func header(of line: Line) -> CapsuleHeader {
        var header = CapsuleHeader()
        header["call"] = line.facts.callID
        header["started_at"] = "\(line.facts.wallClock)"
        header["from"] = line.facts.from
        header["provider"] = "virtual"
        header["flow"] = (line.agent as? FlowAgent)?.flow.source
        return header
    }

    private static func makeEncoder() throws(CodecError) -> any FrameEncoder {
        guard let encoder = LegEncoder(.telephone) else { preconditionFailure("telephone legs have an encoder") }
        return encoder
    }

    /// Plays the call to its end.
    func run() -> Finished {
        clock.post(.event(.started), after: networkDelay)
        tell(.call(id: "virtual"))
        if opinion != nil { clock.post(.event(.opinions(true)), after: networkDelay) }
        let longest = CallerMachine.longestCall + Self.farewell
        var steps = 0
        while !isClosed, let next = nextMoment, next <= longest {
            if next > clock.now { steps = 0 } else { steps += 1 }
            guard steps < Self.mostStepsAtOnce else {
                caller.report.stuck = "the call stands still at \(clock.now.milliseconds) ms and never ends"
                break
            }
            clock.move(to: next)
            step()
        }
        conclude(.peerLost)
        engines.end()
        return Finished(
            report: caller.report, sent: caller.sent, heard: caller.heard, shown: shown, trace: trace,
            capsule: recorder.take())
    }

    private var nextMoment: CallTime? {
        let alarm = hasStarted && !isConcluded ? call.nextDeadline : nil
        return [clock.next, caller.nextDeadline, alarm].compactMap { $0 }.min().map { max($0, clock.now) }
    }

    /// What is due at this moment: what was on its way, then the caller, then the call's own deadline.
    private func step() {
        while let happening = clock.takeDue() {
            take(happening)
            settle()
        }
        caller.advance(to: clock.now, into: &callerEffects)
        performCallerEffects()
        if hasStarted, !isConcluded, let due = call.nextDeadline, due <= clock.now {
            handle(.deadline)
            settle()
        }
    }

    private func settle() {
        if let end { conclude(end) }
        engines.settle()
    }

    private func take(_ happening: VirtualClock.Happening) {
        switch happening {
        case .run(let body): body()
        case .frame(let samples): hear(samples)
        case .event(.started):
            hasStarted = true
            handle(.started)
        case .event(let event): handle(event)
        case .media(let samples):
            // What was due before this came is done before it.
            caller.advance(to: clock.now, into: &callerEffects)
            caller.receive(media: samples, at: clock.now)
        case .mark(let name):
            caller.advance(to: clock.now, into: &callerEffects)
            caller.receive(mark: name, at: clock.now, into: &callerEffects)
        case .clear:
            caller.advance(to: clock.now, into: &callerEffects)
            caller.receiveClear(at: clock.now, into: &callerEffects)
        case .note(let note): caller.receive(note: note, at: clock.now, into: &callerEffects)
        case .closed:
            if !caller.isGone { caller.closed(at: clock.now) }
            isClosed = true
        }
        performCallerEffects()
    }

    // MARK: The caller's end

    private func performCallerEffects() {
        // A mark that comes back may bring others along.
        while !callerEffects.isEmpty {
            let effects = callerEffects
            callerEffects.removeAll(keepingCapacity: true)
            for effect in effects { perform(effect) }
        }
    }

    private func perform(_ effect: CallerMachine.Effect) {
        switch effect {
        case .frame(let samples):
            clock.post(.frame(samples.map { MuLaw.decode(MuLaw.encode($0)) }), after: networkDelay)
        case .digit(let digit): clock.post(.event(.digit(digit)), after: networkDelay)
        case .mark(let name):
            if let mark = marks[name] { clock.post(.event(.mark(mark)), after: networkDelay) }
        case .show(let entry): shown.append(entry)
        case .hangUp: clock.post(.event(.stopped), after: networkDelay)
        }
    }

    private func tell(_ note: GatewayNote) { clock.post(.note(note), after: networkDelay) }

    // MARK: The gateway's end

    private func hear(_ samples: [Int16]) {
        guard !isConcluded, hasStarted else { return }
        var outlet = Outlet(line: self)
        recorder.hear(samples.span, at: clock.now)
        call.hear(samples.span, at: clock.now, into: &outlet)
        recorder.finish()
    }

    private func handle(_ event: CallEvent) {
        guard !isConcluded else { return }
        var outlet = Outlet(line: self)
        recorder.handle(event, at: clock.now)
        call.handle(event, at: clock.now, into: &outlet)
        recorder.finish()
    }

    private func conclude(_ reason: EndReason) {
        guard !isConcluded else { return }
        isConcluded = true
        recorder.end()
        recognizer?.close()
        synthesizer?.close()
        tell(.ended(reason: reason.rawValue))
        clock.post(.closed, after: networkDelay)
    }

    private func perform(_ effect: CallEffect) {
        recorder.perform(effect)
        trace.add(effect, at: clock.now)
        switch effect {
        case .clear: clock.post(.clear, after: networkDelay)
        case .mark(let mark):
            let name = "u\(mark.generation.number)-\(mark.index)"
            marks[name] = mark
            clock.post(.mark(name), after: networkDelay)
        case .pauseTurn(let turn): recognizer?.pause(turn)
        case .finishTurn(let turn):
            // Without a recogniser nobody will answer: the ladder takes over at once.
            if let recognizer { recognizer.finish(turn) } else { clock.post(.event(.recognizer(.failed(turn)))) }
        case .cancelTurn(let turn): recognizer?.cancel(turn)
        case .ask(let question): agent?.ask(question)
        case .cancelReply(let generation): agent?.cancel(generation)
        case .retractReply(let generation): agent?.retract(generation)
        case .tellAgent(_, let invocation, let outcome): agent?.finished(invocation, outcome)
        case .speak(let generation, let clause, let text):
            if let synthesizer {
                synthesizer.speak(text, generation: generation, clause: clause)
            } else {
                clock.post(.event(.synthesizer(.failed(generation, clause: clause))))
            }
        // Tones and files are the live shell's.
        case .sound(let generation, let clause, _):
            if let synthesizer {
                synthesizer.speak("", generation: generation, clause: clause)
            } else {
                clock.post(.event(.synthesizer(.failed(generation, clause: clause))))
            }
        case .cancelSpeech(let generation): synthesizer?.cancel(generation)
        case .run(let invocation):
            let (result, notes) = desk.run(invocation, at: clock.now)
            for note in notes { tell(note) }
            clock.post(.event(.action(result)))
        case .note(let note):
            desk.record(note, at: clock.now)
            if let told = GatewayNote(note) { tell(told) }
        case .transfer: break
        case .end(let reason): end = reason
        }
    }

    /// What the call does, into this world.
    private struct Outlet: CallEffectSink {
        let line: VirtualCall

        mutating func play(_ frame: Span<UInt8>) {
            line.recorder.play(frame)
            line.trace.add(frame)
            var samples: [Int16] = []
            MuLaw.decode(frame, appendingTo: &samples)
            line.clock.post(.media(samples), after: line.networkDelay)
        }

        mutating func feed(_ samples: Span<Int16>) { line.recognizer?.feed(samples) }

        mutating func consult(_ samples: Span<Int16>, isWanted: Bool) {
            let (clock, delay) = (line.clock, line.opinionDelay)
            line.opinion?(samples, isWanted) { clock.post(.event(.opinion(frame: $0, odds: $1)), after: delay) }
        }

        mutating func perform(_ effect: CallEffect) { line.perform(effect) }
    }
}
