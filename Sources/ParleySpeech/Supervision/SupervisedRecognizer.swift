import NIOCore
import ParleyCore

/// Several recognisers as one that does not break: the first listens, the others stand in for it.
///
/// Its sessions open whatever is down: a call greets, and the ladder takes over where nobody hears what is said.
public struct SupervisedRecognizer: SpeechRecognizer {
    /// A recogniser, and how it fares in all calls of the process.
    public typealias Member = (recognizer: any SpeechRecognizer, health: EngineHealth)

    private let members: [Member]
    let patience: RecognizerPatience
    /// `nil`: that of the call.
    private let loop: (any EventLoop)?

    /// - Parameter members: at least one, in the order in which they are wanted.
    public init(_ members: [Member], patience: RecognizerPatience = RecognizerPatience()) {
        self.init(members, patience: patience, on: nil)
    }

    init(_ members: [Member], patience: RecognizerPatience = RecognizerPatience(), on loop: (any EventLoop)?) {
        precondition(!members.isEmpty, "a call is heard by somebody")
        self.members = members
        self.patience = patience
        self.loop = loop
    }

    /// The first one's, as are the capabilities.
    public var name: String { members[0].recognizer.name }
    public var capabilities: RecognizerCapabilities { members[0].recognizer.capabilities }
    public var health: [EngineHealth] { members.map(\.health) }

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        start(sampleRate: sampleRate, answer: answer, news: { _ in })
    }

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) -> any RecognizerSession {
        let engines = members.map {
            RecognizerSupervisor.Engine(health: $0.health, hasPartials: $0.recognizer.capabilities.hasPartials)
        }
        let recognizers = members.map(\.recognizer)
        let session = SupervisedRecognizerSession(on: loop ?? loopOfCall())
        session.open { [patience] loop, box in
            let supervisor = RecognizerSupervisor(engines, sampleRate: sampleRate, patience: patience)
            return RecognizerDesk(recognizers, supervisor, on: loop, in: box, answer: answer, news: news)
        }
        return session
    }
}

/// The door to a call's `RecognizerDesk`, from any thread.
private final class SupervisedRecognizerSession: RecognizerSession {
    private let loop: any EventLoop
    private let desk: RecognizerDesk.Box

    init(on loop: any EventLoop) {
        self.loop = loop
        desk = RecognizerDesk.Box.makeEmptyBox(valueType: RecognizerDesk.self, eventLoop: loop)
    }

    func open(_ make: @escaping @Sendable (any EventLoop, RecognizerDesk.Box) -> RecognizerDesk) {
        loop.runHere { [loop, desk] in
            desk.value = make(loop, desk)
            desk.value?.handle(.began)
        }
    }

    func feed(_ audio: Span<Int16>) {
        if loop.inEventLoop {
            desk.value?.feed(audio)
        } else {
            let samples = audio.withUnsafeBufferPointer { Array($0) }
            loop.execute { [desk] in desk.value?.feed(samples.span) }
        }
    }

    func pause(_ turn: TurnID) { tell(.pause(turn)) }
    func finish(_ turn: TurnID) { tell(.finish(turn)) }
    func cancel(_ turn: TurnID) { tell(.cancel(turn)) }
    func close() { loop.runHere { [desk] in desk.value?.close() } }

    private func tell(_ event: RecognizerSupervisor.Event) {
        loop.runHere { [desk] in desk.value?.handle(event) }
    }
}
