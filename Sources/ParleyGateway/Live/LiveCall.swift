import Foundation
import Logging
import Metrics
import NIOCore
import ParleyAgents
import ParleyCore
import ParleyLedger
import ParleySpeech
import ParleyWire

/// Runs one call on the event loop of its socket: turns what the world says into the call's inputs, and the call's effects
/// into what the world does. Decides nothing about the conversation.
final class LiveCall<Leg: Dialect>: MediaSession, EventReceiver {
    private let services: CallServices
    private let request: MediaRequest
    private var socket: (any MediaSocket)?
    private var opened = NIODeadline.uptimeNanoseconds(0)

    /// Two copies of the dialect: what is decoded may be answered while it is being decoded.
    private var inbound: Leg
    private var outbound: Leg
    private var audioOpcode = WebSocketFrame.Opcode.text
    private var tolerance = WireTolerance()
    /// Begun by the message that is being decoded; taken up when that is done.
    private var start: LegStart?

    private var call: Call?
    /// There is a call. Asked instead of the call itself, which comparing with nil would copy.
    private var hasBegun = false
    private var packer = FramePacker(samplesPerFrame: LegFormat.telephone.samplesPerFrame)
    private var engines: CallEngines?
    /// Holds this call, until it is closed.
    private var inbox: CallInbox?
    private var actions: ActionDesk?
    /// Records all that the call is told; `nil` where nobody wants that.
    private var tape: CapsuleTape?
    /// Given by the call while it was handling something; acted upon when it has returned.
    private var end: EndReason?
    private var isOver = false
    private let id: String
    /// The watcher wants to be told how the call goes.
    private var isWatched = false
    private var streamID = ""
    /// The provider's id of this call while it is up; empty where there is none.
    private var providerCall = ""

