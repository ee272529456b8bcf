import NIOEmbedded
import ParleyCore
import Testing

@testable import ParleySpeech

/// A call of a few replies over two voices that break as a seed says, asked for clause by clause as a call does.
private struct SpokenCall {
    struct Asked {
        var generation: UInt32
        var clause: Int
        var words: [String]
        var text: String
        var at: CallTime
    }
    let bench: SpeakingBench
    private(set) var asked: [Asked] = []
    /// Replies that were given up, and how many answers there were by then.
    private(set) var cancelled: [(generation: UInt32, answers: Int)] = []
    /// The last clause that has ended, and the last that has failed; of so many answers.
    private var (ended, failed, heard) = (0, 0, 0)
    /// One voice is sound, and both tell where their words end.
    let saysAll: Bool

    init(seed: UInt64) {
        let loop = EmbeddedEventLoop()
        var chance = SplitMix64(seed: seed, stream: 1)
        let sound = Int(chance.next() % 4)
        let tells = chance.next() % 2 == 0
        saysAll = sound < 2 && tells
        let voices = (0..<2).map { index in
            WordVoice("\(index)", on: loop) { clause in
                var plan = Self.plan(seed: seed, stream: UInt64(index * 1_000 + clause + 10), isSound: index == sound)
                plan.tellsWords = tells
                plan.rate = index == 0 ? 4_000 : 8_000
                return plan
            }
        }
        bench = SpeakingBench(voices, on: loop)
        run(&chance)
    }

    private static func plan(seed: UInt64, stream: UInt64, isSound: Bool) -> WordVoice.Plan {
        var chance = SplitMix64(seed: seed, stream: stream)
        var plan = WordVoice.Plan()
        plan.pace = 60
        plan.chunk = 40 + Int(chance.next() % 5) * 40
        plan.every = Int(chance.next() % UInt64(plan.chunk))
        plan.first = chance.time(upTo: .milliseconds(600))
        guard !isSound else { return plan }
        plan.talksOn = chance.next() % 2 == 0
        plan.isEager = chance.next() % 4 == 0
        plan.tellsAhead = chance.next() % 2 == 0
        plan.endsTwice = chance.next() % 3 == 0
        let time = Int(chance.next() % 2_000)
        switch chance.next() % 10 {
        case 0: plan.startError = EngineError(engine: "x", message: "no")
        case 1: plan.first = nil
        case 2: plan.first = chance.time(upTo: .seconds(3))
        case 3, 4: plan.stallsAfter = time
        case 5: plan.failsAfter = time
        case 6: plan.every = time
        case 7: plan.neverEnds = true
        case 8: plan.endsAfter = time
        default: break
        }
        return plan
    }

    private mutating func run(_ chance: inout SplitMix64) {
        var (clause, word) = (0, 1)
        for generation in UInt32(1)...3 {
            let last = clause + Int(chance.next() % 4) + 1
            let first = clause + 1
            let cut = chance.next() % 3 == 0 ? bench.loop.time + chance.time(upTo: .seconds(4)) : nil
            // A reply of which a clause failed is not gone on with.
            while clause < last || ended < clause, !hasFailed(from: first), cut.map({ bench.loop.time < $0 }) ?? true {
                guard clause < last, clause - max(ended, first - 1) < 2 else {
                    bench.loop.advance(20)
                    listen()
                    continue
                }
                clause += 1
                let words = (word..<word + 2 + Int(chance.next() % 6)).map { "w\($0)" }
                word += words.count
                let text = words.joined(separator: " ") + "."
                asked.append(
                    Asked(generation: generation, clause: clause, words: words, text: text, at: bench.loop.time))
                bench.speak(text, generation, clause: clause)
                listen()
            }
            if ended < clause || hasFailed(from: first) {
                bench.session.cancel(Generation(generation))
                cancelled.append((generation, bench.record.answers.count))
            }
            ended = clause
            bench.loop.advance(Int(chance.next() % 1_500))
        }
        bench.loop.advance(10_000)
        listen()
    }

    /// Notes which clauses have ended.
    private mutating func listen() {
        let answers = bench.record.answers
        for entry in answers[heard...] where entry.answer.isLast {
            ended = max(ended, entry.answer.clause)
            if case .failed(_, let clause, _) = entry.answer { failed = clause }
        }
        heard = answers.count
    }

