import Testing

@testable import ParleyWire

@Suite("WebSocket receiver")
struct WebSocketReceiverTests {
    @Test("The frames of RFC 6455 section 5.7 mean what it says")
    func rfcVectors() {
        let hello = Messages.Message.text(Array("Hello".utf8))
        let unmasked: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(outcome(of: unmasked, role: .client) == Outcome(messages: [hello]))
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(outcome(of: masked) == Outcome(messages: [hello]))
        let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        #expect(outcome(of: fragments, role: .client) == Outcome(messages: [hello]))
        let ping: [UInt8] = [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(outcome(of: ping, role: .client) == Outcome(messages: [.ping(Array("Hello".utf8))]))
        let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(outcome(of: pong) == Outcome(messages: [.pong(Array("Hello".utf8))]))
        let binary = [0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 9, count: 256)
        #expect(outcome(of: binary, role: .client) == Outcome(messages: [.binary([UInt8](repeating: 9, count: 256))]))
    }

    @Test(
        "Each length of payload and each way of cutting it gives the same message",
        arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536])
    func lengths(length: Int) {
        var random = SeededGenerator(seed: 3)
        let payload = random.bytes(length)
        let whole = Outcome(messages: [.binary(payload)])
        for chunks in [[Int.max], [1, 2, 3, 5, 7, 11, 13], [4_096]] + (length < 1_000 ? [[1]] : []) {
            // Compared outside of the expectation, which would print the payloads.
            let isReceived = outcome(of: clientFrame(.binary, payload), chunks: chunks) == whole
            #expect(isReceived, "by a server, in chunks of \(chunks)")
            let isSentBack = outcome(of: serverFrame(.binary, payload), role: .client, chunks: chunks) == whole
            #expect(isSentBack, "by a client, in chunks of \(chunks)")
        }
    }

    @Test("Control frames come through between the fragments of a message")
    func interleaved() {
        let bytes =
            clientFrame(.text, "Gr", isFinal: false) + clientFrame(.ping, "1")
            + clientFrame(.continuation, "", isFinal: false)
            + clientFrame(.pong, "") + clientFrame(.continuation, "üezi") + clientFrame(.binary, [1])
            + clientFrame(.close, [])
        let expected = Outcome(messages: [
            .ping(Array("1".utf8)), .pong([]), .text(Array("Grüezi".utf8)), .binary([1]), .close(nil, ""),
        ])
        for size in [1, 2, 3, 10, Int.max] {
            #expect(outcome(of: bytes, chunks: [size]) == expected, "chunks of \(size)")
        }
    }

    @Test("Reserved bits fail the connection", arguments: [0x40, 0x20, 0x10, 0x70] as [UInt8])
    func reservedBits(bits: UInt8) {
        var bytes = clientFrame(.text, "x")
        bytes[0] |= bits
        #expect(outcome(of: bytes) == Outcome(messages: [], violation: .reservedBits))
        // On the header's first byte: the rest need not come.
        #expect(outcome(of: [0x89 | bits]).violation == .reservedBits)
    }

    @Test("Reserved opcodes fail the connection at once", arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func reservedOpcodes(opcode: UInt8) {
        let before = clientFrame(.text, "ok")
        #expect(
            outcome(of: before + [0x80 | opcode])
                == Outcome(messages: [.text(Array("ok".utf8))], violation: .reservedOpcode(opcode)))
        #expect(WebSocketViolation.reservedOpcode(opcode).closeCode == 1002)
    }

    @Test("A client must mask, a server must not; the second byte tells")
    func masking() {
        #expect(outcome(of: [0x81, 0x05], role: .server).violation == .unmaskedClientFrame)
        #expect(outcome(of: [0x81, 0x85], role: .client).violation == .maskedServerFrame)
        #expect(outcome(of: [0x89, 0x00], role: .server).violation == .unmaskedClientFrame)
    }

