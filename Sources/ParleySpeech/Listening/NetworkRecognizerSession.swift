import NIOCore
import ParleyCore
import ParleyNetwork

/// Carries one call's `RecognizerLine` out: all of it on one event loop, at once where the caller is on it.
final class NetworkRecognizerSession: RecognizerSession {
    private let loop: any EventLoop
    private let told: AnswerLine<RecognizerTold>
    /// Set on the loop, before anything else there.
    private let shell: NIOLoopBoundBox<RecognizerShell?>

    init(line: RecognizerLine, peer: RecognizerPeer, loop: any EventLoop, told: AnswerLine<RecognizerTold>) {
        self.loop = loop
        self.told = told
        shell = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        onLoop { [shell] in
            shell.value = RecognizerShell(line, peer: peer, loop: loop, told: told)
            shell.value?.start()
        }
    }

    func feed(_ audio: Span<Int16>) {
        if loop.inEventLoop {
            shell.value?.feed(audio)
        } else {
            let copy = audio.withUnsafeBufferPointer { Array($0) }
            loop.execute { [shell] in shell.value?.feed(copy.span) }
        }
    }

    func pause(_ turn: TurnID) { onLoop { [shell] in shell.value?.run { $0.pause(turn, at: $1, into: &$2) } } }

    func finish(_ turn: TurnID) { onLoop { [shell] in shell.value?.run { $0.finish(turn, at: $1, into: &$2) } } }

    func cancel(_ turn: TurnID) { onLoop { [shell] in shell.value?.run { $0.cancel(turn, at: $1, into: &$2) } } }

    func close() {
        told.close()
        onLoop { [shell] in shell.value?.run { $0.close(at: $1, into: &$2) } }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }
}

/// The socket and the timer of a `RecognizerLine`. Confined to its event loop.
private final class RecognizerShell {
    /// A text message over it is a fault of the peer (protocols.md 0, rule 7).
    private static let longestMessage = 64 << 10
    /// Unsent octets beyond which the peer is too slow: nothing more is given to the connection until it has read some.
    private static let unsentLimit = 64 << 10

    private var line: RecognizerLine
    private let peer: RecognizerPeer
    private let loop: any EventLoop
    private let told: AnswerLine<RecognizerTold>
    private let began = NIODeadline.now()
    private var connection: EngineConnection?
    private let effects = EffectQueue<RecognizerLine.Effect>()
    private var alarm: (due: CallTime, timer: Scheduled<Void>)?

    init(_ line: RecognizerLine, peer: RecognizerPeer, loop: any EventLoop, told: AnswerLine<RecognizerTold>) {
        self.line = line
        self.peer = peer
        self.loop = loop
        self.told = told
    }

    func start() { run { $0.start(at: $1, into: &$2) } }

    func feed(_ audio: Span<Int16>) {
        line.isPeerSlow = isPeerSlow
        line.feed(audio, at: now, into: &effects.waiting)
        perform()
    }

    /// Tells the line something, and does what it wants done.
    func run(_ event: (inout RecognizerLine, CallTime, inout [RecognizerLine.Effect]) -> Void) {
        line.isPeerSlow = isPeerSlow
        event(&line, now, &effects.waiting)
        perform()
    }

    private var now: CallTime { CallTime(nanoseconds: (NIODeadline.now() - began).nanoseconds) }

    private var isPeerSlow: Bool { connection.map { $0.unsentBytes > Self.unsentLimit } ?? false }

    private func perform() {
        if effects.drain(perform) { arm() }
    }

    private func perform(_ effect: RecognizerLine.Effect) {
        switch effect {
        case .connect: connect()
        case .send(.text(let message)): connection?.sendText(message)
        case .send(.binary(let message)): connection?.sendBinary(message)
        case .drop:
            connection?.drop()
            connection = nil
        case .close: connection?.close()
        case .answer(let answer): told.send(.answer(answer))
        case .news(let kind, let detail): told.send(.news(kind, detail))
        }
    }

    private func connect() {
        connection?.drop()
        let user = ConnectionUser(self)
        connection = EngineConnection(
            peer.address, headers: peer.headers.map { ($0.name, $0.value.revealed) }, trust: peer.trust,
            within: .nanoseconds(RecognizerLine.connectTime.nanoseconds), maxMessageBytes: Self.longestMessage,
            watch: .engine, on: loop, user: user)
    }

    /// One timer: it may ring early, and is then set anew.
    private func arm() {
        guard let due = line.nextDeadline else {
            alarm?.timer.cancel()
            alarm = nil
            return
        }
        if let alarm, alarm.due <= due { return }
        alarm?.timer.cancel()
        let timer = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, (due - now).nanoseconds))) { [self] in
            alarm = nil
            run { $0.deadline(at: $1, into: &$2) }
        }
        alarm = (due, timer)
    }

    /// What happens on the connection that is the present one, or was.
    private final class ConnectionUser: EngineConnectionUser {
        private let shell: RecognizerShell

        init(_ shell: RecognizerShell) { self.shell = shell }

        func opened() { shell.run { $0.opened(at: $1, into: &$2) } }
        func text(_ message: UnsafeRawBufferPointer) { shell.run { $0.received(text: message, at: $1, into: &$2) } }
        func binary(_ message: UnsafeRawBufferPointer) { shell.run { $0.received(binary: message, at: $1, into: &$2) } }
        func closed(_ reason: String) {
            shell.connection = nil
            shell.run { $0.closed(reason, at: $1, into: &$2) }
        }
    }
}
