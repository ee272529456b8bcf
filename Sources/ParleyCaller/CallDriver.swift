import NIOCore
import ParleyCore
import ParleyWire

/// The live shell of one call: turns socket bytes and time into what `CallerMachine` takes, and does what it says.
///
/// Decides nothing about the call. Confined to its event loop.
final class CallDriver: WebSocketClientUser {
    /// How long the gateway may take to tell the end of the call after the caller has hung up.
    static let farewellTime = TimeAmount.seconds(3)

    private let loop: any EventLoop
    private let show: @Sendable (ConversationEntry) -> Void
    private let done: EventLoopPromise<Finished>
    private var machine: CallerMachine
    private var peer: any PeerDialect
    private var codec: LegCodec
    private var loss: PacketLoss
    private var socket: WebSocketClient?
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var alarm: Scheduled<Void>?
    private var effects: [CallerMachine.Effect] = []
    private var shownViolations: Set<String> = []
    private var timestamp = 0
    private var message: [UInt8] = []

    /// What is left of a call when it is over.
    struct Finished: Sendable {
        var report: CallReport
        var sent: [Int16]
        var heard: [Int16]
        var ending: WebSocketEnding
    }

    init(
        machine: CallerMachine, peer: any PeerDialect, codec: LegCodec, loss: PacketLoss, loop: any EventLoop,
        show: @escaping @Sendable (ConversationEntry) -> Void, done: EventLoopPromise<Finished>
    ) {
        self.machine = machine
        self.peer = peer
        self.codec = codec
        self.loss = loss
        self.loop = loop
        self.show = show
        self.done = done
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    // MARK: The socket

    func opened(_ socket: WebSocketClient) {
        self.socket = socket
        write { peer, out in peer.appendConnected(to: &out) }
        began = .now()
        write { peer, out in
            peer.appendStart(to: &out)
            return true
        }
        advance()
    }

    func text(_ message: UnsafeRawBufferPointer) { receive(message, isText: true) }
    func binary(_ message: UnsafeRawBufferPointer) { receive(message, isText: false) }

    func closed(_ ending: WebSocketEnding) {
        alarm?.cancel()
        if !machine.isGone { machine.closed(at: now) }
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
        done.succeed(Finished(report: report, sent: machine.sent, heard: machine.heard, ending: ending))
    }

    // MARK: From the agent

    private func receive(_ message: UnsafeRawBufferPointer, isText: Bool) {
        let at = now
        // What was due before this came is done before it.
        machine.advance(to: at, into: &effects)
        var sink = Sink(driver: self, at: at)
        do throws(PeerViolation) {
            if isText { try peer.decodeText(message, into: &sink) } else { try peer.decodeBinary(message, into: &sink) }
        } catch .unknownEvent("parley") {
            sink.note(message)
        } catch {
            violation(error.description, at)
        }
        settle()
        if machine.isGone, case .ended = sink.lastNote { socket?.close(code: 1000) }
    }

    private struct Sink: PeerEventSink {
        let driver: CallDriver
        let at: CallTime
        var lastNote: GatewayNote?

        mutating func audio(_ octets: UnsafeRawBufferPointer) {
            do throws(CodecError) {
                driver.machine.receive(media: try driver.codec.decode(octets), at: at)
            } catch {
                driver.violation("audio that does not decode: \(error)", at)
            }
        }

        mutating func mark(_ name: String) { driver.machine.receive(mark: name, at: at, into: &driver.effects) }

        mutating func clear() { driver.machine.receiveClear(at: at, into: &driver.effects) }

        mutating func started(call: String) {
            driver.machine.receive(note: .call(id: call), at: at, into: &driver.effects)
        }

        mutating func note(_ json: UnsafeRawBufferPointer) {
            guard let note = GatewayNote(json: Array(json)) else { return }
            lastNote = note
            driver.machine.receive(note: note, at: at, into: &driver.effects)
        }
    }

    /// Counted, and shown once each: a server that errs in every message would bury the conversation.
    private func violation(_ text: String, _ at: CallTime) {
        machine.report.messagesUnknown += 1
        guard shownViolations.count < 20, shownViolations.insert(text).inserted else { return }
        show(ConversationEntry(at: at, kind: .event, text: "the server sent \(text)"))
    }

    // MARK: To the agent

    private func advance() {
        machine.advance(to: now, into: &effects)
        settle()
    }

    private func settle() {
        for effect in effects { perform(effect) }
        effects.removeAll(keepingCapacity: true)
        alarm?.cancel()
        guard let due = machine.nextDeadline else { return }
        let deadline = began + .nanoseconds(due.nanoseconds)
        alarm = loop.assumeIsolated().scheduleTask(deadline: deadline) { self.advance() }
    }

    private func perform(_ effect: CallerMachine.Effect) {
        switch effect {
        case .frame(let samples): send(samples)
        case .digit(let digit):
            write { peer, out in
                peer.appendDigit(digit, to: &out)
                return true
            }
        case .mark(let name):
            write { peer, out in
                peer.appendMark(name, to: &out)
                return true
            }
        case .show(let entry): show(entry)
        case .hangUp:
            write { peer, out in
                peer.appendStop(to: &out)
                return true
            }
            guard machine.report.hasNotes else {
                socket?.close(code: 1000)
                return
            }
            loop.assumeIsolated().scheduleTask(in: Self.farewellTime) { self.socket?.close(code: 1000) }
        }
    }

    private func send(_ samples: [Int16]) {
        defer { timestamp += 20 }
        do throws(CodecError) {
            let octets = try codec.encode(samples)
            message.removeAll(keepingCapacity: true)
            // Numbered even when it is lost, so that the other side can tell.
            peer.appendAudio(octets.span, timestamp: timestamp, to: &message)
            if loss.losesNext() {
                machine.report.packetsDropped += 1
            } else {
                socket?.send(peer.audioIsBinary ? .binary : .text, message)
            }
        } catch {
            violation("nothing, but our own audio did not encode: \(error)", now)
        }
    }

    private func write(_ append: (inout any PeerDialect, inout [UInt8]) -> Bool) {
        message.removeAll(keepingCapacity: true)
        if append(&peer, &message) { socket?.send(.text, message) }
    }
}
