import NIOEmbedded
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Voices under supervision")
struct SupervisedVoiceTests {
    private let loop = EmbeddedEventLoop()
    private typealias Plan = WordVoice.Plan
    /// 30 characters, 1 800 ms at 60 ms each.
    private let text = "w1 w2, w3 w4; w5 w6 w7 w8 w90."

    private func voice(
        _ name: String, _ change: @escaping @Sendable (inout Plan, Int) -> Void = { _, _ in }
    ) -> WordVoice {
        WordVoice(name, on: loop) { clause in
            var plan = Plan()
            change(&plan, clause)
            return plan
        }
    }

    @Test("A sound voice is heard as it is: its sound at once, its words where they were, no news")
    func sound() {
        let bench = SpeakingBench([voice("a"), voice("b")], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7 w8 w90")
        #expect(bench.heard(2) == "w10 w11")
        #expect(bench.ends == ["950 done 1", "1250 done 2"])
        #expect(bench.times()[0] == 50)
        #expect(bench.chunks(of: 1).flatMap(\.words).count == 9 && bench.toldWordsFit(text))
        #expect(bench.record.news == [])
        #expect(bench.health.map(\.figures.calls) == [1, 0])
        #expect(bench.health[0].figures.latency.counts[0] == 2)
    }

    // MARK: reliability.md 4.1, row by row

    @Test("TTS stall before audio: known after 1.2 s, and the second voice says all of it, also what was to follow")
    func stallsBeforeAudio() {
        let silent = voice("a") { plan, _ in plan.first = nil }
        let bench = SpeakingBench([silent, voice("b")], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7 w8 w90" && bench.heard(2) == "w10 w11")
        #expect(bench.times()[0] == 1_250)
        #expect(bench.record.news == ["1200 stalled a: no sound for 1200 ms", "1200 switched a: b"])
        #expect(silent.isOpen == 0)
    }

    @Test(
        "TTS stall mid-sentence: known 800 ms after the last sound, and the second voice goes on at the word that was cut"
    )
    func stallsMidSentence() {
        let stalling = voice("a") { plan, _ in plan.stallsAfter = 700 }
        let bench = SpeakingBench([stalling, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4~ w4 w5 w6 w7 w8 w90")
        #expect(bench.toldWordsFit(text))
        #expect(bench.record.news == ["1150 stalled a: no sound for 800 ms", "1150 switched a: b"])
        #expect(bench.times()[7] == 1_200)
    }

    @Test("A voice ahead of its playing may take its time: another is asked when the caller is about to hear silence")
    func aheadOfPlaying() {
        let bursty = voice("a") { plan, _ in (plan.chunk, plan.every) = (1_200, 950) }
        let bench = SpeakingBench([bursty, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.times() == [50, 1_000] && bench.record.news == [])
    }

    @Test("Of a voice that stalls ahead of its playing 200 ms are left to play when another is asked")
    func stallsAhead() {
        let stalling = voice("a") { plan, _ in (plan.chunk, plan.stallsAfter) = (1_300, 1_300) }
        let bench = SpeakingBench([stalling, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.record.news[0] == "1150 stalled a: no sound for 1100 ms")
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7~ w7 w8 w90")
    }

    @Test("Words told ahead of their sound are told with it: the sound of the rest is another voice's")
    func wordsAhead() {
        let stalling = voice("a") { plan, _ in (plan.stallsAfter, plan.tellsAhead) = (700, true) }
        let bench = SpeakingBench([stalling, voice("b") { plan, _ in plan.rate = 24_000 }], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4~ w4 w5 w6 w7 w8 w90")
        let told = bench.chunks(of: 1).flatMap(\.words)
        #expect(told.map(\.textEnd) == [2, 6, 9, 13, 16, 19, 22, 25, 30])
        #expect(bench.toldWordsFit(text))
    }

    @Test("Without word ends what was said is reckoned by its length, and nothing is said twice")
    func withoutWords() {
        // 12 characters' time, at the usual 45 ms: up to w3.
        let stalling = voice("a") { plan, _ in
            (plan.pace, plan.chunk, plan.stallsAfter, plan.tellsWords) = (45, 90, 540, false)
        }
        let bench = SpeakingBench([stalling, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4~ w4 w5 w6 w7 w8 w90")
    }

    @Test("What a voice has shown to be its pace is what is reckoned with")
    func pace() {
        let stalling = voice("a") { plan, clause in
            (plan.chunk, plan.tellsWords) = (120, false)
            if clause == 1 { plan.stallsAfter = 720 }
        }
        let bench = SpeakingBench([stalling, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(2_000)
        bench.speak(text, clause: 2)
        loop.advance(5_000)
        // 12 characters again; at 45 ms it would have been 16, and w4 lost.
        #expect(bench.heard(2) == "w1 w2 w3 w4~ w4 w5 w6 w7 w8 w90")
    }

    @Test("A voice that says it cannot go on is followed by the next at once")
    func fails() {
        let failing = voice("a") { plan, _ in plan.failsAfter = 300 }
        let bench = SpeakingBench([failing, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.record.news == ["200 failed a: as scripted", "200 switched a: b"])
        #expect(bench.times()[3] == 250)
        #expect(bench.heard() == "w1 w2~ w2 w3 w4 w5 w6 w7 w8 w90")
    }

    @Test("When the second clause fails, the first is said to its end by its voice, and the second by the next one")
    func secondClauseFails() {
        let failing = voice("a") { plan, clause in if clause == 1 { (plan.failsAfter, plan.isEager) = (0, true) } }
        let next = voice("b")
        let bench = SpeakingBench([failing, next], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7 w8 w90" && bench.heard(2) == "w10 w11")
        #expect(bench.ends == ["950 done 1", "950 done 2"])
        #expect(next.clauses == 1)
    }

    @Test("The first clause's voice breaks when the second has gone to the next: that one says both, in order")
    func bothMove() {
        let failing = voice("a") { plan, clause in
            if clause == 0 { plan.stallsAfter = 700 } else { (plan.failsAfter, plan.isEager) = (0, true) }
        }
        let bench = SpeakingBench([failing, voice("b")], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4~ w4 w5 w6 w7 w8 w90" && bench.heard(2) == "w10 w11")
        #expect(bench.ends.map { $0.split(separator: " ")[2] } == ["1", "2"])
    }

    @Test("All voices fall silent: every clause under way fails, 2.4 s after it was asked for")
    func everyVoiceStalls() {
        let bench = SpeakingBench(["a", "b"].map { voice($0) { plan, _ in plan.first = nil } }, on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.ends == ["2400 failed 1", "2400 failed 2"])
        // No voice comes back within a reply; the next one begins with the first.
        bench.speak("w12.", clause: 3)
        #expect(bench.ends.last == "5000 failed 3")
        bench.speak("w13.", 2, clause: 4)
        #expect(bench.health.map(\.figures.calls) == [2, 1])
    }

    @Test("A voice that cannot be opened is passed over, and the reply is said by the next")
    func cannotOpen() {
        let shut = voice("a") { plan, _ in plan.startError = EngineError(engine: "a", message: "no key") }
        let bench = SpeakingBench([shut, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.times()[0] == 50)
        #expect(bench.record.news == ["0 failed a: no key", "0 failed a: no key", "0 switched a: b"])
    }

    @Test(
        "TTS short: it is on record; what is about as long as its text is not",
        arguments: [(200, true), (1_300, false)])
    func short(end: Int, isTold: Bool) {
        let hasty = voice("a") { plan, _ in plan.endsAfter = end }
        let bench = SpeakingBench([hasty, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        let news = isTold ? ["\(50 + end / 2) length a: \(end) ms of sound for 30 characters"] : []
        #expect(bench.record.news == news)
        #expect(bench.ends == ["\(50 + end / 2) done 1"])
    }

    @Test("Words that were told ahead, and are not said when the voice says that it is done, are not told")
    func shortOfWords() {
        let hasty = voice("a") { plan, _ in (plan.endsAfter, plan.tellsAhead) = (700, true) }
        let bench = SpeakingBench([hasty, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        let told = bench.chunks(of: 1).flatMap(\.words)
        #expect(bench.heard() == "w1 w2 w3 w4~" && told.map(\.textEnd) == [2, 6, 9])
    }

    @Test("A clause that is done without a sound is said by the next voice; by the last one it is just done")
    func mute() {
        let mute = voice("a") { plan, _ in plan.endsAfter = 0 }
        let bench = SpeakingBench([mute, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7 w8 w90")

        let alone = SpeakingBench([mute], on: loop)
        alone.speak(text)
        loop.advance(5_000)
        #expect(alone.ends == ["5050 done 1"])
    }

    @Test(
        "A voice that never says it is done is not waited for: the clause ends 1.2 s after its last sound, once it is played"
    )
    func neverEnds() {
        let endless = voice("a") { plan, clause in plan.neverEnds = clause == 0 }
        let bench = SpeakingBench([endless], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        // Its last sound came at 900 ms, and is played by 1 850.
        #expect(bench.ends == ["2100 done 1", "2400 done 2"])
        #expect(bench.heard(2) == "w10 w11" && endless.opened == 2)
    }

    @Test(
        "TTS late: of a cancelled reply nothing comes, whatever the voice says; the same reply may go on with other words"
    )
    func cancelled() {
        let stubborn = voice("a") { plan, _ in (plan.talksOn, plan.isEager) = (true, true) }
        let bench = SpeakingBench([stubborn], on: loop)
        bench.speak(text)
        loop.advance(300)
        bench.session.cancel(Generation(1))
        let before = bench.record.answers.count
        loop.advance(100)
        #expect(bench.record.answers.count == before)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.ends == ["700 done 2"] && bench.heard(2) == "w10 w11")
        #expect(bench.health[0].figures.garbage == 0)
    }

    @Test("TTS garbage: a rate that no phone can play is a failure, an end told twice is counted")
    func garbage() {
        let wrong = voice("a") { plan, _ in plan.rate = 1_000 }
        let bench = SpeakingBench([wrong, voice("b") { plan, _ in plan.endsTwice = true }], on: loop)
        bench.speak(text)
        loop.advance(5_000)
        #expect(bench.record.news[0] == "50 failed a: speech at 1000 samples a second")
        #expect(bench.heard() == "w1 w2 w3 w4 w5 w6 w7 w8 w90")
        #expect(bench.health[1].figures.garbage == 1)
    }

    @Test("Sound of the second clause that comes before the first is done waits for it")
    func eager() {
        let eager = voice("a") { plan, clause in plan.isEager = clause == 1 }
        let bench = SpeakingBench([eager], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.ends == ["950 done 1", "950 done 2"])
        #expect(bench.times(of: 2).allSatisfy { $0 == 950 })
    }

    @Test("A clause without end is cut off after two minutes of sound, and the next one is said")
    func endless() {
        let babbler = voice("a") { plan, clause in
            if clause == 0 { (plan.pace, plan.chunk, plan.every) = (9_000, 10_000, 10) }
        }
        let bench = SpeakingBench([babbler, voice("b")], on: loop)
        bench.speak(text)
        bench.speak("w10 w11.", clause: 2)
        loop.advance(5_000)
        #expect(bench.chunks(of: 1).reduce(0) { $0 + $1.samples.count } == 130 * 8_000)
        #expect(bench.heard(2) == "w10 w11")
    }

    @Test("After a switch the reply stays with the voice; the next reply is the first one's again")
    func staysWithinReply() {
        let failing = voice("a") { plan, clause in if clause == 0 { plan.failsAfter = 0 } }
        let next = voice("b")
        let bench = SpeakingBench([failing, next], on: loop)
        bench.speak("w1 w2.")
        loop.advance(1_000)
        bench.speak("w3 w4.", clause: 2)
        loop.advance(1_000)
        bench.speak("w5 w6.", 2, clause: 3)
        loop.advance(1_000)
        #expect(failing.clauses == 2 && next.clauses == 2)
        #expect([1, 2, 3].map { bench.heard($0) } == ["w1 w2", "w3 w4", "w5 w6"])
    }

    @Test("A voice whose breaker is open is passed over at once, and tried again when its rest is over")
    func breaker() {
        let first = voice("a")
        let bench = SpeakingBench([first, voice("b")], on: loop)
        for _ in 0..<5 { bench.health[0].failed(at: .zero, "no connection", isStall: false) }
        bench.speak("w1 w2.")
        loop.advance(1_000)
        #expect(first.clauses == 0 && bench.heard() == "w1 w2" && bench.times()[0] == 50)
        loop.advance(9_000)
        bench.speak("w3 w4.", 2, clause: 2)
        loop.advance(1_000)
        #expect(first.clauses == 1 && bench.health[0].breaker == .closed)
    }

    @Test("Words that a voice places outside of its clause are let fall")
    func wrongWords() {
        var clause = SpokenClause("w1 é2", generation: Generation(1), number: 1)
        clause.give(to: 0, session: 1, run: Generation(1), from: 0, at: .zero)
        let words = [
            WordEnd(textEnd: .max, audioEnd: 10), WordEnd(textEnd: -1, audioEnd: 10),
            WordEnd(textEnd: 2, audioEnd: .max),
            WordEnd(textEnd: 2, audioEnd: 10, phoneEnds: [.min]), WordEnd(textEnd: 4, audioEnd: 10),
        ]
        let chunk = SpeechChunk(samples: [Int16](repeating: 0, count: 800), sampleRate: 8_000, words: words)
        #expect(clause.handOut(chunk, at: .zero).words == [WordEnd(textEnd: 4, audioEnd: 10)])
        // In the middle of a letter: from that letter on.
        #expect(clause.rest(pace: .milliseconds(45)) == 3)
    }

    @Test("After close nothing is said, and no session is left open")
    func closes() {
        let first = voice("a") { plan, _ in plan.talksOn = true }
        let bench = SpeakingBench([first, voice("b")], on: loop)
        bench.speak(text)
        loop.advance(100)
        let before = bench.record.answers.count
        bench.session.close()
        loop.advance(5_000)
        bench.speak("w1.")
        #expect(bench.record.answers.count == before && first.isOpen == 0)
    }
}
