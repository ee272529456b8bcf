import ParleyCore
import ParleyWire

/// SplitMix64: the same numbers from the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// Keeps what a WebSocket receiver reports.
struct Messages: WebSocketSink {
    enum Message: Equatable {
        case text([UInt8]), binary([UInt8]), ping([UInt8]), pong([UInt8]), close(UInt16?, String)
    }
    var all: [Message] = []
    var limit = Int.max
    var acceptsMore: Bool { all.count < limit }

    mutating func text(_ message: UnsafeRawBufferPointer) { all.append(.text(Array(message))) }
    mutating func binary(_ message: UnsafeRawBufferPointer) { all.append(.binary(Array(message))) }
    mutating func ping(_ payload: UnsafeRawBufferPointer) { all.append(.ping(Array(payload))) }
    mutating func pong(_ payload: UnsafeRawBufferPointer) { all.append(.pong(Array(payload))) }
    mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {
        all.append(.close(code, String(decoding: reason, as: UTF8.self)))
    }
}

/// What a stream of bytes came to.
struct Outcome: Equatable {
    var messages: [Messages.Message]
    var violation: WebSocketViolation?
}

extension WebSocketReceiver {
    mutating func receive(_ bytes: [UInt8], into sink: inout some WebSocketSink) throws(WebSocketViolation) {
        var bytes = bytes
        let result = bytes.withUnsafeMutableBytes { bytes -> Result<Void, WebSocketViolation> in
            Result { () throws(WebSocketViolation) in try receive(bytes, into: &sink) }
        }
        try result.get()
    }
}

/// Feeds a receiver with bytes in chunks of these sizes, in turn.
func outcome(
    of bytes: [UInt8], role: WebSocketReceiver.Role = .server, limits: WebSocketReceiver.Limits = .init(),
    chunks: [Int] = [Int.max]
) -> Outcome {
    var receiver = WebSocketReceiver(role: role, limits: limits)
    var sink = Messages()
    var from = 0
    var turn = 0
    while from < bytes.count {
        let size = min(chunks[turn % chunks.count], bytes.count - from)
        turn += 1
        do { try receiver.receive(Array(bytes[from..<from + size]), into: &sink) } catch {
            return Outcome(messages: sink.all, violation: error)
        }
        from += size
    }
    return Outcome(messages: sink.all)
}

let testKey: UInt32 = 0x1234_ABCD

/// One masked frame, as a client sends it.
func clientFrame(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    var out: [UInt8] = []
    payload.withUnsafeBytes { WebSocketFrame.append(opcode, $0, isFinal: isFinal, maskKey: testKey, to: &out) }
    return out
}

func clientFrame(_ opcode: WebSocketFrame.Opcode, _ text: String, isFinal: Bool = true) -> [UInt8] {
    clientFrame(opcode, Array(text.utf8), isFinal: isFinal)
}

func serverFrame(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    var out: [UInt8] = []
    payload.withUnsafeBytes { WebSocketFrame.append(opcode, $0, isFinal: isFinal, to: &out) }
    return out
}

/// Keeps what a dialect reports.
struct Leg: LegEventSink {
    var events: [LegEvent] = []
    var samples: [Int16] = []
    /// Length and timestamp of each stretch of audio.
    var stretches: [[Int]] = []
    var packets: [[UInt8]] = []
    var sequences: [UInt16] = []

    mutating func audio(_ samples: Span<Int16>, timestamp: Int) {
        for index in samples.indices { self.samples.append(samples[index]) }
        stretches.append([samples.count, timestamp])
    }
    mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {
        packets.append(Array(packet))
        sequences.append(sequence)
    }
    mutating func receive(_ event: LegEvent) { events.append(event) }
}

extension Dialect {
    mutating func text(_ message: String, _ leg: inout Leg) throws(WireError) {
        try text(Array(message.utf8), &leg)
    }
    mutating func text(_ message: [UInt8], _ leg: inout Leg) throws(WireError) {
        let result = message.withUnsafeBytes { bytes -> Result<Void, WireError> in
            Result { () throws(WireError) in try decodeText(bytes, into: &leg) }
        }
        try result.get()
    }
    mutating func binary(_ message: [UInt8], _ leg: inout Leg) throws(WireError) {
        let result = message.withUnsafeBytes { bytes -> Result<Void, WireError> in
            Result { () throws(WireError) in try decodeBinary(bytes, into: &leg) }
        }
        try result.get()
    }
}

/// Keeps what a gateway sends to its peer.
struct Line: PeerEventSink {
    enum Event: Equatable { case audio([UInt8]), mark(String), clear, started(String), note(String) }
    var events: [Event] = []
    mutating func audio(_ octets: UnsafeRawBufferPointer) { events.append(.audio(Array(octets))) }
    mutating func mark(_ name: String) { events.append(.mark(name)) }
    mutating func clear() { events.append(.clear) }
    mutating func started(call: String) { events.append(.started(call)) }
    mutating func note(_ json: UnsafeRawBufferPointer) {
        events.append(.note(String(decoding: json, as: UTF8.self)))
    }
}

extension PeerDialect {
    mutating func text(_ message: [UInt8], _ line: inout Line) throws(PeerViolation) {
        let result = message.withUnsafeBytes { bytes -> Result<Void, PeerViolation> in
            Result { () throws(PeerViolation) in try decodeText(bytes, into: &line) }
        }
        try result.get()
    }
    mutating func binary(_ message: [UInt8], _ line: inout Line) throws(PeerViolation) {
        let result = message.withUnsafeBytes { bytes -> Result<Void, PeerViolation> in
            Result { () throws(PeerViolation) in try decodeBinary(bytes, into: &line) }
        }
        try result.get()
    }
}

func base64(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    Base64.append(bytes.span, to: &out)
    return String(decoding: out, as: UTF8.self)
}

func string(_ body: (inout [UInt8]) -> Void) -> String {
    var out: [UInt8] = []
    body(&out)
    return String(decoding: out, as: UTF8.self)
}
