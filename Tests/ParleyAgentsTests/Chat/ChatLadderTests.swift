import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("The ladder with a chat model")
struct ChatLadderTests {
    /// The rows without their times.
    private func rows(_ climbed: [String]) -> [String] {
        climbed.map { String($0.drop { $0 != " " }.dropFirst()) }
    }

    @Test("Models that say nothing: a filler, the second model, say it again; then a transfer. Each is a row, in order")
    func allSilent() {
        let line = ChatLadderCall(answering: [])
        let first = line.turn()
        #expect(
            rows(first) == [
                "asks first", "late agent", "bridged one_moment", "asks second", "engine stalled no answer in time",
                "engine switched second", "late agent", "bridged say_again",
            ])
        #expect(first.first == "0 asks first" && first[1].hasPrefix("1500 ") && first[3].hasPrefix("4000 "))
        // Behind the second there is no other: it is asked again.
        #expect(
            rows(line.turn()).filter { !$0.hasPrefix("engine") } == [
                "asks second", "late agent", "bridged one_moment", "asks second", "late agent", "bridged transferring",
                "transfer reception", "end transferred",
            ])
    }

    @Test("The second model answers behind the filler, and is asked first from then on")
    func secondAnswers() {
        let line = ChatLadderCall(answering: [1])
        #expect(
            rows(line.turn()) == [
                "asks first", "late agent", "bridged one_moment", "asks second", "engine stalled no answer in time",
                "engine switched second",
            ])
        #expect(line.turn() == ["0 asks second"])
        #expect(line.heard == ["Hello.", "Tuesday it is.", "Tuesday it is."])
        #expect(line.end == nil)
    }
}
