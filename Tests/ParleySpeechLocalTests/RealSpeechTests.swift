#if LocalSpeech
import Dispatch
import Foundation
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleySpeechLocal

/// The engines as `scripts/engines.sh` installed them: in `PARLEY_ENGINES`, or in `./engines`.
enum InstalledEngines {
    static let directory: String = {
        if let named = ProcessInfo.processInfo.environment["PARLEY_ENGINES"] { return named }
        return FileManager.default.currentDirectoryPath + "/engines"
    }()

    static let areThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: directory + "/SHA256SUMS")
        if !isThere {
            let note = "\n*** No speech engines in \(directory): their tests are SKIPPED. Run scripts/engines.sh.\n\n"
            FileHandle.standardError.write(Data(note.utf8))
        }
        return isThere
    }()

    static let haveJoe = areThere && FileManager.default.fileExists(atPath: directory + "/joe/model.onnx")

    /// Loaded once for all tests.
    static let loaded = LocalSpeech.load(directory: directory, threads: EngineThreads(count: 2))

    static func recognizer() throws -> any SpeechRecognizer {
        try #require(loaded.recognizer, "\(loaded.report.lines)")
    }
}

/// What a call hears of a voice: 8 kHz, mu-law there and back.
private func telephone(_ text: String, _ voice: LocalSpeech.Voice) throws -> [Int16] {
    let (samples, rate) = try LocalSpeech.say(text: text, voice: voice, directory: InstalledEngines.directory)
    return Resampler.resample(samples, from: rate, to: 8_000).map { MuLaw.decode(MuLaw.encode($0)) }
}

private final class Listener: Sendable {
    private let state = Mutex<[RecognizerAnswer]>([])
    private let settled = DispatchSemaphore(value: 0)

    func take(_ answer: RecognizerAnswer) {
        state.withLock { $0.append(answer) }
        if case .partial = answer { return }
        settled.signal()
    }

    var all: [RecognizerAnswer] { state.withLock { $0 } }

    /// The next final's words.
    func final() -> String {
        settled.wait()
        guard case .final(_, let text)? = all.last else { return "FAILED" }
        return text.lowercased()
    }
}

private func feed(_ session: any RecognizerSession, _ samples: [Int16]) {
    for start in stride(from: 0, to: samples.count - 159, by: 160) {
        session.feed(Array(samples[start..<start + 160]).span)
    }
}

private let silence = [Int16](repeating: 0, count: 1_600)

@Suite("Real speech through real engines", .enabled(if: InstalledEngines.areThere), .serialized)
struct RealSpeechTests {
    @Test("PARLEY_ENGINES, where it is set, names a whole directory")
    func promised() throws {
        _ = try InstalledEngines.recognizer()
    }

