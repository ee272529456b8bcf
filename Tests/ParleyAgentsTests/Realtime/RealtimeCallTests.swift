import FakeEngines
import Foundation
import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: a whole call")
struct RealtimeCallTests {
    @Test("The caller cuts into the greeting, an action runs once, its outcome is spoken of, the call ends")
    func call() throws {
        let file =
            URL(filePath: #filePath).deletingLastPathComponent().path()
            + "/../../../Fixtures/barges-in/reason.wav"
        let recording = try WAV([UInt8](Data(contentsOf: URL(filePath: file)))).mono(at: 8_000)
        let line = "I need a cleaning please."
        let greeting = "Thank you for calling. Is this about a cleaning, or is it a toothache that keeps you awake?"
        let stage = try RealtimeStage(
            recording: recording, at: .milliseconds(2_500), line: line,
            answers: [
                RealtimeStage.Answer(words: greeting),
                RealtimeStage.Answer(words: "One moment.", call: ("send_sms", #"{"message":"A cleaning."}"#)),
                RealtimeStage.Answer(words: "It is on its way by text. Goodbye.", call: ("end_call", "{}")),
            ])
        stage.run(for: .seconds(40))

        #expect(stage.end == .agentEnded)
        #expect(stage.notes.filter { $0 == .bargeIn(.confirmed) }.count == 1)
        let said = stage.notes.compactMap { if case .callerTurn(let turn) = $0 { turn.text } else { nil } }
        #expect(said == [line])
        #expect(stage.runs.map(\.request.name) == ["send_sms"])

        let turns = stage.notes.compactMap { if case .agentTurn(let turn) = $0 { turn } else { nil } }
        #expect(turns.count == 2)
        let cut = try #require(turns.first)
        #expect(cut.wasCut)
        #expect(greeting.hasPrefix(cut.heard))
        #expect((cut.heard + " " + cut.unheard) == greeting)
        #expect(turns.last?.heard == "One moment. It is on its way by text. Goodbye.")

        // 65 ms a character: what the model remembers is what was heard, to a word or two.
        let truncations = stage.sent.filter { $0["type"] == "conversation.item.truncate" }
        #expect(truncations.count == 1)
        let kept = try #require(truncations.first?["audio_end_ms"]?.whole)
        #expect(abs(kept - cut.heard.count * 65) <= 400)
        let order = stage.sent.compactMap { $0["type"]?.string }
        let truncated = try #require(order.firstIndex(of: "conversation.item.truncate"))
        let creates = order.indices.filter { order[$0] == "response.create" }
        #expect(creates.count == 3)
        #expect(creates[0] < truncated && truncated < creates[1], "the model answers after it has forgotten the rest")

        // The model works while the words are written: they are no part of the wait.
        let answered = stage.notes.compactMap { if case .answered(let waterfall) = $0 { waterfall } else { nil } }
        let answer = try #require(answered.last)
        let (final, first) = (try #require(answer.final), try #require(answer.firstFrame))
        #expect(first - final <= .milliseconds(60))
    }
}
