import FakeEngines
import NIOCore
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Voices over sockets, against fakes that check them", .timeLimit(.minutes(2)))
struct VoicesOverSocketsTests {
    @Test("Clauses are heard whole and in order, and the server has nothing to object to", arguments: FakeVoice.all)
    func plain(voice: FakeVoice) async throws {
        let texts = ["Sure.", "Which day suits you?", "Tuesday or Friday, in the morning?"]
        try await voice.run { trial, book in
            trial.speak(texts)
            try await trial.ends(3)
            #expect(trial.ended == ["1/0 done", "1/1 done", "1/2 done"])
            #expect(trial.isInOrder)
            for (clause, text) in texts.enumerated() {
                let number = try #require(book.clauses.all.first { $0.text.hasPrefix(text) }).number
                let tone = trial.tone(of: clause)
                #expect(tone.pitch == FakeSound.pitch(clause: number))
                #expect(abs(tone.milliseconds - FakeSound.milliseconds(text)) <= 1)
            }
            #expect(book.violations.all == [])
        }
    }

    @Test("A voice that speaks mu-law is passed on as it came", arguments: FakeVoice.sockets)
    func mulaw(voice: FakeVoice) async throws {
        try await voice.run { trial, _ in
            trial.speak(["Sure."])
            try await trial.ends(1)
            #expect(trial.chunks(of: 0).allSatisfy { $0.mulaw != nil })
        }
    }

    @Test("Word ends are where the voice said, in the clause's own text", arguments: [FakeVoice.elevenLabs, .cartesia])
    func words(voice: FakeVoice) async throws {
        try await voice.run { trial, _ in
            trial.speak(["Café, which day?"])
            try await trial.ends(1)
            // 60 ms for each character.
            #expect(trial.words(of: 0) == ["6@300", "12@660", "17@960"])
        }
    }

    @Test(
        "Of a reply that is cut off nothing more is heard, and the next reply is", arguments: FakeVoice.all)
    func cancel(voice: FakeVoice) async throws {
        var script = FakeVoiceScript(isPaced: true).with(.soundAfterCancel(3), .clause(0))
        script = script.with(.soundAfterCancel(3), .clause(1))
        try await voice.run(script) { trial, book in
            trial.speak(["Nobody wants to hear all of this.", "Nor this."])
            try await trial.sound(of: 0)
            trial.session.cancel(Generation(1))
            // The session's loop has taken the order before anything that comes after it.
            trial.speak(["New."], generation: 2, from: 2)
            try await trial.ends(1)
            #expect(trial.ended == ["2/2 done"])
            let cut = try #require(trial.told.all.firstIndex { $0.place.generation == 2 })
            #expect(trial.told.all[cut...].allSatisfy { $0.place.generation == 2 })
            let number = try #require(book.clauses.all.first { $0.text.hasPrefix("New.") }).number
            #expect(trial.tone(of: 2).pitch == FakeSound.pitch(clause: number))
            #expect(abs(trial.tone(of: 2).milliseconds - 240) <= 1)
        }
    }

