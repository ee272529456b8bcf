import Foundation
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@Suite("A voice that is no server, which docs/bring-an-engine.md names")
struct ExampleEngineTests {
    /// What a session said, until it has said `done` so many times.
    private final class Listener: Sendable {
        private let said = Mutex<[SpeechAnswer]>([])
        private let ends = DispatchSemaphore(value: 0)

        func take(_ answer: SpeechAnswer) {
            said.withLock { $0.append(answer) }
            if case .done = answer { ends.signal() }
        }

        func answers(untilDone count: Int) -> [SpeechAnswer] {
            for _ in 0..<count { ends.wait() }
            return said.withLock { $0 }
        }
    }

    @Test("It speaks clauses in order, with the end of every word, and then says that it is done")
    func speaks() throws {
        let listener = Listener()
        let session = try BeepVoice().start { listener.take($0) }
        session.speak("Café, right.", generation: Generation(1), clause: 0)
        session.speak("Yes?", generation: Generation(1), clause: 1)

        let lines = listener.answers(untilDone: 2).map { answer in
            switch answer {
            case .chunk(_, let clause, let chunk):
                "\(clause): \(chunk.samples.count) samples, \(chunk.words.map { "\($0.textEnd) at \($0.audioEnd) ms" })"
            case .done(_, let clause): "\(clause): done"
            case .failed(_, let clause, let error): "\(clause): \(error)"
            }
        }
        #expect(
            lines == [
                "0: 2720 samples, [\"6 at 300 ms\"]", "0: 3200 samples, [\"13 at 700 ms\"]", "0: done",
                "1: 2240 samples, [\"4 at 240 ms\"]", "1: done",
            ])
    }

    @Test("What is cancelled is not spoken; what comes after is")
    func cancels() throws {
        let listener = Listener()
        let session = try BeepVoice().start { listener.take($0) }
        session.cancel(Generation(1))
        session.speak("Nobody hears this.", generation: Generation(1), clause: 0)
        session.speak("Hello.", generation: Generation(2), clause: 0)

        for answer in listener.answers(untilDone: 1) {
            switch answer {
            case .chunk(let generation, _, _), .done(let generation, _), .failed(let generation, _, _):
                #expect(generation == Generation(2))
            }
        }
    }

    @Test("It has under 60 lines")
    func length() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().path()
        let code = try String(contentsOfFile: tests + "/ExampleEngine.swift", encoding: .utf8)
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
    }
}
