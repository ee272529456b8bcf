import ParleyCore

/// Twilio's side of a media stream, for the tool that plays a caller against any media-stream server.
///
/// Writes what Twilio writes: counters as strings, the sequence shared by all messages, chunks from 1.
public struct TwilioPeer: PeerDialect {
    public let format = LegFormat.telephone
    public let audioIsBinary = false

    public let streamID: String
    public let callID: String
    public let accountID: String
    public let parameters: [String: String]

    private var sequence: UInt32 = 0
    private var chunk: UInt32 = 0
    private var octets: [UInt8] = []

    public init(streamID: String, callID: String, accountID: String, parameters: [String: String] = [:]) {
        self.streamID = streamID
        self.callID = callID
        self.accountID = accountID
        self.parameters = parameters
    }

    // MARK: Numbers

    public var lastNumber: UInt32? { .max }

    public mutating func skipNumbers(_ count: Int) {
        sequence &+= UInt32(truncatingIfNeeded: count)
        chunk &+= UInt32(truncatingIfNeeded: count)
    }

    public mutating func restartNumbers(at number: UInt32) {
        sequence = number &- 1
        chunk = number &- 1
    }

    // MARK: To the gateway

    public mutating func appendConnected(to out: inout [UInt8]) -> Bool {
        JSONWriter.appendFixed(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#, to: &out)
        return true
    }

    public mutating func appendStart(to out: inout [UInt8]) {
        begin("start", &out)
        var json = JSONWriter(out)
        out = []
        json.beginObject()
        json.field("accountSid", accountID)
        json.field("streamSid", streamID)
        json.field("callSid", callID)
        json.key("tracks")
        json.beginArray()
        json.value("inbound")
        json.endArray()
        json.key("mediaFormat")
        json.beginObject()
        json.field("encoding", "audio/x-mulaw")
        json.field("sampleRate", 8_000)
        json.field("channels", 1)
        json.endObject()
        json.key("customParameters")
        json.beginObject()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        json.endObject()
        json.endObject()
        out = json.bytes
        out.append(UInt8(ascii: "}"))
    }

    public mutating func appendAudio(_ octets: Span<UInt8>, timestamp: Int, to out: inout [UInt8]) {
        begin("media", &out)
        chunk &+= 1
        JSONWriter.appendFixed(#"{"track":"inbound","chunk":""#, to: &out)
        JSONWriter.appendNumber(chunk, to: &out)
        JSONWriter.appendFixed(#"","timestamp":""#, to: &out)
        JSONWriter.appendNumber(UInt32(clamping: timestamp), to: &out)
        JSONWriter.appendFixed(#"","payload":""#, to: &out)
        Base64.append(octets, to: &out)
        JSONWriter.appendFixed(#""}}"#, to: &out)
    }

    public mutating func appendDigit(_ digit: Digit, to out: inout [UInt8]) {
        begin("dtmf", &out)
        JSONWriter.appendFixed(#"{"track":"inbound_track","digit":""#, to: &out)
        out.append(digit.rawValue)
        JSONWriter.appendFixed(#""}}"#, to: &out)
    }

    public mutating func appendMark(_ name: String, to out: inout [UInt8]) {
        begin("mark", &out)
        JSONWriter.appendFixed(#"{"name":"#, to: &out)
        JSONWriter.appendString(name, to: &out)
        JSONWriter.appendFixed("}}", to: &out)
    }

    public mutating func appendStop(to out: inout [UInt8]) {
        begin("stop", &out)
        JSONWriter.appendFixed(#"{"accountSid":"#, to: &out)
        JSONWriter.appendString(accountID, to: &out)
        JSONWriter.appendFixed(#","callSid":"#, to: &out)
        JSONWriter.appendString(callID, to: &out)
        JSONWriter.appendFixed("}}", to: &out)
    }

    /// `{"event":"...","sequenceNumber":"...","streamSid":"...","...":`
    private mutating func begin(_ event: StaticString, _ out: inout [UInt8]) {
        sequence &+= 1
        JSONWriter.appendFixed(#"{"event":""#, to: &out)
        JSONWriter.appendFixed(event, to: &out)
        JSONWriter.appendFixed(#"","sequenceNumber":""#, to: &out)
        JSONWriter.appendNumber(sequence, to: &out)
        JSONWriter.appendFixed(#"","streamSid":"#, to: &out)
        JSONWriter.appendString(streamID, to: &out)
        JSONWriter.appendFixed(#",""#, to: &out)
        JSONWriter.appendFixed(event, to: &out)
        JSONWriter.appendFixed(#"":"#, to: &out)
    }

    // MARK: From the gateway

    public mutating func decodeText(
        _ text: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation) {
        let message: TwilioMessage
        do { message = try TwilioMessage(text) } catch { throw .malformed(error) }
        guard let event = message.event else { throw .missingField("event", event: "message") }
        let isMedia = event == "media"
        let isMark = event == "mark"
        guard isMedia || isMark || event == "clear" else {
            throw .unknownEvent(String(event.string.unicodeScalars.prefix(64)))
        }
        guard let stream = message.streamID?.string else { throw .missingField("streamSid", event: event.string) }
        guard stream == streamID else { throw .wrongStream(String(stream.unicodeScalars.prefix(64))) }

        if isMedia {
            guard let payload = message.payload else { throw .missingField("payload", event: "media") }
            try play(payload, into: &sink)
        } else if isMark {
            guard let name = message.markName else { throw .missingField("name", event: "mark") }
            guard (1...TwilioDialect.maxNameBytes).contains(name.bytes.count) else { throw .markName }
            sink.mark(name.string)
        } else {
            sink.clear()
        }
    }

    private mutating func play(
        _ payload: JSONString, into sink: inout some PeerEventSink
    ) throws(PeerViolation) {
        guard !payload.hasEscapes, let count = Base64.decodedCount(payload.bytes) else {
            throw .badAudio("payload is not base64")
        }
        guard count > 0 else { throw .badAudio("payload is empty") }
        if octets.count < count { octets = [UInt8](repeating: 0, count: count) }
        guard octets.withUnsafeMutableBytes({ Base64.decode(payload.bytes, into: $0) }) != nil else {
            throw .badAudio("payload is not base64")
        }
        octets.withUnsafeBytes { sink.audio(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    public mutating func decodeBinary(
        _ message: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation) {
        throw .unexpectedBinary
    }
}
