import ParleyCore
import ParleyWire
import Testing

@testable import ParleyCaller

/// A carrier under a virtual clock. One column is 20 ms, a frame of the caller in each.
private struct VirtualCarrier {
    var carrier: FaultCarrier
    var now = CallTime.zero
    /// What happened in each column: what left for the server, and in brackets what reached the caller.
    var columns: [String] = []
    private var column = ""
    private let peer: any PeerDialect
    /// All that left, whole.
    var left: [[UInt8]] = []

    init(_ faults: Fault..., peer: (any PeerDialect)? = nil, seed: UInt64 = 1) {
        let twilio = TwilioPeer(streamID: "MZ1", callID: "CA1", accountID: "AC1")
        self.peer = peer ?? twilio
        let second = TwilioPeer(streamID: "MZ2", callID: "CA1", accountID: "AC1")
        carrier = FaultCarrier(
            CarrierFaults(seed: seed, faults), peer: self.peer, second: second,
            silence: [UInt8](repeating: 0xFF, count: 160))
    }

    var picture: String { columns.joined(separator: " ") }

    mutating func open() {
        carrier.open(at: now)
        collect()
        columns.append(column)
        column = ""
    }

    /// Sends so many frames, and in column `event.0` does something besides.
    mutating func run(_ count: Int, _ events: [Int: (inout VirtualCarrier) -> Void] = [:]) {
        for index in 0..<count {
            carrier.advance(to: now)
            carrier.frame([UInt8](repeating: 0x55, count: peer.format.samplesPerFrame), at: now)
            events[index]?(&self)
            collect()
            columns.append(column.isEmpty ? "-" : column)
            column = ""
            now += .frame
        }
    }

    mutating func receive(_ json: String) {
        let bytes = Array(json.utf8)
        let at = now
        _ = bytes.withUnsafeBytes { bytes in try? carrier.receive(bytes, isText: true, at: at) }
    }

    static let mediaMessage = #"{"event":"media","streamSid":"MZ1","media":{"payload":"VVVV"}}"#
    static let clearMessage = #"{"event":"clear","streamSid":"MZ1"}"#
    static func markMessage(_ name: String) -> String {
        #"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#
    }

    private mutating func collect() {
        for step in carrier.takeSteps() { column += draw(step) }
    }

    private mutating func draw(_ step: FaultCarrier.Step) -> String {
        switch step {
        case .send(let bytes, let isBinary):
            left.append(bytes)
            return isBinary ? "b" : Self.draw(String(decoding: bytes, as: UTF8.self))
        case .deliver(.audio): return "[a]"
        case .deliver(.mark(let name)): return "[\(name)]"
        case .deliver(.clear(let obedience)): return "[\(obedience)]"
        case .deliver(.started), .deliver(.note): return "[n]"
        case .hungUp: return "H"
        case .drop: return "D"
        case .fallSilent: return "Z"
        case .stopReading: return "<"
        case .resumeReading: return ">"
        case .openSecond(let messages):
            return "2(\(messages.map { Self.draw(String(decoding: $0, as: UTF8.self)) }.joined()))"
        }
    }

    /// A frame is its chunk's number, a mark its name, a key `k`, connected `C`, start `S`, stop `T`.
    private static func draw(_ text: String) -> String {
        func value(_ key: String) -> String {
            text.firstMatch(of: try! Regex("\"\(key)\":\"([^\"]*)\"", as: (Substring, Substring).self))
                .map { String($0.1) } ?? "?"
        }
        switch value("event") {
        case "media": return "\(value("chunk"))"
        case "mark": return "(\(value("name")))"
        case "dtmf": return "k\(value("digit"))"
        case "connected": return "C"
        case "start": return "S"
        case "stop": return "T"
        default: return "?"
        }
    }
}

@Suite("A carrier with faults, drawn: one column is 20 ms, what reaches the caller is in brackets")
struct FaultCarrierTests {
    private func ms(_ count: Int) -> CallTime { .milliseconds(count) }

