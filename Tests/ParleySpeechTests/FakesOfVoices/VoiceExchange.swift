import FakeEngines
import Testing

/// What a client says to a fake voice, from the upgrade on.
struct VoiceExchange: Sendable {
    /// With the query; nothing over TCP.
    var target: String
    var headers: [(name: String, value: String)]
    var messages: [FakeMessage]

    /// Says it all to a server at this address.
    func perform(_ url: String) async throws -> FakeProbe {
        let probe = try FakeProbe(url + target, headers: headers)
        guard try await probe.isOpen() else { return probe }
        for message in messages { probe.send(message) }
        return probe
    }
}

/// One thing that a client does wrong.
struct ClientMutation<Subject>: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (inout Subject) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout Subject) -> Void) {
        self.name = name
        self.apply = apply
    }

    var testDescription: String { name }

    func applied(to subject: Subject) -> Subject {
        var copy = subject
        apply(&copy)
        return copy
    }
}

typealias VoiceMutation = ClientMutation<VoiceExchange>
typealias RequestMutation = ClientMutation<HTTPExchange>

extension FakeProbe {
    /// Whole text messages that are JSON.
    var messages: [FakeJSON] { news.all.compactMap(\.json) }
    var bytes: [UInt8] { news.all.flatMap(\.bytes) }

    func send(_ text: String) { send(.text(text)) }
}

extension FakeProbe.News {
    var json: FakeJSON? {
        guard case .heard(let message) = self else { return nil }
        return message.text.flatMap { FakeJSON(text: $0) }
    }
    var bytes: [UInt8] {
        guard case .heard(let message) = self else { return [] }
        return message.binary ?? []
    }
    var isClosed: Bool { if case .closed = self { true } else { false } }
}
