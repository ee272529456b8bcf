import Foundation
import Synchronization

/// One context: texts that are continued, and their sound.
final class CartesiaContext: Sendable {
    private struct State {
        var text = ""
        var isOver = false
        var flushes = 0
        /// Counts inputs, so that a delay that was overtaken does nothing.
        var inputs = 0
        /// Of the sound that was asked for so far, in milliseconds.
        var length = 0
    }
    private let first: CartesiaRules.Input
    private let socket: FakeWebSocket
    private let book: FakeVoiceBook
    private let queue = ClauseQueue()
    private let state = Mutex(State())

    init(_ first: CartesiaRules.Input, _ socket: FakeWebSocket, _ book: FakeVoiceBook) {
        self.first = first
        self.socket = socket
        self.book = book
    }

    func take(_ input: CartesiaRules.Input) throws(CartesiaRules.Refusal) {
        let (isOver, isNew) = state.withLock { ($0.isOver, $0.inputs == 0) }
        guard !isOver else { throw refusal("the context has ended") }
        guard input.constants == first.constants else { throw refusal("parameters differ from those of the context") }
        if isNew, FakeSound.spoken(input.transcript).isEmpty {
            state.withLock { $0.isOver = true }
            throw refusal("the transcript is empty")
        }
        let (text, inputs) = state.withLock { state in
            state.text += input.transcript
            state.inputs += 1
            state.isOver = !input.isContinued
            return (state.text, state.inputs)
        }
        let isSentence = FakeSound.spoken(text).last.map { ".!?".contains($0) } ?? false
        if !input.isContinued || input.isFlush || isSentence {
            speak(isFlush: input.isFlush, isLast: !input.isContinued)
        } else {
            FakeLoop.run { [self] in
                await FakeLoop.delay(.milliseconds(input.bufferMilliseconds))
                if state.withLock({ $0.inputs == inputs && !$0.isOver }) { speak(isFlush: false, isLast: false) }
            }
        }
    }

    func cancel() {
        state.withLock { $0.isOver = true }
        queue.cancel()
    }

    /// The connection is over.
    func end() {
        state.withLock { $0.isOver = true }
        queue.end()
    }

    private func speak(isFlush: Bool, isLast: Bool) {
        let (text, start, flush) = state.withLock { state in
            defer {
                state.length += FakeSound.milliseconds(state.text)
                state.text = ""
            }
            if isFlush { state.flushes += 1 }
            return (state.text, state.length, max(state.flushes, 1))
        }
        let writer = CartesiaWriter(
            socket: socket, context: first.context, text: FakeSound.spoken(text), start: start, flush: flush,
            wantsWords: first.wantsWords, isFlush: isFlush, isLast: isLast)
        guard !writer.text.isEmpty else {
            return queue.add { ticket in if ticket.isWanted { await writer.end() } }
        }
        let clause = book.ask(text, connection: socket.number)
        queue.add { [book, first] ticket in await book.perform(clause, first.shape, ticket, on: writer) }
    }

    private func refusal(_ message: String) -> CartesiaRules.Refusal {
        CartesiaRules.Refusal(context: first.context, message: message)
    }
}

private struct CartesiaWriter: SocketWriter {
    let socket: FakeWebSocket
    let context: String
    let text: String
    /// Of the text's sound within the context's, in milliseconds.
    let start: Int
    let flush: Int
    let wantsWords: Bool
    let isFlush: Bool
    let isLast: Bool

    func soundMessage(_ field: FakeJSON) -> FakeJSON? {
        event("chunk", ["data": field, "step_time": 1.5, "flush_id": .number(Double(flush))])
    }

    func sound(_ piece: SoundPiece) async -> Bool {
        let words = wantsWords ? words(in: piece) : []
        if !words.isEmpty {
            let stamps: FakeJSON = [
                "words": .array(words.map { .string($0.word) }), "start": .array(words.map { .number($0.start) }),
                "end": .array(words.map { .number($0.end) }),
            ]
            guard await socket.send(event("timestamps", ["word_timestamps": stamps]).text) else { return false }
        }
        guard let message = soundMessage(.string(Data(piece.bytes).base64EncodedString())) else { return false }
        return await socket.send(message.text)
    }

    func end() async {
        if isFlush {
            await socket.send(
                event("flush_done", ["flush_done": true, "flush_id": .number(Double(flush))]).text)
        }
        if isLast { await socket.send(event("done", ["done": true, "status_code": 200]).text) }
    }

    func fail() async {
        let refusal = CartesiaRules.Refusal(context: context, message: "internal error", status: 500)
        await socket.send(refusal.event.text)
    }

    private func event(_ type: String, _ more: [String: FakeJSON]) -> FakeJSON {
        let fields: [String: FakeJSON] = [
            "type": .string(type), "context_id": .string(context), "done": false, "status_code": 206,
        ]
        return .object(fields.merging(more) { $1 })
    }

    /// Words that begin in a piece; times in seconds from the context's start.
    private func words(in piece: SoundPiece) -> [(word: String, start: Double, end: Double)] {
        let step = FakeSound.millisecondsPerCharacter
        return text.split(separator: " ").compactMap { word in
            let from = text.distance(from: text.startIndex, to: word.startIndex) * step
            guard (piece.start..<piece.end).contains(from) else { return nil }
            let to = from + word.count * step
            return (String(word), Double(start + from) / 1_000, Double(start + to) / 1_000)
        }
    }
}
