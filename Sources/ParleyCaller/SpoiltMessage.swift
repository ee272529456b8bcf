import ParleyCore

/// A message of audio as it should not be.
struct SpoiltMessage: Equatable, Sendable {
    var bytes: [UInt8]
    var isBinary: Bool

    /// - Parameters:
    ///   - kind: `badBase64`, `badSize` or `brokenJSON`; the first only of text.
    ///   - message: one whole message of audio, as a peer writes it.
    ///   - codec: of the audio.
    init(_ kind: Fault.Kind, of message: [UInt8], isBinary: Bool, codec: LegFormat.Codec) {
        self.isBinary = isBinary
        bytes = message
        switch kind {
        case .badBase64:
            // No base64 alphabet has a star.
            if let payload = Self.payload(in: message), !payload.isEmpty {
                bytes[payload.lowerBound] = UInt8(ascii: "*")
            }
        case .badSize:
            if isBinary {
                // Of Opus, whose packets have any length, nothing but the number; else a byte short of whole samples.
                bytes = codec == .opus ? Array(message.prefix(2)) : message.dropLast()
            } else if let payload = Self.payload(in: message) {
                bytes.removeSubrange(payload)
            }
        case .brokenJSON:
            self.isBinary = false
            bytes = isBinary ? Array(#"{"event":"mark","na"#.utf8) : Array(message.prefix(message.count / 2))
        default: break
        }
    }

    /// Where the base64 of a Twilio media message is.
    private static func payload(in message: [UInt8]) -> Range<Int>? {
        let key = Array(#""payload":""#.utf8)
        guard message.count >= key.count else { return nil }
        guard let at = (0...message.count - key.count).last(where: { message[$0..<$0 + key.count] == key[...] }) else {
            return nil
        }
        let begin = at + key.count
        let end = message[begin...].firstIndex(of: UInt8(ascii: "\"")) ?? message.count
        return begin..<end
    }
}
