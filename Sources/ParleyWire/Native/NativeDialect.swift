import ParleyCore

/// Parley's own dialect, for browsers and whoever writes a client: text messages of JSON for control, binary messages
/// for audio. See docs/native-dialect.md.
public struct NativeDialect: Dialect {
    private enum Phase { case opened, started, stopped }

    /// Bytes of one message of linear PCM, at most.
    static let maxAudioBytes = 16_000
    /// Bytes of one Opus packet, at most: what its authors advise for a packet buffer. RFC 6716 allows more, speech
    /// needs less.
    static let maxPacketBytes = 4_000
    /// In front of each Opus packet: its number, big-endian.
    static let sequenceBytes = 2

    public let outboundAudioIsBinary = true
    public let takesNotes = true
    public private(set) var format = LegFormat(codec: .linear16, sampleRate: 16_000)

    private var phase = Phase.opened
    private var nextPacket: UInt16 = 0
    private var samples: [Int16] = []

    public init() {}

    // MARK: From the client

    public mutating func decodeText(
        _ text: UnsafeRawBufferPointer, into sink: inout some LegEventSink
    ) throws(WireError) {
        let message: NativeMessage
        do { message = try NativeMessage(text) } catch { throw .malformed(error) }
        guard let event = message.event else { throw .missingField("event", event: "message") }

        if event == "mark" {
            guard try isUp("mark") else { return }
            guard let name = message.name else { throw .missingField("name", event: "mark") }
            let mark = name.hasEscapes ? nil : Mark(name: name.bytes)
            sink.receive(mark.map { .mark($0) } ?? .unknownMark)
        } else if event == "dtmf" {
            guard try isUp("dtmf") else { return }
            guard let digit = message.digit else { throw .missingField("digit", event: "dtmf") }
            sink.receive(Digit(wire: digit).map { .digit($0) } ?? .unknown)
        } else if event == "start" {
            guard phase == .opened else { throw .outOfOrder("a second start") }
            format = try message.agreedFormat()
            let from = message.from?.string ?? ""
            guard from.utf8.count <= TwilioDialect.maxNameBytes else { throw .missingField("from", event: "start") }
            samples = [Int16](repeating: 0, count: format.samplesPerFrame)
            phase = .started
            sink.receive(.started(LegStart(from: from, format: format, parameters: message.parameters)))
        } else if event == "stop" {
            guard phase != .stopped else { return }
            phase = .stopped
            sink.receive(.stopped)
        } else {
            sink.receive(.unknown)
        }
    }

    public mutating func decodeBinary(
        _ message: UnsafeRawBufferPointer, into sink: inout some LegEventSink
    ) throws(WireError) {
        guard try isUp("audio") else { return }
        guard format.codec != .opus else {
            let size = message.count - Self.sequenceBytes
            guard size > 0, size <= Self.maxPacketBytes else { throw .badMedia(.size) }
            let sequence = UInt16(message[0]) << 8 | UInt16(message[1])
            sink.packet(UnsafeRawBufferPointer(rebasing: message[Self.sequenceBytes...]), sequence: sequence)
            return
        }
        guard message.count > 0, message.count <= Self.maxAudioBytes else { throw .badMedia(.size) }
        guard message.count & 1 == 0 else { throw .badMedia(.oddBytes) }
        var from = 0
        while from < message.count {
            let count = min(samples.count, (message.count - from) / 2)
            for index in 0..<count {
                let sample = message.loadUnaligned(fromByteOffset: from &+ index &* 2, as: Int16.self)
                samples[index] = Int16(littleEndian: sample)
            }
            sink.audio(samples.span.extracting(0..<count), timestamp: -1)
            from += count * 2
        }
    }

    private func isUp(_ event: StaticString) throws(WireError) -> Bool {
        switch phase {
        case .opened: throw .outOfOrder("\(event) before start")
        case .started: return true
        case .stopped: return false
        }
    }

    // MARK: To the client

    public mutating func appendAudio(_ frame: Span<UInt8>, to out: inout [UInt8]) {
        if format.codec == .opus {
            out.append(UInt8(nextPacket >> 8))
            out.append(UInt8(truncatingIfNeeded: nextPacket))
            nextPacket &+= 1
        }
        frame.withUnsafeBufferPointer { out.append(contentsOf: $0) }
    }

    public func appendMark(_ mark: Mark, to out: inout [UInt8]) {
        JSONWriter.appendFixed(#"{"event":"mark","name":""#, to: &out)
        mark.appendName(to: &out)
        JSONWriter.appendFixed(#""}"#, to: &out)
    }

    public func appendClear(to out: inout [UInt8]) { JSONWriter.appendFixed(#"{"event":"clear"}"#, to: &out) }

    public func appendStarted(call: String, to out: inout [UInt8]) -> Bool {
        JSONWriter.appendFixed(#"{"event":"started","call":"#, to: &out)
        JSONWriter.appendString(call, to: &out)
        JSONWriter.appendFixed("}", to: &out)
        return true
    }
}
