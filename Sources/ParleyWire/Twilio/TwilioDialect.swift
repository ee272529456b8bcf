import ParleyCore

/// Twilio Media Streams, bidirectional (`<Connect><Stream>`): text messages of JSON, mu-law in base64.
///
/// Source: Twilio, Media Streams WebSocket messages. Counters may be strings or numbers; the order of fields, white
/// space and unknown fields do not matter; a key that comes twice does.
public struct TwilioDialect: Dialect {
    private enum Phase { case opened, connected, started, stopped }

    /// Decoded bytes of one media message, at most: 2 s.
    static let maxPayloadBytes = 16_000
    /// Names that the peer chooses (stream, call), at most.
    static let maxNameBytes = 256

    public let format = LegFormat.telephone
    public let outboundAudioIsBinary = false

    private var phase = Phase.opened
    /// All of an outbound media message up to its payload.
    private var mediaHead: [UInt8] = []
    private var markHead: [UInt8] = []
    private var clearMessage: [UInt8] = []
    private var tracker = SequenceTracker()

    /// What is decoded at a time: three frames, the least that is whole groups of base64. On the stack, which is warm when a
    /// thousand calls' own memory is not.
    private struct Piece {
        var octets = InlineArray<480, UInt8>(repeating: 0)
        var samples = InlineArray<480, Int16>(repeating: 0)

        /// Decodes up to 640 characters into `samples`.
        ///
        /// - Returns: how many samples, or `nil` where the text is not base64.
        mutating func expand(_ text: UnsafeRawBufferPointer) -> Int? {
            var room = octets.mutableSpan
            guard let count = room.withUnsafeMutableBytes({ Base64.decode(text, into: $0) }) else { return nil }
            var heard = samples.mutableSpan
            MuLaw.decode(octets.span.extracting(0..<count), into: &heard)
            return count
        }
    }

    private static let pieceCharacters = 640
    private static let frameSamples = 160
    private static let samplesPerMillisecond = 8

    public init() {}

    // MARK: From Twilio

