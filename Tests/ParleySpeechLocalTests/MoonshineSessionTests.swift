#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleySpeechLocal

/// Hears how many milliseconds it was given; notes each decode.
private final class CountingDecoder: TurnDecoder {
    let decodes = Mutex<[Int]>([])
    let fails = Mutex(false)

    func decode(_ samples: [Float]) -> String? {
        // The resampler holds back a few samples at the end.
        let milliseconds = (samples.count / 16 + 10) / 20 * 20
        decodes.withLock { $0.append(milliseconds) }
        return fails.withLock { $0 } ? nil : " heard \(milliseconds)  ms "
    }
}

/// A session whose work is done when the test says `work`.
private final class Call: Sendable {
    let decoder = CountingDecoder()
    let threads = EngineThreads(unstarted: 2, capacity: 64)
    private let answers = Mutex<[RecognizerAnswer]>([])
    private let session = Mutex<(any RecognizerSession)?>(nil)

    init() throws {
        let recognizer = MoonshineRecognizer(decoder: decoder, threads: threads)
        let started = try recognizer.start(sampleRate: 8_000) { [self] answer in
            answers.withLock { $0.append(answer) }
        }
        session.withLock { $0 = started }
    }

    var recognizer: any RecognizerSession {
        guard let session = session.withLock({ $0 }) else { preconditionFailure("started in init") }
        return session
    }

    /// What was answered since the last look.
    func take() -> [RecognizerAnswer] {
        answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }

    var decodes: [Int] { decoder.decodes.withLock { $0 } }

    func work() { while threads.runNext() {} }

    /// Syllables: loud and less loud frames.
    func speak(milliseconds: Int) { feed(milliseconds, levels: [9_000, 3_000, 1_000, 5_000, 200]) }
    func hush(milliseconds: Int) { feed(milliseconds, levels: [12]) }

    func feed(_ milliseconds: Int, levels: [Int16]) {
        for frame in 0..<(milliseconds / 20) {
            let level = levels[frame % levels.count]
            let samples = (0..<160).map { $0 % 2 == 0 ? level : -level }
            recognizer.feed(samples.span)
        }
    }
}

private let one = TurnID(1)
private let two = TurnID(2)

