import ParleyCore

/// What a gateway sent that the peer's protocol does not allow; for the tool that plays the peer.
public enum PeerViolation: Error, Equatable, Sendable, CustomStringConvertible {
    case malformed(JSONError)
    case unknownEvent(String)
    case missingField(String, event: String)
    /// A message for another stream than the one on this socket.
    case wrongStream(String)
    /// Audio that is not what was agreed, and why.
    case badAudio(String)
    /// A mark's name is 1 to 256 bytes.
    case markName
    /// A binary message where only text is spoken.
    case unexpectedBinary

    public var description: String {
        switch self {
        case .malformed(let error): "malformed JSON: \(error)"
        case .unknownEvent(let event): "unknown event \(event)"
        case .missingField(let field, let event): "\(event) without a valid \(field)"
        case .wrongStream(let stream): "message for stream \(stream), which is not this one"
        case .badAudio(let problem): "bad audio: \(problem)"
        case .markName: "a mark's name is 1 to 256 bytes"
        case .unexpectedBinary: "binary message on a text socket"
        }
    }
}

/// Takes what a gateway sends to its peer. Bytes are lent for the length of the call.
public protocol PeerEventSink {
    /// Audio to be played, in the leg's codec; for Opus one packet.
    mutating func audio(_ octets: UnsafeRawBufferPointer)
    /// To be sent back when all audio before it has been played.
    mutating func mark(_ name: String)
    /// Drop what is queued and not played.
    mutating func clear()
    /// The call is up, under this name. (Native dialect.)
    mutating func started(call: String)
    /// A notice; the whole message. (Native dialect.)
    mutating func note(_ json: UnsafeRawBufferPointer)
}

extension PeerEventSink {
    public mutating func started(call: String) {}
    public mutating func note(_ json: UnsafeRawBufferPointer) {}
}

/// The peer's side of a dialect: what `parley call` speaks when it plays the provider, or a browser.
///
/// Each `append` writes the payload of one message. Decoding is strict, so that a gateway's slips are seen.
public protocol PeerDialect: Sendable {
    var format: LegFormat { get }
    /// Whether `appendAudio` writes the payload of a binary message.
    var audioIsBinary: Bool { get }

    /// The last number that a message can have; then they begin anew. `nil` where messages have none.
    var lastNumber: UInt32? { get }
    /// As if so many messages had been sent that did not arrive.
    mutating func skipNumbers(_ count: Int)
    /// The next message, and the next one of audio, have this number.
    mutating func restartNumbers(at number: UInt32)

    /// - Returns: false where the dialect has no such message.
    mutating func appendConnected(to out: inout [UInt8]) -> Bool
    mutating func appendStart(to out: inout [UInt8])
    /// - Parameters:
    ///   - octets: in the leg's codec; for Opus one packet.
    ///   - timestamp: milliseconds since the stream began.
    mutating func appendAudio(_ octets: Span<UInt8>, timestamp: Int, to out: inout [UInt8])
    mutating func appendDigit(_ digit: Digit, to out: inout [UInt8])
    mutating func appendMark(_ name: String, to out: inout [UInt8])
    mutating func appendStop(to out: inout [UInt8])

    mutating func decodeText(
        _ message: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation)
    mutating func decodeBinary(
        _ message: UnsafeRawBufferPointer, into sink: inout some PeerEventSink
    ) throws(PeerViolation)
}