    // The voice breathes differently each time. These came through in every one of eight takes.
    @Test(
        "A caller's slots survive the telephone",
        arguments: [
            (
                "I'd like to book a table for four on Friday at seven thirty.",
                ["table", "four", "friday"]
            ),
            (
                "Can I make an appointment for a cleaning next Tuesday morning?",
                ["appointment", "cleaning", "tuesday", "morning"]
            ),
            ("Yes, please.", ["yes"]),
            ("I need to cancel my booking for tomorrow.", ["cancel", "tomorrow"]),
            ("No, don't send me a text message.", ["no", "don't send", "text message"]),
        ])
    func slots(text: String, expected: [String]) throws {
        let listener = Listener()
        let session = try InstalledEngines.recognizer().start(sampleRate: 8_000) { listener.take($0) }
        feed(session, try telephone(text, .rms))
        feed(session, silence)
        session.finish(TurnID(1))
        let heard = listener.final()
        for word in expected { #expect(heard.contains(word), "heard: \(heard)") }
    }

    @Test("The words of a pause are the words of the turn")
    func pause() throws {
        let listener = Listener()
        let session = try InstalledEngines.recognizer().start(sampleRate: 8_000) { listener.take($0) }
        feed(session, try telephone("I'd prefer Thursday at three o'clock.", .rms))
        session.pause(TurnID(1))
        feed(session, silence)
        session.finish(TurnID(1))
        let heard = listener.final()
        #expect(heard.contains("thursday") && heard.contains("three"), "heard: \(heard)")
    }

    @Test("A synthesised reply of either voice can be understood", arguments: [LocalSpeech.Voice.slt, .joe])
    func replies(voice: LocalSpeech.Voice) throws {
        guard voice != .joe || InstalledEngines.haveJoe else { return }
        let listener = Listener()
        let session = try InstalledEngines.recognizer().start(sampleRate: 8_000) { listener.take($0) }
        feed(session, try telephone("I need to cancel my booking for tomorrow.", voice))
        session.finish(TurnID(1))
        let heard = listener.final()
        #expect(heard.contains("cancel") && heard.contains("tomorrow"), "heard: \(heard)")
    }

    @Test("Two calls at once hear each their own caller")
    func parallel() throws {
        let texts = [("My name is Sarah Johnson.", "johnson"), ("I need to cancel my booking for tomorrow.", "cancel")]
        let calls = try texts.map { text, word in
            let listener = Listener()
            let session = try InstalledEngines.recognizer().start(sampleRate: 8_000) { listener.take($0) }
            return (session, listener, try telephone(text, .rms), word)
        }
        for turn in 1...3 {
            for (session, _, audio, _) in calls {
                feed(session, audio)
                session.finish(TurnID(UInt32(turn)))
            }
            for (_, listener, _, word) in calls { #expect(listener.final().contains(word)) }
        }
    }

    @Test("A hiss is not a word")
    func noise() throws {
        var state: UInt64 = 7
        let hiss = (0..<16_000).map { _ -> Int16 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int16(truncatingIfNeeded: Int64(bitPattern: state) >> 52)
        }
        let listener = Listener()
        let session = try InstalledEngines.recognizer().start(sampleRate: 8_000) { listener.take($0) }
        feed(session, hiss)
        session.finish(TurnID(1))
        #expect(listener.final() == "")
        #expect(listener.all.count == 1)
    }

    @Test("joe's words end in order, inside its sound; calls that began before it was loaded stay with flite")
    func joe() throws {
        guard InstalledEngines.haveJoe else { return }
        let flite = try #require(FliteVoice.all["slt"])
        let synthesizer = PiperSynthesizer(
            meanwhile: flite, memory: 1, threads: InstalledEngines.loaded.threads)
        let early = Spoken()
        let before = try synthesizer.start { early.take($0) }
        let voice = try LocalSpeech.clauseVoice(.joe, directory: InstalledEngines.directory)
        synthesizer.use(try #require(voice as? PiperVoice))
        #expect(synthesizer.isLoaded)
        let late = Spoken()
        let after = try synthesizer.start { late.take($0) }
        let text = "Your table for two is booked, and I will send you a message, thank you."
        for session in [before, after] { session.speak(text, generation: Generation(1), clause: 0) }
        let first = early.wait()
        let second = late.wait()
        #expect(first.allSatisfy { $0.sampleRate == 16_000 })
        #expect(second.allSatisfy { $0.sampleRate == 22_050 })
        #expect(second.count >= 2)
        let words = second.flatMap(\.words)
        let length = second.reduce(0) { $0 + $1.samples.count } * 1_000 / 22_050
        #expect(words.count == 15)
        #expect(words.map(\.audioEnd) == words.map(\.audioEnd).sorted())
        #expect(words.last?.textEnd == text.utf8.count)
        let last = try #require(words.last).audioEnd
        #expect(abs(length - 120 - last) <= 20)
        #expect(length > 3_000 && length < 7_000)
    }
}

private final class Spoken: Sendable {
    private let chunks = Mutex<[SpeechChunk]>([])
    private let done = DispatchSemaphore(value: 0)
    func take(_ answer: SpeechAnswer) {
        if case .chunk(_, _, let chunk) = answer { chunks.withLock { $0.append(chunk) } } else { done.signal() }
    }
    func wait() -> [SpeechChunk] {
        done.wait()
        return chunks.withLock { $0 }
    }
}
#endif
