#if LocalSpeech
import Dispatch
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleySpeechLocal

private func voice(_ name: String = "slt") throws -> FliteVoice { try #require(FliteVoice.all[name]) }

private func speak(_ text: String, _ voice: FliteVoice) throws -> (samples: [Int16], words: [WordEnd], chunks: [Int]) {
    var samples: [Int16] = []
    var words: [WordEnd] = []
    var chunks: [Int] = []
    try voice.speak(text) { chunk in
        #expect(chunk.sampleRate == 16_000)
        samples += chunk.samples
        words += chunk.words
        chunks.append(chunk.samples.count)
        return true
    }
    return (samples, words, chunks)
}

@Suite("flite's voices")
struct FliteTests {
    @Test("Every word of the source has one end, in the source's own place, numbers and contractions too")
    func wordEnds() throws {
        let text = "I'd like 2 tables at 7:30, please: “Zoë” pays £20."
        let spoken = try speak(text, voice())
        let bytes = Array(text.utf8)
        var before = 0
        let words = spoken.words.map { word in
            defer { before = word.textEnd }
            return String(decoding: bytes[before..<word.textEnd], as: UTF8.self)
        }
        #expect(words == ["I'd", " like", " 2", " tables", " at", " 7:30,", " please:", " “Zoë”", " pays", " £20."])
        let times = spoken.words.map(\.audioEnd)
        #expect(times == times.sorted() && Set(times).count == times.count)
        // The last word ends where the kept tail of 120 ms begins.
        let length = spoken.samples.count / 16
        let last = try #require(times.last)
        #expect(abs(length - 120 - last) <= 10)
    }

    @Test("Each word has its phones' ends, in order, up to its own")
    func phoneEnds() throws {
        let spoken = try speak("Wednesday, the appointment.", voice())
        var before = 0
        for word in spoken.words {
            #expect(word.phoneEnds == word.phoneEnds.sorted() && word.phoneEnds.last == word.audioEnd)
            #expect(word.phoneEnds.first ?? 0 > before)
            before = word.audioEnd
        }
        // W EH1 N Z D IY0; DH AX; AX P OY1 N T M AX N T.
        #expect(spoken.words.map(\.phoneEnds.count) == [6, 2, 9])
    }

    @Test("Word ends come with the first chunk, which is short; silence before the first word is cut")
    func firstChunk() throws {
        var chunks: [SpeechChunk] = []
        try voice().speak("Your appointment is on Tuesday at nine o'clock.") { chunk in
            chunks.append(chunk)
            return true
        }
        let first = try #require(chunks.first)
        #expect(first.words.count == 8)
        #expect(chunks.dropFirst().allSatisfy { $0.words.isEmpty })
        #expect(first.samples.count >= 960 && first.samples.count < 1_600)
        #expect(chunks.count < 12)
        let onset = try #require(chunks.flatMap(\.samples).firstIndex { abs(Int($0)) > 600 })
        #expect(onset < 16_000 / 10)
    }

    @Test("A listener who leaves stops the synthesis at the next chunk")
    func stop() throws {
        var chunks = 0
        var samples = 0
        try voice().speak("This is a long sentence, which nobody listens to beyond its first few words, I fear.") {
            chunk in
            chunks += 1
            samples += chunk.samples.count
            return chunks < 2
        }
        #expect(chunks == 2)
        #expect(samples < 16_000)
    }

    @Test("The diphone voice says the same samples every time, from any number of threads at once")
    func threads() throws {
        let kal = try voice("kal16")
        let text = "Four callers at once, and each hears a whole sentence."
        let alone = try speak(text, kal).samples
        let others = Mutex<[[Int16]]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            if let samples = try? speak(text, kal).samples { others.withLock { $0.append(samples) } }
        }
        #expect(alone.count > 16_000)
        #expect(others.withLock { $0.count { $0 == alone } } == 16)
    }

    @Test("Every voice speaks", arguments: ["slt", "rms", "awb", "kal16"])
    func voices(name: String) throws {
        let spoken = try speak("Good morning.", voice(name))
        let seconds = Double(spoken.samples.count) / 16_000
        #expect(seconds > 0.5 && seconds < 2)
        let energy = spoken.samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(spoken.samples.count)
        #expect(energy > 300 * 300)
        #expect(spoken.words.map(\.textEnd) == [4, 13])
    }

    @Test("Nothing to say is no sound and no fault")
    func empty() throws {
        #expect(try speak("", voice()).samples.isEmpty)
        #expect(try speak("—?! 🙂", voice()).samples.isEmpty)
    }

    @Test("Any text is spoken or passed over, never a crash; word ends stay inside text and sound")
    func anyText() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let pieces = [
            "hello", "Dr.", "7:30", "1234567890123456789012345", "$5.99", "£20", "3/4", "a", "I'll", "'", "\"", "(",
            ")", "...",
            "!!!", "-", "--", "XVII", "p.m.", "www.example.com", "a@b.c", "ÅÉÎ", "日本", "🙂", "\u{0}", "\u{1B}[0m", "\n",
            "\t", "%",
            "zzzzqqqqxxxx", "1,000,000", "0", "00", "-5", "1e9", "#", "{", "}", "\\", "St.", "No.", "1st", "22nd",
            "2026-11-21",
        ]
        let kal = try voice("kal16")
        for _ in 0..<150 {
            var text = ""
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
                if Bool.random(using: &random) { text += " " }
            }
            let spoken = try speak(text, kal)
            let ends = spoken.words
            #expect(ends.map(\.textEnd) == ends.map(\.textEnd).sorted(), "seed \(seed): \(text.debugDescription)")
            #expect(ends.map(\.audioEnd) == ends.map(\.audioEnd).sorted(), "seed \(seed): \(text.debugDescription)")
            #expect(
                ends.allSatisfy { $0.textEnd <= text.utf8.count && $0.audioEnd <= spoken.samples.count / 16 },
                "seed \(seed): \(text.debugDescription)")
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Speaks one chunk for each word, and stops when told.
private struct WordVoice: ClauseVoice {
    let name = "words"
    let spoken = Notes()
    var fault: EngineError?
    /// Called before each chunk.
    var before: @Sendable () -> Void = {}

