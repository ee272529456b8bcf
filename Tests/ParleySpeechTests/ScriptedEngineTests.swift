import ParleyCore
import Synchronization
import Testing

@testable import ParleySpeech

/// A clock that moves when the test says so.
final class ManualSchedule: Sendable {
    private struct State {
        var now = CallTime.zero
        var due: [(time: CallTime, body: @Sendable () -> Void)] = []
    }
    private let state = Mutex(State())

    func callAsFunction(_ delay: CallTime, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.due.append(($0.now + delay, body)) }
    }

    func advance(to time: CallTime) {
        let ready = state.withLock { state in
            state.now = time
            let ready = state.due.filter { $0.time <= time }
            state.due.removeAll { $0.time <= time }
            return ready.sorted { $0.time < $1.time }
        }
        for entry in ready { entry.body() }
    }
}

@Suite("Scripted and instant engines")
struct ScriptedEngineTests {
    @Test("The n-th turn gets the n-th line; a turn beyond the script is silent")
    func linesInOrder() throws {
        let heard = Heard<RecognizerAnswer>()
        let recognizer = ScriptedRecognizer([.init("book a table"), .init("", fails: true)])
        let session = try recognizer.start(sampleRate: 8_000) { heard.add($0) }
        session.pause(TurnID(1))
        session.finish(TurnID(1))
        session.pause(TurnID(2))
        session.finish(TurnID(2))
        session.finish(TurnID(3))
        #expect(
            heard.all == [
                .partial(TurnID(1), "book a table"), .final(TurnID(1), "book a table"), .failed(TurnID(2)),
                .final(TurnID(3), ""),
            ])
    }

    @Test("A cancelled turn takes no line")
    func cancelledTurn() throws {
        let heard = Heard<RecognizerAnswer>()
        let session = try ScriptedRecognizer([.init("yes")]).start(sampleRate: 8_000) { heard.add($0) }
        session.cancel(TurnID(1))
        session.finish(TurnID(2))
        #expect(heard.all == [.final(TurnID(2), "yes")])
    }

    @Test("A slow final comes when its time has come, and not at all once the turn is cancelled")
    func delays() throws {
        let heard = Heard<RecognizerAnswer>()
        let schedule = ManualSchedule()
        let recognizer = ScriptedRecognizer(
            [.init("late", delay: .milliseconds(400)), .init("never", delay: .milliseconds(400))],
            schedule: { schedule($0, $1) })
        let session = try recognizer.start(sampleRate: 8_000) { heard.add($0) }
        session.finish(TurnID(1))
        schedule.advance(to: .milliseconds(399))
        #expect(heard.all == [])
        schedule.advance(to: .milliseconds(400))
        #expect(heard.all == [.final(TurnID(1), "late")])
        session.finish(TurnID(2))
        session.cancel(TurnID(2))
        schedule.advance(to: .milliseconds(800))
        #expect(heard.all.count == 1)
    }

    @Test("The instant recogniser hears yes before finish returns")
    func instantRecognizer() throws {
        let heard = Heard<RecognizerAnswer>()
        let session = try InstantRecognizer().start(sampleRate: 8_000) { heard.add($0) }
        session.finish(TurnID(7))
        #expect(heard.all == [.final(TurnID(7), "yes")])
        session.close()
        session.finish(TurnID(8))
        #expect(heard.all.count == 1)
    }

    @Test("All calls of the instant synthesiser share the samples of one four-second chunk")
    func instantSynthesizer() throws {
        let heard = Heard<SpeechAnswer>()
        for _ in 0..<2 {
            let session = try InstantSynthesizer().start { heard.add($0) }
            session.speak("Anything.", generation: Generation(1), clause: 0)
        }
        let chunks = heard.all.compactMap { answer in
            if case .chunk(_, clause: 0, let chunk) = answer { chunk } else { nil }
        }
        #expect(heard.all.count == 4)
        #expect(chunks.count == 2)
        #expect(chunks.allSatisfy { $0.samples.count == 32_000 && $0.sampleRate == 8_000 })
        let addresses = chunks.map { chunk in chunk.samples.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
        }
        #expect(Set(addresses).count == 1)
        // -20 dBFS or so over all: a voice detector takes it for speech.
        let energy = InstantSynthesizer.samples.reduce(0.0) { $0 + Double($1) * Double($1) } / 32_000
        #expect(energy > 1_000 * 1_000)
    }

    @Test("A scripted clause has the length of its text, and its words end inside it")
    func scriptedSynthesizer() throws {
        let heard = Heard<SpeechAnswer>()
        var behaviour = ScriptedSynthesizer.Behaviour()
        behaviour.millisecondsPerCharacter = 50
        behaviour.chunkMilliseconds = 200
        behaviour.failsAt = 1
        let session = try ScriptedSynthesizer(behaviour).start { heard.add($0) }
        session.speak("Yes, é ok", generation: Generation(1), clause: 0)
        session.speak("Again", generation: Generation(1), clause: 1)
        var samples = 0
        var words: [WordEnd] = []
        for case .chunk(_, clause: 0, let chunk) in heard.all {
            samples += chunk.samples.count
            words += chunk.words
        }
        #expect(samples == 9 * 50 * 8)
        #expect(
            words == [
                WordEnd(textEnd: 4, audioEnd: 200), WordEnd(textEnd: 7, audioEnd: 300),
                WordEnd(textEnd: 10, audioEnd: 450),
            ])
        guard case .failed(Generation(1), clause: 1, _)? = heard.all.last else {
            Issue.record("the second clause should fail, as scripted")
            return
        }
        #expect(heard.all.count == 5)
    }

    @Test("A cancelled generation is not spoken, a newer one is")
    func cancelledSpeech() throws {
        let heard = Heard<SpeechAnswer>()
        let schedule = ManualSchedule()
        var behaviour = ScriptedSynthesizer.Behaviour()
        behaviour.delay = .milliseconds(100)
        let session = try ScriptedSynthesizer(behaviour, schedule: { schedule($0, $1) }).start { heard.add($0) }
        session.speak("Old", generation: Generation(1), clause: 0)
        session.cancel(Generation(1))
        session.speak("New", generation: Generation(2), clause: 0)
        schedule.advance(to: .milliseconds(100))
        #expect(heard.all.count == 2)
        for answer in heard.all {
            switch answer {
            case .chunk(let generation, _, _), .done(let generation, _), .failed(let generation, _, _):
                #expect(generation == Generation(2))
            }
        }
    }
}
