import Synchronization

/// One connection to the fake of Aura.
struct AuraLine {
    /// Of one message; more is dropped with a warning.
    private static let maxCharacters = 2_000

    private let socket: FakeWebSocket
    private let rules: AuraRules
    private let book: FakeVoiceBook
    private let speaksSentences: Bool
    private let maxFlushes: Int
    private let flushWindow: Duration
    private let queue = ClauseQueue()
    private let sequence = AuraSequence()
    private var text = ""
    private var flushes: [ContinuousClock.Instant] = []

    init(
        _ socket: FakeWebSocket, _ rules: AuraRules, _ book: FakeVoiceBook, _ speaksSentences: Bool, _ maxFlushes: Int,
        _ flushWindow: Duration
    ) {
        self.socket = socket
        self.rules = rules
        self.book = book
        self.speaksSentences = speaksSentences
        self.maxFlushes = maxFlushes
        self.flushWindow = flushWindow
    }

    mutating func serve() async {
        defer { queue.end() }
        guard let shape = try? rules.shape(socket.upgrade.target) else { return }
        let model = socket.upgrade.target.value("model") ?? "aura-asteria-en"
        let metadata: FakeJSON = [
            "type": "Metadata", "request_id": "8f3a0000-0000-4000-8000-000000000001", "model_name": .string(model),
            "model_version": "2026-01-01.0", "model_uuid": "5c0ffee4-0000-4000-8000-000000000001",
        ]
        await socket.send(metadata.text)
        while let message = await socket.next() {
            let sent: AuraRules.Sent
            do throws(AuraRules.Breach) { sent = try rules.message(message) } catch {
                book.violation(socket.number, error.message)
                let event: FakeJSON = ["type": "Error", "description": .string(error.message), "code": "DATA-0000"]
                await socket.send(event.text)
                return await socket.close(code: 1008, reason: "DATA-0000")
            }
            switch sent {
            case .speak(let words): await take(words, shape)
            case .flush: await flush(shape)
            case .clear:
                text = ""
                queue.cancel()
                await socket.send(["type": "Cleared", "sequence_id": sequence.next()] as FakeJSON)
            case .close: return
            }
        }
    }

    private mutating func take(_ words: String, _ shape: SoundShape) async {
        guard words.count <= Self.maxCharacters else {
            return await warn("TEXT_LENGTH_EXCEEDED", "a text of more than \(Self.maxCharacters) characters")
        }
        // Texts are joined as they come.
        text += words
        if speaksSentences, FakeSound.spoken(text).last.map({ ".!?".contains($0) }) == true {
            speak(shape, isFlush: false)
        }
    }

    private mutating func flush(_ shape: SoundShape) async {
        let now = ContinuousClock.now
        flushes.removeAll { now - $0 >= flushWindow }
        guard flushes.count < maxFlushes else {
            return await warn("EXCESSIVE_FLUSH", "more than \(maxFlushes) flushes in \(flushWindow)")
        }
        flushes.append(now)
        speak(shape, isFlush: true)
    }

    private mutating func speak(_ shape: SoundShape, isFlush: Bool) {
        let writer = AuraWriter(socket: socket, sequence: sequence, isFlush: isFlush)
        defer { text = "" }
        guard !FakeSound.spoken(text).isEmpty else {
            return queue.add { ticket in if ticket.isWanted { await writer.end() } }
        }
        let clause = book.ask(text, connection: socket.number)
        queue.add { [book] ticket in await book.perform(clause, shape, ticket, on: writer) }
    }

    /// What was too much is passed over.
    private func warn(_ code: String, _ what: String) async {
        book.violation(socket.number, what)
        await socket.send(["type": "Warning", "code": .string(code), "description": .string(what)] as FakeJSON)
    }
}

/// Numbers of `Flushed` and `Cleared`.
private final class AuraSequence: Sendable {
    private let number = Mutex(0)

    func next() -> FakeJSON {
        number.withLock { number in
            defer { number += 1 }
            return .number(Double(number))
        }
    }
}

private struct AuraWriter: SocketWriter {
    let socket: FakeWebSocket
    let sequence: AuraSequence
    let isFlush: Bool

    /// Sound is binary here.
    func soundMessage(_ field: FakeJSON) -> FakeJSON? { nil }

    func sound(_ piece: SoundPiece) async -> Bool { await socket.send(piece.bytes) }

    func end() async {
        if isFlush { await socket.send(["type": "Flushed", "sequence_id": sequence.next()] as FakeJSON) }
    }

    func fail() async {
        await socket.send(#"{"type":"Error","description":"The service has an internal error.","code":"NET-0000"}"#)
        await socket.close(code: 1011, reason: "NET-0000")
    }
}

extension FakeWebSocket {
    @discardableResult
    func send(_ json: FakeJSON) async -> Bool { await send(json.text) }
}