@Suite("A recogniser session")
struct MoonshineSessionTests {
    @Test("What was decoded in the caller's pause is the final, with no further work")
    func speculation() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.hush(milliseconds: 180)
        call.recognizer.pause(one)
        call.work()
        #expect(call.take() == [.partial(one, "heard 580 ms")])
        call.hush(milliseconds: 320)
        call.recognizer.finish(one)
        #expect(call.take() == [.final(one, "heard 580 ms")])
        call.work()
        #expect(call.decodes == [580])
    }

    @Test("A caller who goes on after a pause is decoded again, whole")
    func resumed() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.hush(milliseconds: 180)
        call.recognizer.pause(one)
        call.work()
        call.speak(milliseconds: 300)
        call.recognizer.finish(one)
        #expect(call.take() == [.partial(one, "heard 580 ms")])
        call.work()
        #expect(call.take() == [.final(one, "heard 880 ms")])
        #expect(call.decodes == [580, 880])
    }

    @Test("Of two pauses the last one counts")
    func twoPauses() throws {
        let call = try Call()
        call.speak(milliseconds: 300)
        call.hush(milliseconds: 180)
        call.recognizer.pause(one)
        call.speak(milliseconds: 300)
        call.hush(milliseconds: 180)
        call.recognizer.pause(one)
        call.work()
        #expect(call.decodes == [960])
        call.recognizer.finish(one)
        #expect(call.take() == [.partial(one, "heard 960 ms"), .final(one, "heard 960 ms")])
    }

    @Test("A turn that ends before its speculative work began is decoded once, as a final")
    func endBeforeSpeculation() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.recognizer.pause(one)
        call.recognizer.finish(one)
        call.work()
        #expect(call.take() == [.final(one, "heard 400 ms")])
        #expect(call.decodes == [400])
        #expect(call.threads.currentLoad.work[.final]?.count == 1)
    }

    @Test("Finals come in the order of turns, an empty turn behind a full one too")
    func order() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.recognizer.finish(one)
        call.hush(milliseconds: 400)
        call.recognizer.finish(two)
        #expect(call.take() == [])
        call.work()
        #expect(call.take() == [.final(one, "heard 400 ms"), .final(two, "")])
        #expect(call.decodes == [400])
    }

    @Test("Each half second of speech brings a partial, silence brings none")
    func partials() throws {
        let call = try Call()
        for _ in 0..<12 {
            call.speak(milliseconds: 100)
            call.work()
        }
        #expect(call.take() == [.partial(one, "heard 500 ms"), .partial(one, "heard 1000 ms")])
        call.recognizer.pause(one)
        call.work()
        call.hush(milliseconds: 2_000)
        call.work()
        #expect(call.take() == [.partial(one, "heard 1200 ms")])
        #expect(call.decodes == [500, 1_000, 1_200])
    }

    @Test("Partials give way while the engines are busy")
    func busy() throws {
        let call = try Call()
        call.threads.enqueue(.clause) {}
        call.threads.enqueue(.clause) {}
        call.speak(milliseconds: 1_200)
        #expect(call.threads.currentLoad.partialsDropped == 2)
        call.work()
        #expect(call.decodes == [])
    }

    @Test(
        "Too short, too faint and steady noise are no words, and no work",
        arguments: ["short", "faint", "steady", "none"])
    func guards(kind: String) throws {
        let call = try Call()
        switch kind {
        case "short": call.speak(milliseconds: 180)
        case "faint": call.feed(1_000, levels: [40, 10, 20, 5])
        case "steady": call.feed(1_000, levels: [2_000])
        default: break
        }
        call.recognizer.pause(one)
        call.recognizer.finish(one)
        #expect(call.take() == [.final(one, "")])
        call.work()
        #expect(call.decodes == [])
    }

    @Test("A cancelled turn is neither decoded nor answered, and the next one starts empty")
    func cancel() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.recognizer.pause(one)
        call.recognizer.cancel(one)
        call.work()
        #expect(call.take() == [])
        call.speak(milliseconds: 300)
        call.recognizer.finish(two)
        call.work()
        #expect(call.take() == [.final(two, "heard 300 ms")])
        #expect(call.decodes == [300])
    }

    @Test("A turn cancelled after its end gets no final")
    func cancelFinished() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.recognizer.finish(one)
        call.recognizer.cancel(one)
        call.work()
        #expect(call.take() == [])
    }

    @Test("An engine that fails says so for that turn, once")
    func failure() throws {
        let call = try Call()
        call.decoder.fails.withLock { $0 = true }
        call.speak(milliseconds: 400)
        call.recognizer.pause(one)
        call.work()
        call.recognizer.finish(one)
        call.recognizer.finish(one)
        call.work()
        #expect(call.take() == [.failed(one)])
    }

    @Test("A turn of forty seconds is heard from its tenth second on")
    func longTurn() throws {
        let call = try Call()
        call.speak(milliseconds: 40_000)
        call.recognizer.finish(one)
        call.work()
        #expect(call.decodes.last == 30_000)
    }

    @Test("Nothing is said after the call is over")
    func closed() throws {
        let call = try Call()
        call.speak(milliseconds: 400)
        call.recognizer.finish(one)
        call.recognizer.close()
        call.work()
        call.recognizer.finish(two)
        call.work()
        #expect(call.take() == [])
    }

    @Test("Other sample rates are refused in one line")
    func wrongRate() throws {
        let recognizer = MoonshineRecognizer(
            decoder: CountingDecoder(), threads: EngineThreads(unstarted: 1, capacity: 1))
        #expect(throws: EngineError.self) { try recognizer.start(sampleRate: 44_100) { _ in } }
    }

    @Test("An engine without room fails the turn instead of leaving it open")
    func noRoom() throws {
        let threads = EngineThreads(unstarted: 1, capacity: 1)
        let answers = Mutex<[RecognizerAnswer]>([])
        let session = try MoonshineRecognizer(decoder: CountingDecoder(), threads: threads)
            .start(sampleRate: 8_000) { answer in answers.withLock { $0.append(answer) } }
        threads.enqueue(.clause) {}
        for frame in 0..<20 {
            session.feed([Int16](repeating: frame % 3 == 0 ? 9_000 : 100, count: 160).span)
        }
        session.finish(one)
        #expect(answers.withLock { $0 } == [.failed(one)])
    }
}

@Suite("Words that cannot have been said")
struct TranscriptGuardTests {
    @Test(
        "Loops are cut, human repetition is kept",
        arguments: [
            ("the first is the first is the first is the first", "the first is the first"),
            ("no no no", "no no no"),
            ("0 0 0 0 0 0 0", "0 0 0 0 0 0 0"),
            ("one two one two one two", "one two one two one two"),
            ("zero seven six 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "zero seven six 1"),
            (
                "five five five one two three four five five five one two three four",
                "five five five one two three four five five five one two three four"
            ),
            ("5 1, 5 1, 5 1, 5 1, 5 1, 5 1", "5 1, 5 1,"),
            ("no no no no no no", "no no no no"),
            ("You you you you you you you you", "You you you you"),
            ("  I'd   like a table\n", "I'd like a table"),
            ("♪♪♪♪ [music] ♪", "[music]"),
            ("call five five five one two three four", "call five five five one two three four"),
        ])
    func runs(text: String, expected: String) {
        #expect(TranscriptGuard.clean(text, seconds: 5, loudestDBFS: -20) == expected)
    }

    @Test("Nobody says thirty words in a second")
    func tooFast() {
        let text = (0..<30).map { "word\($0)" }.joined(separator: " ")
        #expect(TranscriptGuard.clean(text, seconds: 1, loudestDBFS: -20).split(separator: " ").count == 10)
    }

    @Test("A lone \"You\" counts only if it was loud enough to be a voice")
    func filler() {
        #expect(TranscriptGuard.clean("You", seconds: 1, loudestDBFS: -45) == "")
        #expect(TranscriptGuard.clean("You", seconds: 1, loudestDBFS: -25) == "You")
        #expect(TranscriptGuard.clean("Yes", seconds: 1, loudestDBFS: -45) == "Yes")
    }
}
#endif