    public mutating func decodeText(
        _ text: UnsafeRawBufferPointer, into sink: inout some LegEventSink
    ) throws(WireError) {
        let message: TwilioMessage
        do { message = try TwilioMessage(text) } catch { throw .malformed(error) }
        guard let event = message.event else { throw .missingField("event", event: "message") }

        if event == "media" {
            try decodeMedia(message, into: &sink)
        } else if event == "mark" {
            guard try isUp("mark") else { return }
            guard let name = message.markName else { throw .missingField("name", event: "mark") }
            let mark = name.hasEscapes ? nil : Mark(name: name.bytes)
            sink.receive(mark.map { .mark($0) } ?? .unknownMark)
        } else if event == "dtmf" {
            guard try isUp("dtmf") else { return }
            guard let digit = message.digit else { throw .missingField("digit", event: "dtmf") }
            sink.receive(Digit(wire: digit).map { .digit($0) } ?? .unknown)
        } else if event == "start" {
            try decodeStart(message, into: &sink)
        } else if event == "connected" {
            guard phase == .opened else {
                sink.receive(.unknown)
                return
            }
            phase = .connected
            sink.receive(.connected)
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
        throw .unexpectedBinary
    }

    /// Whether the stream is up; false after its stop, when what still comes is ignored.
    private func isUp(_ event: StaticString) throws(WireError) -> Bool {
        switch phase {
        case .opened, .connected: throw .outOfOrder("\(event) before start")
        case .started: return true
        case .stopped: return false
        }
    }

    private mutating func decodeMedia(
        _ message: TwilioMessage, into sink: inout some LegEventSink
    ) throws(WireError) {
        guard try isUp("media"), !message.isOutbound else { return }
        guard let payload = message.payload else { throw .badMedia(.noPayload) }
        guard !payload.hasEscapes else { throw .badMedia(.escapedPayload) }
        guard let count = Base64.decodedCount(payload.bytes) else { throw .badMedia(.notBase64) }
        guard count > 0, count <= Self.maxPayloadBytes else { throw .badMedia(.size) }

        // A message is played whole or not at all, so a long one is checked to its end before its first piece is lent.
        var piece = Piece()
        let isLong = payload.bytes.count > Self.pieceCharacters
        guard isLong ? Base64.isValid(payload.bytes) : piece.expand(payload.bytes) != nil else {
            throw .badMedia(.notBase64)
        }

        let verdict = tracker.take(
            sequence: message.chunk, timestamp: message.timestamp, length: count / Self.samplesPerMillisecond)
        switch verdict {
        case .inOrder: break
        case .duplicate:
            sink.receive(.duplicate)
            return
        case .gap(let milliseconds):
            sink.receive(.gap(milliseconds: milliseconds))
            lendSilence(milliseconds, before: message.timestamp, to: &sink)
        case .resync(let milliseconds):
            sink.receive(.gap(milliseconds: milliseconds))
        }

        guard isLong else {
            lend(piece.samples.span.extracting(0..<count), timestamp: message.timestamp, to: &sink)
            return
        }
        var from = 0
        var timestamp = message.timestamp
        while from < payload.bytes.count {
            let end = min(from + Self.pieceCharacters, payload.bytes.count)
            let count = piece.expand(UnsafeRawBufferPointer(rebasing: payload.bytes[from..<end])) ?? 0
            lend(piece.samples.span.extracting(0..<count), timestamp: timestamp, to: &sink)
            if timestamp >= 0 { timestamp &+= count / Self.samplesPerMillisecond }
            from = end
        }
    }

    private func lend(_ samples: Span<Int16>, timestamp: Int, to sink: inout some LegEventSink) {
        var from = 0
        while from < samples.count {
            let end = min(from + Self.frameSamples, samples.count)
            sink.audio(
                samples.extracting(from..<end),
                timestamp: timestamp < 0 ? -1 : timestamp &+ from / Self.samplesPerMillisecond)
            from = end
        }
    }

    private func lendSilence(_ milliseconds: Int, before timestamp: Int, to sink: inout some LegEventSink) {
        let silence = InlineArray<160, Int16>(repeating: 0)
        var left = milliseconds
        while left > 0 {
            let piece = min(left, 20)
            lend(
                silence.span.extracting(0..<piece * Self.samplesPerMillisecond),
                timestamp: timestamp < 0 ? -1 : timestamp &- left, to: &sink)
            left -= piece
        }
    }

    private mutating func decodeStart(
        _ message: TwilioMessage, into sink: inout some LegEventSink
    ) throws(WireError) {
        guard phase == .opened || phase == .connected else { throw .outOfOrder("a second start") }
        guard let text = message.start else { throw .missingField("start", event: "start") }
        let start = try TwilioStart.read(text, streamID: message.streamID?.string)
        phase = .started
        mediaHead = Self.head(#"{"event":"media","streamSid":"#, start.streamID, #","media":{"payload":""#)
        markHead = Self.head(#"{"event":"mark","streamSid":"#, start.streamID, #","mark":{"name":""#)
        clearMessage = Self.head(#"{"event":"clear","streamSid":"#, start.streamID, "}")
        sink.receive(.started(start))
    }

    // MARK: To Twilio

    public mutating func appendAudio(_ frame: Span<UInt8>, to out: inout [UInt8]) {
        precondition(!mediaHead.isEmpty, "audio is sent after start")
        out.append(contentsOf: mediaHead)
        Base64.append(frame, to: &out)
        JSONWriter.appendFixed(#""}}"#, to: &out)
    }

    public func appendMark(_ mark: Mark, to out: inout [UInt8]) {
        precondition(!markHead.isEmpty, "a mark is sent after start")
        out.append(contentsOf: markHead)
        mark.appendName(to: &out)
        JSONWriter.appendFixed(#""}}"#, to: &out)
    }

    public func appendClear(to out: inout [UInt8]) {
        precondition(!clearMessage.isEmpty, "clear is sent after start")
        out.append(contentsOf: clearMessage)
    }

    private static func head(_ before: StaticString, _ streamID: String, _ after: StaticString) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.appendFixed(before, to: &bytes)
        JSONWriter.appendString(streamID, to: &bytes)
        JSONWriter.appendFixed(after, to: &bytes)
        return bytes
    }
}

extension Digit {
    /// A key as peers write it: one character; `a`-`d` in either case.
    init?(wire: JSONString) {
        guard wire.bytes.count == 1 else { return nil }
        let byte = wire.bytes[0]
        self.init(rawValue: (0x61...0x64).contains(byte) ? byte - 0x20 : byte)
    }
}
