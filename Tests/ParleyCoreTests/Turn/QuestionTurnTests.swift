import Foundation
import Testing

@testable import ParleyCore

/// Answers to questions, with what the recogniser made of them at each pause: `Bench/turns/questions.json`.
struct QuestionTurns: Decodable {
    struct Turn: Decodable {
        var id: String
        /// `tuned`: in view when the constants were chosen. `fresh`: not.
        var set: String
        var kind: String
        /// "10", or "4-8".
        var length: String?
        var choices: [String]?
        /// Milliseconds into the recording: the first voiced frame, and the true end of the last piece.
        var began: Int
        var end: Int
        var heard: [Pause]
    }
    struct Pause: Decodable {
        /// The last voiced frame, and the first one after; `nil` after the last piece.
        var silent: Int
        var until: Int?
        /// Silence when the text came, the recogniser's own time in it; `nil` where none came.
        var after: Int?
        var text: String
    }
    var turns: [Turn]

    static func load() throws -> [Turn] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let data = try Data(contentsOf: root.appending(path: "Bench/turns/questions.json").standardizedFileURL)
        return try JSONDecoder().decode(QuestionTurns.self, from: data).turns
    }
}

extension QuestionTurns.Turn {
    var answer: AnswerKind {
        let numbers = (length ?? "").split(separator: "-").compactMap { Int($0) }
        return switch kind {
        case "yes_no": .yesNo
        case "confirmation": .confirmation
        case "one_of": .choice(choices ?? [])
        case "digits": .digits(numbers[0]...numbers[numbers.count - 1])
        case "phone": .phone(numbers[0])
        case "date": .date
        case "time": .time
        case "date_time": .dateTime
        case "free_text": .freeText
        default: .open
        }
    }

    /// Where the policy ends this turn, in milliseconds into the recording: more than once if it cuts it in pieces.
    func endpoints(by policy: EndpointPolicy) -> [Int] {
        heard.compactMap { pause in
            let completeness = Completeness.of(pause.text, as: answer)
            for silence in stride(from: 20, through: (pause.until ?? pause.silent + 5_000) - pause.silent - 20, by: 20)
            {
                var moment = EndpointPolicy.Moment(
                    silence: .milliseconds(silence), length: .milliseconds(pause.silent - began + 20 + silence))
                moment.completeness = pause.after.map { silence >= $0 } == true ? completeness : nil
                moment.asksForSentence = answer == .open || answer == .freeText
                if case .end = policy.judge(moment) { return pause.silent + silence }
            }
            return nil
        }
    }
}

@Suite("Answers to questions, as the recogniser hears them")
struct QuestionTurnTests {
    struct Score: Equatable {
        var cut = 0
        /// Milliseconds from the true end to the first endpoint after it, shortest first.
        var delays: [Int] = []
        var median: Int { (delays[delays.count / 2] + delays[(delays.count - 1) / 2]) / 2 }
        var percentile95: Int { delays[Int((Double(delays.count - 1) * 0.95).rounded(.up))] }
    }

    static func score(_ turns: [QuestionTurns.Turn], _ policy: EndpointPolicy) -> Score {
        var score = Score()
        for turn in turns {
            let ends = turn.endpoints(by: policy)
            if ends.contains(where: { $0 < turn.end - 20 }) { score.cut += 1 }
            if let last = ends.first(where: { $0 >= turn.end - 20 }) { score.delays.append(last - turn.end) }
        }
        score.delays.sort()
        return score
    }

    @Test(
        "Words cut off fewer callers than 500 ms of silence do, and are no slower: median, and p95 within 300 ms",
        arguments: [("tuned", 15, 0), ("fresh", 17, 1)])
    func fewerCutOffs(set: String, cutBySilence: Int, cutByWords: Int) throws {
        let turns = try QuestionTurns.load().filter { $0.set == set }
        #expect(turns.count == 30)
        let silence = Self.score(turns, .fixed(.milliseconds(500)))
        let words = Self.score(turns, EndpointPolicy())
        print(
            set, "silence", silence.cut, silence.median, silence.percentile95, "words", words.cut, words.median,
            words.percentile95)
        #expect(silence.cut == cutBySilence && words.cut == cutByWords)
        #expect(words.delays.count == 30 && silence.delays.count == 30)
        #expect(words.median <= silence.median)
        #expect(words.percentile95 <= silence.percentile95 + 300)
    }

    @Test("With a recogniser that says nothing, it is 500 ms of silence")
    func deaf() throws {
        for var turn in try QuestionTurns.load() {
            for index in turn.heard.indices { turn.heard[index].after = nil }
            #expect(turn.endpoints(by: EndpointPolicy()) == turn.endpoints(by: .fixed(.milliseconds(500))))
        }
    }
}
