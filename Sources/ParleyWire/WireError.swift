/// What a peer sent that its dialect does not allow. At worst the call ends; the process does not.
public enum WireError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not the JSON that we take.
    case malformed(JSONError)
    /// A known event without a field that it needs, or with one of another type.
    case missingField(String, event: String)
    /// One media message that cannot be played: it is dropped whole.
    case badMedia(BadMedia)
    /// An event where the protocol has no place for it: media before start, two starts.
    case outOfOrder(String)
    /// Audio in a form that was not agreed; as the peer named it, cut to 64 bytes.
    case unsupportedFormat(String)
    /// A binary message on a socket that carries text alone.
    case unexpectedBinary

    public enum BadMedia: String, Sendable {
        case noPayload = "no payload"
        case escapedPayload = "escapes in the payload"
        case notBase64 = "payload is not base64"
        case size = "payload is empty or too long"
        case oddBytes = "payload is not whole samples"
    }

    /// What the shell does about it; `WireTolerance` keeps the counts.
    public enum Handling: Equatable, Sendable {
        case countMalformed
        case countBadMedia
        /// Close the socket with this code.
        case close(UInt16)
    }

    public var handling: Handling {
        switch self {
        case .malformed, .missingField: .countMalformed
        case .badMedia: .countBadMedia
        case .outOfOrder: .close(1008)
        case .unsupportedFormat, .unexpectedBinary: .close(1003)
        }
    }

    /// For the log and the close frame: nothing in it is the caller's speech, number or keys.
    public var description: String {
        switch self {
        case .malformed(let error): "malformed JSON: \(error)"
        case .missingField(let field, let event): "\(event) without a valid \(field)"
        case .badMedia(let problem): "bad media: \(problem.rawValue)"
        case .outOfOrder(let what): what
        case .unsupportedFormat(let format): "unsupported audio format \(format)"
        case .unexpectedBinary: "binary message on a text socket"
        }
    }
}
