import NIOCore
import NIOPosix
import ParleyCore
import ParleyNetwork

/// A recogniser that is spoken to over the network, in the dialect that it was made with.
package struct NetworkRecognizer: SpeechRecognizer {
    /// What differs from engine to engine.
    package struct Profile: Sendable {
        package var capabilities: RecognizerCapabilities
        /// A turn's last batch is filled up to this with silence.
        package var shortestBatch = CallTime.zero
        /// Where audio of this shape is taken.
        package var address: @Sendable (AudioShape) -> NetworkAddress
        /// Of the upgrade. They may hold credentials.
        package var headers: [(name: String, value: Secret)] = []
        package var dialect: @Sendable (AudioShape) -> any RecognizerDialect

        package init(
            _ capabilities: RecognizerCapabilities, shortestBatch: CallTime = .zero,
            headers: [(name: String, value: Secret)] = [], address: @escaping @Sendable (AudioShape) -> NetworkAddress,
            dialect: @escaping @Sendable (AudioShape) -> any RecognizerDialect
        ) {
            self.capabilities = capabilities
            self.shortestBatch = shortestBatch
            self.headers = headers
            self.address = address
            self.dialect = dialect
        }
    }

    package let name: String
    package let profile: Profile
    private let trust: TLSTrust?

    package init(name: String, profile: Profile, trust: TLSTrust?) {
        self.name = name
        self.profile = profile
        self.trust = trust
    }

    package var capabilities: RecognizerCapabilities { profile.capabilities }

    package func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        try start(sampleRate: sampleRate, answer: answer, news: { _ in })
    }

    package func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        let shape = AudioShape(for: capabilities, legRate: sampleRate)
        guard Resampler.supports(from: sampleRate, to: shape.rate) else {
            throw EngineError(engine: name, message: "no way from \(sampleRate) samples a second to \(shape.rate)")
        }
        let encoder = BatchEncoder(
            shape, legRate: sampleRate, batch: capabilities.batch, shortest: profile.shortestBatch)
        let makeDialect = profile.dialect
        let line = RecognizerLine(encoder: encoder, legRate: sampleRate, makeDialect: { makeDialect(shape) })
        let name = name
        let told = AnswerLine<RecognizerTold> { told in
            switch told {
            case .answer(let words): answer(words)
            case .news(let kind, let detail): news(EngineNews(.recognizer, name, kind, detail: detail))
            }
        }
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        return NetworkRecognizerSession(
            line: line, peer: RecognizerPeer(address: profile.address(shape), headers: profile.headers, trust: trust),
            loop: loop, told: told)
    }
}

/// Where a session connects.
struct RecognizerPeer: Sendable {
    var address: NetworkAddress
    var headers: [(name: String, value: Secret)]
    var trust: TLSTrust?
}

/// What a session tells, in one order.
enum RecognizerTold: Sendable {
    case answer(RecognizerAnswer)
    case news(EngineNews.Kind, String)
}
