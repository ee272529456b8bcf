/// Takes what arrives on a WebSocket. Bytes are lent for the length of the call and must be copied to be kept.
public protocol WebSocketSink {
    /// A whole text message; its bytes are UTF-8.
    mutating func text(_ message: UnsafeRawBufferPointer)
    /// A whole binary message.
    mutating func binary(_ message: UnsafeRawBufferPointer)
    /// To be answered with a pong of the same payload, 125 bytes at most.
    mutating func ping(_ payload: UnsafeRawBufferPointer)
    mutating func pong(_ payload: UnsafeRawBufferPointer)
    /// The peer closes: the last thing that is reported. `code` is `nil` where the peer gave none, else one that may
    /// be sent back; `reason` is UTF-8, 123 bytes at most.
    mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer)

    /// Asked after each report: false makes the receiver drop all that follows, as the connection is to be closed.
    var acceptsMore: Bool { get }
}

extension WebSocketSink {
    public var acceptsMore: Bool { true }
}

/// The receiving half of one WebSocket connection (RFC 6455), for either role: socket bytes in, messages out.
///
/// It is fed with whatever the socket gave, cut anywhere. A message that lies whole in one frame and one chunk is
/// unmasked where it is and lent: no copy, no allocation. Others are gathered in a buffer that is kept and reused.
/// Nothing is reserved for bytes that a header only promises.
public struct WebSocketReceiver: Sendable {
    /// Which end we are: a server takes masked frames, a client unmasked ones.
    public enum Role: Sendable { case server, client }

    /// What one peer may make us hold. Passing one fails the connection with 1009, as soon as the header is read.
    public struct Limits: Equatable, Sendable {
        public var maxFrameBytes: Int
        public var maxMessageBytes: Int
        /// Frames of one message; empty ones count.
        public var maxFragments: Int

        public init(maxFrameBytes: Int = 65_536, maxMessageBytes: Int = 65_536, maxFragments: Int = 64) {
            precondition(maxFrameBytes > 0 && maxMessageBytes > 0 && maxFragments > 0, "a limit is at least 1")
            self.maxFrameBytes = maxFrameBytes
            self.maxMessageBytes = maxMessageBytes
            self.maxFragments = maxFragments
        }
    }

    public let role: Role
    public let limits: Limits

    /// A close frame came, or the peer broke the protocol, or the sink wants no more. What follows is dropped.
    public private(set) var isClosed = false

    // The frame whose header is read or being read.
    private var headerCount = 0
    private var headerNeed = 2
    private var lengthBytes = 0
    private var opcode: UInt8 = 0
    private var isFinal = false
    private var length = 0
    private var remaining = 0
    private var maskKey: UInt32 = 0

    // The message that the data frames build.
    private var fragments = 0
    private var messageBytes = 0
    private var isText = false
    /// At rest between messages: a text ends with a whole code point, or the connection fails.
    private var utf8 = UTF8Validator()
    private var gathered: [UInt8] = []
    private var control: [UInt8] = []

    /// A larger buffer is given back after its message, so that one big message does not cost memory for ever.
    private static let keptCapacity = 16_384

    public init(role: Role, limits: Limits = Limits()) {
        self.role = role
        self.limits = limits
    }

    /// Bytes of an unfinished message that are held here.
    public var heldBytes: Int { gathered.count + control.count }
    var heldCapacity: Int { gathered.capacity + control.capacity }

    /// Takes the next bytes of the connection and reports every message that they complete.
    ///
    /// - Parameter bytes: is written to: masked payloads are unmasked in place.
    /// - Throws: the first violation, after what was whole before it has been reported. All later bytes are dropped.
    public mutating func receive(
        _ bytes: UnsafeMutableRawBufferPointer, into sink: inout some WebSocketSink
    ) throws(WebSocketViolation) {
        var offset = 0
        while !isClosed, let delivery = try next(bytes, &offset) {
            switch delivery {
            case .data(let message):
                deliver(message, to: &sink)
            case .gathered:
                gathered.withUnsafeBytes { deliver($0, isText: isText, to: &sink) }
                releaseMessage()
            case .control(let opcode, let payload):
                try deliver(control: opcode, payload, to: &sink)
            case .gatheredControl(let opcode):
                let payload = control
                control.removeAll(keepingCapacity: false)
                let verdict = payload.withUnsafeBytes { bytes -> Result<Void, WebSocketViolation> in
                    Result { () throws(WebSocketViolation) in try deliver(control: opcode, bytes, to: &sink) }
                }
                try verdict.get()
            }
            if !sink.acceptsMore { isClosed = true }
        }
    }

    // MARK: Frames

    /// What one step found. Payloads are in the caller's chunk, or in our own buffer where it says gathered.
    private enum Delivery {
        case data(UnsafeRawBufferPointer)
        case gathered
        case control(UInt8, UnsafeRawBufferPointer)
        case gatheredControl(UInt8)
    }

    private static let continuation: UInt8 = 0
    private static let text: UInt8 = 1
    private static let close: UInt8 = 8
    private static let ping: UInt8 = 9

    /// Reads on until something is to be delivered; `nil` when the chunk is used up.
    private mutating func next(
        _ bytes: UnsafeMutableRawBufferPointer, _ offset: inout Int
    ) throws(WebSocketViolation) -> Delivery? {
        while true {
            if headerCount < headerNeed {
                guard try readHeader(UnsafeRawBufferPointer(bytes), &offset) else { return nil }
            }
            let available = min(remaining, bytes.count &- offset)
            if available == 0, remaining > 0 { return nil }
            let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset &+ available])
            offset &+= available
            if role == .server { WebSocketMask.apply(maskKey, phase: length &- remaining, to: piece) }
            remaining &-= available
            let isWhole = available == length
            let frameEnds = remaining == 0
            if frameEnds {
                headerCount = 0
                headerNeed = 2
            }