    private func hasFailed(from first: Int) -> Bool { failed >= first }

    /// What promises this call breaks.
    var broken: [String] { order + words + silence }

    private var order: [String] {
        var broken: [String] = []
        let answers = bench.record.answers
        for clause in asked {
            let ends = answers.filter { $0.answer.isLast && $0.answer.clause == clause.clause }.count
            let isCancelled = cancelled.contains { $0.generation == clause.generation }
            if ends > 1 || (ends == 0 && !isCancelled) { broken.append("clause \(clause.clause) ended \(ends) times") }
        }
        for (place, entry) in answers.enumerated() {
            let before = answers[..<place]
            if before.contains(where: { $0.answer.isLast && $0.answer.clause == entry.answer.clause }) {
                broken.append("clause \(entry.answer.clause) after its end")
            }
            if before.contains(where: { $0.answer.clause > entry.answer.clause }) {
                broken.append("clauses out of order")
            }
            if cancelled.contains(where: { $0.generation == entry.answer.generation && place >= $0.answers }) {
                broken.append("reply \(entry.answer.generation) after its cancel")
            }
        }
        return broken
    }

    private var words: [String] {
        var broken: [String] = []
        for clause in asked {
            let heard = bench.heard(clause.clause)
            let whole = heard.split(separator: " ").filter { !$0.hasSuffix("~") }.map(String.init)
            let places = whole.map { clause.words.firstIndex(of: $0) ?? -1 }
            let isOnce = zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
            if !isOnce || places.contains(-1) { broken.append("clause \(clause.clause) is heard as \(heard)") }
            if !bench.toldWordsFit(clause.text, clause: clause.clause) {
                broken.append("words of \(clause.clause) told wrong")
            }
            let isCancelled = cancelled.contains { $0.generation == clause.generation }
            if saysAll, !isCancelled, !isShort(clause), whole != clause.words {
                broken.append("of clause \(clause.clause), \(clause.words), is heard \(heard)")
            }
        }
        if saysAll, hasFailed(from: 1) { broken.append("a clause failed though a voice is sound") }
        return broken
    }

    /// Its voice said that it was done before it was.
    private func isShort(_ clause: Asked) -> Bool {
        let length = bench.chunks(of: clause.clause).reduce(CallTime.zero) { $0 + $1.length }
        return length < .milliseconds(clause.text.count * 60 - 1)
    }

    /// No stretch without sound of a clause that is to be said is longer than two voices may take.
    private var silence: [String] {
        var broken: [String] = []
        var (dry, ready) = (CallTime.zero, CallTime.zero)
        var generation = UInt32(0)
        for entry in bench.record.answers {
            guard let clause = asked.first(where: { $0.clause == entry.answer.clause }) else { continue }
            if clause.generation != generation { (generation, dry, ready) = (clause.generation, .zero, .zero) }
            let silence = entry.at - max(dry, max(ready, clause.at))
            if silence > .milliseconds(2_401) {
                broken.append("\(silence.milliseconds) ms of silence in clause \(clause.clause)")
            }
            if case .chunk(_, _, let chunk) = entry.answer { dry = max(dry, entry.at) + chunk.length }
            if entry.answer.isLast { ready = entry.at }
        }
        return broken
    }
}

extension SpeechAnswer {
    fileprivate var clause: Int {
        switch self {
        case .chunk(_, let clause, _), .done(_, let clause), .failed(_, let clause, _): clause
        }
    }
    fileprivate var generation: UInt32 {
        switch self {
        case .chunk(let generation, _, _), .done(let generation, _), .failed(let generation, _, _): generation.number
        }
    }
    fileprivate var isLast: Bool { if case .chunk = self { false } else { true } }
}

@Suite("Voices under supervision, by chance")
struct VoiceSimulationTests {
    @Test(
        "2 000 calls over voices that break: one end a clause, in order, no word twice, none after a cancel, no long silence"
    )
    func manyCalls() {
        var faults = 0
        for seed in UInt64(1)...2_000 {
            let call = SpokenCall(seed: seed)
            let broken = call.broken
            #expect(broken == [], "seed \(seed)")
            faults += call.bench.health.reduce(0) { $0 + $1.figures.failures }
            call.bench.session.close()
            call.bench.loop.advance(10_000)
            if broken != [] { return }
        }
        // The voices did break.
        #expect(faults > 2_000)
    }
}
