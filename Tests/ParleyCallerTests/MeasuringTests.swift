import ParleyNetwork
import ParleyCore
import Testing

@testable import ParleyCaller

@Suite("Measuring")
struct MeasuringTests {
    @Test("Voiced frames are found from the recording itself: not its pauses, not its noise")
    func voiced() {
        func frames(_ levels: [Int16]) -> [Int16] { levels.flatMap { VirtualCall.tone(20, level: $0) } }
        #expect(FrameLevel.voicedFrames(of: frames([0, 0, 9_000, 0, 9_000, 0, 0]), samplesPerFrame: 160) == 2...4)
        // Noise 20 dB below the voice does not move its ends.
        #expect(FrameLevel.voicedFrames(of: frames([900, 900, 9_000, 9_000, 900, 900]), samplesPerFrame: 160) == 2...3)
        // A recording without any pause is voiced throughout.
        #expect(FrameLevel.voicedFrames(of: frames([9_000, 8_000, 9_000]), samplesPerFrame: 160) == 0...2)
        #expect(FrameLevel.voicedFrames(of: frames([0, 0]), samplesPerFrame: 160) == nil)
        #expect(FrameLevel.voicedFrames(of: [], samplesPerFrame: 160) == nil)
    }

    @Test("A square wave of half the range is at -6 dBFS, silence at -120")
    func level() {
        #expect(abs(FrameLevel.dBFS(VirtualCall.tone(20, level: 16_384)[...]) + 6.02) < 0.01)
        #expect(FrameLevel.dBFS(VirtualCall.quiet(20)[...]) == -120)
    }

    @Test("Percentiles are by nearest rank")
    func percentiles() throws {
        let summary = try #require(LatencySummary((1...20).map { Double($0) }.reversed()))
        #expect(summary == LatencySummary([20] + (1...19).map { Double($0) }))
        #expect(summary.p50 == 10)
        #expect(summary.p95 == 19)
        #expect(summary.longest == 20)
        #expect(summary.count == 20)
        #expect(LatencySummary([7])?.p95 == 7)
        #expect(LatencySummary([]) == nil)
    }

    @Test("A note is read flat or in its envelope; strange ones are ignored")
    func notes() {
        func note(_ json: String) -> GatewayNote? { GatewayNote(json: Array(json.utf8)) }
        #expect(
            note(#"{"event":"parley","streamSid":"MZ1","note":{"kind":"variable","name":"reason","value":"cleaning"}}"#)
                == .variable(name: "reason", value: "cleaning"))
        #expect(
            note(#"{"event":"note","kind":"ended","reason":"agent_ended","later":[1]}"#)
                == .ended(reason: "agent_ended"))
        #expect(
            note(
                #"{"kind":"caller_turn","turn":2,"text":"yes","backchannel":true,"began_ms":10,"ended_ms":20.5}"#
            )
                == .callerTurn(
                    .init(turn: 2, text: "yes", isKeyed: false, isBackchannel: true, beganMS: 10, endedMS: 20.5)))
        #expect(note(#"{"kind":"barge_in","state":"paused","turn":"odd"}"#) == .bargeIn("paused"))
        #expect(note(#"{"kind":"something_new"}"#) == nil)
        #expect(note(#"{"event":"note"}"#) == nil)
        #expect(note("[1,2") == nil)
    }

    @Test(
        "Media URLs",
        arguments: [
            ("ws://h/p?q=1", "h", 80, "/p?q=1", false), ("wss://h", "h", 443, "/", true),
            ("ws://[::1]:81/x", "::1", 81, "/x", false), ("ws://h:9?a", "h", 9, "/?a", false),
        ] as [(String, String, Int, String, Bool)])
    func urls(text: String, host: String, port: Int, target: String, isSecure: Bool) throws {
        let url = try MediaURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.address.target == target)
        #expect(url.isSecure == isSecure)
    }

    @Test(
        "What is no media URL",
        arguments: ["http://h/", "ws://", "ws://h:0/", "ws://h:x/", "ws://u@h/", "ws://h/a b", "h:80"])
    func noURLs(text: String) {
        #expect(throws: CallError.self) { try MediaURL(text) }
    }

    @Test("Options that do not go together are refused in a sentence")
    func options() {
        func refused(_ change: (inout CallOptions) -> Void) -> Bool {
            var options = CallOptions(url: "ws://h/")
            options.audio = "a.wav"
            change(&options)
            do throws(CallError) {
                try options.check()
                return false
            } catch {
                return true
            }
        }
        #expect(!refused { _ in })
        #expect(refused { $0.audio = nil })
        #expect(refused { $0.fixtures = ["f"] })
        #expect(refused { $0.codec = .opus })
        #expect(refused { $0.provider = .native })
        #expect(refused { $0.dropPercent = 5 })
        #expect(
            !refused {
                $0.provider = .native
                $0.codec = .opus
                $0.dropPercent = 5
            })
        #expect(refused { $0.headers = [(name: "X", value: "a\r\nY: b")] })
        #expect(refused { $0.repeats = 0 })
    }
}
