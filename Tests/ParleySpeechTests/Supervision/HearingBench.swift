import NIOCore
import NIOEmbedded
import ParleyCore
import Synchronization

@testable import ParleySpeech

/// What a supervised session said, with the virtual time.
final class Record<Answer: Sendable>: Sendable {
    let loop: EmbeddedEventLoop
    private let state = Mutex((answers: [(at: CallTime, answer: Answer)](), news: [(at: CallTime, news: EngineNews)]()))

    init(on loop: EmbeddedEventLoop) { self.loop = loop }

    func add(_ answer: Answer) { state.withLock { $0.answers.append((loop.time, answer)) } }
    func add(_ news: EngineNews) { state.withLock { $0.news.append((loop.time, news)) } }

    var answers: [(at: CallTime, answer: Answer)] { state.withLock { $0.answers } }
    /// `2000 switched a: b`, milliseconds first.
    var news: [String] {
        state.withLock { state in
            state.news.map { entry in
                let news = entry.news
                return "\(entry.at.milliseconds) \(news.kind.rawValue) \(news.engine)"
                    + (news.detail.isEmpty ? "" : ": \(news.detail)")
            }
        }
    }
}

extension EmbeddedEventLoop {
    var time: CallTime { CallTime(nanoseconds: Int64(now.uptimeNanoseconds)) }
    func advance(_ milliseconds: Int) { advanceTime(by: .milliseconds(Int64(milliseconds))) }
}

/// A call that is heard by supervised recognisers, in virtual time.
struct HearingBench {
    let loop: EmbeddedEventLoop
    let record: Record<RecognizerAnswer>
    let health: [EngineHealth]
    let session: any RecognizerSession

    init(
        _ engines: [WordRecognizer], on loop: EmbeddedEventLoop, health: [EngineHealth]? = nil,
        patience: RecognizerPatience = RecognizerPatience()
    ) {
        let health = health ?? engines.map { EngineHealth(.recognizer, $0.name) }
        let record = Record<RecognizerAnswer>(on: loop)
        self.loop = loop
        self.health = health
        self.record = record
        let members: [SupervisedRecognizer.Member] = zip(engines, health).map { ($0.0, $0.1) }
        session = SupervisedRecognizer(members, patience: patience, on: loop).start(
            sampleRate: 8_000, answer: { record.add($0) }, news: { record.add($0) })
        loop.run()
    }

    /// Words of 200 ms, frame by frame.
    func say(_ words: ClosedRange<Int>) {
        for word in words {
            for frame in 0..<WordAudio.framesPerWord {
                session.feed(WordAudio.frame(frame, of: word).span)
                loop.advance(20)
            }
        }
    }

    func finish(_ turn: UInt32) {
        session.finish(TurnID(turn))
        loop.run()
    }

    /// `600 final 1: w1 w2`, milliseconds first; partials left out.
    var finals: [String] {
        record.answers.compactMap { entry in
            switch entry.answer {
            case .partial: nil
            case .final(let turn, let text): "\(entry.at.milliseconds) final \(turn.number): \(text)"
            case .failed(let turn): "\(entry.at.milliseconds) failed \(turn.number)"
            }
        }
    }

    /// In the order in which they were told.
    var partials: [String] {
        record.answers.compactMap { entry in
            if case .partial(let turn, let text) = entry.answer { "\(turn.number): \(text)" } else { nil }
        }
    }
}
