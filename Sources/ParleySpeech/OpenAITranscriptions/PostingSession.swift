import NIOCore
import ParleyCore
import ParleyNetwork

/// Carries one call's `PostedTurns` out: all of it on one event loop, at once where the caller is on it.
final class PostingSession: RecognizerSession {
    private let loop: any EventLoop
    private let told: AnswerLine<RecognizerTold>
    /// Set on the loop, before anything else there.
    private let shell: NIOLoopBoundBox<PostingShell?>

    init(
        _ recognizer: PostingRecognizer, legRate: Int, on loop: any EventLoop, told: AnswerLine<RecognizerTold>
    ) {
        self.loop = loop
        self.told = told
        shell = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        onLoop { [shell] in shell.value = PostingShell(recognizer, legRate: legRate, on: loop, told: told) }
    }

    func feed(_ audio: Span<Int16>) {
        if loop.inEventLoop {
            shell.value?.feed(audio)
        } else {
            let copy = audio.withUnsafeBufferPointer { Array($0) }
            loop.execute { [shell] in shell.value?.feed(copy.span) }
        }
    }

    /// What is decoded at a pause would be paid for twice.
    func pause(_ turn: TurnID) {}

    func finish(_ turn: TurnID) { onLoop { [shell] in shell.value?.run { $0.finish(turn, into: &$1) } } }

    func cancel(_ turn: TurnID) { onLoop { [shell] in shell.value?.run { $0.cancel(turn, into: &$1) } } }

    func close() {
        told.close()
        onLoop { [shell] in
            shell.value?.run { $0.close(into: &$1) }
            shell.value = nil
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }
}

/// The requests and the timers of a `PostedTurns`. Confined to its event loop.
final class PostingShell {
    /// For a whole answer. Whoever stands in front of engines loses patience sooner.
    private static let longestAnswer = CallTime.seconds(10)

    private let recognizer: PostingRecognizer
    private let loop: any EventLoop
    private let told: AnswerLine<RecognizerTold>
    private var turns: PostedTurns
    private var requests: [TurnID: HTTPStreamTask] = [:]
    private var waits: [TurnID: Scheduled<Void>] = [:]
    private let effects = EffectQueue<PostedTurns.Effect>()

    init(_ recognizer: PostingRecognizer, legRate: Int, on loop: any EventLoop, told: AnswerLine<RecognizerTold>) {
        self.recognizer = recognizer
        self.loop = loop
        self.told = told
        turns = PostedTurns(legRate: legRate)
    }

    func feed(_ audio: Span<Int16>) { turns.feed(audio) }

    /// Tells the turns something, and does what they want done.
    func run(_ event: (inout PostedTurns, inout [PostedTurns.Effect]) -> Void) {
        event(&turns, &effects.waiting)
        effects.drain(perform)
    }

    private func perform(_ effect: PostedTurns.Effect) {
        switch effect {
        case .ask(let turn, let sound): ask(turn, sound)
        case .wait(let turn, let time):
            waits[turn] = loop.assumeIsolated().scheduleTask(in: .nanoseconds(time.nanoseconds)) { [self] in
                waits[turn] = nil
                run { $0.due(turn, into: &$1) }
            }
        case .stop(let turn):
            requests.removeValue(forKey: turn)?.cancel()
            waits.removeValue(forKey: turn)?.cancel()
        case .answer(let answer): told.send(.answer(answer))
        case .news(let kind, let detail): told.send(.news(kind, detail))
        }
    }

    private func ask(_ turn: TurnID, _ sound: [Int16]) {
        let request = recognizer.form.request(sound)
        requests[turn] = recognizer.client.stream.send(
            request.method, request.url, headers: request.headers, body: request.body, within: Self.longestAnswer,
            on: loop, user: TranscriptReader { [self] in take($0, of: turn) })
    }

    private func take(_ outcome: TranscriptReader.Outcome, of turn: TurnID) {
        requests.removeValue(forKey: turn)?.cancel()
        switch outcome {
        case .words(let words): run { $0.answered(turn, words, into: &$1) }
        case .fault(let fault, let wait):
            let line = fault.error(of: recognizer.name, hiding: recognizer.secret?.revealed).message
            run { $0.failed(turn, line, isRetryable: fault.isRetryable, wait: wait, into: &$1) }
        }
    }
}
