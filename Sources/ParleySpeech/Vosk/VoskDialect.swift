import ParleyCore
import ParleyWire

/// The Vosk server. Source: protocols.md 6.3.
///
/// Every message has one reply, in order: which turn a reply is for is known by counting. The server tells no errors; it closes.
struct VoskDialect: RecognizerDialect {
    /// Messages without a reply; a server that is slow is not buried.
    static let mostUnanswered = 4
    /// More than a turn's words can be.
    private static let longestText = 64 << 10

    private enum Asked: Equatable {
        case audio(Int)
        case reset(Int)
    }

    private let rate: Int
    private let phrases: [String]
    private var asked: [Asked] = []
    /// The turn whose audio goes out or whose last reply is awaited, with what is settled of it.
    private var turns: [(number: Int, text: String)] = []
    private var lastResult: VoskMessage?

    /// - Parameter phrases: all that may be heard; empty: anything.
    init(rate: Int, phrases: [String]) {
        self.rate = rate
        self.phrases = phrases
    }

    var takesMore: Bool { asked.count < Self.mostUnanswered }

    mutating func open(into line: inout DialectLine) {
        var json = JSONWriter()
        json.beginObject()
        json.key("config")
        json.beginObject()
        json.field("sample_rate", rate)
        json.field("words", true)
        json.field("max_alternatives", 0)
        if !phrases.isEmpty {
            json.key("phrase_list")
            json.beginArray()
            for phrase in phrases { json.value(phrase) }
            json.endArray()
        }
        json.endObject()
        json.endObject()
        line.send(.text(json.bytes))
        line.tell(.ready)
    }

    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        if turns.last?.number != turn { turns.append((turn, "")) }
        asked.append(.audio(turn))
        line.send(.binary(octets))
    }

    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) { reset(turn, into: &line) }

    mutating func cancel(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        turns.remove(at: index)
        // The words of what was sent are not the next turn's.
        if !asked.contains(.reset(turn)) { reset(turn, into: &line) }
    }

    mutating func conclude(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        line.tell(.final(turn, turns.remove(at: index).text))
    }

    /// The server compares the bytes.
    mutating func end(into line: inout DialectLine) { line.send(text: #"{"eof" : 1}"#) }

    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        guard let reply = VoskMessage(message), let first = asked.first else { return line.tell(.garbage) }
        if reply.kind == .result, reply.start != nil, reply == lastResult {
            // The same words at the same time: a repeat, which answers nothing.
            return line.tell(.garbage)
        }
        switch (first, reply.kind) {
        // A reset is not answered so: something is said out of turn.
        case (.reset, .partial): line.tell(.garbage)
        case (.audio(let turn), .partial):
            asked.removeFirst()
            guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
            tell(turn, SpanTranscript.joined([turns[index].text, reply.text]), into: &line)
        case (.audio(let turn), .result):
            asked.removeFirst()
            settle(reply, of: turn)
            guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
            tell(turn, turns[index].text, into: &line)
        case (.reset(let turn), .result):
            asked.removeFirst()
            settle(reply, of: turn)
            conclude(turn, into: &line)
        }
    }

    private mutating func settle(_ reply: VoskMessage, of turn: Int) {
        lastResult = reply
        guard let index = turns.firstIndex(where: { $0.number == turn }),
            turns[index].text.utf8.count + reply.text.utf8.count <= Self.longestText
        else { return }
        turns[index].text = SpanTranscript.joined([turns[index].text, reply.text])
    }

    private func tell(_ turn: Int, _ text: String, into line: inout DialectLine) {
        line.tell(text.isEmpty ? .alive : .partial(turn, text))
    }

    /// Decodes what is there without closing. The server compares the bytes.
    private mutating func reset(_ turn: Int, into line: inout DialectLine) {
        asked.append(.reset(turn))
        line.send(text: #"{"reset" : 1}"#)
    }
}
