/// What a peer sent that RFC 6455, or our limits, do not allow. The connection is failed with `closeCode`.
public enum WebSocketViolation: Error, Equatable, Sendable {
    /// RSV1-3 set, although no extension was agreed (section 5.2).
    case reservedBits
    /// Opcodes 3-7 and 11-15 (section 5.2).
    case reservedOpcode(UInt8)
    /// A client's frame must be masked (section 5.1).
    case unmaskedClientFrame
    /// A server's frame must not be masked (section 5.1).
    case maskedServerFrame
    /// A control frame without FIN (section 5.5).
    case fragmentedControl
    /// A control frame of more than 125 bytes (section 5.5).
    case longControl
    /// A length in more bytes than it needs, or above 2^63 - 1 (section 5.2).
    case lengthEncoding
    /// A continuation with nothing to continue (section 5.4).
    case strayContinuation
    /// A new message inside a fragmented one (section 5.4).
    case interleavedMessage
    /// A close frame with one byte of payload (section 5.5.1).
    case shortClose
    /// A status code that must not travel, or has no meaning (section 7.4).
    case closeCode(UInt16)
    /// Text, or the reason of a close, that is not UTF-8 (section 8.1).
    case notUTF8
    case frameTooLong
    case messageTooLong
    case tooManyFragments

    /// The status to close with: 1002 (protocol), 1007 (not UTF-8) or 1009 (too big).
    public var closeCode: UInt16 {
        switch self {
        case .notUTF8: 1007
        case .frameTooLong, .messageTooLong, .tooManyFragments: 1009
        default: 1002
        }
    }

    /// A few words for the close frame: ASCII, less than the 123 bytes that fit.
    public var reason: String {
        switch self {
        case .reservedBits: "reserved bits set"
        case .reservedOpcode(let opcode): "reserved opcode \(opcode)"
        case .unmaskedClientFrame: "client frame not masked"
        case .maskedServerFrame: "server frame masked"
        case .fragmentedControl: "control frame fragmented"
        case .longControl: "control frame over 125 bytes"
        case .lengthEncoding: "length not in its shortest form"
        case .strayContinuation: "nothing to continue"
        case .interleavedMessage: "message inside a message"
        case .shortClose: "close payload of one byte"
        case .closeCode(let code): "close code \(code) not allowed"
        case .notUTF8: "text is not UTF-8"
        case .frameTooLong: "frame too long"
        case .messageTooLong: "message too long"
        case .tooManyFragments: "too many fragments"
        }
    }
}
