import NIOCore
import ParleyCore
import ParleyWire
import ParleyNetwork

/// The live shell of one call: joins `CallerMachine` and the socket through `FaultCarrier`, and does what they say.
///
/// Decides nothing about the call. Confined to its event loop.
final class CallDriver: WebSocketClientUser {
    /// How long the gateway may take to tell the end of the call after the caller has hung up.
    static let farewellTime = TimeAmount.seconds(3)

    private let loop: any EventLoop
    private let show: @Sendable (ConversationEntry) -> Void
    private let done: EventLoopPromise<Finished>
    private var machine: CallerMachine
    private var carrier: FaultCarrier
    private var codec: LegCodec
    private let recording: WireFile?
    /// Opens a socket beside this one, to the same server.
    private let dial: @Sendable (NIOLoopBound<SecondStream>) -> Void
    private var socket: WebSocketClient?
    private var seconds: [SecondStream] = []
    private var secondEndings: [String] = []
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var alarm: Scheduled<Void>?
    private var effects: [CallerMachine.Effect] = []
    private var shownViolations: Set<String> = []
    private var isSettling = false
    private var isOver = false
    /// Came while effects were being carried across; taken up after them.
    private var endingToTake: WebSocketEnding?

    /// What is left of a call when it is over.
    struct Finished: Sendable {
        var report: CallReport
        var sent: [Int16]
        var heard: [Int16]
        var ending: WebSocketEnding
        /// How often each fault came about, in the order of the list.
        var fired: [Int]
        var overflow: Int
        var secondEndings: [String]
        var isRecordingCutOff: Bool
    }

