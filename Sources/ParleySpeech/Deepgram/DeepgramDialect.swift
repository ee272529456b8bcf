import ParleyCore
import ParleyWire

/// Deepgram's live recognition, `/v1/listen`. Source: protocols.md 6.1.
///
/// A turn ends with `Finalize`. What is settled is known by its time in the audio that was sent, so that words are in the right turn
/// although the engine knows nothing of turns.
struct DeepgramDialect: RecognizerDialect {
    /// `Finalize` may have no answer, where nothing is left to decode.
    static let finalizeTime = CallTime.milliseconds(500)

    private var stream = StreamTurns()
    /// Places in the audio at which `Finalize` was sent and not answered yet.
    private var finalizes: [CallTime] = []
    /// Up to here `Finalize` was answered, or its answer is not waited for any more.
    private var answered = CallTime.zero
    private var lastFinalize: CallTime?

    /// After ten seconds without a message the engine closes.
    let keepAliveAfter: CallTime? = .seconds(4)

    mutating func open(into line: inout DialectLine) { line.tell(.ready) }

    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        stream.add(length, to: turn)
        line.send(.binary(octets))
    }

    mutating func pause(_ turn: Int, into line: inout DialectLine) { finalize(into: &line) }

    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) {
        stream.finish(turn, quiet: quiet)
        finalize(into: &line)
        tellSettled(into: &line)
        line.tell(.expect(turn, within: Self.finalizeTime))
    }

    mutating func cancel(_ turn: Int, into line: inout DialectLine) {
        // What is decoded must not reach into the next turn.
        if stream.forget(turn) { finalize(into: &line) }
    }

    mutating func conclude(_ turn: Int, into line: inout DialectLine) {
        // Of audio there is always something to say: an engine that has said nothing is late.
        guard stream.isAnswered(turn) else { return }
        guard let (text, end) = stream.take(turn) else { return }
        forgetFinalizes(through: end)
        line.tell(.final(turn, text))
    }

    mutating func keepAlive(into line: inout DialectLine) { line.send(text: #"{"type":"KeepAlive"}"#) }

    mutating func end(into line: inout DialectLine) { line.send(text: #"{"type":"CloseStream"}"#) }

    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        guard let message = DeepgramMessage(message) else { return line.tell(.garbage) }
        switch message.type {
        case "Results": take(message, into: &line)
        case "Error": line.tell(.fault(PeerText.line(message.problem ?? "an error without a description")))
        default: line.tell(.alive)
        }
    }

    private mutating func take(_ result: DeepgramMessage, into line: inout DialectLine) {
        guard let start = result.start, let duration = result.duration, let text = result.transcript else {
            return line.tell(.garbage)
        }
        guard stream.isWithin(start + duration) else {
            return line.tell(.fault("it has heard more audio than it was sent"))
        }
        stream.noteAnswer()
        let piece = SpanTranscript.Piece(start, start + duration, text, words: result.words)
        if result.isFinal { stream.settle(piece) } else { stream.hear(piece) }
        if result.isFromFinalize { settleAsked(from: piece.end) }
        tellSettled(into: &line)
        let words = stream.words.filter { !$0.text.isEmpty }
        if words.isEmpty { line.tell(.alive) }
        for (turn, text) in words { line.tell(.partial(turn, text)) }
    }

    /// A `Finalize` is answered with audio that ends where it was sent, or a little before: everything up to there is settled. What ends
    /// where another was answered before is that answer once more, and says nothing of the audio behind it.
    private mutating func settleAsked(from end: CallTime) {
        guard end > answered, let asked = finalizes.first(where: { end <= $0 + .frame }) else { return }
        stream.settle(from: end, to: asked)
        forgetFinalizes(through: asked)
    }

    private mutating func forgetFinalizes(through place: CallTime) {
        finalizes.removeAll { $0 <= place }
        answered = max(answered, place)
    }

    private mutating func tellSettled(into line: inout DialectLine) {
        for (turn, text) in stream.takeSettled() { line.tell(.final(turn, text)) }
    }

    /// Asks for what has been sent to be decoded now.
    private mutating func finalize(into line: inout DialectLine) {
        guard lastFinalize != stream.position else { return }
        lastFinalize = stream.position
        finalizes.append(stream.position)
        line.send(text: #"{"type":"Finalize"}"#)
    }
}
