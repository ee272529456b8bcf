import ParleyCore

/// What one end of a media socket received, message by message, byte for byte: the format of `parley call
/// --record-wire`.
///
/// A file is eight bytes, `PLYWIRE` and the version (1), and then a record for each message, in the order they came:
///
///     4 bytes   how many bytes of payload
///     1 byte    1: text, 2: binary
///     8 bytes   when it came: nanoseconds since the stream's start was sent, on the receiver's clock
///     payload
///
/// Numbers are little-endian. Control frames are no messages and not in it. A file that was cut off at any byte is read
/// up to its last whole record.
public struct WireRecording: Equatable, Sendable {
    public struct Message: Equatable, Sendable {
        public var at: CallTime
        public var isText: Bool
        public var payload: [UInt8]

        public init(at: CallTime, isText: Bool, payload: [UInt8]) {
            self.at = at
            self.isText = isText
            self.payload = payload
        }
    }

    /// What every file begins with.
    public static let header: [UInt8] = Array("PLYWIRE".utf8) + [1]
    /// Bytes of one payload, at most. A length beyond it is damage, not a message.
    public static let longestPayload = 1 << 24
    static let recordHeadBytes = 13

    public var messages: [Message]
    /// Bytes after the last whole record: the file was cut off in the middle of one.
    public var bytesCutOff = 0

    public init(_ messages: [Message] = []) { self.messages = messages }

    /// Appends the record of one message.
    ///
    /// - Parameter payload: at most `longestPayload` bytes.
    public static func append(
        _ payload: UnsafeRawBufferPointer, isText: Bool, at time: CallTime, to out: inout [UInt8]
    ) {
        precondition(payload.count <= longestPayload, "a message is within the limits of its socket")
        appendNumber(UInt64(payload.count), bytes: 4, to: &out)
        out.append(isText ? 1 : 2)
        appendNumber(UInt64(bitPattern: max(0, time.nanoseconds)), bytes: 8, to: &out)
        out.append(contentsOf: payload)
    }

    /// The whole file.
    public func bytes() -> [UInt8] {
        var out = Self.header
        for message in messages {
            message.payload.withUnsafeBytes {
                Self.append($0, isText: message.isText, at: message.at, to: &out)
            }
        }
        return out
    }

    /// Reads a file, up to its last whole record.
    ///
    /// Allocates what the payloads take, and no more.
    public init(_ file: [UInt8]) throws(WireRecordingError) {
        guard file.starts(with: Self.header.dropLast()) else {
            // Cut off within the header: nothing was recorded yet.
            guard file.count >= Self.header.count || !Self.header.starts(with: file) else {
                self.init()
                bytesCutOff = file.count
                return
            }
            throw .notARecording
        }
        guard file.count >= Self.header.count else {
            self.init()
            bytesCutOff = file.count
            return
        }
        guard file[Self.header.count - 1] == 1 else { throw .version(file[Self.header.count - 1]) }
        self.init()
        var at = Self.header.count
        var last = CallTime.zero
        while file.count - at >= Self.recordHeadBytes {
            let count = Self.number(file, at, bytes: 4)
            let kind = file[at + 4]
            let time = Self.number(file, at + 5, bytes: 8)
            guard count <= UInt64(Self.longestPayload) else {
                throw .damaged(offset: at, "a payload of \(count) bytes")
            }
            guard kind == 1 || kind == 2 else { throw .damaged(offset: at + 4, "neither text nor binary: \(kind)") }
            guard time <= UInt64(Int64.max), Int64(time) >= last.nanoseconds else {
                throw .damaged(offset: at + 5, "a time before the one of the message before")
            }
            let begin = at + Self.recordHeadBytes
            guard file.count - begin >= Int(count) else { break }
            last = CallTime(nanoseconds: Int64(time))
            messages.append(
                Message(at: last, isText: kind == 1, payload: Array(file[begin..<begin + Int(count)])))
            at = begin + Int(count)
        }
        bytesCutOff = file.count - at
    }

    private static func appendNumber(_ number: UInt64, bytes: Int, to out: inout [UInt8]) {
        for index in 0..<bytes { out.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    private static func number(_ file: [UInt8], _ at: Int, bytes: Int) -> UInt64 {
        (0..<bytes).reduce(0) { $0 | UInt64(file[at + $1]) << (8 * $1) }
    }
}

/// Why a file is no recording of a wire.
public enum WireRecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    case notARecording
    case version(UInt8)
    /// At this byte of the file stands what no recording has.
    case damaged(offset: Int, String)

    public var description: String {
        switch self {
        case .notARecording: "not a wire recording, as `parley call --record-wire` makes them"
        case .version(let version): "a wire recording of version \(version); this binary reads version 1"
        case .damaged(let offset, let what): "damaged at byte \(offset): \(what)"
        }
    }
}