    init(
        machine: CallerMachine, carrier: FaultCarrier, codec: LegCodec, recording: WireFile?, loop: any EventLoop,
        dial: @escaping @Sendable (NIOLoopBound<SecondStream>) -> Void,
        show: @escaping @Sendable (ConversationEntry) -> Void,
        done: EventLoopPromise<Finished>
    ) {
        self.machine = machine
        self.carrier = carrier
        self.codec = codec
        self.recording = recording
        self.loop = loop
        self.dial = dial
        self.show = show
        self.done = done
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    // MARK: The socket

    func opened(_ socket: WebSocketClient) {
        self.socket = socket
        began = .now()
        carrier.open(at: .zero)
        advance()
    }

    func text(_ message: UnsafeRawBufferPointer) { receive(message, isText: true) }
    func binary(_ message: UnsafeRawBufferPointer) { receive(message, isText: false) }

    func closed(_ ending: WebSocketEnding) {
        guard !isSettling else {
            endingToTake = ending
            return
        }
        let at = now
        carrier.closed(at: at)
        settle()
        isOver = true
        alarm?.cancel()
        closeSeconds()
        if !machine.isGone { machine.closed(at: at) }
        var problem: String?
        switch ending {
        case .violation(let violation): problem = "the server broke RFC 6455: \(violation.reason)"
        case .lost(let what) where machine.report.endReason.isEmpty: problem = what
        // 1000 and 1001 are goodbyes; anything else is the server's refusal of this call (RFC 6455 section 7.4.1).
        case .closed(let code?) where code > 1001 && machine.report.endReason.isEmpty:
            problem = "the server refused the call: it closed the socket with \(code)"
        default: break
        }
        if let problem { show(ConversationEntry(at: now, kind: .event, text: problem)) }
        var report = machine.report
        if let problem, report.stuck == nil { report.stuck = problem }
        if case .closed(let code) = ending { report.closeCode = code }
        done.succeed(
            Finished(
                report: report, sent: machine.sent, heard: machine.heard, ending: ending, fired: carrier.fired,
                overflow: carrier.overflow, secondEndings: secondEndings,
                isRecordingCutOff: recording?.hasFailed ?? false))
    }

    private func closeSeconds() {
        for _ in secondEndings.count..<seconds.count { secondEndings.append("the server kept it up") }
        for second in seconds { second.close() }
    }

    // MARK: From the agent

    private func receive(_ message: UnsafeRawBufferPointer, isText: Bool) {
        let at = now
        recording?.append(message, isText: isText, at: at)
        // What was due before this came is done before it.
        machine.advance(to: at, into: &effects)
        settle()
        carrier.situations = machine.situations
        do throws(PeerViolation) {
            try carrier.receive(message, isText: isText, at: at)
        } catch {
            violation(error.description, at)
        }
        settle()
    }

    private func take(_ arrival: FaultCarrier.Arrival, at: CallTime) {
        switch arrival {
        case .audio(let octets):
            do throws(CodecError) {
                machine.receive(media: try codec.decode(octets), at: at)
            } catch {
                violation("audio that does not decode: \(error)", at)
            }
        case .mark(let name): machine.receive(mark: name, at: at, into: &effects)
        case .clear(let obedience): machine.receiveClear(at: at, obedience: obedience, into: &effects)
        case .started(let call): machine.receive(note: .call(id: call), at: at, into: &effects)
        case .note(let json):
            guard let note = GatewayNote(json: json) else { return }
            machine.receive(note: note, at: at, into: &effects)
            if machine.isGone, case .ended = note { socket?.close(code: 1000) }
        }
    }

    /// Counted, and shown once each: a server that errs in every message would bury the conversation.
    private func violation(_ text: String, _ at: CallTime) {
        machine.report.messagesUnknown += 1
        guard shownViolations.count < 20, shownViolations.insert(text).inserted else { return }
        show(ConversationEntry(at: at, kind: .event, text: "the server sent \(text)"))
    }

    // MARK: To the agent, and time

    private func advance() {
        let at = now
        machine.advance(to: at, into: &effects)
        carrier.advance(to: at)
        settle()
    }

    /// Carries effects and steps across until there are none, and sets the alarm.
    private func settle() {
        // A step may close the socket, which settles what is left itself.
        guard !isSettling, !isOver else { return }
        isSettling = true
        let at = now
        while true {
            carrier.situations = machine.situations
            let due = effects
            effects.removeAll(keepingCapacity: true)
            for effect in due { perform(effect, at: at) }
            let steps = carrier.takeSteps()
            for step in steps { perform(step, at: at) }
            if steps.isEmpty, effects.isEmpty { break }
        }
        isSettling = false
        if let ending = endingToTake {
            endingToTake = nil
            return closed(ending)
        }
        alarm?.cancel()
        guard let due = [machine.nextDeadline, carrier.nextDeadline].compactMap({ $0 }).min() else { return }
        let deadline = began + .nanoseconds(due.nanoseconds)
        alarm = loop.assumeIsolated().scheduleTask(deadline: deadline) { self.advance() }
    }

    private func perform(_ effect: CallerMachine.Effect, at: CallTime) {
        switch effect {
        case .frame(let samples):
            do throws(CodecError) {
                carrier.frame(try codec.encode(samples), at: at)
            } catch {
                violation("nothing, but our own audio did not encode: \(error)", at)
            }
        case .digit(let digit): carrier.digit(digit, at: at)
        case .mark(let name): carrier.mark(name, at: at)
        case .show(let entry): show(entry)
        case .hangUp: carrier.hangUp(at: at)
        }
    }

    private func perform(_ step: FaultCarrier.Step, at: CallTime) {
        switch step {
        case .send(let bytes, let isBinary): socket?.send(isBinary ? .binary : .text, bytes)
        case .deliver(let arrival): take(arrival, at: at)
        case .hungUp: hungUp()
        case .drop:
            show(ConversationEntry(at: at, kind: .event, text: "the connection is dropped"))
            socket?.drop()
        case .fallSilent:
            show(ConversationEntry(at: at, kind: .event, text: "the connection falls silent"))
            socket?.fallSilent()
        case .stopReading: socket?.setReading(false)
        case .resumeReading: socket?.setReading(true)
        case .openSecond(let messages):
            let second = SecondStream(messages) { ending in
                guard !self.isOver else { return }
                self.secondEndings.append(ending)
                self.show(ConversationEntry(at: self.now, kind: .event, text: "the second stream: \(ending)"))
            }
            seconds.append(second)
            dial(NIOLoopBound(second, eventLoop: loop))
        }
    }

    private func hungUp() {
        guard machine.report.hasNotes else {
            socket?.close(code: 1000)
            return
        }
        loop.assumeIsolated().scheduleTask(in: Self.farewellTime) { self.socket?.close(code: 1000) }
    }
}
