import ParleyCore
import ParleyWire

/// Both ends of one dialect, against a conversation (see `WireScript`), and against each other.
protocol DialectTarget {
    associatedtype Gateway: Dialect
    associatedtype Peer: PeerDialect

    /// The start of the call whose peer reads where the script starts none.
    static var ordinaryStart: LegStart { get }
    static func makeGateway() -> Gateway
    static func makePeer(of start: LegStart) -> Peer
    /// What of a start the peer's own encoder carries.
    static func carried(_ start: LegStart) -> LegStart
    /// The gateway's reports of one message of audio, sent at the beginning of a call.
    static func heard(_ octets: [UInt8], format: LegFormat) -> [LegRecorder.Report]
}

extension DialectTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        let script = WireScript(input)
        var gateway = makeGateway()
        let taken = decode(script.toGateway, by: &gateway, shift: 0)
        var other = makeGateway()
        try require(
            decode(script.toGateway, by: &other, shift: 3) == taken, "where a message lies changes what it means")
        try checkReports(taken, format: gateway.format)
        try checkMemory(script.toGateway)

        let started = taken.lazy.flatMap(\.reports).compactMap {
            if case .event(.started(let start)) = $0 { start } else { nil }
        }.first
        let start = started ?? ordinaryStart
        let marks = try checkPeer(script.toPeer, start)
        if let started { try checkToPeer(&gateway, started, frame(of: input, gateway.format)) }
        try checkToGateway(start, frame(of: input, start.format), marks)
    }

    // MARK: From the peer

    private static func decode(
        _ messages: [WireScript.Message], by gateway: inout Gateway, shift: Int
    ) -> [Taken<LegRecorder.Report, WireError>] {
        messages.map { message in
            var sink = LegRecorder()
            let error = gateway.take(message, shift: shift, into: &sink)
            return Taken(reports: sink.reports, error: error)
        }
    }

    /// What a call relies on: nothing before its start or after its stop, and audio in pieces that fit its buffers.
    private static func checkReports(
        _ taken: [Taken<LegRecorder.Report, WireError>], format: LegFormat
    ) throws(Broken) {
        var isStarted = false
        var isStopped = false
        for message in taken {
            try require(message.error == nil || message.reports.isEmpty, "a message is refused and reported")
            var samples = 0
            for report in message.reports {
                let isUp = isStarted && !isStopped
                switch report {
                case .audio(let audio, let timestamp):
                    try require(isUp, "audio outside of the call")
                    try require((1...format.samplesPerFrame).contains(audio.count), "\(audio.count) samples at once")
                    try require(timestamp >= -1, "audio at \(timestamp) ms")
                    samples += audio.count
                case .packet(let packet, _):
                    try require(isUp, "a packet outside of the call")
                    try require((1...4_000).contains(packet.count), "a packet of \(packet.count) bytes")
                case .event(.started):
                    try require(!isStarted && !isStopped, "a call starts twice")
                    isStarted = true
                case .event(.stopped):
                    try require(!isStopped, "a call stops twice")
                    isStopped = true
                case .event(.gap(let milliseconds)):
                    try require(isUp && milliseconds >= 0, "a gap of \(milliseconds) ms")
                case .event(.digit), .event(.mark), .event(.unknownMark), .event(.duplicate):
                    try require(isUp, "\(report) outside of the call")
                case .event(.connected):
                    try require(!isStarted && !isStopped, "connected in mid-call")
                case .event(.unknown): break
                }
            }
            // The longest payload, and the longest hole that is filled with silence.
            try require(samples <= 16_000 + format.sampleRate, "\(samples) samples of one message")
        }
    }

    private static func checkMemory(_ messages: [WireScript.Message]) throws(Broken) {
        var gateway = makeGateway()
        for message in messages {
            try PeakMemory.require("a message", ofBytes: message.bytes.count) {
                var sink = Deaf()
                _ = gateway.take(message, into: &sink)
            }
        }
    }

    // MARK: From the gateway

    /// - Returns: the names of the marks that the peer took.
    private static func checkPeer(_ messages: [WireScript.Message], _ start: LegStart) throws(Broken) -> [String] {
        var peer = makePeer(of: start)
        let taken = decode(messages, by: &peer, shift: 0)
        var other = makePeer(of: start)
        try require(decode(messages, by: &other, shift: 5) == taken, "where a message lies changes what it means")
        var third = makePeer(of: start)
        for message in messages {
            try PeakMemory.require("a message", ofBytes: message.bytes.count) {
                var sink = Deaf()
                _ = third.take(message, into: &sink)
            }
        }
        for message in taken {
            try require(message.error == nil || message.reports.isEmpty, "a message is refused and reported")
            try require(message.reports.count <= 1, "one message is reported \(message.reports.count) times")
        }
        return taken.flatMap(\.reports).compactMap { if case .mark(let name) = $0 { name } else { nil } }
    }

    private static func decode(
        _ messages: [WireScript.Message], by peer: inout Peer, shift: Int
    ) -> [Taken<LineRecorder.Report, PeerViolation>] {
        messages.map { message in
            var sink = LineRecorder()
            let error = peer.take(message, shift: shift, into: &sink)
            return Taken(reports: sink.reports, error: error)
        }
    }

    // MARK: There and back

    private static func checkToPeer(_ gateway: inout Gateway, _ start: LegStart, _ frame: [UInt8]) throws(Broken) {
        var peer = makePeer(of: start)
        var out: [UInt8] = []
        gateway.appendAudio(frame.span, to: &out)
        var messages = [WireScript.Message(bytes: out, isBinary: gateway.outboundAudioIsBinary)]
        var expected: [LineRecorder.Report] = [.audio(frame)]

        out = []
        gateway.appendMark(Mark(generation: Generation(.max), index: 0), to: &out)
        messages.append(WireScript.Message(bytes: out))
        expected.append(.mark("u4294967295-0"))
        out = []
        gateway.appendClear(to: &out)
        messages.append(WireScript.Message(bytes: out))
        expected.append(.clear)
        out = []
        if gateway.appendStarted(call: start.from, to: &out) {
            messages.append(WireScript.Message(bytes: out))
            expected.append(.started(start.from))
        }
        let taken = decode(messages, by: &peer, shift: 0)
        try require(taken.allSatisfy { $0.error == nil }, "the peer refuses \(taken.compactMap(\.error))")
        try require(taken.flatMap(\.reports) == expected, "the peer reads other than the gateway wrote")
    }

    private static func checkToGateway(_ start: LegStart, _ frame: [UInt8], _ marks: [String]) throws(Broken) {
        var peer = makePeer(of: start)
        var gateway = makeGateway()
        var messages: [WireScript.Message] = []
        var expected: [LegRecorder.Report] = []
        var out: [UInt8] = []
        if peer.appendConnected(to: &out) {
            messages.append(WireScript.Message(bytes: out))
            expected.append(.event(.connected))
        }
        out = []
        peer.appendStart(to: &out)
        messages.append(WireScript.Message(bytes: out))
        expected.append(.event(.started(carried(start))))
        for mark in ["u0-4294967295"] + marks {
            out = []
            peer.appendMark(mark, to: &out)
            messages.append(WireScript.Message(bytes: out))
            let ours = Array(mark.utf8).withUnsafeBytes { Mark(name: $0) }
            expected.append(.event(ours.map { .mark($0) } ?? .unknownMark))
        }
        for digit in Digit.allCases {
            out = []
            peer.appendDigit(digit, to: &out)
            messages.append(WireScript.Message(bytes: out))
            expected.append(.event(.digit(digit)))
        }
        out = []
        peer.appendAudio(frame.span, timestamp: 0, to: &out)
        messages.append(WireScript.Message(bytes: out, isBinary: peer.audioIsBinary))
        expected += heard(frame, format: start.format)
        out = []
        peer.appendStop(to: &out)
        messages.append(WireScript.Message(bytes: out))
        expected.append(.event(.stopped))

        let taken = decode(messages, by: &gateway, shift: 0)
        // What came with the fewest keys may be written with more than are taken.
        if case .malformed(let error)? = taken.lazy.compactMap(\.error).first, error.problem == .tooManyKeys { return }
        try require(taken.allSatisfy { $0.error == nil }, "the gateway refuses \(taken.compactMap(\.error))")
        try require(taken.flatMap(\.reports) == expected, "the gateway reads other than the peer wrote")
    }

    /// A frame of audio out of the input: 1 to 160 octets; whole samples for linear PCM.
    private static func frame(of input: [UInt8], _ format: LegFormat) -> [UInt8] {
        let octets = Array(input.prefix(160))
        let isWhole = format.codec != .linear16 || octets.count % 2 == 0
        return isWhole && !octets.isEmpty ? octets : octets + [0x7F] + (octets.isEmpty ? [0x7F] : [])
    }
}

/// What became of one message.
private struct Taken<Report: Equatable, Failure: Error & Equatable>: Equatable {
    var reports: [Report]
    var error: Failure?
}

extension Dialect {
    /// - Returns: why the message was refused.
    fileprivate mutating func take(
        _ message: WireScript.Message, shift: Int = 0, into sink: inout some LegEventSink
    ) -> WireError? {
        lend(message.bytes, shift: shift) { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            do throws(WireError) {
                if message.isBinary {
                    try decodeBinary(bytes, into: &sink)
                } else {
                    try decodeText(bytes, into: &sink)
                }
                return nil
            } catch { return error }
        }
    }
}

extension PeerDialect {
    /// - Returns: why the message was refused.
    fileprivate mutating func take(
        _ message: WireScript.Message, shift: Int = 0, into sink: inout some PeerEventSink
    ) -> PeerViolation? {
        lend(message.bytes, shift: shift) { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            do throws(PeerViolation) {
                if message.isBinary {
                    try decodeBinary(bytes, into: &sink)
                } else {
                    try decodeText(bytes, into: &sink)
                }
                return nil
            } catch { return error }
        }
    }
}