    init(fault: EngineError? = nil, before: @escaping @Sendable () -> Void = {}) {
        self.fault = fault
        self.before = before
    }

    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError) {
        if let fault { throw fault }
        for word in text.split(separator: " ") {
            before()
            spoken.add(String(word))
            guard receive(SpeechChunk(samples: [1], sampleRate: 8_000)) else { return }
        }
    }
}

private func outline(_ answer: SpeechAnswer) -> String {
    switch answer {
    case .chunk(let generation, let clause, _): "chunk \(generation.number).\(clause)"
    case .done(let generation, let clause): "done \(generation.number).\(clause)"
    case .failed(let generation, let clause, _): "failed \(generation.number).\(clause)"
    }
}

@Suite("An embedded synthesiser session")
struct ClauseSessionTests {
    @Test("Clauses come in order: chunks, then done")
    func order() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let notes = Notes()
        let session = ClauseSession(voice: WordVoice(), memory: SpokenBefore(capacity: 1 << 20), threads: threads) {
            notes.add(outline($0))
        }
        session.speak("Hello there.", generation: Generation(1), clause: 0)
        session.speak("Yes.", generation: Generation(1), clause: 1)
        while threads.runNext() {}
        #expect(notes.all == ["chunk 1.0", "chunk 1.0", "done 1.0", "chunk 1.1", "done 1.1"])
        let load = threads.currentLoad
        #expect(load.work[.firstClause]?.count == 1 && load.work[.clause]?.count == 1)
    }

    @Test("A cancelled reply stops at its next chunk; what waited is never begun; the next reply is spoken")
    func cancel() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let notes = Notes()
        let session = Mutex<ClauseSession?>(nil)
        let voice = WordVoice(before: { if notes.all.count == 1 { session.withLock { $0 }?.cancel(Generation(1)) } })
        let started = ClauseSession(voice: voice, memory: SpokenBefore(capacity: 1 << 20), threads: threads) {
            notes.add(outline($0))
        }
        session.withLock { $0 = started }
        started.speak("one two three four", generation: Generation(1), clause: 0)
        started.speak("five", generation: Generation(1), clause: 1)
        while threads.runNext() {}
        #expect(voice.spoken.all == ["one", "two"])
        #expect(notes.all == ["chunk 1.0"])
        started.speak("late", generation: Generation(1), clause: 2)
        started.speak("six", generation: Generation(2), clause: 0)
        while threads.runNext() {}
        #expect(notes.all == ["chunk 1.0", "chunk 2.0", "done 2.0"])
    }

    @Test("A fault, a clause without end and a full queue are each told of, once")
    func faults() {
        let threads = EngineThreads(unstarted: 1, capacity: 1)
        let notes = Notes()
        let fault = EngineError(engine: "words", message: "no voice today")
        let session = ClauseSession(
            voice: WordVoice(fault: fault), memory: SpokenBefore(capacity: 1 << 20), threads: threads
        ) {
            notes.add(outline($0))
        }
        session.speak("Hello.", generation: Generation(1), clause: 0)
        session.speak("No room.", generation: Generation(1), clause: 1)
        while threads.runNext() {}
        session.speak(String(repeating: "long ", count: 1_000), generation: Generation(2), clause: 0)
        #expect(notes.all == ["failed 1.1", "failed 1.0", "failed 2.0"])
    }

    @Test("A call that is over hears nothing more")
    func close() {
        let threads = EngineThreads(unstarted: 1, capacity: 4)
        let notes = Notes()
        let session = ClauseSession(voice: WordVoice(), memory: SpokenBefore(capacity: 1 << 20), threads: threads) {
            notes.add(outline($0))
        }
        session.speak("Hello.", generation: Generation(1), clause: 0)
        session.close()
        session.speak("Hello.", generation: Generation(1), clause: 1)
        while threads.runNext() {}
        #expect(notes.all == [])
    }

    @Test("What was said in two calls is said again without an engine, at once, but never before what is still to come")
    func memory() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let (notes, voice, memory) = (Notes(), WordVoice(), SpokenBefore(capacity: 1 << 20))
        let calls = (0..<2).map { _ in
            ClauseSession(voice: voice, memory: memory, threads: threads, beside: { $0() }) { notes.add(outline($0)) }
        }
        for (number, call) in calls.enumerated() {
            call.speak("Good day.", generation: Generation(UInt32(number + 1)), clause: 0)
            #expect(notes.all == [])
            while threads.runNext() {}
            #expect(notes.take() == ["chunk \(number + 1).0", "chunk \(number + 1).0", "done \(number + 1).0"])
        }
        #expect(voice.spoken.take() == ["Good", "day.", "Good", "day."])
        calls[0].speak("Good day.", generation: Generation(3), clause: 0)
        #expect(notes.take() == ["chunk 3.0", "chunk 3.0", "done 3.0"])
        calls[0].speak("Anna!", generation: Generation(4), clause: 0)
        calls[0].speak("Good day.", generation: Generation(4), clause: 1)
        #expect(notes.all == [])
        while threads.runNext() {}
        #expect(notes.take() == ["chunk 4.0", "done 4.0", "chunk 4.1", "chunk 4.1", "done 4.1"])
        #expect(voice.spoken.all == ["Anna!"])
    }

    @Test("What was broken off is not remembered, and a reply that is unwanted is not said from memory")
    func broken() {
        let threads = EngineThreads(unstarted: 1, capacity: 16)
        let (notes, memory) = (Notes(), SpokenBefore(capacity: 1 << 20))
        let session = Mutex<ClauseSession?>(nil)
        let voice = WordVoice(before: { session.withLock { $0 }?.cancel(Generation(2)) })
        let started = ClauseSession(voice: voice, memory: memory, threads: threads, beside: { $0() }) {
            notes.add(outline($0))
        }
        session.withLock { $0 = started }
        for generation in 1...2 as ClosedRange<UInt32> {
            started.speak("Good day.", generation: Generation(generation), clause: 0)
            while threads.runNext() {}
        }
        #expect(memory.chunks(of: "Good day.") == nil)
        for call in 1...2 as ClosedRange<UInt64> {
            memory.add("Bye.", [SpeechChunk(samples: [1], sampleRate: 8_000)], by: call)
        }
        started.speak("Bye.", generation: Generation(2), clause: 1)
        while threads.runNext() {}
        #expect(notes.all == [])
        started.speak("Bye.", generation: Generation(3), clause: 0)
        #expect(notes.all == ["chunk 3.0", "done 3.0"])
    }

    @Test("What comes while a remembered clause is made sound of waits for it, and is then said by the engine")
    func beside() {
        let threads = EngineThreads(unstarted: 1, capacity: 16)
        let (notes, memory) = (Notes(), SpokenBefore(capacity: 1 << 20))
        let held = Mutex<[@Sendable () -> Void]>([])
        for call in 8...9 as ClosedRange<UInt64> {
            memory.add("Bye.", [SpeechChunk(samples: [1], sampleRate: 8_000)], by: call)
        }
        let session = ClauseSession(
            voice: WordVoice(), memory: memory, threads: threads, beside: { work in held.withLock { $0.append(work) } }
        ) { notes.add(outline($0)) }
        session.speak("Bye.", generation: Generation(1), clause: 0)
        session.speak("Anna!", generation: Generation(1), clause: 1)
        while threads.runNext() {}
        #expect(notes.all == [])
        for work in held.withLock({ $0 }) { work() }
        #expect(notes.take() == ["chunk 1.0", "done 1.0"])
        while threads.runNext() {}
        #expect(notes.take() == ["chunk 1.1", "done 1.1"])
        // Unwanted by the time that it is made.
        session.speak("Bye.", generation: Generation(2), clause: 0)
        session.cancel(Generation(2))
        for work in held.withLock({ $0 }).dropFirst() { work() }
        #expect(notes.all == [])
    }

    @Test("What one call hears twice is not kept: it may be its caller's own")
    func oneCall() {
        let memory = SpokenBefore(capacity: 1 << 20)
        let call = memory.makeID()
        for _ in 0..<3 { memory.add("Thank you, Anna.", [SpeechChunk(samples: [1], sampleRate: 8_000)], by: call) }
        #expect(memory.chunks(of: "Thank you, Anna.") == nil)
        memory.add("Thank you, Anna.", [SpeechChunk(samples: [1], sampleRate: 8_000)], by: memory.makeID())
        #expect(memory.chunks(of: "Thank you, Anna.") != nil)
    }

    @Test("Memory is bounded: what was not used for longest is forgotten, what does not fit never kept")
    func bounded() {
        let memory = SpokenBefore(capacity: 3_000)
        func say(_ text: String, samples: Int = 400) {
            for call in 1...2 as ClosedRange<UInt64> {
                memory.add(
                    text, [SpeechChunk(samples: [Int16](repeating: 1, count: samples), sampleRate: 8_000)], by: call)
            }
        }
        for text in ["one", "two", "three"] { say(text) }
        #expect(memory.chunks(of: "one") != nil)
        say("four")
        #expect(memory.chunks(of: "two") == nil)
        #expect(memory.chunks(of: "one")?.first?.samples.count == 400)
        say("long", samples: 2_000)
        #expect(memory.chunks(of: "long") == nil && memory.chunks(of: "four") != nil)
    }

    @Test("The second voice takes over what the first cannot begin, and nothing that it has begun")
    func fallback() throws {
        let fault = EngineError(engine: "words", message: "no voice today")
        let second = WordVoice()
        try FallbackVoice(first: WordVoice(fault: fault), second: second).speak("one two") { _ in true }
        #expect(second.spoken.all == ["one", "two"])
    }
}