    @Test("Control frames are short and whole", arguments: [8, 9, 10] as [UInt8])
    func controlFrames(opcode: UInt8) {
        #expect(outcome(of: [opcode, 0x80]).violation == .fragmentedControl)
        #expect(outcome(of: [0x80 | opcode, 0xFE]).violation == .longControl)
        #expect(outcome(of: [0x80 | opcode, 0xFF]).violation == .longControl)
        #expect(outcome(of: clientFrame(.ping, [UInt8](repeating: 1, count: 125))).messages.count == 1)
    }

    @Test("Continuations continue something, and messages do not nest")
    func fragmentation() {
        #expect(outcome(of: clientFrame(.continuation, "x")).violation == .strayContinuation)
        #expect(outcome(of: clientFrame(.continuation, "x", isFinal: false)).violation == .strayContinuation)
        let open = clientFrame(.text, "x", isFinal: false)
        #expect(outcome(of: open + clientFrame(.text, "y")).violation == .interleavedMessage)
        #expect(outcome(of: open + clientFrame(.binary, "y")).violation == .interleavedMessage)
        let done = open + clientFrame(.continuation, "y")
        #expect(outcome(of: done + clientFrame(.continuation, "z")).violation == .strayContinuation)
        #expect(outcome(of: done + done).messages.count == 2)
    }

    @Test("A length is written in as few bytes as it needs")
    func lengthEncoding() {
        #expect(outcome(of: [0x81, 0xFE, 0x00, 0x7D]).violation == .lengthEncoding)
        #expect(outcome(of: [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]).violation == .lengthEncoding)
        #expect(outcome(of: [0x81, 0xFF, 0x80]).violation == .lengthEncoding)
    }

