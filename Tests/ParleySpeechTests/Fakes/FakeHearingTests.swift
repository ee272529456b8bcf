import Testing

@testable import FakeEngines

@Suite("What a fake recogniser makes of audio")
struct FakeHearingTests {
    private static let loud = [Int16](repeating: 1_000, count: 160)
    private static let silent = [Int16](repeating: 0, count: 160)

    private func hearing(_ script: FakeScript) -> FakeHearing {
        FakeHearing(script, FakeProgress(script), connection: 0, rate: 8_000)
    }

    private func words(_ heard: FakeHeard?) -> String? {
        switch heard {
        case .partial(let segment), .settled(let segment), .endpoint(let segment), .paused(let segment),
            .ended(let segment):
            segment.text
        case .speechStarted, .silence, nil: nil
        }
    }

    @Test("Every 300 ms there is another word, and after four words they are settled")
    func grows() {
        var hearing = hearing(FakeScript(lines: ["one two three four five six"]))
        var told: [String] = []
        for frame in 1...75 {
            for heard in hearing.hear(Self.loud) {
                if let words = words(heard) { told.append("\(frame * 20) ms: \(words)") }
            }
        }
        #expect(
            told == [
                "300 ms: one", "600 ms: one two", "900 ms: one two three", "1200 ms: one two three four",
                "1200 ms: one two three four", "1500 ms: five",
            ])
        #expect(words(hearing.settleTurn()) == "five six")
    }

    @Test("Word times follow one another and end with the audio, however short it was")
    func times() throws {
        var hearing = hearing(FakeScript(lines: ["one two three four five six seven"]))
        for _ in 0..<40 { _ = hearing.hear(Self.loud) }
        guard case .ended(let segment) = hearing.settleTurn() else { throw FakeTimeout(description: "no end") }
        let times = segment.ofTurn.flatMap { [$0.start, $0.end] }
        #expect(times == times.sorted())
        #expect(times.last == 800)
        #expect(segment.textOfTurn == "one two three four five six seven")
    }

    @Test("The n-th turn says the n-th line; after the last there is silence; without audio there is no turn")
    func lines() {
        var hearing = hearing(FakeScript(lines: ["one", "two"]))
        #expect(hearing.settleTurn() == nil)
        var said: [String?] = []
        for _ in 0..<3 {
            _ = hearing.hear(Self.loud)
            said.append(words(hearing.settleTurn()))
        }
        #expect(said == ["one", "two", ""])
        #expect(hearing.settleTurn() == nil)
    }

    @Test("A turn that is too short for a word has none, however long it is silent, and the next turn has its line")
    func short() {
        var script = FakeScript(lines: ["one", "two"])
        script.shortestMilliseconds = 250
        var hearing = hearing(script)
        var said: [String?] = []
        for loud in [12, 13, 12, 40] {
            var partials: [String?] = []
            for _ in 0..<loud { partials += hearing.hear(Self.loud).map(words) }
            for _ in 0..<50 { partials += hearing.hear(Self.silent).map(words) }
            said.append(words(hearing.settleTurn()))
            #expect(partials.compactMap { $0 }.isEmpty == (said.last == ""))
        }
        #expect(said == ["", "one", "", "two"])
    }

    @Test("A turn that is told again over another connection says the same line, or the first where each begins anew")
    func numbering() {
        for (numbering, expected) in [(FakeScript.Numbering.server, "two"), (.connection, "one")] {
            var script = FakeScript(lines: ["one", "two"])
            script.numbering = numbering
            let progress = FakeProgress(script)
            var first = FakeHearing(script, progress, connection: 0, rate: 8_000)
            _ = first.hear(Self.loud)
            #expect(words(first.settleTurn()) == "one")
            // The second turn is lost with its connection.
            _ = first.hear(Self.loud)
            var second = FakeHearing(script, progress, connection: 1, rate: 8_000)
            _ = second.hear(Self.loud)
            #expect(words(second.settleTurn()) == expected)
        }
    }

    @Test("Audio that the client drops takes no line")
    func forgets() {
        var hearing = hearing(FakeScript(lines: ["one", "two"]))
        _ = hearing.hear(Self.loud)
        hearing.forget()
        #expect(hearing.settleTurn() == nil)
        _ = hearing.hear(Self.loud)
        #expect(words(hearing.settleTurn()) == "one")
    }

    @Test("Silence ends what was said so far; what is said afterwards comes after it")
    func endpoint() {
        var script = FakeScript(lines: ["one two three"])
        script.hearsSilence = true
        script.endpointMilliseconds = 300
        var hearing = hearing(script)
        var events: [FakeHeard] = []
        for _ in 0..<30 { events += hearing.hear(Self.loud) }
        for _ in 0..<15 { events += hearing.hear(Self.silent) }
        #expect(words(events.last) == "one two")
        #expect(events.last.map { if case .endpoint = $0 { true } else { false } } == true)
        for _ in 0..<15 { events += hearing.hear(Self.loud) }
        #expect(words(events.last) == "three")
        #expect(words(hearing.settleTurn()) == "three")
    }

    @Test("A second of silence is noticed once")
    func silence() {
        var script = FakeScript(lines: ["one"])
        script.hearsSilence = true
        var hearing = hearing(script)
        var events: [FakeHeard] = []
        for _ in 0..<15 { events += hearing.hear(Self.loud) }
        for _ in 0..<100 { events += hearing.hear(Self.silent) }
        #expect(events.filter { $0 == .silence(lastWordEnd: 300) }.count == 1)
        #expect(events.first == .speechStarted(at: 0))
    }

    @Test("A client that asks within a pause gets the words so far, and the line goes on")
    func pause() {
        var script = FakeScript(lines: ["one two three", "four"])
        script.hearsSilence = true
        script.pauseMilliseconds = 300
        var hearing = hearing(script)
        for _ in 0..<30 { _ = hearing.hear(Self.loud) }
        for _ in 0..<5 { _ = hearing.hear(Self.silent) }
        let pause = hearing.settleTurn()
        #expect(words(pause) == "one two")
        #expect(pause.map { if case .paused = $0 { true } else { false } } == true)
        for _ in 0..<20 { _ = hearing.hear(Self.silent) }
        #expect(words(hearing.settleTurn()) == "three")
        for _ in 0..<20 { _ = hearing.hear(Self.loud) }
        for _ in 0..<20 { _ = hearing.hear(Self.silent) }
        #expect(words(hearing.settleTurn()) == "four")
    }

    @Test("With the wrong rate times run ahead of the audio")
    func wrongRate() {
        var hearing = hearing(FakeScript(lines: ["one two"], faults: [FakeFault(.wrongRate)]))
        for _ in 0..<50 { _ = hearing.hear(Self.loud) }
        guard case .ended(let segment) = hearing.settleTurn() else { return #expect(Bool(false)) }
        #expect(segment.end == 2_000)
        #expect(segment.ofTurn.last?.end == 1_200)
    }

    @Test("G.711 and linear samples are read as the recommendation has them")
    func audio() {
        #expect(FakeAudio.mulaw.decode([0xFF, 0x7F, 0x00, 0x80]) == [0, 0, -32_124, 32_124])
        #expect(FakeAudio.alaw.decode([0xD5, 0x55, 0xAA, 0x2A]) == [8, -8, 32_256, -32_256])
        #expect(FakeAudio.pcm16.decode([0x01, 0x00, 0xFF, 0xFF]) == [1, -1])
        #expect(FakeAudio.pcm16.decode([0x01]) == nil)
    }

    @Test("Base64 is taken as RFC 4648 has it, and nothing else")
    func base64() {
        for text in ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"] {
            #expect(FakeBase64.decode(text).map(FakeBase64.encode) == text)
        }
        #expect(FakeBase64.decode("Zm9vYmFy").map { String(decoding: $0, as: UTF8.self) } == "foobar")
        for text in ["Zg", "Zg=", "Z===", "Zm9*", "Zm 9"] { #expect(FakeBase64.decode(text) == nil, "\(text)") }
    }
}
