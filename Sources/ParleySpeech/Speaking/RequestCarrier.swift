import NIOCore
import ParleyCore
import ParleyNetwork

/// What an engine over HTTP is asked: for a clause, for a turn.
public struct SpeechRequest: Sendable {
    public var method: String
    public var url: String
    /// They may hold credentials.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// How an answer's body holds its sound.
public enum SpeechContainer: Equatable, Sendable {
    /// Nothing but samples, in the format that was asked for.
    case raw
    case wav
}

/// The connections of one engine over HTTP, shared by its calls; they are closed with the last that uses them.
final class SpeechClient: Sendable {
    let stream: HTTPStreamClient

    init(caFile: String?) { stream = HTTPStreamClient(caFile: caFile) }

    deinit {
        let stream = stream
        Task { await stream.shutDown() }
    }
}

/// Carries a session's clauses as one request each. Confined to its event loop.
final class RequestCarrier: VoiceCarrier {
    /// For all of an answer: a slow server makes a clause's sound as fast as it is heard.
    private static let longestAnswer = CallTime.seconds(60)

    private let desk: ClauseDesk
    private let client: SpeechClient
    private let container: SpeechContainer
    private let makeRequest: @Sendable (String) -> SpeechRequest
    private var tasks: [Int: HTTPStreamTask] = [:]

    init(
        _ client: SpeechClient, container: SpeechContainer, desk: ClauseDesk,
        makeRequest: @escaping @Sendable (String) -> SpeechRequest
    ) {
        self.client = client
        self.container = container
        self.desk = desk
        self.makeRequest = makeRequest
    }

    func send(_ order: ClauseQueue.Order, at now: CallTime) {
        let request = makeRequest(order.text)
        tasks[order.id] = client.stream.send(
            request.method, request.url, headers: request.headers, body: request.body, within: Self.longestAnswer,
            on: desk.loop, user: SpeechAnswerReader(order.id, container: container, carrier: self))
    }

    func cancel(_ ids: [Int]) {
        for id in ids { tasks.removeValue(forKey: id)?.cancel() }
    }

    func close() {
        for task in tasks.values { task.cancel() }
        tasks = [:]
    }

    /// The request ended before it was answered.
    func lost(_ id: Int, _ fault: VoiceFault) {
        guard tasks.removeValue(forKey: id) != nil else { return }
        desk.lost(id, fault)
        desk.work()
    }

    func take(_ news: [VoiceNews], of id: Int) {
        let now = CallTime.onLoop
        for piece in news where tasks[id] != nil {
            if !desk.take(piece, at: now) { cancel([id]) }
            switch piece {
            case .done, .failed: cancel([id])
            default: break
            }
        }
        desk.work()
    }
}
