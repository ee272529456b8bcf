import FakeEngines
import NIOCore
import NIOPosix
import ParleyNetwork

/// A client that says exactly what a test has it say.
final class FakeProbe: Sendable {
    enum News: Equatable, Sendable {
        case opened
        case heard(FakeMessage)
        /// Last.
        case closed(String)
    }
    let news = FakeRecord<News>()
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let connection: NIOLoopBoundBox<EngineConnection?>

    init(_ url: String, headers: [(name: String, value: String)] = []) throws {
        let address = try NetworkAddress(url, schemes: NetworkAddress.Scheme.allCases)
        connection = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        let headers = headers.map { Field(name: $0.name, value: $0.value) }
        loop.execute { [self] in
            connection.value = EngineConnection(
                address, headers: headers.map { ($0.name, $0.value) }, trust: nil, within: .seconds(5),
                maxMessageBytes: 1 << 24, on: loop, user: User(self))
        }
    }

    private struct Field: Sendable {
        var name: String
        var value: String
    }

    var heard: [FakeMessage] { news.all.compactMap { if case .heard(let message) = $0 { message } else { nil } } }
    var closed: String? { news.all.compactMap { if case .closed(let reason) = $0 { reason } else { nil } }.last }

    /// - Returns: whether it stands; otherwise `closed` says why.
    func isOpen() async throws -> Bool { try await news.at(0) == .opened }

    func send(_ message: FakeMessage) {
        loop.execute { [self] in
            switch message {
            case .text(let text): connection.value?.sendText(Array(text.utf8))
            case .binary(let bytes): connection.value?.sendBinary(bytes)
            }
        }
    }

    /// Without goodbye.
    func drop() { loop.execute { [self] in connection.value?.drop() } }

    func close() { loop.execute { [self] in connection.value?.close() } }

    private final class User: EngineConnectionUser {
        private let probe: FakeProbe

        init(_ probe: FakeProbe) { self.probe = probe }

        func opened() { probe.news.append(.opened) }
        func text(_ message: UnsafeRawBufferPointer) {
            probe.news.append(.heard(.text(String(decoding: message, as: UTF8.self))))
        }
        func binary(_ message: UnsafeRawBufferPointer) { probe.news.append(.heard(.binary(Array(message)))) }
        func closed(_ reason: String) { probe.news.append(.closed(reason)) }
    }
}
