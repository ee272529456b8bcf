import Testing

@testable import ParleyCore

@Suite("The playout book")
struct PlayoutBookTests {
    private let lead = CallTime.milliseconds(200)

    private func audio(frames: Int, words: [WordEnd] = []) -> SpeechAudio {
        SpeechAudio(payload: (0..<frames * 160).map { UInt8($0 / 160 & 0x7F) }, frameBytes: 160, words: words)
    }

    private func marks(_ sink: Sink) -> [Mark] {
        sink.steps.compactMap { if case .effect(.mark(let mark)) = $0 { mark } else { nil } }
    }

    @Test("What a mark proves is heard, cut at the last word that had ended by then")
    func heardText() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(7))
        let words = [
            WordEnd(textEnd: 3, audioEnd: 150), WordEnd(textEnd: 7, audioEnd: 390), WordEnd(textEnd: 13, audioEnd: 600),
        ]
        book.append(audio(frames: 30, words: words), clause: 1, text: "One two three", isReply: true)
        book.complete(clause: 1)
        book.complete()
        book.send(lead: lead, at: .zero, into: &sink)
        #expect(marks(sink) == [Mark(generation: Generation(7), index: 1)])
        #expect([book.split().heard, book.split().unheard] == ["", "One two three"])
        let proof1 = book.reached(Mark(generation: Generation(7), index: 1), at: .zero)
        #expect(proof1)
        // 200 ms: the first word has ended, the second has not.
        #expect([book.split().heard, book.split().unheard] == ["One", "two three"])
        for time in 1...30 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        #expect(marks(sink).map(\.index) == [1, 2, 3])
        let proof2 = book.reached(Mark(generation: Generation(7), index: 3), at: .zero)
        #expect(proof2)
        #expect([book.split().heard, book.split().unheard] == ["One two three", ""])
        #expect(book.isDrained)
    }

    @Test(
        "Audio leaves one frame with each of the caller's, though these come up to 9 ms early or late; with none, by the alarm",
        arguments: [0, 3, 7])
    func pace(phase: Int) {
        var book = PlayoutBook()
        var sink = Sink()
        func sent() -> Int { sink.steps.count { if case .frame = $0 { true } else { false } } }
        book.begin(Generation(1))
        book.append(audio(frames: 60), clause: 1, text: "Words", isReply: true)
        book.send(lead: lead, at: .zero, into: &sink)
        #expect(sent() == 10)
        for frame in 1...30 {
            let jitter = (frame * 7 + phase) % 19 - 9
            let now = CallTime.milliseconds(frame * 20 + jitter)
            #expect((book.nextSend(lead: lead) ?? .zero) > now, "the alarm is not needed")
            book.send(lead: lead, at: now, into: &sink)
            #expect(sent() == 10 + frame)
        }
        // The caller's frames stay away. An eighth of the lead late, the alarm goes on in their place: the one that is late, and
        // the next.
        let alarm = book.nextSend(lead: lead)
        #expect(alarm == .milliseconds(31 * 20 + 25))
        book.send(lead: lead, at: .milliseconds(31 * 20 + 25), into: &sink)
        #expect(sent() == 42)
    }

    @Test("A mark of another utterance, a strange one and a second echo prove nothing")
    func strangeMarks() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(2))
        book.append(audio(frames: 10), clause: 1, text: "Hello", isReply: true)
        book.complete(clause: 1)
        book.complete()
        book.send(lead: lead, at: .zero, into: &sink)
        let proof3 = book.reached(Mark(generation: Generation(1), index: 1), at: .zero)
        #expect(!proof3)
        let proof4 = book.reached(Mark(generation: Generation(2), index: 9), at: .zero)
        #expect(!proof4)
        let proof5 = book.reached(Mark(generation: Generation(2), index: 1), at: .zero)
        #expect(proof5)
        let proof6 = book.reached(Mark(generation: Generation(2), index: 1), at: .zero)
        #expect(!proof6)
    }

    @Test("Held and resumed, the tail starts at a word and carries a new generation; old echoes prove nothing")
    func resume() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        let words = (1...5).map { WordEnd(textEnd: $0 * 2 - 1, audioEnd: $0 * 300) }
        book.append(audio(frames: 75, words: words), clause: 1, text: "a b c d e", isReply: true)
        book.complete(clause: 1)
        book.complete()
        for time in 0...40 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        // 800 ms have been played, by the paced clock.
        book.pause(at: .milliseconds(800))
        #expect(!book.isSpeaking)
        let proof7 = book.reached(Mark(generation: Generation(1), index: 1), at: .zero)
        #expect(!proof7)
        book.resume(as: Generation(2))
        sink = Sink()
        book.send(lead: lead, at: .milliseconds(1_500), into: &sink)
        // From the end of the second word, at 600 ms.
        #expect(book.sentFrames == 30 + 10)
        #expect(marks(sink) == [Mark(generation: Generation(2), index: 1)])
    }

    @Test(
        "Sound that was held up on its way is dropped by the clear: it is said again from where the marks are, not lost",
        arguments: [(300, 30), (700, 15)])
    func resumeLate(markAt: Int, tailFrom: Int) {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        let words = (1...5).map { WordEnd(textEnd: $0 * 2 - 1, audioEnd: $0 * 300) }
        book.append(audio(frames: 75, words: words), clause: 1, text: "a b c d e", isReply: true)
        for time in 0...40 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        // After the first 200 ms.
        let isProof = book.reached(Mark(generation: Generation(1), index: 1), at: .milliseconds(markAt))
        #expect(isProof)
        book.pause(at: .milliseconds(800))
        book.resume(as: Generation(2))
        #expect(book.sentFrames == tailFrom)
    }

    @Test("Held while it had run dry, it goes on with what comes next, and repeats no word that was played")
    func resumeAfterStarving() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        book.append(
            audio(frames: 20, words: [WordEnd(textEnd: 3, audioEnd: 400)]), clause: 1, text: "one", isReply: true)
        for time in 0...20 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        #expect(book.isStarved(at: .milliseconds(2_000)))
        book.pause(at: .milliseconds(2_000))
        book.append(
            audio(frames: 30, words: [WordEnd(textEnd: 3, audioEnd: 600)]), clause: 2, text: "two", isReply: true)
        // What is left is the second clause alone.
        #expect(book.remaining(at: .milliseconds(2_000)) == .milliseconds(30 * 20))
        book.resume(as: Generation(2))
        sink = Sink()
        for time in 0..<40 { book.send(lead: lead, at: .milliseconds(2_500 + time * 20), into: &sink) }
        let frames = sink.steps.count { if case .frame = $0 { true } else { false } }
        #expect(frames == 30)
        #expect(book.sentFrames == 50)
    }

    @Test("A word told ahead of a sound that never comes is not heard in the phrase that is said instead")
    func bridgeAfterStall() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(3))
        let words = [WordEnd(textEnd: 3, audioEnd: 200), WordEnd(textEnd: 7, audioEnd: 400)]
        book.append(audio(frames: 10, words: words), clause: 1, text: "One two", isReply: true)
        book.append(audio(frames: 20), clause: 0, text: "One moment", isReply: false)
        for time in 0...40 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        let isKnown = book.reached(Mark(generation: Generation(3), index: 3), at: .seconds(1))
        #expect(isKnown)
        #expect([book.split().heard, book.split().unheard] == ["One", "two"])
    }

    @Test("Without word times a clause that a phrase broke in two is heard in proportion to all of its sound")
    func bridgeWithoutWords() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(3))
        let text = "One two three four"
        book.append(audio(frames: 10), clause: 1, text: text, isReply: true)
        book.append(audio(frames: 10), clause: 0, text: "One moment", isReply: false)
        for time in 0...30 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        book.append(audio(frames: 30), clause: 1, text: text, isReply: true)
        book.complete(clause: 1)
        let isKnown = book.reached(Mark(generation: Generation(3), index: 2), at: .seconds(1))
        #expect(isKnown)
        // A quarter of the sound.
        #expect([book.split().heard, book.split().unheard] == ["One", "two three four"])
    }

    @Test("A word told ahead of its sound is heard behind the phrase that came between, not in it")
    func bridgeInsideClause() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(3))
        let words = [WordEnd(textEnd: 3, audioEnd: 200), WordEnd(textEnd: 7, audioEnd: 400)]
        book.append(audio(frames: 10, words: words), clause: 1, text: "One two", isReply: true)
        book.append(audio(frames: 20), clause: 0, text: "One moment", isReply: false)
        book.append(audio(frames: 10), clause: 1, text: "One two", isReply: true)
        book.complete(clause: 1)
        book.complete()
        for time in 0...40 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        // Marks come every ten frames: the second and third stand within and behind the phrase.
        for (mark, heard) in [(1, "One"), (2, "One"), (3, "One"), (4, "One two")] as [(UInt32, String)] {
            let isKnown = book.reached(Mark(generation: Generation(3), index: mark), at: .seconds(1))
            #expect(isKnown)
            #expect(book.split().heard == heard)
        }
    }

    @Test("A phrase that bridges a wait is heard, and is no word of the agent's")
    func bridge() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        book.append(audio(frames: 5), clause: 0, text: "One moment.", isReply: false)
        book.append(audio(frames: 5), clause: 1, text: "Yes.", isReply: true)
        book.complete(clause: 1)
        book.complete()
        book.send(lead: lead, at: .zero, into: &sink)
        let proof8 = book.reached(Mark(generation: Generation(1), index: 1), at: .zero)
        #expect(proof8)
        #expect([book.split().heard, book.split().unheard] == ["Yes.", ""])
    }

    @Test("A clause that a phrase breaks in two is on record once", arguments: [true, false])
    func brokenClause(tellsWords: Bool) {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        let words = tellsWords ? [WordEnd(textEnd: 5, audioEnd: 100), WordEnd(textEnd: 10, audioEnd: 200)] : []
        book.append(
            audio(frames: 5, words: Array(words.prefix(1))), clause: 1, text: "Reply STOP", isReply: true)
        book.append(audio(frames: 5), clause: 0, text: "One moment.", isReply: false)
        book.append(
            audio(frames: 5, words: Array(words.dropFirst())), clause: 1, text: "Reply STOP", isReply: true)
        book.send(lead: lead, at: .zero, into: &sink)
        let half = book.reached(Mark(generation: Generation(1), index: 1), at: .zero)
        #expect(half)
        // 10 frames: the first half and the phrase.
        if tellsWords { #expect([book.split().heard, book.split().unheard] == ["Reply", "STOP"]) }
        book.complete(clause: 1)
        book.complete()
        for time in 1...10 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        let whole = book.reached(Mark(generation: Generation(1), index: 2), at: .milliseconds(300))
        #expect(whole)
        #expect([book.split().heard, book.split().unheard] == ["Reply STOP", ""])
    }

    /// 300 ms a word, 100 ms a phone; all sent and, but for the last 200 ms, played when 800 ms are over.
    private func cut(clearReturnsMarks: Bool = true, markAt: CallTime?, late: CallTime? = nil) -> PlayoutBook {
        var book = PlayoutBook(clearReturnsMarks: clearReturnsMarks)
        var sink = Sink()
        book.begin(Generation(1))
        let words = (1...5).map { number in
            WordEnd(
                textEnd: number * 2 - 1, audioEnd: number * 300,
                phoneEnds: (1...3).map { number * 300 - 300 + $0 * 100 })
        }
        book.append(audio(frames: 75, words: words), clause: 1, text: "a b c d e", isReply: true)
        book.complete(clause: 1)
        for time in 0...40 {
            book.send(lead: lead, at: .milliseconds(time * 20), into: &sink)
            if let markAt, markAt == .milliseconds(time * 20) {
                _ = book.reached(Mark(generation: Generation(1), index: 2), at: markAt)
            }
        }
        book.pause(at: .milliseconds(800))
        if let late { _ = book.reached(Mark(generation: Generation(1), index: 4), at: late) }
        return book
    }

    @Test("A cut inside a word is at the phone, and is put on record as the word")
    func cutInsideWord() {
        // 400 ms are proven at 480 ms; another 300 have been played when the caller cuts in at 800.
        let split = cut(markAt: .milliseconds(480)).split()
        #expect(split.heard == "a b")
        #expect(split.unheard == "c d e")
        // 700 ms: two of the third word's phones would be whole at 800.
        #expect(split.cutWord == CutWord(text: "c", phonesHeard: 1, phones: 3))
    }

    @Test("Without a mark nothing is proven; with one, the time since counts, never beyond what was sent and played")
    func proof() {
        #expect(cut(markAt: nil).split().heard == "")
        #expect(cut(markAt: .milliseconds(780)).split().heard == "a")
        // By the paced clock 760 ms at the most, whatever a peer says that plays too fast.
        #expect(cut(markAt: .milliseconds(200)).split().heard == "a b")
    }

    @Test("Where a peer returns only what it played, a mark that comes after the clear is proof; elsewhere it is none")
    func marksAfterClear() {
        #expect(cut(clearReturnsMarks: false, markAt: nil, late: .milliseconds(860)).split().heard == "a b")
        #expect(cut(clearReturnsMarks: true, markAt: nil, late: .milliseconds(860)).split().heard == "")
    }

    @Test("Without word times the cut is in proportion, back to a space")
    func noWordTimes() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        book.append(audio(frames: 40), clause: 1, text: "alpha bravo charlie delta", isReply: true)
        book.complete(clause: 1)
        book.send(lead: lead, at: .zero, into: &sink)
        let proof9 = book.reached(Mark(generation: Generation(1), index: 1), at: .zero)
        #expect(proof9)
        // A quarter was heard: six of 25 letters.
        #expect(book.split().heard == "alpha")
    }

    @Test("The echo reference is the frame that is playing now, not the one that was last sent")
    func reference() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        #expect(playing(book, at: .zero) == nil)
        book.append(audio(frames: 30), clause: 1, text: "x", isReply: true)
        for time in 0...5 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        #expect(book.sentFrames == 15)
        #expect(playing(book, at: .milliseconds(110)) == 5)
    }

    /// The first octet of what plays.
    private func playing(_ book: PlayoutBook, at now: CallTime) -> UInt8? {
        var nothing = ()
        return book.withPlaying(at: now, changing: &nothing) { playing, _ in
            if let playing { playing[0] } else { nil }
        }
    }

    @Test("What was heard whole is let go, and what is said after it has its own place")
    func letGo() {
        var book = PlayoutBook()
        var sink = Sink()
        book.begin(Generation(1))
        book.append(audio(frames: 10), clause: 1, text: "one", isReply: true)
        book.complete(clause: 1)
        book.complete()
        for time in 0...9 { book.send(lead: lead, at: .milliseconds(time * 20), into: &sink) }
        #expect(book.clipCount == 1)
        let isProven = book.reached(Mark(generation: Generation(1), index: 1), at: .milliseconds(190))
        #expect(isProven)
        // The mark may be early: until the last frame has been played it may come back as an echo.
        book.send(lead: lead, at: .milliseconds(190), into: &sink)
        #expect(playing(book, at: .milliseconds(190)) == 9)
        book.send(lead: lead, at: .milliseconds(200), into: &sink)
        #expect(book.clipCount == 0)
        #expect(playing(book, at: .milliseconds(190)) == nil)
        #expect(book.split().heard == "one")
        // It goes on: sent, told and cut as if the sound before were still there.
        book.carryOn(as: Generation(2))
        book.append(audio(frames: 30), clause: 2, text: "two", isReply: true)
        book.complete(clause: 2)
        for time in 0...4 { book.send(lead: lead, at: .milliseconds(300 + time * 20), into: &sink) }
        #expect(playing(book, at: .milliseconds(310)) == 0)
        book.pause(at: .milliseconds(310))
        book.resume(as: Generation(3))
        #expect(book.sentFrames >= 10)
        book.send(lead: lead, at: .milliseconds(320), into: &sink)
        #expect(book.isSpeaking)
    }
}
