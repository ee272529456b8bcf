import NIOEmbedded
import ParleyCore
import Synchronization
import Testing

@testable import ParleySpeech

/// A call of a few turns over two engines that break as a seed says.
private struct HeardCall {
    let bench: HearingBench
    /// The words of each turn that was finished, and when.
    private(set) var finished: [(turn: UInt32, text: String, at: CallTime)] = []
    private(set) var cancelled: [UInt32: CallTime] = [:]
    /// One engine is sound in every session.
    let hasSoundEngine: Bool

    init(seed: UInt64) {
        let loop = EmbeddedEventLoop()
        var chance = SplitMix64(seed: seed, stream: 1)
        let sound = Int(chance.next() % 4)
        hasSoundEngine = sound < 2
        let engines = (0..<2).map { index in
            let hasPartials = chance.next() % 2 == 0
            return WordRecognizer("\(index)", on: loop, hasPartials: hasPartials) { session in
                index == sound
                    ? WordRecognizer.Plan() : Self.plan(seed: seed, stream: UInt64(index * 1_000 + session + 10))
            }
        }
        bench = HearingBench(engines, on: loop)
        run(&chance)
    }

    private static func plan(seed: UInt64, stream: UInt64) -> WordRecognizer.Plan {
        var chance = SplitMix64(seed: seed, stream: stream)
        var plan = WordRecognizer.Plan()
        plan.talksOn = chance.next() % 2 == 0
        plan.doublesFinals = chance.next() % 3 == 0
        plan.swapsFinals = chance.next() % 6 == 0
        plan.strays = chance.next() % 5 == 0 ? Int(chance.next() % 12) : 0
        switch chance.next() % 8 {
        case 0: plan.startError = EngineError(engine: "x", message: "no", isRetryable: chance.next() % 2 == 0)
        case 1: plan.isMute = true
        case 2: plan.final = nil
        case 3: plan.final = chance.time(upTo: .seconds(3))
        case 4: plan.failsAfter = Int(chance.next() % 90) + 1
        case 5: plan.failsFinals = true
        default: plan.final = chance.time(upTo: .milliseconds(400))
        }
        return plan
    }

    private mutating func run(_ chance: inout SplitMix64) {
        var word = 1
        for turn in UInt32(1)...4 {
            let words = word...word + Int(chance.next() % 14)
            word = words.upperBound + 1
            bench.say(words)
            if chance.next() % 3 == 0 { bench.session.pause(TurnID(turn)) }
            if chance.next() % 6 == 0 {
                bench.session.cancel(TurnID(turn))
                cancelled[turn] = bench.loop.time
            } else {
                bench.finish(turn)
                finished.append((turn, words.map { "w\($0)" }.joined(separator: " "), bench.loop.time))
            }
            bench.loop.advance(Int(chance.next() % 2_500))
            let isOwed = finished.last?.turn == turn && !bench.record.answers.contains { $0.answer.turnEnded == turn }
            if isOwed, chance.next() % 5 == 0 {
                bench.session.cancel(TurnID(turn))
                cancelled[turn] = bench.loop.time
            }
        }
        bench.loop.advance(20_000)
    }

    /// What promises this call breaks.
    var broken: [String] {
        var broken: [String] = []
        let answers = bench.record.answers
        let ends = answers.filter { $0.answer.turnEnded != nil }
        for (turn, text, at) in finished {
            let own = ends.filter { $0.answer.turnEnded == turn }
            if let time = cancelled[turn] {
                if own.contains(where: { $0.at >= time }) {
                    broken.append("turn \(turn) was answered after its cancel")
                }
                continue
            }
            guard own.count == 1 else {
                broken.append("turn \(turn) had \(own.count) answers")
                continue
            }
            // Three sessions of 2 s.
            if own[0].at - at > .milliseconds(6_001) { broken.append("turn \(turn) was answered late") }
            if case .final(_, let said) = own[0].answer {
                if said != text { broken.append("turn \(turn) was \(text) and is \(said)") }
            } else if hasSoundEngine {
                broken.append("turn \(turn) failed though an engine is sound")
            }
        }
        let turns = ends.compactMap(\.answer.turnEnded)
        if turns != turns.sorted() { broken.append("answers out of order: \(turns)") }
        if turns.contains(where: { turn in !finished.contains { $0.turn == turn } }) {
            broken.append("a turn unasked for")
        }
        for (turn, time) in cancelled where answers.contains(where: { $0.at > time && $0.answer.turn == turn }) {
            broken.append("words of turn \(turn) after its cancel")
        }
        for (place, end) in answers.enumerated() {
            guard let turn = end.answer.turnEnded else { continue }
            if answers[(place + 1)...].contains(where: { $0.answer.turn == turn }) {
                broken.append("words after the final")
            }
        }
        return broken
    }
}

extension RecognizerAnswer {
    fileprivate var turn: UInt32 {
        switch self {
        case .partial(let turn, _), .final(let turn, _), .failed(let turn): turn.number
        }
    }
    fileprivate var turnEnded: UInt32? { if case .partial = self { nil } else { turn } }
}

@Suite("Recognisers under supervision, by chance")
struct RecognizerSimulationTests {
    @Test(
        "2 000 calls over engines that break: one answer a turn, each word once, in order, in time, nothing after a cancel"
    )
    func manyCalls() {
        var faults = 0
        for seed in UInt64(1)...2_000 {
            let call = HeardCall(seed: seed)
            let broken = call.broken
            #expect(broken == [], "seed \(seed)")
            faults += call.bench.health.reduce(0) { $0 + $1.figures.failures }
            call.bench.session.close()
            call.bench.loop.advance(10_000)
            if broken != [] { return }
        }
        // The engines did break.
        #expect(faults > 2_000)
    }
}
