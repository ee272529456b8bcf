import FoundationEssentials
import ParleyCore
import ParleyWire
import Testing

@testable import ParleyCaller

@Suite("What parley call is asked to do")
struct CallOptionsTests {
    private func problem(_ url: String = "ws://h/", _ change: (inout CallOptions) -> Void) -> String? {
        var options = CallOptions(url: url)
        options.audio = "hello.wav"
        change(&options)
        do {
            try options.check()
            return nil
        } catch {
            return error.description
        }
    }

    @Test("A number out of range is named with its option and its range")
    func ranges() {
        #expect(problem { _ in } == nil)
        #expect(problem { $0.repeats = 0 } == "--repeat 0: must be 1 to 10000")
        #expect(problem { $0.repeats = -1 } == "--repeat -1: must be 1 to 10000")
        #expect(problem { $0.sampleRate = 7 } == "--rate 7: must be 8000 or 16000")
        #expect(problem { $0.dropPercent = -1 } == "--drop -1.0: must be 0 to 100 per cent")
        #expect(problem { $0.edgeP50 = 0 } == "--edge-p50 0.0: must be more than 0 ms")
        #expect(problem { $0.edgeP95 = .nan } == "--edge-p95 nan: must be more than 0 ms")
    }

    @Test("Certificates without TLS are refused, whether or not they can be read")
    func certificates() {
        let refused = "--ca: there are no certificates on ws://; it goes with wss://"
        #expect(problem { $0.ca = "/nope" } == refused)
        #expect(problem("wss://h/") { $0.ca = "/nope" } == nil, "it is read when the call is made")
    }

    @Test("The call's id is the one that was given, or one as Twilio makes them")
    func callSID() throws {
        var options = CallOptions(url: "ws://h/")
        let script = CallScript(name: "x", lines: [])
        let made = try #require(ParleyCall.peer(for: script, options) as? TwilioPeer).callID
        #expect(made.count == 34 && made.hasPrefix("CA"))
        options.callSID = "CA1"
        #expect(try #require(ParleyCall.peer(for: script, options) as? TwilioPeer).callID == "CA1")

        #expect(problem { $0.callSID = "CA1" } == nil)
        #expect(problem { $0.callSID = "" } == "--call-sid '': must be 1 to 64 visible ASCII characters")
        #expect(problem { $0.callSID = "CA 1" } == "--call-sid 'CA 1': must be 1 to 64 visible ASCII characters")
        let native = problem {
            $0.provider = .native
            $0.codec = .opus
            $0.callSID = "CA1"
        }
        #expect(native == "--call-sid: the native dialect has none; it is Twilio's")
    }

    @Test("A WAV without one sample, and a folder in its place, are refused by name")
    func unusableAudio() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appending(path: "empty.wav").path
        try Data(WAV(sampleRate: 8_000, samples: []).bytes()).write(to: URL(filePath: empty))

        let options = CallOptions(url: "ws://h/")
        #expect(throws: CallError.usage("\(empty): this WAV file has no sound in it: not one sample")) {
            try PreparedCall(audio: empty, options: options)
        }
        let path = folder.path
        #expect(
            throws: CallError.usage(
                "\(path): this is a folder, not a WAV file; --fixture plays a folder with a call.yaml")
        ) {
            try PreparedCall(audio: path, options: options)
        }
    }
}