    @Test("Text is UTF-8, and the first byte that cannot be is the last that is read")
    func utf8() {
        let bad: [[UInt8]] = [
            [0x80], [0xC0], [0xC1], [0xC2, 0x00], [0xE0, 0x9F], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0xF5],
            [0xFF],
            [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x98, 0x28],
        ]
        for bytes in bad {
            let text = Array("eight or more bytes of ASCII before ".utf8) + bytes
            // The frame promises 40 bytes more than come.
            var frame: [UInt8] = []
            WebSocketFrame.appendHeader(.text, payloadBytes: text.count + 40, to: &frame)
            #expect(outcome(of: frame + text, role: .client).violation == .notUTF8, "\(bytes)")
            #expect(outcome(of: frame + text.dropLast(), role: .client).violation == nil, "\(bytes) without its last")
            for size in 1...9 {
                #expect(outcome(of: frame + text, role: .client, chunks: [size]).violation == .notUTF8, "\(bytes)")
            }
        }
        #expect(WebSocketViolation.notUTF8.closeCode == 1007)
    }

    @Test("A character may straddle fragments, and must be whole at the end of its message")
    func straddling() {
        let smile = Array("κόσμε 😀 \u{10FFFF}\u{FFFE} end".utf8)
        for cut in 0...smile.count {
            let bytes =
                clientFrame(.text, Array(smile[..<cut]), isFinal: false) + clientFrame(.ping, [0xFF])
                + clientFrame(.continuation, Array(smile[cut...]))
            #expect(outcome(of: bytes).messages == [.ping([0xFF]), .text(smile)], "cut at \(cut)")
        }
        #expect(outcome(of: clientFrame(.text, [0x41, 0xE2, 0x82])).violation == .notUTF8)
        #expect(
            outcome(of: clientFrame(.text, [0xE2], isFinal: false) + clientFrame(.continuation, [0x82])).violation
                == .notUTF8)
        // The next message starts afresh, and binary is never looked at.
        #expect(outcome(of: clientFrame(.binary, [0xFF, 0xC0]) + clientFrame(.text, "a")).messages.count == 2)
    }

    @Test("Close codes that may travel are reported, and nothing after them")
    func closeFrames() {
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1014, 3000, 3999, 4000, 4999] as [UInt16] {
            var frame: [UInt8] = []
            WebSocketFrame.appendClose(code: code, reason: "Tschüss", maskKey: testKey, to: &frame)
            let bytes = frame + clientFrame(.text, "late") + [0xFF]
            for size in [1, Int.max] {
                #expect(outcome(of: bytes, chunks: [size]) == Outcome(messages: [.close(code, "Tschüss")]), "\(code)")
            }
        }
        for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16] {
            let payload = [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)]
            #expect(outcome(of: clientFrame(.close, payload)).violation == .closeCode(code), "\(code)")
        }
        #expect(outcome(of: clientFrame(.close, [3])).violation == .shortClose)
        #expect(outcome(of: clientFrame(.close, [3, 0xE8, 0xC3])).violation == .notUTF8)
        let longest = [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 123)
        #expect(outcome(of: clientFrame(.close, longest)).messages.count == 1)
        // In the middle of a message too.
        let open = clientFrame(.text, "x", isFinal: false)
        #expect(outcome(of: open + clientFrame(.close, [])) == Outcome(messages: [.close(nil, "")]))
    }

    @Test("After a violation nothing is reported any more")
    func silentAfterViolation() {
        var receiver = WebSocketReceiver(role: .server)
        var sink = Messages()
        #expect(throws: WebSocketViolation.reservedOpcode(3)) { try receiver.receive([0x83], into: &sink) }
        #expect(receiver.isClosed)
        try? receiver.receive(clientFrame(.text, "x"), into: &sink)
        #expect(sink.all == [])
    }

    @Test("A sink that wants no more gets no more")
    func sinkStops() throws {
        var receiver = WebSocketReceiver(role: .server)
        var sink = Messages(limit: 2)
        try receiver.receive(clientFrame(.text, "1") + clientFrame(.text, "2") + clientFrame(.text, "3"), into: &sink)
        try receiver.receive(clientFrame(.text, "4"), into: &sink)
        #expect(sink.all.count == 2)
        #expect(receiver.isClosed)
    }

    @Test("Limits hold on the header: nothing is buffered for what is too long")
    func limits() {
        let limits = WebSocketReceiver.Limits(maxFrameBytes: 1_000, maxMessageBytes: 1_500, maxFragments: 3)
        func header(_ opcode: WebSocketFrame.Opcode, _ bytes: Int, isFinal: Bool = true) -> [UInt8] {
            var out: [UInt8] = []
            WebSocketFrame.appendHeader(opcode, payloadBytes: bytes, isFinal: isFinal, to: &out)
            return out
        }
        func violation(_ bytes: [UInt8]) -> WebSocketViolation? {
            outcome(of: bytes, role: .client, limits: limits).violation
        }
        #expect(violation(header(.binary, 1_001)) == .frameTooLong)
        #expect(violation(header(.binary, 1_000)) == nil)
        #expect(violation([0x82, 0x7F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == .frameTooLong)
        let first = serverFrame(.binary, [UInt8](repeating: 0, count: 1_000), isFinal: false)
        #expect(violation(first + header(.continuation, 501)) == .messageTooLong)
        #expect(violation(first + header(.continuation, 500)) == nil)
        let empty = serverFrame(.binary, [], isFinal: false)
        let more = serverFrame(.continuation, [], isFinal: false)
        #expect(violation(empty + more + more) == nil)
        #expect(violation(empty + more + more + more) == .tooManyFragments)
        #expect(WebSocketViolation.tooManyFragments.closeCode == 1009)
        #expect(WebSocketViolation.frameTooLong.closeCode == 1009)
        #expect(WebSocketViolation.messageTooLong.closeCode == 1009)
    }

    @Test("A message of 16 MiB, in one frame or in 65,536 fragments, is taken in the time of its bytes")
    func bigMessages() {
        let limits = WebSocketReceiver.Limits(
            maxFrameBytes: 17 << 20, maxMessageBytes: 17 << 20, maxFragments: 70_000)
        let payload = [UInt8](repeating: 0x2A, count: 16 << 20)
        let whole = outcome(of: clientFrame(.text, payload), limits: limits, chunks: [65_536])
        let isWhole = whole.messages == [.text(payload)]
        #expect(isWhole)

        var fragments: [UInt8] = []
        let piece = [UInt8](repeating: 0x2A, count: 64)
        for index in 0..<65_536 {
            fragments += clientFrame(index == 0 ? .binary : .continuation, piece, isFinal: index == 65_535)
        }
        let joined = outcome(of: fragments, limits: limits, chunks: [65_536])
        let isJoined = joined.messages == [.binary([UInt8](repeating: 0x2A, count: 64 * 65_536))]
        #expect(isJoined)
    }

    @Test("A whole message is lent from where it lies; memory is held only for what has come")
    func memory() throws {
        struct Address: WebSocketSink {
            var seen: [UnsafeRawPointer?] = []
            mutating func text(_ message: UnsafeRawBufferPointer) { seen.append(message.baseAddress) }
            mutating func binary(_ message: UnsafeRawBufferPointer) { seen.append(message.baseAddress) }
            mutating func ping(_ payload: UnsafeRawBufferPointer) { seen.append(payload.baseAddress) }
            mutating func pong(_ payload: UnsafeRawBufferPointer) {}
            mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {}
        }
        var receiver = WebSocketReceiver(role: .server)
        var sink = Address()
        var bytes = clientFrame(.text, "hello") + clientFrame(.ping, "p")
        try bytes.withUnsafeMutableBytes { bytes in
            try receiver.receive(bytes, into: &sink)
            #expect(sink.seen == [UnsafeRawPointer(bytes.baseAddress! + 6), UnsafeRawPointer(bytes.baseAddress! + 17)])
        }
        #expect(receiver.heldBytes == 0)
        #expect(receiver.heldCapacity == 0)

        // 60,000 bytes are promised, ten come.
        var messages = Messages()
        let big = clientFrame(.binary, [UInt8](repeating: 1, count: 60_000))
        try receiver.receive(Array(big[..<18]), into: &messages)
        #expect(receiver.heldBytes == 10)
        #expect(receiver.heldCapacity < 1_024)
        try receiver.receive(Array(big[18...]), into: &messages)
        #expect(messages.all.count == 1)
        #expect(receiver.heldBytes == 0)
        #expect(receiver.heldCapacity <= 16_384)
    }

    @Test(
        "Rubbish never traps, is the same however it is cut, and costs no more memory than it has bytes",
        arguments: 0..<400 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let payload = random.bytes(Int.random(in: 0...300, using: &random)).map { seed % 2 == 0 ? $0 & 0x7F : $0 }
            let opcode: WebSocketFrame.Opcode = [.text, .binary, .continuation, .ping, .pong, .binary, .text]
                .randomElement(using: &random)!
            let size = opcode.rawValue >= 8 ? min(payload.count, 125) : payload.count
            bytes += clientFrame(
                opcode, Array(payload[..<size]),
                isFinal: opcode.rawValue >= 8 || Int.random(in: 0...3, using: &random) > 0)
        }
        if seed % 3 == 0 {
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
        }
        if seed % 7 == 0 { bytes = random.bytes(bytes.count) }
        let whole = outcome(of: bytes)
        #expect(outcome(of: bytes, chunks: [1]) == whole, "seed \(seed)")
        let sizes = (0..<16).map { _ in Int.random(in: 1...97, using: &random) }
        #expect(outcome(of: bytes, chunks: sizes) == whole, "seed \(seed)")

        var receiver = WebSocketReceiver(role: .server)
        var sink = Messages()
        for (index, byte) in bytes.enumerated() {
            do { try receiver.receive([byte], into: &sink) } catch { break }
            #expect(receiver.heldBytes <= index + 1)
            #expect(receiver.heldCapacity <= 4 * (index + 1) + 65_536)
        }
    }
}