    init(_ leg: Leg, request: MediaRequest, services: CallServices) {
        inbound = leg
        outbound = leg
        self.request = request
        self.services = services
        id = ULID.make(at: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    private var now: CallTime {
        guard let socket else { return .zero }
        return CallTime(nanoseconds: (socket.now - opened).nanoseconds)
    }

    // MARK: The socket

    func opened(_ socket: any MediaSocket) {
        self.socket = socket
        opened = socket.now
    }

    func text(_ message: UnsafeRawBufferPointer) {
        guard !isOver else { return }
        var inlet = Inlet(line: self)
        do throws(WireError) {
            try inbound.decodeText(message, into: &inlet)
        } catch {
            return refuse(error)
        }
        if let start {
            self.start = nil
            begin(start)
        }
    }

    func binary(_ message: UnsafeRawBufferPointer) {
        guard !isOver else { return }
        var inlet = Inlet(line: self)
        do throws(WireError) {
            try inbound.decodeBinary(message, into: &inlet)
        } catch {
            refuse(error)
        }
    }

    func readCompleted() { settle() }

    func alarm() {
        handle(.deadline)
        settle()
        socket?.flush()
    }

    func closed(_ end: MediaSocketEnd) {
        if case .violation(let code) = end {
            services.logger.notice(
                "the peer broke the WebSocket protocol or a limit",
                metadata: ["call": "\(hasBegun ? id : "not begun")", "code": "\(code)"])
        }
        if !isOver, hasBegun {
            let reason = end.endReason
            handle(reason == .callerHungUp ? .stopped : .lost(reason))
            settle()
        }
        isOver = true
        socket = nil
        inbox?.close()
    }

    private func refuse(_ error: WireError) {
        services.metrics.dropped(.malformedMessage)
        guard let code = tolerance.take(error, at: now) else { return }
        services.logger.notice("the peer broke its protocol", metadata: ["call": "\(id)", "error": "\(error)"])
        if hasBegun {
            handle(.lost(.protocolError))
            closing = (code, error.description)
            settle()
        } else {
            isOver = true
            socket?.close(code: code, reason: error.description)
        }
    }
    private var closing: (code: UInt16, reason: String) = (1000, "")

    // MARK: Beginning

    private func begin(_ start: LegStart) {
        guard let socket, !hasBegun else { return }
        // Nothing is opened for a caller who is not let in.
        if let refusal = request.refusal(token: start.parameters["token"], call: start.callID) {
            services.logger.notice("a media stream was refused", metadata: ["reason": "\(refusal.rawValue)"])
            isOver = true
            return socket.close(code: 1008, reason: "not authorised")
        }
        // Dialects without ids of calls have nothing that could be up twice.
        if !start.callID.isEmpty {
            guard services.liveCalls.begin(provider: request.provider, call: start.callID) else {
                services.metrics.refused(.callIsUp)
                services.logger.notice("a media stream was refused", metadata: ["reason": "call_is_up"])
                isOver = true
                return socket.close(code: 1008, reason: "this call is up already")
            }
            providerCall = start.callID
        }
        socket.admitted()
        outbound = inbound
        audioOpcode = outbound.outboundAudioIsBinary ? .binary : .text
        streamID = start.streamID
        let format = outbound.format
        isWatched = outbound.takesNotes || (request.isInsecure && start.parameters["parley.notes"] == "1")
        let wallClock = Date().timeIntervalSince1970
        let caller = PeerText.line(start.from.isEmpty ? start.parameters["from"] ?? "" : start.from)
        let facts = CallFacts(
            callID: id, from: caller, to: PeerText.line(start.parameters["to"] ?? ""), parameters: start.parameters,
            wallClock: wallClock)
        services.ledger.record(
            .callStarted(
                CallStart(
                    id: id, provider: request.provider, providerCall: PeerText.line(start.callID),
                    stream: PeerText.line(start.streamID),
                    caller: caller, called: facts.to, agent: services.agentName,
                    startedAt: Int64(wallClock * 1_000))))
        services.metrics.callsStarted.increment()
        services.logger.info("a call began", metadata: ["call": "\(id)", "provider": "\(request.provider)"])

        var settings = services.settings(for: format)
        settings.clearReturnsMarks = outbound.clearReturnsMarks
        call = Call(settings: settings)
        hasBegun = true
        tape = services.capsules?.begin(
            call: id, header: services.header(of: facts, start, provider: request.provider), settings: settings)
        packer = FramePacker(samplesPerFrame: format.samplesPerFrame)
        let inbox = CallInbox(self, on: socket.eventLoop)
        self.inbox = inbox
        services.webhooks.began(id)
        actions = ActionDesk(
            ledger: services.ledger, webhooks: services.webhooks, call: id, caller: caller, inbox: inbox)
        engines = CallEngines(services, format, facts, inbox)
        services.directory.enter(id, inbox)
        socket.send { out in
            let frame = WebSocketFrame.begin(in: &out)
            if outbound.appendStarted(call: id, to: &out) {
                WebSocketFrame.end(frame, .text, in: &out)
            } else {
                WebSocketFrame.cancel(frame, in: &out)
            }
        }
        tell(.call(id: id))
        handle(.started)
    }

    // MARK: Inputs

    func hear(_ news: TextNews) { engines?.agent.heard(news) }

    func receive(_ event: CallEvent) {
        handle(event)
        settle()
        socket?.flush()
    }

    private func handle(_ event: CallEvent) {
        guard !isOver, hasBegun else { return }
        let now = now
        var outlet = Outlet(line: self)
        tape?.handle(event, at: now)
        call!.handle(event, at: now, into: &outlet)
        tape?.finish()
    }

    fileprivate func hear(_ samples: Span<Int16>) {
        guard !isOver, hasBegun else { return }
        let now = now
        var outlet = Outlet(line: self)
        let tape = tape
        packer.append(samples) { frame in
            tape?.hear(frame, at: now)
            call!.hear(frame, at: now, into: &outlet)
            tape?.finish()
        }
    }

    fileprivate func hear(packet: UnsafeRawBufferPointer, sequence: UInt16) {
        guard let samples = engines?.opus?.decode(packet, sequence: sequence) else {
            return services.metrics.dropped(.frame)
        }
        hear(samples.span)
    }

    fileprivate func receive(_ event: LegEvent) {
        switch event {
        case .started(let start): self.start = start
        case .digit(let digit): handle(.digit(digit))
        case .mark(let mark):
            socket?.countControl()
            handle(.mark(mark))
        case .stopped: handle(.stopped)
        case .unknown: services.metrics.dropped(.unknownEvent)
        case .unknownMark:
            socket?.countControl()
            services.metrics.dropped(.frame)
        case .duplicate, .gap: services.metrics.dropped(.frame)
        case .connected: break
        }
    }

    /// After the call has returned: the next alarm, or the end.
    private func settle() {
        guard !isOver else { return }
        if let reason = end { return conclude(reason) }
        guard let socket, hasBegun else { return }
        socket.setAlarm(at: call!.due.map { opened + .nanoseconds($0.nanoseconds) })
    }

    private func conclude(_ reason: EndReason) {
        isOver = true
        if !providerCall.isEmpty { services.liveCalls.end(provider: request.provider, call: providerCall) }
        services.ledger.record(
            .callEnded(call: id, at: Int64(Date().timeIntervalSince1970 * 1_000), reason))
        services.metrics.callEnded(reason.rawValue)
        services.directory.leave(id)
        services.webhooks.ended(id)
        services.logger.info("a call ended", metadata: ending(reason))
        engines?.close(reason)
        tape?.end(reason)
        tell(.ended(reason))
        socket?.setAlarm(at: nil)
        socket?.close(code: closing.code, reason: closing.reason)
    }

    private func ending(_ reason: EndReason) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["call": "\(id)", "reason": "\(reason.rawValue)"]
        if let echo = call?.echoPath {
            metadata["echo"] = "after \(echo.delay.milliseconds) ms at \(Int(echo.gain)) dB"
        }
        return metadata
    }

    // MARK: Effects

    fileprivate func play(_ frame: Span<UInt8>) {
        tape?.play(frame)
        guard let socket, socket.isWritable else { return services.metrics.dropped(.outgoingAudio) }
        socket.send { out in
            let message = WebSocketFrame.begin(in: &out)
            outbound.appendAudio(frame, to: &out)
            WebSocketFrame.end(message, audioOpcode, in: &out)
        }
    }

    fileprivate func feed(_ samples: Span<Int16>) { engines?.recognizer?.feed(samples) }

    fileprivate func consult(_ samples: Span<Int16>, isWanted: Bool) {
        engines?.consult(samples, isWanted: isWanted)
    }

    fileprivate func perform(_ effect: CallEffect) {
        tape?.perform(effect)
        switch effect {
        case .clear: send { outbound.appendClear(to: &$0) }
        case .mark(let mark): send { outbound.appendMark(mark, to: &$0) }
        case .pauseTurn(let turn):
            engines?.preemptive?.paused(turn, at: now)
            engines?.recognizer?.pause(turn)
        case .finishTurn(let turn):
            // Without a recogniser nobody will answer: the ladder takes over at once.
            if let recognizer = engines?.recognizer {
                recognizer.finish(turn)
            } else {
                fail { .recognizer(.failed(turn)) }
            }
        case .cancelTurn(let turn): engines?.recognizer?.cancel(turn)
        case .ask(let question): engines?.agent.ask(question)
        case .cancelReply(let generation): engines?.agent.cancel(generation)
        case .retractReply(let generation): engines?.agent.retract(generation)
        case .tellAgent(_, let invocation, let outcome): engines?.agent.finished(invocation, outcome)
        case .speak(let generation, let clause, let text):
            if let synthesizer = engines?.synthesizer {
                synthesizer.speak(text, generation: generation, clause: clause)
            } else {
                fail { .synthesizer(.failed(generation, clause: clause)) }
            }
        case .sound(let generation, let clause, let sound):
            engines?.sounds.make(sound, generation, clause: clause)
        case .cancelSpeech(let generation): engines?.synthesizer?.cancel(generation)
        case .run(let invocation): actions?.run(invocation, at: now)
        case .note(let note): record(note)
        case .transfer(let target):
            services.logger.info("a call is transferred", metadata: ["call": "\(id)", "target": "\(target)"])
        case .end(let reason): end = reason
        }
    }

    /// An engine that is not there answers as one that failed; not from within the call's own handling.
    private func fail(_ event: @escaping @Sendable () -> CallEvent) {
        inbox?.deliver(event())
    }

    private func send(_ append: (inout [UInt8]) -> Void) {
        socket?.send { out in
            let message = WebSocketFrame.begin(in: &out)
            append(&out)
            WebSocketFrame.end(message, .text, in: &out)
        }
    }

    private func record(_ note: CallNote) {
        services.ledger.record(.note(call: id, at: now, note))
        if case .partial(let turn, let text) = note { engines?.preemptive?.words(turn, text, at: now) }
        if case .answered(let waterfall) = note { services.metrics.took(waterfall) }
        if case .dropped = note { services.metrics.dropped(.frame) }
        if case .engine(let news) = note { log(news) }
        engines?.agent.noted(note)
        tell(.note(note))
    }

    private func log(_ news: EngineNews) {
        services.logger.log(
            level: news.kind.isOfTools ? .notice : .warning, "an engine did not do as it should",
            metadata: [
                "call": "\(id)", "role": "\(news.role.rawValue)", "engine": "\(news.engine)",
                "what": "\(news.kind.rawValue)",
                "detail": "\(news.detail)",
            ])
    }

    func tell(_ watch: CallWatch) {
        guard isWatched, let socket else { return }
        var json = JSONWriter()
        json.beginObject()
        if outbound.takesNotes {
            json.field("event", "note")
            guard watch.write(to: &json) else { return }
        } else {
            json.field("event", "parley")
            json.field("streamSid", streamID)
            json.key("note")
            json.beginObject()
            guard watch.write(to: &json) else { return }
            json.endObject()
        }
        json.endObject()
        json.bytes.withUnsafeBytes { socket.sendText($0) }
    }

    /// What a dialect decodes, into the call.
    private struct Inlet: LegEventSink {
        let line: LiveCall
        mutating func audio(_ samples: Span<Int16>, timestamp: Int) { line.hear(samples) }
        mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {
            line.hear(packet: packet, sequence: sequence)
        }
        mutating func receive(_ event: LegEvent) { line.receive(event) }
    }

    /// What the call does, into the world.
    private struct Outlet: CallEffectSink {
        let line: LiveCall
        mutating func play(_ frame: Span<UInt8>) { line.play(frame) }
        mutating func feed(_ samples: Span<Int16>) { line.feed(samples) }
        mutating func consult(_ samples: Span<Int16>, isWanted: Bool) { line.consult(samples, isWanted: isWanted) }
        mutating func perform(_ effect: CallEffect) { line.perform(effect) }
    }
}

extension GatewayMetrics {
    /// The stages of one turn, each from the one before.
    func took(_ waterfall: Waterfall) {
        func stage(_ name: String, _ from: CallTime?, _ to: CallTime?) {
            guard let from, let to, to >= from else { return }
            took((to - from).nanoseconds, in: name)
        }
        stage("endpoint", waterfall.lastVoiced, waterfall.endpoint)
        stage("transcript", waterfall.endpoint, waterfall.final)
        stage("reply", waterfall.asked, waterfall.firstClause)
        stage("speech", waterfall.firstClause, waterfall.firstFrame)
        stage("edge", waterfall.lastVoiced, waterfall.firstFrame)
    }
}