    @Test("Samples that are cut in two are put together", arguments: [FakeVoice.openAI, .openAIWAV, .wyoming])
    func split(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.splitsSamples)) { trial, book in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.ended == ["1/0 done"])
            #expect(trial.tone(of: 0).pitch == FakeSound.pitch(clause: 0))
            #expect(abs(trial.tone(of: 0).milliseconds - 1_200) <= 1)
        }
    }

    @Test("A wrong key is refused for good, and is in no error", arguments: FakeVoice.sockets + [.openAI])
    func wrongKey(voice: FakeVoice) async throws {
        try await voice.run(key: "sk-canary-0123456789") { trial, _ in
            trial.speak(["Sure."])
            try await trial.ends(1)
            let end = try #require(trial.ended.first)
            #expect(end.hasPrefix("1/0 failed: voice: "))
            #expect(end.hasSuffix("(for good)"))
            #expect(!end.contains("canary"))
        }
    }

    @Test(
        "Too many requests, and a server's own fault, may pass", arguments: FakeVoice.sockets + [.openAI], [429, 500])
    func refused(voice: FakeVoice, status: Int) async throws {
        try await voice.run(FakeVoiceScript().with(.refuse(status, retryAfter: 1))) { trial, _ in
            trial.speak(["Sure."])
            try await trial.ends(1)
            let end = try #require(trial.ended.first)
            #expect(end.hasPrefix("1/0 failed: voice: "))
            #expect(end.contains("\(status)"))
            #expect(!end.hasSuffix("(for good)"))
        }
    }

    @Test("A connection that is cut in a clause fails it, and the next clause is spoken", arguments: FakeVoice.all)
    func cut(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.closes(1011, after: 2), .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: ") == true)
            trial.speak(["Again."], from: 1)
            try await trial.ends(2)
            #expect(trial.ended.last == "1/1 done")
        }
    }

    @Test("A clause whose connection is lost before any sound is spoken over another", arguments: FakeVoice.all)
    func lost(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.closes(1011, after: 0), .clause(0))) { trial, book in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            // Over HTTP the head of the answer had come: that was no lost connection.
            let isHTTP = voice.adapter.engine == "openai"
            #expect((trial.ended == ["1/0 done"]) == !isHTTP)
            #expect(book.clauses.count == (isHTTP ? 1 : 2))
        }
    }

    @Test(
        "A connection that is reset in a clause ends it once, and the next clause is spoken", arguments: FakeVoice.all)
    func reset(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.drops(after: 2), .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?", "Again."])
            try await trial.ends(2)
            // A reset may overtake the sound that was sent before it: then nothing was heard, and it was said again.
            #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: ") == true || trial.ended.first == "1/0 done")
            #expect(trial.isInOrder)
            trial.speak(["Once more."], from: 2)
            try await trial.ends(3)
            #expect(trial.ended.last == "1/2 done")
        }
    }

    @Test("The protocol's own word for a fault fails the clause", arguments: FakeVoice.all)
    func fails(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.fails(after: 1), .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?", "Again."])
            try await trial.ends(2)
            #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: ") == true)
            #expect(trial.isInOrder)
        }
    }

    @Test(
        "Garbage between two messages does no harm", arguments: [FakeVoice.elevenLabs, .cartesia],
        FakeVoiceGarbage.allCases
    )
    func garbage(voice: FakeVoice, kind: FakeVoiceGarbage) async throws {
        try await voice.run(FakeVoiceScript().with(.garbage(kind, after: 1))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.ended == ["1/0 done"])
            #expect(abs(trial.tone(of: 0).milliseconds - 1_200) <= 1)
        }
    }

    /// One after the other: where each clause has its own connection, the second may be the first that the server hears of.
    @Test("A message beyond 1 MiB ends the connection, and not the call", arguments: FakeVoice.sockets)
    func huge(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.huge(after: 1), .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: ") == true)
            trial.speak(["Again."], from: 1)
            try await trial.ends(2)
            #expect(trial.ended.last == "1/1 done")
        }
    }

    @Test("A clause without an end is cut at 120 s", arguments: FakeVoice.all)
    func endless(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript(pieceMilliseconds: 100).with(.endless, .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.ended == ["1/0 failed: voice: more than 120 s of sound for one clause"])
            #expect(trial.tone(of: 0).milliseconds <= 120_000)
            trial.speak(["Again."], from: 1)
            try await trial.ends(2)
            #expect(trial.ended.last == "1/1 done")
        }
    }

    @Test("An end that is told twice ends one clause", arguments: FakeVoice.all)
    func endsTwice(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.endsTwice, .clause(0))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            trial.speak(["Again."], from: 1)
            try await trial.ends(2)
            #expect(trial.ended == ["1/0 done", "1/1 done"])
        }
    }

    /// Parley has a filter for most rates, 7 000 too; 7 001 has no divisor in common with a leg's.
    @Test(
        "A server that tells another rate is believed where it tells it", arguments: [FakeVoice.openAIWAV, .wyoming])
    func otherRate(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.wrongRate(48_000))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(trial.chunks(of: 0).first?.sampleRate == 48_000)
            #expect(trial.tone(of: 0).pitch == FakeSound.pitch(clause: 0))
        }
        try await voice.run(FakeVoiceScript().with(.wrongRate(7_001))) { trial, _ in
            trial.speak(["Which day suits you?"])
            try await trial.ends(1)
            #expect(
                trial.ended == [
                    "1/0 failed: voice: it sends 7001 samples a second, which Parley does not take (for good)"
                ])
        }
    }

    @Test("Where nothing listens, a clause fails in time")
    func nobody() async throws {
        let trial = try VoiceTrial(WyomingVoice.self, ["url": "tcp://127.0.0.1:1"])
        trial.speak(["Sure."])
        try await trial.ends(1)
        #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: cannot connect to 127.0.0.1 port 1") == true)
        trial.session.close()
    }

    @Test("A server that never answers the upgrade fails a clause within 2 s", arguments: FakeVoice.sockets)
    func neverAnswers(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript().with(.neverAnswers)) { trial, _ in
            let began = ContinuousClock.now
            trial.speak(["Sure."])
            try await trial.ends(1)
            #expect(trial.ended.first?.hasPrefix("1/0 failed: voice: ") == true)
            #expect(ContinuousClock.now - began < .seconds(4))
        }
    }

    @Test("After the call is over nothing is told", arguments: FakeVoice.all)
    func closed(voice: FakeVoice) async throws {
        try await voice.run(FakeVoiceScript(isPaced: true)) { trial, book in
            trial.speak(["Which day suits you?", "Again."])
            try await trial.sound(of: 0)
            trial.session.close()
            trial.speak(["Too late."], from: 2)
            // The server sees the end of what it was saying.
            _ = try await book.endings.at(0)
            let count = trial.told.count
            #expect(trial.ended == [])
            #expect(trial.told.all.allSatisfy { $0.place.clause == 0 })
            _ = try? await book.endings.at(1, within: .milliseconds(200))
            #expect(trial.told.count == count)
        }
    }
}
