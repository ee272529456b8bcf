import ParleyCore
import ParleyWire

/// The carrier between a caller and a media-stream server, with its faults: what the caller does becomes messages to the
/// server, and what the server sends becomes arrivals at the caller, when, and as often, as the faults have it.
///
/// Pure: no clock, no socket. What is to be done is taken from `takeSteps`; `advance` is called at or after
/// `nextDeadline`, with times that do not go back. Without faults every message passes at once and as it is.
struct FaultCarrier: Sendable {
    enum Arrival: Equatable, Sendable {
        /// In the leg's codec.
        case audio([UInt8])
        case mark(String)
        case clear(LyingMarks<String>.Obedience)
        case started(call: String)
        /// The whole message.
        case note([UInt8])
    }

    enum Step: Equatable, Sendable {
        /// This message goes into the socket.
        case send([UInt8], isBinary: Bool)
        /// This reaches the caller.
        case deliver(Arrival)
        /// The caller's hanging up has left: the socket may be closed.
        case hungUp
        /// The TCP connection ends, without a close frame.
        case drop
        /// Nothing more leaves the socket or is read from it, and it stays open.
        case fallSilent
        case stopReading, resumeReading
        /// A second socket is opened, and sends these.
        case openSecond([[UInt8]])
    }

    private enum Later: Equatable, Sendable {
        case mark(LyingMarks<String>.Answer)
        case key(Digit)
        case resumeReading
    }

    private struct Message: Sendable {
        var bytes: [UInt8]
        var isBinary: Bool
    }

    /// What is so just now, for the faults that wait for it.
    var situations: [Fault.Situation] = []

    private let faults: CarrierFaults
    private var peer: any PeerDialect
    private let second: (any PeerDialect)?
    private let silence: [UInt8]

    private var toServer: FaultyLine<Message>
    private var toCaller: FaultyLine<Arrival>
    private var marks: LyingMarks<String>
    private var moments: [(index: Int, trigger: FaultTrigger)]
    private var spoilers: [(index: Int, trigger: FaultTrigger)]
    private var ends: [(index: Int, trigger: FaultTrigger)]
    /// What is to be done at its time, the soonest first.
    private var later: [(due: CallTime, what: Later)] = []
    private var steps: [Step] = []
    private var timestamp = 0
    private var isHangingUp = false
    /// The hanging up has left: nothing more goes wrong.
    private var hasHungUp = false

    /// - Parameters:
    ///   - peer: writes and reads the dialect.
    ///   - second: the same call on another stream; `nil` where the dialect has no ids of calls.
    ///   - silence: one frame of it, in the leg's codec.
    init(_ faults: CarrierFaults, peer: any PeerDialect, second: (any PeerDialect)? = nil, silence: [UInt8]) {
        self.faults = faults
        self.peer = peer
        self.second = second
        self.silence = silence
        toServer = FaultyLine(faults, way: .toServer)
        toCaller = FaultyLine(faults, way: .toCaller)
        marks = LyingMarks(faults)
        // A stall is the lines' own affair; silence of one way too.
        moments = faults.triggers { kind in
            if case .stall = kind { return false }
            return kind.occasion == .moment
        }.filter { $0.trigger.fault.kind != .silence || $0.trigger.fault.way == .both }
        spoilers = faults.triggers { $0 == .badBase64 || $0 == .badSize || $0 == .brokenJSON }
        ends = faults.triggers { $0.occasion == .opening || $0.occasion == .ending }
    }

    /// When `advance` is next due.
    var nextDeadline: CallTime? {
        var soonest = [toServer.nextDeadline, toCaller.nextDeadline, later.first?.due].compactMap { $0 }
        if !hasHungUp { soonest += moments.compactMap(\.trigger.nextMoment) }
        return soonest.min()
    }

    mutating func takeSteps() -> [Step] {
        defer { steps.removeAll(keepingCapacity: true) }
        return steps
    }

    /// How often each fault has happened, in the order of the list.
    var fired: [Int] {
        var counts = [Int](repeating: 0, count: faults.faults.count)
        let all = toServer.fired + toCaller.fired + marks.fired
        for (index, count) in all + (moments + spoilers + ends).map({ ($0.index, $0.trigger.fired) }) {
            // A moment is the same one on both ways; messages are others.
            let isMoment = faults.faults[index].kind.occasion == .moment
            counts[index] = isMoment ? max(counts[index], count) : counts[index] + count
        }
        return counts
    }