    @Test("Without faults everything passes at once, and after the stop the socket may be closed")
    func plain() {
        var call = VirtualCarrier()
        call.open()
        call.run(
            3,
            [
                0: { $0.receive(VirtualCarrier.mediaMessage) },
                1: { $0.carrier.digit(.one, at: $0.now) },
                2: { $0.carrier.hangUp(at: $0.now) },
            ])
        #expect(call.picture == "CS 1[a] 2k1 3TH")
        #expect(call.carrier.nextDeadline == nil)
    }

    @Test("Each way has its own delay; the hanging up waits for what is under way")
    func delays() {
        var call = VirtualCarrier(
            Fault(.delay(ms(40)), way: .toServer), Fault(.delay(ms(20)), way: .toCaller))
        call.open()
        call.run(
            4, [0: { $0.receive(VirtualCarrier.mediaMessage) }, 3: { $0.carrier.hangUp(at: $0.now) }])
        #expect(call.picture == " - [a] CS1 2")
        call.carrier.advance(to: ms(99))
        #expect(call.carrier.takeSteps().count == 1)
        call.carrier.advance(to: ms(100))
        #expect(call.carrier.takeSteps().last == .hungUp)
    }

    @Test("A lost frame keeps its number, so that the server can tell")
    func loss() {
        var call = VirtualCarrier(Fault(.loss, .at(ms(20)), way: .toServer))
        call.open()
        call.run(4)
        #expect(call.picture == "CS 1 - 3 4")
        #expect(call.carrier.fired == [1])
    }

    @Test("A duplicate is the same message again, number and all; the agent's audio is duplicated, too")
    func duplicates() {
        var call = VirtualCarrier(Fault(.duplicate(1), .at(ms(20))))
        call.open()
        call.run(4, [2: { $0.receive(VirtualCarrier.mediaMessage) }])
        #expect(call.picture == "CS 1 22 3[a][a] 4")
        #expect(call.carrier.fired == [2], "one each way")
    }

    @Test("A message comes after those that were sent later")
    func reordered() {
        var call = VirtualCarrier(Fault(.reorder(2), .at(ms(20)), way: .toServer))
        call.open()
        call.run(5)
        #expect(call.picture == "CS 1 - 3 42 5")
    }

    @Test("A stall stops both ways, then everything comes at once, and counts once")
    func stall() {
        var call = VirtualCarrier(Fault(.stall(ms(60)), .at(ms(20))))
        call.open()
        call.run(6, [2: { $0.receive(VirtualCarrier.mediaMessage) }])
        #expect(call.picture == "CS 1 - - - [a]2345 6")
        #expect(call.carrier.fired == [1])
    }

    @Test("A drop is told once; silence, too, and nothing passes afterwards")
    func ends() {
        var dropped = VirtualCarrier(Fault(.drop, .at(ms(30))))
        dropped.open()
        dropped.run(4)
        #expect(dropped.picture == "CS 1 2 D3 4")

        var silent = VirtualCarrier(Fault(.silence, .at(ms(30))))
        silent.open()
        silent.run(4, [3: { $0.receive(VirtualCarrier.mediaMessage) }])
        #expect(silent.picture == "CS 1 2 Z -")
        silent.carrier.hangUp(at: silent.now)
        #expect(silent.carrier.takeSteps() == [.hungUp], "nobody waits for a stop that never leaves")
    }

    @Test("Silence to the server alone leaves the agent audible")
    func oneWaySilence() {
        var call = VirtualCarrier(Fault(.silence, .at(ms(30)), way: .toServer))
        call.open()
        call.run(4, [3: { $0.receive(VirtualCarrier.mediaMessage) }])
        #expect(call.picture == "CS 1 2 - [a]")
    }

