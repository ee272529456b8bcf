import ParleyCore
import ParleyWire

/// A recogniser behind the Wyoming protocol. Source: protocols.md 6.6.
///
/// One connection for each turn: many servers close after a transcript, and nothing else tells a server to drop a turn.
struct WyomingDialect: RecognizerDialect {
    /// More than a turn's words can be.
    private static let longestText = 64 << 10

    private enum Phase: Equatable {
        case waiting
        case hearing(Int)
        case asked(Int)
        case over
    }

    private let model: String?
    private let language: String?
    private let format: [UInt8]
    private var reader = WyomingReader()
    private var phase = Phase.waiting
    private var text = ""

    init(rate: Int, model: String?, language: String?) {
        self.model = model
        self.language = language
        format = Array(#"{"rate":\#(rate),"width":2,"channels":1}"#.utf8)
    }

    var takesMore: Bool {
        switch phase {
        case .waiting, .hearing: true
        case .asked, .over: false
        }
    }

    mutating func open(into line: inout DialectLine) { line.tell(.ready) }

    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        var out: [UInt8] = []
        if phase == .waiting {
            WyomingEvent.append("transcribe", data: request, to: &out)
            WyomingEvent.append("audio-start", data: format, to: &out)
            phase = .hearing(turn)
        }
        WyomingEvent.append("audio-chunk", data: format, payload: octets, to: &out)
        line.send(.binary(out))
    }

    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) {
        guard phase == .hearing(turn) else { return line.tell(.final(turn, "")) }
        phase = .asked(turn)
        var out: [UInt8] = []
        WyomingEvent.append("audio-stop", to: &out)
        line.send(.binary(out))
    }

    mutating func cancel(_ turn: Int, into line: inout DialectLine) {
        guard turn == self.turn else { return }
        end(&line)
    }

    mutating func conclude(_ turn: Int, into line: inout DialectLine) {
        guard phase == .asked(turn) else { return }
        line.tell(.final(turn, text))
        end(&line)
    }

    mutating func receive(binary message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        reader.receive(message)
        do throws(WyomingFault) {
            while phase != .over, let event = try reader.next() { take(event, into: &line) }
        } catch {
            phase = .over
            line.tell(.garbage)
            line.tell(.fault(error.description))
        }
    }

    private var request: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if let model { json.field("name", model) }
        if let language { json.field("language", language) }
        json.endObject()
        return json.bytes
    }

    private var turn: Int? {
        switch phase {
        case .hearing(let turn), .asked(let turn): turn
        case .waiting, .over: nil
        }
    }

    private mutating func take(_ event: WyomingEvent, into line: inout DialectLine) {
        switch event.type {
        case "transcript":
            guard let words = event.text("text") else { return line.tell(.garbage) }
            // A transcript of a turn that has not ended answers nothing that was asked.
            guard case .asked(let turn) = phase else { return line.tell(.garbage) }
            line.tell(.final(turn, words))
            end(&line)
        case "transcript-chunk":
            guard let words = event.text("text") else { return line.tell(.garbage) }
            guard let turn, text.utf8.count + words.utf8.count <= Self.longestText else { return line.tell(.alive) }
            text += words
            line.tell(.partial(turn, text))
        case "error":
            let reason = PeerText.line(event.text("text") ?? "an error without a text")
            guard let turn else {
                phase = .over
                return line.tell(.fault(reason))
            }
            line.tell(.failed(turn, reason))
            end(&line)
        case "ping":
            var out: [UInt8] = []
            WyomingEvent.append("pong", data: event.data.isEmpty ? event.inline : event.data, to: &out)
            line.send(.binary(out))
        default: line.tell(.alive)
        }
    }

    private mutating func end(_ line: inout DialectLine) {
        phase = .over
        line.tell(.done)
    }
}
