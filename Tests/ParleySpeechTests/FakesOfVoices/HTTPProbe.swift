import FakeEngines
import NIOCore
import NIOPosix
import ParleyCore
import ParleyNetwork

/// A request, right or wrong, and what comes of it.
struct HTTPExchange: Sendable {
    var method = "POST"
    /// From the path on.
    var target: String
    var headers: [(name: String, value: String)]
    var body: String
    /// In place of a body that is no text.
    var octets: [UInt8]?

    func perform(_ url: String, _ client: HTTPStreamClient) -> HTTPProbe {
        HTTPProbe(self, url, client)
    }
}

final class HTTPProbe: Sendable {
    enum News: Sendable {
        case head(Int, [String: String])
        case piece([UInt8])
        /// Last; `nil` when the answer came whole.
        case ended(String?)
    }
    let news = FakeRecord<News>()
    private let task: NIOLoopBoundBox<HTTPStreamTask?>

    init(_ exchange: HTTPExchange, _ url: String, _ client: HTTPStreamClient) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let task = NIOLoopBoundBox<HTTPStreamTask?>.makeEmptyBox(eventLoop: loop)
        self.task = task
        let (method, url, body) = (exchange.method, url + exchange.target, exchange.octets ?? Array(exchange.body.utf8))
        let (names, values) = (exchange.headers.map(\.name), exchange.headers.map(\.value))
        loop.execute { [news] in
            task.value = client.send(
                method, url, headers: zip(names, values).map { ($0, $1) }, body: body, within: .seconds(30), on: loop,
                user: Taker(news))
        }
    }

    /// Everything, once it has ended.
    func whole() async throws -> HTTPProbe {
        try await news.wait { $0.last?.isEnd == true }
        return self
    }

    func cancel() {
        task.eventLoop.execute { [task] in task.value?.cancel() }
    }

    var status: Int? { news.all.compactMap { if case .head(let status, _) = $0 { status } else { nil } }.first }
    /// By their names in lowercase.
    var headers: [String: String] {
        news.all.compactMap { if case .head(_, let headers) = $0 { headers } else { nil } }.first ?? [:]
    }
    var pieces: [[UInt8]] { news.all.compactMap { if case .piece(let bytes) = $0 { bytes } else { nil } } }
    var body: [UInt8] { pieces.flatMap { $0 } }
    var json: FakeJSON? { FakeJSON(bytes: body) }
    var problem: String? { news.all.compactMap { if case .ended(let problem) = $0 { problem } else { nil } }.first }

    private final class Taker: HTTPStreamUser {
        private let news: FakeRecord<News>

        init(_ news: FakeRecord<News>) { self.news = news }

        func head(status: Int, headers: [(name: String, value: String)]) {
            news.append(.head(status, Dictionary(headers.map { ($0.name.lowercased(), $0.value) }) { $1 }))
        }
        func body(_ piece: UnsafeRawBufferPointer) { news.append(.piece(Array(piece))) }
        func ended(_ problem: String?) { news.append(.ended(problem)) }
    }
}

extension HTTPProbe.News {
    var isEnd: Bool { if case .ended = self { true } else { false } }
    var bytes: [UInt8] { if case .piece(let bytes) = self { bytes } else { [] } }
}