    @Test("A slow reader stops reading, and goes on when its time is over")
    func slowReader() {
        var call = VirtualCarrier(Fault(.slowReader(ms(40)), .at(ms(20))))
        call.open()
        #expect(call.carrier.nextDeadline == ms(20))
        call.run(5)
        #expect(call.picture == "CS 1 <2 3 >4 5")
    }

    @Test("Marks: at once, late, never, twice, unknown, out of order")
    func marks() {
        func draw(_ kind: Fault.Kind) -> String {
            var call = VirtualCarrier(Fault(kind))
            call.open()
            call.run(
                4,
                [
                    0: {
                        $0.receive(VirtualCarrier.markMessage("u1-1"))
                        $0.receive(VirtualCarrier.markMessage("u1-2"))
                    },
                    // Playout reaches them.
                    1: { $0.carrier.mark("u1-1", at: $0.now) },
                    2: { $0.carrier.mark("u1-2", at: $0.now) },
                ])
            return call.picture
        }
        #expect(draw(.stopTwice) == "CS 1[u1-1][u1-2] 2(u1-1) 3(u1-2) 4", "the truth")
        #expect(draw(.marksEarly) == "CS 1[u1-1](u1-1)[u1-2](u1-2) 2 3 4")
        #expect(draw(.marksLate(.milliseconds(20))) == "CS 1[u1-1][u1-2] 2 (u1-1)3 (u1-2)4")
        #expect(draw(.marksNever) == "CS 1[u1-1][u1-2] 2 3 4")
        #expect(draw(.marksTwice) == "CS 1[u1-1][u1-2] 2(u1-1)(u1-1) 3(u1-2)(u1-2) 4")
        #expect(draw(.marksUnknown) == "CS 1[u1-1][u1-2] 2(never-sent) 3(never-sent) 4")
        #expect(draw(.marksOutOfOrder) == "CS 1[u1-1][u1-2] 2 3(u1-2)(u1-1) 4")
    }

    @Test("A clear is obeyed, ignored, or obeyed without its marks")
    func clears() {
        func draw(_ faults: Fault...) -> String {
            var call = VirtualCarrier(faults.first ?? Fault(.marksTwice))
            call.open()
            call.run(1, [0: { $0.receive(VirtualCarrier.clearMessage) }])
            return call.picture
        }
        #expect(draw() == "CS 1[obey]")
        #expect(draw(Fault(.clearIgnored)) == "CS 1[ignore]")
        #expect(draw(Fault(.clearKeepsMarks)) == "CS 1[forgetMarks]")
    }

    @Test("Media before the start, a second start, a stop twice, a second stream of the same call")
    func protocols() {
        var call = VirtualCarrier(
            Fault(.mediaBeforeStart(2)), Fault(.secondStart, .at(ms(20))), Fault(.stopTwice),
            Fault(.secondStream, .at(ms(40))))
        call.open()
        call.run(4, [3: { $0.carrier.hangUp(at: $0.now) }])
        #expect(call.picture == "C12S 3 S4 2(CS)5 6TTH")
        #expect(call.carrier.fired == [1, 1, 1, 1])
    }

