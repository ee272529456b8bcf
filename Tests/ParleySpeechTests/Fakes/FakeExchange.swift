import FakeEngines
import Testing

/// One turn of a client with a recogniser, which a test then spoils.
struct FakeExchange: Sendable {
    /// With the query.
    var target: String
    var headers: [String: String]
    var messages: [FakeMessage]

    /// Says it all, and waits until the connection ends or something that is enough is heard.
    func run(_ fake: FakeRecognizer, until isEnough: @escaping @Sendable (FakeMessage) -> Bool) async throws
        -> FakeProbe
    {
        let base = fake.webSocket == nil ? "tcp" : "ws"
        let probe = try FakeProbe(
            "\(base)://127.0.0.1:\(fake.port)\(target)", headers: headers.map { ($0.key, $0.value) })
        guard try await probe.isOpen() else { return probe }
        for message in messages { probe.send(message) }
        try await probe.news.first { news in
            switch news {
            case .opened: false
            case .heard(let message): isEnough(message)
            case .closed: true
            }
        }
        return probe
    }
}

extension FakeExchange {
    /// Runs it, and finds that the client was told what is wrong.
    func isRefused(by fake: FakeRecognizer) async throws {
        try await fake.start()
        // Some servers tell the words that they have before they close.
        let probe = try await run(fake, until: Self.isError)
        #expect(fake.violations.count >= 1)
        #expect(probe.closed != nil || probe.heard.contains(where: Self.isError), "\(probe.news.all)")
        await fake.stop()
    }

    /// Runs it, and finds nothing wrong.
    func isTaken(
        by fake: FakeRecognizer, final: @escaping @Sendable (FakeMessage) -> Bool
    ) async throws {
        try await fake.start()
        let probe = try await run(fake, until: final)
        #expect(fake.violations.all == [])
        #expect(probe.heard.contains(where: final), "\(probe.news.all)")
        #expect(fake.finals.all.map(\.text) == Self.script.lines)
        await fake.stop()
    }

    static let script = FakeScript(lines: ["Book a table for two."])

    private static func isError(_ message: FakeMessage) -> Bool {
        let text = message.text ?? String(decoding: message.binary ?? [], as: UTF8.self)
        return text.contains("\"type\":\"Error\"") || text.contains("\"type\":\"error\"")
    }

    // MARK: Changes

    /// In the target.
    mutating func replace(_ old: String, _ new: String) {
        let changed = target.replacing(old, with: new)
        precondition(changed != target, "nothing to change: \(old)")
        target = changed
    }

    /// In the first message.
    mutating func replaceInFirst(_ old: String, _ new: String) {
        let text = messages[0].text ?? ""
        let changed = text.replacing(old, with: new)
        precondition(changed != text, "nothing to change: \(old)")
        messages[0] = .text(changed)
    }

    mutating func replaceLast(with message: FakeMessage) {
        messages[messages.count - 1] = message
    }
}

/// A change to a correct exchange that its server refuses.
struct Mutation: Sendable, CustomTestStringConvertible {
    let what: String
    let change: @Sendable (inout FakeExchange) -> Void

    init(_ what: String, _ change: @escaping @Sendable (inout FakeExchange) -> Void) {
        self.what = what
        self.change = change
    }

    var testDescription: String { what }
}
