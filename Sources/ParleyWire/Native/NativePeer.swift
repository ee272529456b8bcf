import ParleyCore

/// The client's side of the native dialect, for the tool that plays a caller.
public struct NativePeer: PeerDialect {
    public let format: LegFormat
    public let audioIsBinary = true

    public let from: String
    public let parameters: [String: String]

    private var nextPacket: UInt16 = 0

    /// - Parameter format: linear16 or Opus.
    public init(format: LegFormat, from: String = "", parameters: [String: String] = [:]) {
        precondition(format.codec != .mulaw, "the native dialect has no mu-law")
        self.format = format
        self.from = from
        self.parameters = parameters
    }

    // MARK: Numbers

    public var lastNumber: UInt32? { format.codec == .opus ? UInt32(UInt16.max) : nil }

    public mutating func skipNumbers(_ count: Int) { nextPacket &+= UInt16(truncatingIfNeeded: count) }

    public mutating func restartNumbers(at number: UInt32) { nextPacket = UInt16(truncatingIfNeeded: number) }

    // MARK: To the gateway

    public mutating func appendConnected(to out: inout [UInt8]) -> Bool { false }

    public mutating func appendStart(to out: inout [UInt8]) {
        var json = JSONWriter(out)
        out = []
        json.beginObject()
        json.field("event", "start")
        json.key("format")
        json.beginObject()
        json.field("codec", format.codec.rawValue)
        json.field("sample_rate", format.sampleRate)
        json.endObject()
        if !from.isEmpty { json.field("from", from) }
        json.key("parameters")
        json.beginObject()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        json.endObject()
        json.endObject()
        out = json.bytes
    }

    public mutating func appendAudio(_ octets: Span<UInt8>, timestamp: Int, to out: inout [UInt8]) {
        if format.codec == .opus {
            out.append(UInt8(nextPacket >> 8))
            out.append(UInt8(truncatingIfNeeded: nextPacket))
            nextPacket &+= 1
        }
        octets.withUnsafeBufferPointer { out.append(contentsOf: $0) }
    }

    public mutating func appendDigit(_ digit: Digit, to out: inout [UInt8]) {
        JSONWriter.appendFixed(#"{"event":"dtmf","digit":""#, to: &out)
        out.append(digit.rawValue)
        JSONWriter.appendFixed(#""}"#, to: &out)
    }

    public mutating func appendMark(_ name: String, to out: inout [UInt8]) {
        JSONWriter.appendFixed(#"{"event":"mark","name":"#, to: &out)
        JSONWriter.appendString(name, to: &out)
        JSONWriter.appendFixed("}", to: &out)
    }

    public mutating func appendStop(to out: inout [UInt8]) { JSONWriter.appendFixed(#"{"event":"stop"}"#, to: &out) }

    // MARK: From the gateway

    public mutating func decodeText(
        _ text: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation) {
        let message: NativeMessage
        do { message = try NativeMessage(text) } catch { throw .malformed(error) }
        guard let event = message.event else { throw .missingField("event", event: "message") }

        if event == "mark" {
            guard let name = message.name else { throw .missingField("name", event: "mark") }
            guard (1...TwilioDialect.maxNameBytes).contains(name.bytes.count) else { throw .markName }
            sink.mark(name.string)
        } else if event == "clear" {
            sink.clear()
        } else if event == "started" {
            guard let call = message.call else { throw .missingField("call", event: "started") }
            sink.started(call: call.string)
        } else if event == "note" {
            guard message.kind != nil else { throw .missingField("kind", event: "note") }
            sink.note(text)
        } else {
            throw .unknownEvent(String(event.string.unicodeScalars.prefix(64)))
        }
    }

    public mutating func decodeBinary(
        _ message: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation) {
        if format.codec == .opus {
            let size = message.count - NativeDialect.sequenceBytes
            guard size > 0, size <= NativeDialect.maxPacketBytes else { throw .badAudio("not one Opus packet") }
            sink.audio(UnsafeRawBufferPointer(rebasing: message[NativeDialect.sequenceBytes...]))
        } else {
            guard message.count > 0, message.count & 1 == 0 else { throw .badAudio("not whole samples") }
            sink.audio(message)
        }
    }
}