@Suite("flite's phones as Piper's phonemes")
struct PiperPhonemesTests {
    private func phonemes(_ text: String) throws -> [String] {
        let kal = try #require(FliteVoice.all["kal16"])
        return PiperPhonemes.phrases(of: try kal.plan(text), text: text).map { phrase in
            String(String.UnicodeScalarView(phrase.scalars.compactMap { UnicodeScalar(UInt32($0)) }))
        }
    }

    @Test("Stress stands before the vowel, function words have none, the end of the sentence shows")
    func sentence() throws {
        #expect(try phonemes("The table is for two.") == ["ðə tˈeɪbəl ɪz fɔːɹ tˈuː."])
        #expect(try phonemes("Shall I send it?") == ["ʃæl aɪ sˈɛnd ɪt?"])
    }

    @Test("A pause cuts a long clause in two, and every word is in one of them, once")
    func phrases() throws {
        let kal = try #require(FliteVoice.all["kal16"])
        let text = "Your table for two is booked, and I will send you a message, thank you."
        let phrases = PiperPhonemes.phrases(of: try kal.plan(text), text: text)
        #expect(phrases.count >= 2)
        #expect(phrases.flatMap(\.words).count == 15)
        for phrase in phrases {
            #expect(phrase.words.allSatisfy { $0.end > phrase.start && $0.end <= phrase.end + 0.001 })
        }
    }

    @Test("Nothing to say is no phrase")
    func empty() throws {
        #expect(try phonemes("...") == [])
    }
}

@Suite("Sentences for files")
struct SayTests {
    @Test("A text is cut after each sentence, not inside a number")
    func sentences() {
        #expect(LocalSpeech.sentences("Hi. It is 7.30! Really?  Yes") == ["Hi.", "It is 7.30!", "Really?", "Yes"])
        #expect(LocalSpeech.sentences("  ") == [])
    }

    @Test("A file's speech has all of its sentences")
    func say() throws {
        let one = try LocalSpeech.say(text: "Good morning.", voice: .kal16)
        let two = try LocalSpeech.say(text: "Good morning. Good morning.", voice: .kal16)
        #expect(one.sampleRate == 16_000)
        #expect(two.samples == one.samples + one.samples)
    }

    @Test("A voice that is not installed is refused in a line that says the mend")
    func missing() {
        let error = #expect(throws: EngineError.self) {
            try LocalSpeech.say(text: "Hello.", voice: .joe, directory: "/nowhere/engines")
        }
        #expect(error?.message == "there is no directory /nowhere/engines; run scripts/engines.sh /nowhere/engines")
    }
}
#endif
