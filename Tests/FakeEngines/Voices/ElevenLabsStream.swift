import Foundation
import Synchronization

/// One connection to the fake of ElevenLabs.
struct ElevenLabsStream: Sendable {
    private let socket: FakeWebSocket
    private let rules: ElevenLabsRules
    private let book: FakeVoiceBook
    private let inactivity: Duration?

    init(_ socket: FakeWebSocket, _ rules: ElevenLabsRules, _ book: FakeVoiceBook, _ inactivity: Duration?) {
        self.socket = socket
        self.rules = rules
        self.book = book
        self.inactivity = inactivity
    }

    func serve() async {
        let stream: ElevenLabsRules.Stream
        do throws(ElevenLabsRules.Refusal) { stream = try rules.stream(socket.upgrade) } catch {
            return await refuse(error)
        }
        let watch = Watch(inactivity ?? .seconds(stream.inactivity))
        FakeLoop.run { await watch.run { await idle() } }
        defer { watch.end() }
        let queue = ClauseQueue()
        defer { queue.end() }

        var text = ""
        var schedule = [120, 160, 250, 290]
        var generations = 0
        var isFirst = true
        var lastClause: Int?
        func generate() {
            defer { text = "" }
            guard !FakeSound.spoken(text).isEmpty else { return }
            let clause = book.ask(text, connection: socket.number)
            generations += 1
            lastClause = clause.number
            queue.add { ticket in
                await book.perform(
                    clause, stream.shape, ticket,
                    on: ElevenLabsWriter(socket: socket, text: FakeSound.spoken(clause.text)))
            }
        }
        while let message = await socket.next() {
            let sent: ElevenLabsRules.Sent
            do throws(ElevenLabsRules.Refusal) { sent = try rules.message(message, isFirst: isFirst) } catch {
                return await refuse(error)
            }
            watch.touch()
            isFirst = false
            schedule = sent.schedule ?? schedule
            text += sent.text == " " ? "" : sent.text
            let isLong = text.count >= schedule[min(generations, schedule.count - 1)]
            if sent.text.isEmpty || sent.isFlush || stream.isAuto || isLong || sent.isTrigger && text.count >= 50 {
                generate()
            }
            if sent.text.isEmpty { return await finish(queue, lastClause) }
        }
    }

    /// Everything is spoken, the end is told, and the connection closes; unless the client goes first.
    private func finish(_ queue: ClauseQueue, _ lastClause: Int?) async {
        let isTwice = book.script.faults(connection: socket.number, clause: lastClause).contains(.endsTwice)
        queue.add { ticket in
            guard ticket.isWanted else { return }
            for _ in 0..<(isTwice ? 2 : 1) { await socket.send(#"{"audio":null,"isFinal":true}"#) }
            await socket.close(code: 1000)
        }
        // What comes after the end is not read, its end is.
        while let message = await socket.next() {
            book.violation(socket.number, "a message after the end: \(message)")
        }
    }

    private func refuse(_ refusal: ElevenLabsRules.Refusal) async {
        book.violation(socket.number, "\(refusal.error): \(refusal.message)")
        await close(refusal)
    }

    /// No breach: whoever lets a connection idle loses it.
    private func idle() async {
        await close(
            ElevenLabsRules.Refusal(
                error: "input_timeout_exceeded", message: "Have not received a new text input within the timeout."))
    }

    private func close(_ refusal: ElevenLabsRules.Refusal) async {
        await socket.send(refusal.line)
        await socket.close(code: 1008, reason: refusal.message)
    }
}

/// Tells when nothing has come for too long.
private final class Watch: Sendable {
    private let patience: Duration
    private let touched = Mutex(ContinuousClock.now)
    private let isOver = Mutex(false)

    init(_ patience: Duration) { self.patience = patience }

    func touch() { touched.withLock { $0 = .now } }
    func end() { isOver.withLock { $0 = true } }

    func run(_ late: @Sendable () async -> Void) async {
        while !isOver.withLock({ $0 }) {
            let left = patience - (ContinuousClock.now - touched.withLock { $0 })
            guard left > .zero else { return await late() }
            // Looks now and then whether the connection still is.
            await FakeLoop.delay(min(left, .seconds(1)))
        }
    }
}

private struct ElevenLabsWriter: SocketWriter {
    let socket: FakeWebSocket
    let text: String

    func soundMessage(_ field: FakeJSON) -> FakeJSON? { ["audio": field, "isFinal": nil] }

    func sound(_ piece: SoundPiece) async -> Bool {
        let step = FakeSound.millisecondsPerCharacter
        let characters = text.enumerated().filter { (piece.start..<piece.end).contains($0.offset * step) }
        let alignment: FakeJSON = [
            "chars": .array(characters.map { .string(String($0.element)) }),
            "charStartTimesMs": .array(characters.map { .number(Double($0.offset * step - piece.start)) }),
            "charDurationsMs": .array(characters.map { _ in .number(Double(step)) }),
        ]
        let message: FakeJSON = [
            "audio": .string(Data(piece.bytes).base64EncodedString()), "isFinal": nil,
            "alignment": characters.isEmpty ? nil : alignment,
            "normalizedAlignment": characters.isEmpty ? nil : alignment,
        ]
        return await socket.send(message.text)
    }

    /// The end of a generation is not told; the end of the stream is.
    func end() async {}

    func fail() async {
        await socket.send(#"{"message":"We are sorry, something went wrong.","error":"internal_error","code":1011}"#)
        await socket.close(code: 1011, reason: "internal error")
    }
}
