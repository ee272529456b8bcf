/// Writes WebSocket frames (RFC 6455 section 5.2) into a buffer that it is given.
///
/// A client masks and passes a key, fresh and unpredictable for every frame (section 5.3); a server passes `nil`.
public enum WebSocketFrame {
    public enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    /// Appends one whole frame.
    ///
    /// - Parameter payload: at most 125 bytes for a control frame, else it is a mistake of ours and stops.
    public static func append(
        _ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isFinal: Bool = true, maskKey: UInt32? = nil,
        to out: inout [UInt8]
    ) {
        precondition(opcode.rawValue < 8 || payload.count <= 125, "a control frame carries 125 bytes at most")
        appendHeader(opcode, payloadBytes: payload.count, isFinal: isFinal, maskKey: maskKey, to: &out)
        let start = out.count
        out.append(contentsOf: payload)
        if let maskKey { mask(&out, from: start, with: maskKey) }
    }

    /// Appends a header alone, for a payload whose length is known and which follows in the same buffer. With a key the
    /// payload must be masked by the caller of `mask(_:from:with:)`.
    public static func appendHeader(
        _ opcode: Opcode, payloadBytes: Int, isFinal: Bool = true, maskKey: UInt32? = nil, to out: inout [UInt8]
    ) {
        let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
        out.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        switch payloadBytes {
        case ..<126:
            out.append(maskBit | UInt8(payloadBytes))
        case ..<65_536:
            out.append(maskBit | 126)
            appendBigEndian(payloadBytes, bytes: 2, to: &out)
        default:
            out.append(maskBit | 127)
            appendBigEndian(payloadBytes, bytes: 8, to: &out)
        }
        if let maskKey { appendKey(maskKey, to: &out) }
    }

    /// Masks `out[start...]` in place: the payload of a frame whose header carries `key`.
    public static func mask(_ out: inout [UInt8], from start: Int, with key: UInt32) {
        out.withUnsafeMutableBytes {
            WebSocketMask.apply(key, phase: 0, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
        }
    }

    /// Begins a frame whose payload is written next, by appending to the same buffer; `end` puts its header in front.
    ///
    /// Room is left for the header that most messages need; `end` moves a payload that needs another.
    public static func begin(isMasked: Bool = false, in out: inout [UInt8]) -> Open {
        let open = Open(start: out.count, isMasked: isMasked)
        out.append(0)
        out.append(0)
        out.append(0)
        out.append(0)
        if isMasked { appendKey(0, to: &out) }
        return open
    }

    /// Where a frame that is being written begins.
    public struct Open: Sendable {
        var start: Int
        var isMasked: Bool
        var headerBytes: Int { isMasked ? 8 : 4 }
    }

    /// Ends a frame that `begin` began. An empty payload is a frame too; `cancel` takes it back instead.
    public static func end(
        _ open: Open, _ opcode: Opcode, isFinal: Bool = true, maskKey: UInt32? = nil, in out: inout [UInt8]
    ) {
        precondition(open.isMasked == (maskKey != nil), "a frame that was begun masked ends with a key")
        let count = out.count - open.start - open.headerBytes
        precondition(opcode.rawValue < 8 || count <= 125, "a control frame carries 125 bytes at most")
        let maskBit: UInt8 = open.isMasked ? 0x80 : 0
        let first = (isFinal ? 0x80 : 0) | opcode.rawValue
        var at = open.start
        if count < 126 {
            out.removeSubrange(at..<at + 2)
            out[at + 1] = maskBit | UInt8(count)
            at += 2
        } else if count < 65_536 {
            out[at + 1] = maskBit | 126
            out[at + 2] = UInt8(count >> 8)
            out[at + 3] = UInt8(truncatingIfNeeded: count)
            at += 4
        } else {
            out.insert(contentsOf: repeatElement(0, count: 6), at: at)
            out[at + 1] = maskBit | 127
            for index in 0..<8 { out[at + 2 + index] = UInt8(truncatingIfNeeded: count >> (56 - 8 * index)) }
            at += 10
        }
        out[open.start] = first
        guard let maskKey else { return }
        for index in 0..<4 { out[at + index] = UInt8(truncatingIfNeeded: maskKey >> UInt32(8 * index)) }
        mask(&out, from: at + 4, with: maskKey)
    }

    /// Takes back a frame that was begun and not ended.
    public static func cancel(_ open: Open, in out: inout [UInt8]) {
        out.removeSubrange(open.start...)
    }

    /// Appends a close frame.
    ///
    /// - Parameter code: `nil` for an empty one; else a code that may be sent, see `isSendable(closeCode:)`.
    /// - Parameter reason: cut to the 123 bytes that fit, between characters.
    public static func appendClose(
        code: UInt16?, reason: String = "", maskKey: UInt32? = nil, to out: inout [UInt8]
    ) {
        let open = begin(isMasked: maskKey != nil, in: &out)
        if let code {
            precondition(isSendable(closeCode: code), "close code \(code) must not be sent")
            appendBigEndian(Int(code), bytes: 2, to: &out)
            var room = 123
            for character in reason.unicodeScalars {
                let bytes = UTF8.encode(character)
                guard let bytes, bytes.count <= room else { break }
                room -= bytes.count
                out.append(contentsOf: bytes)
            }
        }
        end(open, .close, maskKey: maskKey, in: &out)
    }

    /// Whether a close frame may carry this code: 1000-1003, 1007-1014, 3000-4999.
    ///
    /// Source: RFC 6455 section 7.4 and the registry that it opens.
    public static func isSendable(closeCode code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static func appendBigEndian(_ value: Int, bytes: Int, to out: inout [UInt8]) {
        for index in (0..<bytes).reversed() { out.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    private static func appendKey(_ key: UInt32, to out: inout [UInt8]) {
        for index in 0..<4 { out.append(UInt8(truncatingIfNeeded: key >> UInt32(8 * index))) }
    }
}
