import ParleyCore
import ParleyWire

/// Media messages as Twilio sends them, one after the other: the counters go on in place, so that nothing but they changes.
struct TwilioStream {
    private(set) var octets: [UInt8]
    private let counters: [(at: Int, step: Int)]

    static let stream = "MZ00000000000000000000000000000001"
    private static let digits = 7

    init() {
        var text = ""
        var counters: [(at: Int, step: Int)] = []
        func counter(_ step: Int) {
            counters.append((text.utf8.count, step))
            text += "1000000"
        }
        text += #"{"event":"media","sequenceNumber":""#
        counter(1)
        text += #"","streamSid":"\#(Self.stream)","media":{"track":"inbound","chunk":""#
        counter(1)
        text += #"","timestamp":""#
        counter(20)
        text += #"","payload":""#
        var payload: [UInt8] = []
        Base64.append(Sound.octets.span, to: &payload)
        text += String(decoding: payload, as: UTF8.self) + #""}}"#
        octets = Array(text.utf8)
        self.counters = counters
    }

    /// The next message.
    mutating func advance() {
        for (start, step) in counters {
            var carry = step
            var at = start + Self.digits - 1
            while carry > 0, at >= start {
                let sum = Int(octets[at] - 0x30) + carry
                octets[at] = 0x30 + UInt8(sum % 10)
                carry = sum / 10
                at -= 1
            }
        }
    }

    /// A dialect whose stream is up.
    static func begun() -> TwilioDialect {
        var dialect = TwilioDialect()
        var nowhere = Nowhere()
        for text in [
            #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
            #"{"event":"start","sequenceNumber":"1","streamSid":"\#(stream)","start":{"streamSid":"\#(stream)","#
                + #""accountSid":"AC1","callSid":"CA1","tracks":["inbound"],"mediaFormat":"#
                + #"{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{}}}"#,
        ] {
            let octets = Array(text.utf8)
            octets.withUnsafeBytes { message in
                do { try dialect.decodeText(message, into: &nowhere) } catch { preconditionFailure("\(error)") }
            }
        }
        return dialect
    }
}

/// Takes audio and events, and does nothing with them.
struct Nowhere: LegEventSink {
    var frames = 0
    mutating func audio(_ samples: Span<Int16>, timestamp: Int) { frames += 1 }
    mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
    mutating func receive(_ event: LegEvent) {}
}

struct TwilioIn: Component {
    static let name = "wire.twilio.in"
    static let operation = "a media message into 20 ms of samples"
    private var stream = TwilioStream()
    private var dialect = TwilioStream.begun()
    private var sink = Nowhere()
    mutating func run(_ times: Int) {
        let before = sink.frames
        for _ in 0..<times {
            stream.advance()
            stream.octets.withUnsafeBytes { message in
                do { try dialect.decodeText(message, into: &sink) } catch { preconditionFailure("\(error)") }
            }
        }
        precondition(sink.frames == before + times, "every message is heard")
    }
}

struct TwilioOut: Component {
    static let name = "wire.twilio.out"
    static let operation = "20 ms of mu-law into a media message in its frame"
    private var dialect = TwilioStream.begun()
    private var out: [UInt8] = []
    init() { out.reserveCapacity(2_048) }
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            out.removeAll(keepingCapacity: true)
            let frame = WebSocketFrame.begin(in: &out)
            dialect.appendAudio(Sound.octets.span, to: &out)
            WebSocketFrame.end(frame, .text, in: &out)
        }
        keep(out)
    }
}

struct Base64In: Component {
    static let name = "wire.base64.in"
    static let operation = "216 characters into 160 octets"
    private var text: [UInt8] = []
    private var octets = [UInt8](repeating: 0, count: 160)
    init() { Base64.append(Sound.octets.span, to: &text) }
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            text.withUnsafeBytes { text in octets.withUnsafeMutableBytes { keep(Base64.decode(text, into: $0)) } }
        }
    }
}

struct Base64Out: Component {
    static let name = "wire.base64.out"
    static let operation = "160 octets into 216 characters"
    private var out: [UInt8] = []
    init() { out.reserveCapacity(512) }
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            out.removeAll(keepingCapacity: true)
            Base64.append(Sound.octets.span, to: &out)
        }
        keep(out)
    }
}

struct WebSocketIn: Component {
    static let name = "wire.websocket.in"
    static let operation = "a masked frame of a media message checked, unmasked and lent"
    private var receiver = WebSocketReceiver(role: .server)
    private var sink = Counter()
    private let masked: [UInt8]
    private var octets: [UInt8]

    private struct Counter: WebSocketSink {
        var messages = 0
        mutating func text(_ message: UnsafeRawBufferPointer) { messages += 1 }
        mutating func binary(_ message: UnsafeRawBufferPointer) {}
        mutating func ping(_ payload: UnsafeRawBufferPointer) {}
        mutating func pong(_ payload: UnsafeRawBufferPointer) {}
        mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {}
        var acceptsMore: Bool { true }
    }

    init() {
        var frame: [UInt8] = []
        TwilioStream().octets.withUnsafeBytes { WebSocketFrame.append(.text, $0, maskKey: 0x5A17_C3E9, to: &frame) }
        masked = frame
        octets = frame
    }

    mutating func run(_ times: Int) {
        for _ in 0..<times {
            octets.withUnsafeMutableBytes { octets in
                masked.withUnsafeBytes { octets.copyMemory(from: $0) }
                do { try receiver.receive(octets, into: &sink) } catch { preconditionFailure("\(error)") }
            }
        }
        keep(sink.messages)
    }
}
