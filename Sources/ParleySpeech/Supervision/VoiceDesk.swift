import NIOCore
import ParleyCore

/// Carries out what a call's `VoiceSupervisor` decides, on the call's event loop. Decides nothing.
final class VoiceDesk {
    typealias Box = NIOLoopBoundBox<VoiceDesk?>

    private let voices: [any SpeechSynthesizer]
    private let answer: @Sendable (SpeechAnswer) -> Void
    private let news: @Sendable (EngineNews) -> Void
    /// Where this desk is, for what comes from other threads.
    private let box: Box
    private let desk: LoopDesk<VoiceSupervisor.Event>
    private var supervisor: VoiceSupervisor
    private var sessions: [Int: any SynthesizerSession] = [:]
    private var isClosed = false

    init(
        _ voices: [any SpeechSynthesizer], _ supervisor: VoiceSupervisor, on loop: any EventLoop, in box: Box,
        answer: @escaping @Sendable (SpeechAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) {
        self.voices = voices
        self.supervisor = supervisor
        self.box = box
        self.answer = answer
        self.news = news
        desk = LoopDesk(on: loop)
    }

    func handle(_ event: VoiceSupervisor.Event) {
        desk.handle(event) { event in
            guard !isClosed else { return }
            if case .deadline = event { desk.alarmPassed() }
            for effect in supervisor.handle(event, at: desk.now) { perform(effect) }
        }
        guard !isClosed, !desk.isAlarmSet(at: supervisor.nextDeadline) else { return }
        let box = box
        desk.setAlarm(at: supervisor.nextDeadline) { box.value?.handle(.deadline) }
    }

    func close() {
        isClosed = true
        desk.setAlarm(at: nil) {}
        for session in sessions.values { session.close() }
        sessions = [:]
        box.value = nil
    }

    private func perform(_ effect: VoiceSupervisor.Effect) {
        guard !isClosed else { return }
        switch effect {
        case .start(let engine, let session): start(engine, session)
        case .close(let session): sessions.removeValue(forKey: session)?.close()
        case .speak(let session, let text, let run, let clause):
            sessions[session]?.speak(text, generation: run, clause: clause)
        case .cancel(let session, let run): sessions[session]?.cancel(run)
        case .answer(let answer): self.answer(answer)
        case .news(let news): self.news(news)
        }
    }

    private func start(_ engine: Int, _ session: Int) {
        let (box, loop) = (box, desk.loop)
        do throws(EngineError) {
            // Always behind what the loop has to do: what comes from several threads keeps its order.
            sessions[session] = try voices[engine].start(
                answer: { answer in loop.execute { box.value?.handle(.answer(session: session, answer)) } },
                news: { news in loop.execute { box.value?.handle(.news(session: session, news)) } })
        } catch {
            handle(.couldNotStart(session: session, error))
        }
    }
}