            if opcode >= Self.close {
                if isWhole { return .control(opcode, UnsafeRawBufferPointer(piece)) }
                control.append(contentsOf: piece)
                if frameEnds { return .gatheredControl(opcode) }
                continue
            }

            if isText, !utf8.take(UnsafeRawBufferPointer(piece)) { throw fail(.notUTF8) }
            let messageEnds = frameEnds && isFinal
            if messageEnds, isText, !utf8.isComplete { throw fail(.notUTF8) }
            if isWhole, messageEnds, fragments == 1 {
                fragments = 0
                messageBytes = 0
                return .data(UnsafeRawBufferPointer(piece))
            }
            gathered.append(contentsOf: piece)
            if messageEnds { return .gathered }
        }
    }

    /// - Returns: false when the chunk ended inside the header.
    private mutating func readHeader(
        _ bytes: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(WebSocketViolation) -> Bool {
        while headerCount < headerNeed {
            guard offset < bytes.count else { return false }
            let byte = bytes[offset]
            offset &+= 1
            switch headerCount {
            case 0: try readFirst(byte)
            case 1: try readSecond(byte)
            case ..<(2 &+ lengthBytes):
                if lengthBytes == 8, headerCount == 2, byte & 0x80 != 0 { throw fail(.lengthEncoding) }
                length = length &<< 8 | Int(byte)
                if headerCount == 1 &+ lengthBytes {
                    guard length > (lengthBytes == 2 ? 125 : 65_535) else { throw fail(.lengthEncoding) }
                    try admit()
                }
            default:
                maskKey |= UInt32(byte) &<< UInt32(truncatingIfNeeded: (headerCount &- 2 &- lengthBytes) &* 8)
            }
            headerCount &+= 1
        }
        remaining = length
        return true
    }

    private mutating func readFirst(_ byte: UInt8) throws(WebSocketViolation) {
        guard byte & 0x70 == 0 else { throw fail(.reservedBits) }
        opcode = byte & 0x0F
        isFinal = byte & 0x80 != 0
        switch opcode {
        case 0: guard fragments > 0 else { throw fail(.strayContinuation) }
        case 1, 2:
            guard fragments == 0 else { throw fail(.interleavedMessage) }
            isText = opcode == Self.text
        case 8, 9, 10: guard isFinal else { throw fail(.fragmentedControl) }
        default: throw fail(.reservedOpcode(opcode))
        }
    }

    private mutating func readSecond(_ byte: UInt8) throws(WebSocketViolation) {
        let isMasked = byte & 0x80 != 0
        guard isMasked == (role == .server) else {
            throw fail(isMasked ? .maskedServerFrame : .unmaskedClientFrame)
        }
        let short = byte & 0x7F
        guard opcode < Self.close || short <= 125 else { throw fail(.longControl) }
        lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        headerNeed = 2 &+ lengthBytes &+ (isMasked ? 4 : 0)
        maskKey = 0
        length = lengthBytes == 0 ? Int(short) : 0
        if lengthBytes == 0 { try admit() }
    }

    /// The limits, before a byte of the payload is taken.
    private mutating func admit() throws(WebSocketViolation) {
        guard opcode < Self.close else { return }
        guard length <= limits.maxFrameBytes else { throw fail(.frameTooLong) }
        guard length <= limits.maxMessageBytes &- messageBytes else { throw fail(.messageTooLong) }
        guard fragments < limits.maxFragments else { throw fail(.tooManyFragments) }
        messageBytes &+= length
        fragments &+= 1
    }

    private mutating func fail(_ violation: WebSocketViolation) -> WebSocketViolation {
        isClosed = true
        gathered = []
        control = []
        return violation
    }

    // MARK: Reports

    private func deliver(_ message: UnsafeRawBufferPointer, to sink: inout some WebSocketSink) {
        deliver(message, isText: isText, to: &sink)
    }

    private func deliver(_ message: UnsafeRawBufferPointer, isText: Bool, to sink: inout some WebSocketSink) {
        if isText { sink.text(message) } else { sink.binary(message) }
    }

    private mutating func deliver(
        control opcode: UInt8, _ payload: UnsafeRawBufferPointer, to sink: inout some WebSocketSink
    ) throws(WebSocketViolation) {
        switch opcode {
        case Self.close:
            let (code, reason) = try readClose(payload)
            isClosed = true
            gathered = []
            sink.close(code: code, reason: reason)
        case Self.ping: sink.ping(payload)
        default: sink.pong(payload)
        }
    }

    private mutating func readClose(
        _ payload: UnsafeRawBufferPointer
    ) throws(WebSocketViolation) -> (UInt16?, UnsafeRawBufferPointer) {
        guard !payload.isEmpty else { return (nil, payload) }
        guard payload.count >= 2 else { throw fail(.shortClose) }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard WebSocketFrame.isSendable(closeCode: code) else { throw fail(.closeCode(code)) }
        let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
        var text = UTF8Validator()
        guard text.take(reason), text.isComplete else { throw fail(.notUTF8) }
        return (code, reason)
    }

    private mutating func releaseMessage() {
        fragments = 0
        messageBytes = 0
        if gathered.capacity > Self.keptCapacity {
            gathered = []
        } else {
            gathered.removeAll(keepingCapacity: true)
        }
    }
}
