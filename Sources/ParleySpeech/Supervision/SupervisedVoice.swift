import NIOCore
import ParleyCore

/// Several voices as one that does not break: the first speaks, the others go on where it fails.
///
/// Its sessions open whatever is down.
public struct SupervisedVoice: SpeechSynthesizer {
    /// A voice, and how it fares in all calls of the process.
    public typealias Member = (voice: any SpeechSynthesizer, health: EngineHealth)

    private let members: [Member]
    let patience: VoicePatience
    /// `nil`: that of the call.
    private let loop: (any EventLoop)?

    /// - Parameter members: at least one, in the order in which they are wanted.
    public init(_ members: [Member], patience: VoicePatience = VoicePatience()) {
        self.init(members, patience: patience, on: nil)
    }

    init(_ members: [Member], patience: VoicePatience = VoicePatience(), on loop: (any EventLoop)?) {
        precondition(!members.isEmpty, "a call is spoken to by somebody")
        self.members = members
        self.patience = patience
        self.loop = loop
    }

    /// The first one's, as are the capabilities.
    public var name: String { members[0].voice.name }
    public var capabilities: SynthesizerCapabilities { members[0].voice.capabilities }
    public var health: [EngineHealth] { members.map(\.health) }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        start(answer: answer, news: { _ in })
    }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void, news: @escaping @Sendable (EngineNews) -> Void
    ) -> any SynthesizerSession {
        let (health, voices) = (health, members.map(\.voice))
        let session = SupervisedVoiceSession(on: loop ?? loopOfCall())
        session.open { [patience] loop, box in
            let supervisor = VoiceSupervisor(health, patience: patience)
            return VoiceDesk(voices, supervisor, on: loop, in: box, answer: answer, news: news)
        }
        return session
    }
}

/// The door to a call's `VoiceDesk`, from any thread.
private final class SupervisedVoiceSession: SynthesizerSession {
    private let loop: any EventLoop
    private let desk: VoiceDesk.Box

    init(on loop: any EventLoop) {
        self.loop = loop
        desk = VoiceDesk.Box.makeEmptyBox(valueType: VoiceDesk.self, eventLoop: loop)
    }

    func open(_ make: @escaping @Sendable (any EventLoop, VoiceDesk.Box) -> VoiceDesk) {
        loop.runHere { [loop, desk] in
            desk.value = make(loop, desk)
            desk.value?.handle(.began)
        }
    }

    func speak(_ text: String, generation: Generation, clause: Int) {
        tell(.speak(text, generation, clause: clause))
    }

    func cancel(_ generation: Generation) { tell(.cancel(generation)) }
    func close() { loop.runHere { [desk] in desk.value?.close() } }

    private func tell(_ event: VoiceSupervisor.Event) {
        loop.runHere { [desk] in desk.value?.handle(event) }
    }
}