    /// Messages that found no room on the way.
    var overflow: Int { toServer.overflow + toCaller.overflow }

    // MARK: From the caller

    /// The socket is open: the stream is started.
    mutating func open(at now: CallTime) {
        put(at: now) { peer, out in peer.appendConnected(to: &out) }
        for index in ends.indices {
            guard case .mediaBeforeStart(let count) = ends[index].trigger.fault.kind else { continue }
            guard ends[index].trigger.fire(at: now, in: situations) != nil else { continue }
            for _ in 0..<count { putAudio(silence, at: now) }
        }
        put(at: now, Self.start)
        advance(to: now)
    }

    /// One frame of the caller's audio, in the leg's codec.
    mutating func frame(_ octets: [UInt8], at now: CallTime) {
        checkMoments(at: now)
        putAudio(octets, at: now)
        advance(to: now)
    }

    mutating func digit(_ digit: Digit, at now: CallTime) {
        put(at: now) { peer, out in
            peer.appendDigit(digit, to: &out)
            return true
        }
        advance(to: now)
    }

    /// Playout reached this mark, or dropped it.
    mutating func mark(_ name: String, at now: CallTime) {
        for (answer, after) in marks.reached(name, at: now, in: situations) {
            if after == .zero { returnMark(answer, at: now) } else { schedule(.mark(answer), at: now + after) }
        }
        advance(to: now)
    }

    mutating func hangUp(at now: CallTime) {
        put(at: now, Self.stop)
        for index in ends.indices where ends[index].trigger.fault.kind == .stopTwice {
            if ends[index].trigger.fire(at: now, in: situations) != nil { put(at: now, Self.stop) }
        }
        isHangingUp = true
        advance(to: now)
    }

    // MARK: From the server

    /// Takes one message of the server.
    ///
    /// - Throws: what its protocol does not allow. A note is no violation, though Twilio has none.
    mutating func receive(_ message: UnsafeRawBufferPointer, isText: Bool, at now: CallTime) throws(PeerViolation) {
        var sink = Sink()
        var problem: PeerViolation?
        do throws(PeerViolation) {
            if isText { try peer.decodeText(message, into: &sink) } else { try peer.decodeBinary(message, into: &sink) }
        } catch .unknownEvent("parley") {
            sink.arrivals.append(.note(Array(message)))
        } catch {
            problem = error
        }
        for arrival in sink.arrivals {
            var isAudio = false
            if case .audio = arrival { isAudio = true }
            toCaller.put(arrival, isAudio: isAudio, at: now, in: situations)
        }
        advance(to: now)
        if let problem { throw problem }
    }

    private struct Sink: PeerEventSink {
        var arrivals: [Arrival] = []
        mutating func audio(_ octets: UnsafeRawBufferPointer) { arrivals.append(.audio(Array(octets))) }
        mutating func mark(_ name: String) { arrivals.append(.mark(name)) }
        mutating func clear() { arrivals.append(.clear(.obey)) }
        mutating func started(call: String) { arrivals.append(.started(call: call)) }
        mutating func note(_ json: UnsafeRawBufferPointer) { arrivals.append(.note(Array(json))) }
    }

    /// The socket is closed: what was still on the way to the caller has come.
    mutating func closed(at now: CallTime) {
        for arrival in toCaller.takeAll() { deliver(arrival, at: now) }
    }

    // MARK: Time

    /// Does everything that is due by now.
    mutating func advance(to now: CallTime) {
        checkMoments(at: now)
        while let first = later.first, first.due <= now {
            later.removeFirst()
            switch first.what {
            case .mark(let answer): returnMark(answer, at: now)
            case .key(let digit):
                put(at: now) { peer, out in
                    peer.appendDigit(digit, to: &out)
                    return true
                }
            case .resumeReading: steps.append(.resumeReading)
            }
        }
        while let arrival = toCaller.take(at: now, in: situations) { deliver(arrival, at: now) }
        while let message = toServer.take(at: now, in: situations) {
            steps.append(.send(message.bytes, isBinary: message.isBinary))
        }
        if isHangingUp, toServer.isEmpty {
            isHangingUp = false
            hasHungUp = true
            steps.append(.hungUp)
        }
    }