    @Test("Numbers jump, wrap, begin anew; with the last the timestamps, too")
    func numbers() throws {
        func draw(_ kind: Fault.Kind) -> VirtualCarrier {
            var call = VirtualCarrier(Fault(kind, .at(ms(40))))
            call.open()
            call.run(6)
            return call
        }
        #expect(draw(.numbersJump(100)).picture == "CS 1 2 103 104 105 106")
        #expect(draw(.numbersWrap).picture == "CS 1 2 4294967293 4294967294 4294967295 0")
        let restarted = draw(.numbersRestart)
        #expect(restarted.picture == "CS 1 2 1 2 3 4")
        let third = String(decoding: try #require(restarted.left.dropFirst(4).first), as: UTF8.self)
        #expect(third.contains(#""sequenceNumber":"1""#))
        #expect(third.contains(#""timestamp":"0""#))
    }

    @Test("Opus packets are numbered to 65 535")
    func opusNumbers() {
        let peer = NativePeer(format: LegFormat(codec: .opus, sampleRate: 16_000))
        var call = VirtualCarrier(Fault(.numbersWrap, .at(ms(20))), peer: peer)
        call.open()
        call.run(5)
        #expect(call.left.dropFirst().map { Int($0[0]) << 8 | Int($0[1]) } == [0, 65_533, 65_534, 65_535, 0])
    }

    @Test("Garbage comes in place of a frame, and is what its name says")
    func garbage() throws {
        func third(_ kind: Fault.Kind, _ peer: (any PeerDialect)? = nil) throws -> [UInt8] {
            var call = VirtualCarrier(Fault(kind, .at(ms(40))), peer: peer)
            call.open()
            call.run(4)
            #expect(call.carrier.fired == [1])
            return try #require(call.left.dropLast().last)
        }
        func refusal(_ message: [UInt8]) -> WireError? {
            var dialect = TwilioDialect()
            var sink = Ignored()
            var found: WireError?
            var peer = TwilioPeer(streamID: "MZ1", callID: "CA1", accountID: "AC1")
            var start: [UInt8] = []
            peer.appendStart(to: &start)
            for bytes in [start, message] {
                bytes.withUnsafeBytes { text in
                    do throws(WireError) { try dialect.decodeText(text, into: &sink) } catch { found = error }
                }
            }
            return found
        }
        #expect(refusal(try third(.badBase64)) == .badMedia(.notBase64))
        #expect(refusal(try third(.badSize)) == .badMedia(.size))
        let broken = refusal(try third(.brokenJSON))
        #expect(broken?.handling == .countMalformed)
        let linear = NativePeer(format: LegFormat(codec: .linear16, sampleRate: 8_000))
        #expect(try third(.badSize, linear).count % 2 == 1)
        let opus = NativePeer(format: LegFormat(codec: .opus, sampleRate: 16_000))
        #expect(try third(.badSize, opus) == [0, 2], "the packet's number, and no packet")
        #expect(String(decoding: try third(.brokenJSON, linear), as: UTF8.self).hasPrefix("{"))
    }

    private struct Ignored: LegEventSink {
        mutating func audio(_ samples: Span<Int16>, timestamp: Int) {}
        mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
        mutating func receive(_ event: LegEvent) {}
    }

    @Test("Keys are pressed 250 ms apart, and those for the agent's speech wait for it")
    func keys() {
        var call = VirtualCarrier(Fault(.keys([.one, .pound]), .at(ms(0)), while: .agentSpeaks))
        call.open()
        call.run(3)
        call.carrier.situations = [.agentSpeaks]
        call.run(14)
        #expect(call.columns.firstIndex { $0.contains("k1") } == 4)
        #expect(call.columns.firstIndex { $0.contains("k#") } == 17)
        #expect(call.carrier.fired == [1])
    }

    @Test("What was under way to the caller when the socket closed still comes")
    func closing() {
        var call = VirtualCarrier(Fault(.delay(ms(500)), way: .toCaller))
        call.open()
        call.run(2, [1: { $0.receive(VirtualCarrier.mediaMessage) }])
        #expect(call.picture == "CS 1 2")
        call.carrier.closed(at: call.now)
        #expect(call.carrier.takeSteps() == [.deliver(.audio([0x55, 0x55, 0x55]))])
    }

    @Test("The same seed gives the same call, another one another", arguments: 1...5 as ClosedRange<UInt64>)
    func seeds(seed: UInt64) {
        func draw(_ seed: UInt64) -> String {
            var call = VirtualCarrier(
                Fault(.loss, chance: 0.3), Fault(.jitter(ms(100))),
                Fault(.stall(ms(100)), .during(from: .zero, to: ms(500))), seed: seed)
            call.open()
            call.run(40)
            return call.picture
        }
        #expect(draw(seed) == draw(seed))
        #expect(draw(seed) != draw(seed + 100))
    }
}
