import NIOEmbedded
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Recognisers under supervision")
struct SupervisedRecognizerTests {
    private let loop = EmbeddedEventLoop()
    private typealias Plan = WordRecognizer.Plan

    private func engine(
        _ name: String, hasPartials: Bool = true, _ change: @escaping @Sendable (inout Plan, Int) -> Void = { _, _ in }
    ) -> WordRecognizer {
        WordRecognizer(name, on: loop, hasPartials: hasPartials) { session in
            var plan = Plan()
            change(&plan, session)
            return plan
        }
    }

    @Test("A sound engine is heard as it is: its partials, one final a turn, no news")
    func sound() {
        let bench = HearingBench([engine("a")], on: loop)
        bench.say(1...3)
        bench.finish(1)
        loop.advance(100)
        bench.say(4...4)
        bench.finish(2)
        loop.advance(5_000)
        #expect(bench.finals == ["700 final 1: w1 w2 w3", "1000 final 2: w4"])
        #expect(bench.partials == ["1: w1 w2 w3"])
        #expect(bench.record.news == [])
        #expect(bench.health[0].figures.latency.counts[1] == 2)
    }

    // MARK: reliability.md 4.1, row by row

    @Test(
        "ASR connects slowly or not: the session opens all the same, and the second engine hears the first turn whole")
    func doesNotConnect() {
        let refused = EngineError(engine: "a", message: "no connection", isRetryable: true)
        let bench = HearingBench([engine("a") { plan, _ in plan.startError = refused }, engine("b")], on: loop)
        bench.say(1...2)
        bench.finish(1)
        loop.advance(100)
        #expect(bench.finals == ["500 final 1: w1 w2"])
        #expect(
            bench.record.news == [
                "0 failed a: no connection", "0 failed a: no connection", "0 switched a: b",
            ], "no connection was made again")
        #expect(bench.health[0].figures.reconnects == 0)
    }

    @Test("What trying again does not mend is not tried again")
    func badKey() {
        let refused = EngineError(engine: "a", message: "the key is not accepted")
        let bench = HearingBench([engine("a") { plan, _ in plan.startError = refused }, engine("b")], on: loop)
        #expect(bench.record.news == ["0 failed a: the key is not accepted", "0 switched a: b"])
    }

    @Test(
        "ASR does not connect and no other is there: the turn fails when it ends, at once, and the next one tries again"
    )
    func nobodyConnects() {
        let refused = EngineError(engine: "a", message: "no connection")
        let late = engine("a") { plan, session in if session < 2 { plan.startError = refused } }
        let bench = HearingBench([late], on: loop)
        bench.say(1...2)
        bench.finish(1)
        #expect(bench.finals == ["400 failed 1"])
        bench.say(3...4)
        bench.finish(2)
        loop.advance(100)
        #expect(bench.finals == ["400 failed 1", "900 final 2: w3 w4"])
    }

    @Test(
        "ASR stalls while the caller speaks: known after 2 s of speech, the ring is heard again, and again by the next engine"
    )
    func stallsWhileSpeaking() {
        let bench = HearingBench([engine("a") { plan, _ in plan.isMute = true }, engine("b")], on: loop)
        bench.say(1...24)
        bench.finish(1)
        loop.advance(100)
        let words = (1...24).map { "w\($0)" }.joined(separator: " ")
        #expect(bench.finals == ["4900 final 1: \(words)"])
        #expect(
            bench.record.news == [
                "1980 stalled a: no sign of life in 2000 ms of speech",
                "3980 stalled a: no sign of life in 2000 ms of speech", "3980 switched a: b",
            ])
    }

    @Test("ASR stalls at the turn's end: 2 s for the words, 2 s for a fresh session, and the next engine has them")
    func stallsAtTheEnd() {
        let deaf = engine("a", hasPartials: false) { plan, _ in plan.final = nil }
        let bench = HearingBench([deaf, engine("b")], on: loop)
        bench.say(1...2)
        bench.finish(1)
        loop.advance(2_000)
        #expect(bench.record.news == ["2400 stalled a: no words within 2000 ms of a turn's end"])
        loop.advance(2_100)
        #expect(bench.finals == ["4500 final 1: w1 w2"])
        // The call stays with it.
        bench.say(3...3)
        bench.finish(2)
        loop.advance(100)
        #expect(bench.finals.last == "4800 final 2: w3")
        #expect(deaf.opened == 2 && deaf.isOpen == 0)
    }

    @Test(
        "Every engine stalls: the turn fails 6 s after its end at the latest, and the next one begins with the first again"
    )
    func everyEngineStalls() {
        let engines = ["a", "b"].map { name in engine(name, hasPartials: false) { plan, _ in plan.final = nil } }
        let bench = HearingBench(engines, on: loop)
        bench.say(1...1)
        bench.finish(1)
        loop.advance(10_000)
        #expect(bench.finals == ["6200 failed 1"])
        bench.say(2...2)
        #expect(engines.map(\.opened) == [3, 1])
    }

    /// The call's ladder does not wait for all of them: it fills the silence, and then asks the caller to say it again.
    @Test("Three sessions are not waited for when none stands: nothing is told late, and the next turn is heard")
    func noneStandsInTime() {
        let settings = CallSettings(format: .telephone)
        #expect(settings.fillerAfter <= .seconds(3) && settings.sayAgainAfter <= .seconds(3))
        let wait = (settings.fillerAfter + settings.sayAgainAfter).milliseconds
        let engines = ["a", "b"].map { name in
            engine(name, hasPartials: false) { plan, _ in plan.isMute = name == "a" }
        }
        let bench = HearingBench(engines, on: loop)
        bench.say(1...2)
        bench.finish(1)
        loop.advance(wait - 1)
        bench.session.cancel(TurnID(1))
        bench.say(3...4)
        bench.finish(2)
        loop.advance(wait)
        #expect(engines.map(\.opened) == [2, 1])
        #expect(bench.finals == ["\(400 + wait - 1 + 400 + 2_100) final 2: w3 w4"])
    }

    @Test("ASR closes mid-word: it is replayed, and each word is there once", arguments: [1, 7, 15, 29, 30])
    func closesMidWord(frames: Int) {
        let broken = engine("a") { plan, session in if session == 0 { plan.failsAfter = frames } }
        let bench = HearingBench([broken, engine("b")], on: loop)
        bench.say(1...3)
        bench.finish(1)
        loop.advance(100)
        #expect(bench.finals == ["700 final 1: w1 w2 w3"])
        #expect(bench.record.news.map { $0.split(separator: " ")[1] } == ["failed", "reconnected"])
    }

    @Test("ASR closes with a turn owed and another one begun: both are heard again, in their order")
    func closesBetweenTurns() {
        let broken = engine("a", hasPartials: false) { plan, session in
            plan.final = .milliseconds(1_000)
            if session == 0 { plan.failsAfter = 25 }
        }
        let bench = HearingBench([broken], on: loop)
        bench.say(1...2)
        bench.finish(1)
        bench.say(3...4)
        bench.finish(2)
        loop.advance(1_000)
        #expect(bench.finals == ["1480 final 1: w1 w2", "1800 final 2: w3 w4"])
    }

    @Test("Finals that come twice or in the wrong order are told once, in the order of the turns")
    func finalsInOrder() {
        let careless = engine("a", hasPartials: false) { plan, _ in
            plan.doublesFinals = true
            plan.swapsFinals = true
        }
        let bench = HearingBench([careless], on: loop)
        bench.say(1...1)
        bench.finish(1)
        bench.say(2...2)
        bench.finish(2)
        loop.advance(100)
        #expect(bench.finals == ["500 final 1: w1", "500 final 2: w2"])
        #expect(bench.health[0].figures.garbage == 1)
    }

    @Test("Ten answers that fit nothing within 10 s break a session; nine do not", arguments: [(9, 1), (10, 2)])
    func garbage(strays: Int, sessions: Int) {
        let babbler = engine("a") { plan, session in if session == 0 { plan.strays = strays } }
        let bench = HearingBench([babbler], on: loop)
        bench.say(1...2)
        bench.finish(1)
        loop.advance(2_000)
        #expect(babbler.opened == sessions)
        #expect(bench.finals == ["\(sessions == 1 ? 500 : 600) final 1: w1 w2"])
        #expect(bench.health[0].figures.garbage == strays)
    }

    @Test("A given-up session is not heard any more, whatever it says")
    func givenUp() {
        let stubborn = engine("a", hasPartials: false) { plan, session in
            if session == 0 { (plan.final, plan.talksOn) = (.milliseconds(2_050), true) }
        }
        let bench = HearingBench([stubborn], on: loop)
        bench.say(1...1)
        bench.finish(1)
        loop.advance(5_000)
        #expect(bench.finals == ["2300 final 1: w1"])
    }

    @Test(
        "Five faults open the breaker: the next calls begin with the second engine, and after 10 s one of them is the probe"
    )
    func breaker() {
        let broken = engine("a", hasPartials: false) { plan, _ in plan.failsFinals = true }
        let sound = engine("b")
        let health = [EngineHealth(.recognizer, "a"), EngineHealth(.recognizer, "b")]
        func call() {
            let bench = HearingBench([broken, sound], on: loop, health: health)
            bench.say(1...1)
            bench.finish(1)
            loop.advance(800)
            #expect(bench.finals.count == 1 && bench.finals[0].hasSuffix("final 1: w1"))
            bench.session.close()
        }
        for _ in 0..<3 { call() }
        // Two faults a call: the third call's first one opened it, and had it pass on at once.
        #expect(broken.opened == 5)
        #expect(health[0].figures.failures == 5 && health[1].figures.failures == 0)
        for _ in 0..<8 { call() }
        #expect(broken.opened == 5)
        loop.advance(4_000)
        call()
        #expect(broken.opened == 6)
    }

    @Test("A breaker takes nobody's last chance: the one engine there is, is used")
    func lastChance() {
        let health = EngineHealth(.recognizer, "a")
        for _ in 0..<5 { health.failed(at: .zero, "no connection", isStall: false) }
        let bench = HearingBench([engine("a")], on: loop, health: [health])
        bench.say(1...1)
        bench.finish(1)
        loop.advance(100)
        #expect(bench.finals == ["300 final 1: w1"])
    }

    // MARK: The kept audio

    @Test("15 s are kept: of a longer turn a fresh session hears the end, and the record says what is missing")
    func gap() {
        let broken = engine("a") { plan, session in if session == 0 { plan.failsAfter = 900 } }
        let bench = HearingBench([broken], on: loop)
        bench.say(1...95)
        bench.finish(1)
        loop.advance(100)
        // 18 s in: 3 s had to go, in whole seconds.
        let words = (16...95).map { "w\($0)" }.joined(separator: " ")
        #expect(bench.finals == ["19100 final 1: \(words)"])
        #expect(bench.record.news.contains("17980 gap a: the first 3000 ms of a turn were not kept"))
    }

    @Test("What is settled is not kept: not a sample is left between turns")
    func frees() {
        var kept = KeptAudio(sampleRate: 8_000, kept: .seconds(15))
        kept.append([Int16](repeating: 1, count: 160).span)
        kept.append([Int16](repeating: 2, count: 160).span)
        kept.drop(before: 160)
        #expect(kept.start == 160 && kept.end == 320)
        kept.drop(before: 320)
        #expect(kept.start == 320 && kept.end == 320)

        let engines = [RecognizerSupervisor.Engine(health: EngineHealth(.recognizer, "a"), hasPartials: true)]
        var supervisor = RecognizerSupervisor(engines, sampleRate: 8_000)
        _ = supervisor.handle(.began, at: .zero)
        for turn in [TurnID(1), TurnID(2)] {
            _ = supervisor.feed([Int16](repeating: 1, count: 160).span, at: .zero)
            _ = supervisor.handle(.finish(turn), at: .zero)
        }
        _ = supervisor.handle(.answer(attempt: 1, .final(TurnID(1), "")), at: .zero)
        #expect(supervisor.audio.end - supervisor.audio.start == 160)
        _ = supervisor.handle(.cancel(TurnID(2)), at: .zero)
        #expect(supervisor.audio.end - supervisor.audio.start == 0)
        #expect(supervisor.turns.isEmpty && supervisor.nextDeadline == nil)
    }

    // MARK: The call's side

    @Test("A cancelled turn is not answered, its audio is not heard again, and an answer that comes late is not wrong")
    func cancelled() {
        let late = engine("a", hasPartials: false) { plan, session in
            plan.talksOn = true
            if session == 0 { plan.failsAfter = 25 }
        }
        let bench = HearingBench([late], on: loop)
        bench.say(1...1)
        bench.finish(1)
        bench.session.cancel(TurnID(1))
        bench.say(2...2)
        bench.session.cancel(TurnID(2))
        bench.say(3...3)
        bench.finish(3)
        loop.advance(1_000)
        #expect(bench.finals == ["700 final 3: w3"])
        #expect(bench.health[0].figures.garbage == 0)
    }

    @Test("A turn that paused before its session broke is paused again")
    func pausedAgain() {
        let engines = [RecognizerSupervisor.Engine(health: EngineHealth(.recognizer, "a"), hasPartials: true)]
        var supervisor = RecognizerSupervisor(engines, sampleRate: 8_000)
        _ = supervisor.handle(.began, at: .zero)
        _ = supervisor.feed([Int16](repeating: 1, count: 160).span, at: .zero)
        #expect(supervisor.handle(.pause(TurnID(1)), at: .zero) == [.pause(TurnID(1))])
        #expect(
            supervisor.handle(.answer(attempt: 1, .failed(TurnID(1))), at: .zero) == [
                .close, .news(EngineNews(.recognizer, "a", .failed, detail: "it gave a turn up")),
                .start(engine: 0, attempt: 2), .feed(0..<160), .pause(TurnID(1)),
            ])
    }

    @Test("A fault that the session told itself is not told twice, and its own words are the ones on record")
    func toldFault() {
        let health = EngineHealth(.recognizer, "a")
        var supervisor = RecognizerSupervisor(
            [RecognizerSupervisor.Engine(health: health, hasPartials: true)], sampleRate: 8_000)
        _ = supervisor.handle(.began, at: .zero)
        _ = supervisor.feed([Int16](repeating: 1, count: 160).span, at: .zero)
        let told = EngineNews(.recognizer, "a", .failed, detail: "closed by the peer: 1011")
        #expect(supervisor.handle(.news(attempt: 1, told), at: .zero) == [.news(told)])
        let effects = supervisor.handle(.answer(attempt: 1, .failed(TurnID(1))), at: .zero)
        #expect(!effects.contains { if case .news(let news) = $0 { news.kind == .failed } else { false } })
        #expect(health.figures.lastFault == "closed by the peer: 1011")
    }

    @Test("A fresh session is told of when it says something for the first time, once; where it breaks before, never")
    func reconnected() {
        let health = EngineHealth(.recognizer, "a")
        let engines = [health, EngineHealth(.recognizer, "b")]
        var supervisor = RecognizerSupervisor(
            engines.map { RecognizerSupervisor.Engine(health: $0, hasPartials: true) }, sampleRate: 8_000)
        _ = supervisor.handle(.began, at: .zero)
        _ = supervisor.feed([Int16](repeating: 1, count: 160).span, at: .zero)
        let told = RecognizerSupervisor.Effect.news(EngineNews(.recognizer, "a", .reconnected))
        #expect(!supervisor.handle(.answer(attempt: 1, .failed(TurnID(1))), at: .zero).contains(told))
        #expect(health.figures.reconnects == 0)
        let words = RecognizerAnswer.partial(TurnID(1), "book")
        #expect(supervisor.handle(.answer(attempt: 2, .partial(TurnID(1), "")), at: .zero) == [told])
        #expect(supervisor.handle(.answer(attempt: 2, words), at: .zero) == [.answer(words)])
        #expect(health.figures.reconnects == 1)
        // The second fault in a turn: the next engine, of which `switched` tells.
        _ = supervisor.handle(.answer(attempt: 2, .failed(TurnID(1))), at: .zero)
        #expect(supervisor.handle(.answer(attempt: 3, words), at: .zero) == [.answer(words)])
    }

    @Test("What its protocol does not have is counted for the engine, and no row of the call's")
    func garbageOfProtocol() {
        let health = EngineHealth(.recognizer, "a")
        var supervisor = RecognizerSupervisor(
            [RecognizerSupervisor.Engine(health: health, hasPartials: true)], sampleRate: 8_000)
        _ = supervisor.handle(.began, at: .zero)
        let garbage = EngineNews(.recognizer, "a", .garbage)
        for _ in 0..<3 { #expect(supervisor.handle(.news(attempt: 1, garbage), at: .zero) == []) }
        #expect(health.figures.garbage == 3 && health.figures.failures == 0)
    }

    @Test("After close nothing is said, no session is left open and no timer is left")
    func closes() {
        let silent = engine("a", hasPartials: false) { plan, _ in plan.final = nil }
        let bench = HearingBench([silent, engine("b")], on: loop)
        bench.say(1...1)
        bench.finish(1)
        bench.session.close()
        loop.advance(10_000)
        bench.session.finish(TurnID(2))
        #expect(bench.finals == [] && bench.record.news == [])
        #expect(silent.isOpen == 0 && silent.opened == 1)
    }
}
