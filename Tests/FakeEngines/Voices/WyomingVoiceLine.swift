/// One connection to the fake of a Wyoming voice.
struct WyomingVoiceLine: Sendable {
    private let connection: FakeTCPConnection
    private let rules: WyomingVoiceRules
    private let book: FakeVoiceBook
    private let shape: SoundShape

    init(_ connection: FakeTCPConnection, _ rules: WyomingVoiceRules, _ book: FakeVoiceBook, _ shape: SoundShape) {
        self.connection = connection
        self.rules = rules
        self.book = book
        self.shape = shape
    }

    func serve() async {
        let queue = ClauseQueue()
        defer { queue.end() }
        var reader = FakeByteReader(connection)
        /// Between `synthesize-start` and `synthesize-stop`: what is not yet spoken.
        var stream: String?
        while let (type, data) = await next(&reader) {
            let sent: WyomingVoiceRules.Sent
            do throws(WyomingVoiceRules.Refusal) { sent = try rules.event(type, data) } catch {
                book.violation(connection.number, error.text)
                await send("error", ["text": .string(error.text), "code": .string(error.code)])
                continue
            }
            switch sent {
            case .describe: await send("info", rules.info)
            case .ping(let text): await send("pong", ["text": text])
            case .select: break
            // Within a stream it repeats the text for servers that know no streams.
            case .speak(let text): if stream == nil { speak(text, queue) }
            case .start: stream = ""
            case .chunk(let text):
                guard let before = stream else { return breach("\(type) before synthesize-start") }
                stream = before + text
                guard FakeSound.spoken(before + text).last.map({ ".!?".contains($0) }) == true else { continue }
                speak(before + text, queue)
                stream = ""
            case .stop:
                guard let rest = stream else { return breach("\(type) before synthesize-start") }
                if !FakeSound.spoken(rest).isEmpty { speak(rest, queue) }
                stream = nil
                queue.add { ticket in if ticket.isWanted { await send("synthesize-stopped", [:]) } }
            case .unknown: book.violation(connection.number, "unknown event \(type)")
            }
        }
    }

    private func speak(_ text: String, _ queue: ClauseQueue) {
        let clause = book.ask(text, connection: connection.number)
        queue.add { ticket in
            let plan = book.plan(clause, shape: shape)
            let writer = WyomingVoiceWriter(line: self, connection: connection, rate: plan.shape.rate)
            await send("audio-start", writer.format(0))
            book.endings.append((clause.number, await plan.perform(ticket, on: writer)))
        }
    }

    /// Ends the connection, as a server whose reader gives up.
    private func breach(_ words: String) { book.violation(connection.number, words) }

    /// `nil` where the connection has ended, or has to.
    private func next(_ reader: inout FakeByteReader) async -> (String, [String: FakeJSON])? {
        switch await FakeWyomingEvent.next(&reader) {
        case .success(let event): return (event.type, event.data)
        case .failure(let problem):
            breach(problem.what)
            return nil
        case nil: return nil
        }
    }

    @discardableResult
    func send(_ type: String, _ data: FakeJSON, payload: [UInt8] = []) async -> Bool {
        await connection.send(FakeWyomingEvent(type, data.object ?? [:], payload: payload).bytes)
    }
}

private struct WyomingVoiceWriter: ClauseWriter {
    let line: WyomingVoiceLine
    let connection: FakeTCPConnection
    let rate: Int

    /// - Parameter start: in milliseconds.
    func format(_ start: Int) -> FakeJSON {
        ["rate": .number(Double(rate)), "width": 2, "channels": 1, "timestamp": .number(Double(start))]
    }

    func sound(_ piece: SoundPiece) async -> Bool {
        await line.send("audio-chunk", format(piece.start), payload: piece.bytes)
    }

    func end() async { await line.send("audio-stop", ["timestamp": nil]) }

    func garbage(_ kind: FakeVoiceGarbage) async -> Bool {
        switch kind {
        case .cutJSON: await connection.send(Array("{\"type\":\"audio-ch\n".utf8))
        case .wrongTypes: await connection.send(Array("{\"type\":5,\"data\":[],\"payload_length\":\"x\"}\n".utf8))
        case .unknownType: await line.send("weather", ["text": "mild"], payload: [1, 2, 3])
        case .binary, .badBase64: await connection.send([0xFF, 0x00, 0xFE, 10])
        }
    }

    func huge() async -> Bool {
        await line.send("audio-chunk", format(0), payload: [UInt8](repeating: 0, count: 2 << 20))
    }

    func fail() async { await line.send("error", ["text": "synthesis failed", "code": "tts-error"]) }
    func drop() async { await connection.drop() }
    func close(_ code: UInt16) async { await connection.close() }
}