    private mutating func checkMoments(at now: CallTime) {
        guard !hasHungUp else { return }
        for index in moments.indices {
            guard moments[index].trigger.fire(at: now, in: situations) != nil else { continue }
            happen(moments[index].trigger.fault.kind, at: now)
        }
    }

    private mutating func happen(_ kind: Fault.Kind, at now: CallTime) {
        switch kind {
        case .silence: steps.append(.fallSilent)
        case .drop: steps.append(.drop)
        case .slowReader(let time):
            steps.append(.stopReading)
            later.removeAll { $0.what == .resumeReading }
            schedule(.resumeReading, at: now + time)
        case .secondStart: put(at: now, Self.start)
        case .secondStream: openSecond()
        case .numbersJump(let count): peer.skipNumbers(count)
        case .numbersWrap: if let last = peer.lastNumber { peer.restartNumbers(at: last - 2) }
        case .numbersRestart:
            peer.restartNumbers(at: 1)
            timestamp = 0
        case .keys(let digits):
            for (index, digit) in digits.enumerated() {
                let after = CallTime(nanoseconds: CallerMachine.keyGap.nanoseconds * Int64(index))
                schedule(.key(digit), at: now + after)
            }
        default: break
        }
    }

    private mutating func openSecond() {
        guard var second else { return }
        var (connected, start): ([UInt8], [UInt8]) = ([], [])
        let isConnected = second.appendConnected(to: &connected)
        second.appendStart(to: &start)
        steps.append(.openSecond(isConnected ? [connected, start] : [start]))
    }

    private mutating func schedule(_ what: Later, at due: CallTime) {
        let index = later.firstIndex { $0.due > due } ?? later.endIndex
        later.insert((due, what), at: index)
    }

    // MARK: Messages

    private static let start: @Sendable (inout any PeerDialect, inout [UInt8]) -> Bool = { peer, out in
        peer.appendStart(to: &out)
        return true
    }

    private static let stop: @Sendable (inout any PeerDialect, inout [UInt8]) -> Bool = { peer, out in
        peer.appendStop(to: &out)
        return true
    }

    private mutating func put(at now: CallTime, _ append: (inout any PeerDialect, inout [UInt8]) -> Bool) {
        var bytes: [UInt8] = []
        guard append(&peer, &bytes) else { return }
        toServer.put(Message(bytes: bytes, isBinary: false), isAudio: false, at: now, in: situations)
    }

    /// Numbered even when it is lost, so that the other side can tell.
    private mutating func putAudio(_ octets: [UInt8], at now: CallTime) {
        var message = Message(bytes: [], isBinary: peer.audioIsBinary)
        peer.appendAudio(octets.span, timestamp: timestamp, to: &message.bytes)
        timestamp += 20
        for index in spoilers.indices where spoilers[index].trigger.fire(at: now, in: situations) != nil {
            let kind = spoilers[index].trigger.fault.kind
            let spoilt = SpoiltMessage(
                kind, of: message.bytes, isBinary: message.isBinary, codec: peer.format.codec)
            message = Message(bytes: spoilt.bytes, isBinary: spoilt.isBinary)
        }
        toServer.put(message, isAudio: true, at: now, in: situations)
    }

    private mutating func returnMark(_ answer: LyingMarks<String>.Answer, at now: CallTime) {
        let name =
            switch answer {
            case .mark(let name): name
            case .unknown: "never-sent"
            }
        put(at: now) { peer, out in
            peer.appendMark(name, to: &out)
            return true
        }
    }

    private mutating func deliver(_ arrival: Arrival, at now: CallTime) {
        switch arrival {
        case .mark(let name):
            if marks.received(name, at: now, in: situations) { returnMark(.mark(name), at: now) }
            steps.append(.deliver(arrival))
        case .clear: steps.append(.deliver(.clear(marks.clear(at: now, in: situations))))
        default: steps.append(.deliver(arrival))
        }
    }
}
