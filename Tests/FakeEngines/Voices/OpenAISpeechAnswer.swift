import Foundation

/// The answer to one request for speech.
struct OpenAISpeechAnswer: Sendable {
    private let request: FakeRequest
    private let response: FakeResponse
    private let rules: OpenAISpeechRules
    private let book: FakeVoiceBook
    private let rate: Int
    private let wavSize: UInt32

    init(
        _ request: FakeRequest, _ response: FakeResponse, _ rules: OpenAISpeechRules, _ book: FakeVoiceBook,
        _ rate: Int,
        _ wavSize: UInt32
    ) {
        self.request = request
        self.response = response
        self.rules = rules
        self.book = book
        self.rate = rate
        self.wavSize = wavSize
    }

    func write() async {
        let faults = book.script.faults(connection: request.connection, clause: request.number)
        for fault in faults {
            switch fault {
            case .refuse(let status, let after):
                return await OpenAIRefusal.scripted(status, retryAfter: after).write(response)
            case .neverAnswers: return await response.hang()
            default: break
            }
        }
        let asked: OpenAISpeechRules.Asked
        do throws(OpenAIRefusal) { asked = try rules.asked(request) } catch {
            book.violation(request.connection, error.message)
            return await error.write(response)
        }
        let clause = book.ask(asked.text, connection: request.connection)
        let plan = ClausePlan(
            asked.text, clause: clause.number, shape: SoundShape(encoding: .pcm16, rate: rate), script: book.script,
            faults: faults)
        let type = asked.isEvents ? "text/event-stream" : asked.format == .pcm ? "audio/pcm" : "audio/wav"
        let writer = OpenAISpeechWriter(response: response, isEvents: asked.isEvents)
        await response.head(200, headers: [("Content-Type", type)])
        if asked.format == .wav { await writer.samples(header(plan.shape.rate)) }
        let ticket = ClauseTicket()
        FakeLoop.run {
            // A client that gives up a clause closes its connection.
            await response.hang()
            ticket.cancel()
        }
        book.endings.append((clause.number, await plan.perform(ticket, on: writer)))
    }

    /// Of a WAV file whose length is not known yet.
    private func header(_ rate: Int) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let format = [1, 0, 1, 0] + word(UInt32(rate)) + word(UInt32(rate * 2)) + [2, 0, 16, 0]
        return Array("RIFF".utf8) + word(wavSize) + Array("WAVEfmt ".utf8) + word(16) + format + Array("data".utf8)
            + word(wavSize)
    }
}

private struct OpenAISpeechWriter: ClauseWriter {
    let response: FakeResponse
    let isEvents: Bool

    func sound(_ piece: SoundPiece) async -> Bool { await samples(piece.bytes) }

    @discardableResult
    func samples(_ bytes: [UInt8]) async -> Bool {
        guard isEvents else { return await response.write(bytes) }
        return await event(["type": "speech.audio.delta", "audio": .string(Data(bytes).base64EncodedString())])
    }

    func end() async {
        if isEvents {
            await event([
                "type": "speech.audio.done", "usage": ["input_tokens": 1, "output_tokens": 1, "total_tokens": 2],
            ])
        }
        await response.end()
    }

    func garbage(_ kind: FakeVoiceGarbage) async -> Bool {
        switch kind {
        case .cutJSON: await response.write("data: {\"type\":\"spee\n\n")
        case .wrongTypes: await response.write("data: {\"type\":5,\"audio\":{}}\n\n")
        case .unknownType: await event(["type": "weather", "text": "mild"])
        case .binary: await response.write([0xFF])
        case .badBase64: await event(["type": "speech.audio.delta", "audio": "%%no=base64%%"])
        }
    }

    func huge() async -> Bool { await response.write([UInt8](repeating: 0, count: 2 << 20)) }

    /// A body of sound has no word for it: it is cut.
    func fail() async {
        if isEvents { await event(OpenAIRefusal.scripted(500, retryAfter: nil).body) }
        await response.cut()
    }
    func drop() async { await response.drop() }
    func close(_ code: UInt16) async { await response.cut() }

    @discardableResult
    private func event(_ json: FakeJSON) async -> Bool { await response.write("data: \(json.text)\n\n") }
}
