import ParleyCore
import ParleyWire

/// The receiving half of a WebSocket, and the writer of frames. The input's first byte chooses (bit 0: we are the client;
/// bit 1: narrow limits; bit 2: the sink wants two messages and no more); the rest is what the socket gave.
enum WebSocketTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        let setting = Setting(input.first ?? 0)
        let stream = Array(input.dropFirst())
        let whole = setting.receive(stream, cuts: [])
        for cuts in waysToCut(stream.count, input) {
            try require(setting.receive(stream, cuts: cuts) == whole, "the message changes when cut at \(cuts)")
        }
        for case .text(let text) in whole.reports {
            try require(String(validating: text, as: UTF8.self) != nil, "a text that is not UTF-8")
        }
        try checkHeld(stream, setting)
        try checkMemory(stream, setting)
        try checkThereAndBack(whole.reports, setting)
        try checkText(stream)
    }

    private struct Setting {
        let role: WebSocketReceiver.Role
        let limits: WebSocketReceiver.Limits
        let messages: Int

        init(_ byte: UInt8) {
            role = byte & 1 == 0 ? .server : .client
            limits =
                byte & 2 == 0
                ? WebSocketReceiver.Limits()
                : WebSocketReceiver.Limits(maxFrameBytes: 100, maxMessageBytes: 150, maxFragments: 3)
            messages = byte & 4 == 0 ? .max : 2
        }

        var receiver: WebSocketReceiver { WebSocketReceiver(role: role, limits: limits) }

        /// What the stream comes to when it arrives in pieces that end at these offsets.
        func receive(_ stream: [UInt8], cuts: [Int]) -> Received {
            var receiver = receiver
            var sink = MessageRecorder(limit: messages)
            var violation: WebSocketViolation?
            var from = 0
            for end in cuts + [stream.count] {
                lend(stream[from..<end], shift: from & 7) { piece in
                    do throws(WebSocketViolation) { try receiver.receive(piece, into: &sink) } catch {
                        violation = violation ?? error
                    }
                }
                from = end
            }
            return Received(reports: sink.reports, violation: violation, isClosed: receiver.isClosed)
        }
    }

    private struct Received: Equatable {
        var reports: [MessageRecorder.Report]
        var violation: WebSocketViolation?
        var isClosed: Bool
    }

    /// At every byte at once; at each single place, or at some where there are many; into pieces of random lengths.
    private static func waysToCut(_ count: Int, _ input: [UInt8]) -> [[Int]] {
        guard count > 1 else { return [] }
        var random = SplitMix64(input)
        let places = count <= 64 ? Array(1..<count) : (0..<16).map { _ in Int.random(in: 1..<count, using: &random) }
        var pieces: [Int] = []
        while let next = Optional((pieces.last ?? 0) + Int.random(in: 1...40, using: &random)), next < count {
            pieces.append(next)
        }
        return [Array(1..<count), pieces] + places.map { [$0] }
    }

    /// Nothing is held but what has come.
    private static func checkHeld(_ stream: [UInt8], _ setting: Setting) throws(Broken) {
        var receiver = setting.receiver
        var sink = MessageRecorder(limit: setting.messages)
        for (index, byte) in stream.enumerated() {
            let isBroken = lend(CollectionOfOne(byte)) { piece in
                do { try receiver.receive(piece, into: &sink) } catch { return true }
                return false
            }
            try require(receiver.heldBytes <= index + 1, "\(receiver.heldBytes) bytes held of \(index + 1)")
            let isOver = isBroken || receiver.isClosed
            try require(!isBroken || receiver.isClosed, "open after a violation")
            if isOver { try require(receiver.heldBytes == 0 || setting.messages == 2, "bytes held when all is over") }
        }
    }

    private static func checkMemory(_ stream: [UInt8], _ setting: Setting) throws(Broken) {
        var bytes = stream
        try PeakMemory.require("a stream", ofBytes: stream.count) {
            var receiver = setting.receiver
            var sink = Deaf()
            bytes.withUnsafeMutableBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: 64) {
                    let piece = bytes[start..<min(start + 64, bytes.count)]
                    try? receiver.receive(UnsafeMutableRawBufferPointer(rebasing: piece), into: &sink)
                }
            }
        }
    }

    /// What was read is written, and read as the same, by the end that it is for.
    private static func checkThereAndBack(
        _ reports: [MessageRecorder.Report], _ setting: Setting
    ) throws(Broken) {
        let key: UInt32? = setting.role == .server ? 0xC0FF_EE01 : nil
        var stream: [UInt8] = []
        var other: [UInt8] = []
        for report in reports {
            switch report {
            case .text(let bytes): append(.text, bytes, key, &stream, &other)
            case .binary(let bytes): append(.binary, bytes, key, &stream, &other)
            case .ping(let bytes): append(.ping, bytes, key, &stream, &other)
            case .pong(let bytes): append(.pong, bytes, key, &stream, &other)
            case .close(let code, let reason):
                let reason = String(decoding: reason, as: UTF8.self)
                WebSocketFrame.appendClose(code: code, reason: reason, maskKey: key, to: &stream)
                WebSocketFrame.appendClose(code: code, reason: reason, maskKey: key, to: &other)
            }
        }
        try require(stream == other, "a frame written at once and one begun and ended differ")
        let read = Setting(setting.role == .server ? 0 : 1).receive(stream, cuts: [])
        try require(read.violation == nil && read.reports == reports, "what was written is not what is read")
    }

    private static func append(
        _ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], _ key: UInt32?, _ one: inout [UInt8],
        _ other: inout [UInt8]
    ) {
        payload.withUnsafeBytes { WebSocketFrame.append(opcode, $0, maskKey: key, to: &one) }
        let open = WebSocketFrame.begin(isMasked: key != nil, in: &other)
        other += payload
        WebSocketFrame.end(open, opcode, maskKey: key, in: &other)
    }

    /// The input as the payload of one text message: taken if and only if the standard library calls it UTF-8.
    private static func checkText(_ payload: [UInt8]) throws(Broken) {
        var stream: [UInt8] = []
        payload.withUnsafeBytes { WebSocketFrame.append(.text, $0, to: &stream) }
        let read = Setting(1).receive(stream, cuts: [])
        let isText = String(validating: payload, as: UTF8.self) != nil
        try require((read.violation == nil) == isText, "UTF-8: \(isText), and the receiver says otherwise")
    }
}
