import ParleyCore
import ParleySpeech
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: sound shared out among clauses")
struct RealtimeSpeechTests {
    /// 60 ms a character.
    private let rate = 480

    private func speech(_ text: String, milliseconds: Int) -> RealtimeSpeech {
        var speech = RealtimeSpeech(engine: "test")
        speech.read(text, of: "a", content: 0)
        speech.hear([UInt8](repeating: 0x55, count: milliseconds * 8), of: "a", content: 0)
        return speech
    }

    private func lines(_ speech: inout RealtimeSpeech) -> [String] {
        speech.advance(Generation(1), rate: rate).map { RealtimeMachine.Effect.speech($0).line }
    }

    @Test("All of a whole answer's sound is handed out, in proportion, in whole frames; the last clause gets the rest")
    func whole() {
        // 10 of 30 characters, with the space in front of the second clause in its share.
        var speech = speech("Very well. What day suits you?", milliseconds: 3_010)
        speech.complete()
        speech.speak("Very well.", clause: 1)
        #expect(lines(&speech) == ["sound 1.1 1000 ms [4@400 10@1000]", "spoken 1.1"])
        speech.speak("What day suits you?", clause: 2)
        #expect(lines(&speech) == ["sound 1.2 2010 ms [4@502 8@904 14@1507 19@2010]", "spoken 1.2"])
        #expect(!speech.hasUngiven)
    }

    @Test("While it still comes, a clause with words behind it gets what the rate gives it, as it comes")
    func streaming() {
        var speech = speech("Very well. What day", milliseconds: 300)
        speech.speak("Very well.", clause: 1)
        #expect(lines(&speech) == ["sound 1.1 300 ms [4@240]"])
        #expect(lines(&speech) == [])
        speech.hear([UInt8](repeating: 0x55, count: 4_000), of: "a", content: 0)
        #expect(lines(&speech) == ["sound 1.1 300 ms [10@600]", "spoken 1.1"])
        #expect(speech.hasUngiven, "the rest waits until it is asked for")
        speech.speak("What day", clause: 2)
        #expect(lines(&speech) == ["sound 1.2 200 ms"], "which may be the last: nothing is held back")
    }

    @Test("The last clause's words are told at its end, where the sound ended earlier than reckoned")
    func early() {
        var speech = speech("Very well.", milliseconds: 300)
        speech.speak("Very well.", clause: 1)
        #expect(lines(&speech) == ["sound 1.1 300 ms [4@240]"])
        speech.complete()
        #expect(lines(&speech) == ["sound 1.1 0 ms [10@300]", "spoken 1.1"])
    }

    @Test("A clause whose sound went with the one before has a frame, so that its words are on record")
    func nothingLeft() {
        var speech = speech("Very well. Yes.", milliseconds: 600)
        speech.speak("Very well.", clause: 1)
        speech.speak("Yes.", clause: 2)
        #expect(lines(&speech) == ["sound 1.1 600 ms [4@240 10@600]", "spoken 1.1"])
        speech.complete()
        #expect(lines(&speech) == ["sound 1.2 20 ms [4@20]", "spoken 1.2"])
    }

    @Test("Two items of an answer share no sound; characters of more than one byte count as bytes")
    func items() {
        var speech = speech("Très bien.", milliseconds: 500)
        speech.read("Bon.", of: "b", content: 0)
        speech.hear([UInt8](repeating: 0x55, count: 800), of: "b", content: 0)
        speech.speak("Très bien.", clause: 1)
        speech.speak("Bon.", clause: 2)
        #expect(lines(&speech).prefix(2) == ["sound 1.1 500 ms [5@227 11@500]", "spoken 1.1"])
        speech.complete()
        #expect(lines(&speech) == ["sound 1.2 0 ms [4@100]", "spoken 1.2"])
    }

    @Test(
        "What was heard is found in the sound: at a word's end, at a clause's, nowhere, everywhere",
        arguments: [
            ("", 0 as Int?), ("Very", 400), ("Very well.", 1_000), ("Very well. What day", 1_904),
            ("Very well. What day suits you?", nil),
        ])
    func extent(heard: String, milliseconds: Int?) {
        var speech = speech("Very well. What day suits you?", milliseconds: 3_010)
        speech.complete()
        speech.speak("Very well.", clause: 1)
        speech.speak("What day suits you?", clause: 2)
        _ = lines(&speech)
        #expect(speech.extent(ofHeard: heard).map(\.heard) == [milliseconds])
    }

    @Test("Of several items the one that was cut is known, those after it are gone")
    func extents() {
        var speech = speech("Very well.", milliseconds: 1_000)
        speech.read("It is done.", of: "b", content: 0)
        speech.hear([UInt8](repeating: 0x55, count: 8_000), of: "b", content: 0)
        speech.read("Bye.", of: "c", content: 0)
        speech.hear([UInt8](repeating: 0x55, count: 4_000), of: "c", content: 0)
        speech.complete()
        for (number, clause) in ["Very well.", "It is done.", "Bye."].enumerated() {
            speech.speak(clause, clause: number + 1)
        }
        _ = lines(&speech)
        #expect(speech.extent(ofHeard: "Very well. It is").map(\.heard) == [nil, 454, 0])
    }
}
