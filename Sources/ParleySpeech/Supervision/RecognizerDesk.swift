import NIOCore
import ParleyCore

/// Carries out what a call's `RecognizerSupervisor` decides, on the call's event loop. Decides nothing.
final class RecognizerDesk {
    typealias Box = NIOLoopBoundBox<RecognizerDesk?>

    private let recognizers: [any SpeechRecognizer]
    private let answer: @Sendable (RecognizerAnswer) -> Void
    private let news: @Sendable (EngineNews) -> Void
    /// Where this desk is, for what comes from other threads.
    private let box: Box
    private let desk: LoopDesk<Input>
    private var supervisor: RecognizerSupervisor
    /// The one that listens.
    private var session: (any RecognizerSession)?
    private var isClosed = false

    private enum Input {
        case event(RecognizerSupervisor.Event)
        case audio([Int16])
    }

    init(
        _ recognizers: [any SpeechRecognizer], _ supervisor: RecognizerSupervisor, on loop: any EventLoop, in box: Box,
        answer: @escaping @Sendable (RecognizerAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) {
        self.recognizers = recognizers
        self.supervisor = supervisor
        self.box = box
        self.answer = answer
        self.news = news
        desk = LoopDesk(on: loop)
    }

    func feed(_ frame: Span<Int16>) {
        guard !isClosed else { return }
        let isDone = desk.handleNow({ hear(frame) }, then: carryOut)
        guard isDone else { return take(.audio(frame.withUnsafeBufferPointer { Array($0) })) }
        setAlarm()
    }

    func handle(_ event: RecognizerSupervisor.Event) { take(.event(event)) }

    func close() {
        isClosed = true
        desk.setAlarm(at: nil) {}
        session?.close()
        session = nil
        box.value = nil
    }

    private func take(_ input: Input) {
        desk.handle(input, by: carryOut)
        setAlarm()
    }

    private func carryOut(_ input: Input) {
        guard !isClosed else { return }
        switch input {
        case .event(let event):
            if case .deadline = event { desk.alarmPassed() }
            for effect in supervisor.handle(event, at: desk.now) { perform(effect) }
        case .audio(let samples): hear(samples.span)
        }
    }

    private func hear(_ frame: Span<Int16>) {
        guard let effects = supervisor.feed(frame, at: desk.now) else {
            session?.feed(frame)
            return
        }
        for effect in effects { perform(effect) }
    }

    private func setAlarm() {
        guard !isClosed, !desk.isAlarmSet(at: supervisor.nextDeadline) else { return }
        let box = box
        desk.setAlarm(at: supervisor.nextDeadline) { box.value?.handle(.deadline) }
    }

    private func perform(_ effect: RecognizerSupervisor.Effect) {
        guard !isClosed else { return }
        switch effect {
        case .start(let engine, let attempt): start(engine, attempt)
        case .close:
            session?.close()
            session = nil
        case .feed(let range):
            guard let session else { return }
            supervisor.lend(range) { session.feed($0) }
        case .pause(let turn): session?.pause(turn)
        case .finish(let turn): session?.finish(turn)
        case .cancel(let turn): session?.cancel(turn)
        case .answer(let answer): self.answer(answer)
        case .news(let news): self.news(news)
        }
    }

    private func start(_ engine: Int, _ attempt: Int) {
        let (box, loop) = (box, desk.loop)
        do throws(EngineError) {
            // Always behind what the loop has to do: what comes from several threads keeps its order.
            session = try recognizers[engine].start(
                sampleRate: supervisor.sampleRate,
                answer: { answer in loop.execute { box.value?.handle(.answer(attempt: attempt, answer)) } },
                news: { news in loop.execute { box.value?.handle(.news(attempt: attempt, news)) } })
        } catch {
            handle(.couldNotStart(attempt: attempt, error))
        }
    }
}
