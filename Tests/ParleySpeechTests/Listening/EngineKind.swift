import FakeEngines
import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

/// One of the recognisers over the network, and the fake that checks it.
enum EngineKind: String, CaseIterable, CustomTestStringConvertible {
    case deepgram, assemblyAI, openAI, openAIBeta, vosk, wyoming

    var testDescription: String { rawValue }

    func fake(_ script: FakeScript) -> FakeRecognizer {
        switch self {
        case .deepgram: .deepgram(script)
        case .assemblyAI: .assemblyAI(script)
        case .openAI: .openAITranscription(script)
        case .openAIBeta: .openAITranscription(script, isBeta: true)
        case .vosk: .vosk(script)
        case .wyoming: .wyoming(script, closesAfterTranscript: true)
        }
    }

    func recognizer(_ fake: FakeRecognizer) throws -> any SpeechRecognizer {
        var values = ["url": fake.url]
        let adapter: any RecognizerAdapter.Type
        let key: String?
        switch self {
        case .deepgram: (adapter, key) = (DeepgramRecognizer.self, "deepgram-key")
        case .assemblyAI: (adapter, key) = (AssemblyAIRecognizer.self, "assemblyai-key")
        case .openAI, .openAIBeta:
            (adapter, key) = (OpenAIRealtimeRecognizer.self, "openai-key")
            values["url"] = fake.url + "?intent=transcription"
            if self == .openAIBeta { values["dialect"] = "beta" }
        case .vosk: (adapter, key) = (VoskRecognizer.self, nil)
        case .wyoming: (adapter, key) = (WyomingRecognizer.self, nil)
        }
        return try adapter.make(
            EngineSettings(name: rawValue, options: adapter.options, values: values, key: key.map { Secret($0) }))
    }

    /// What it makes of these words: some know neither capitals nor punctuation.
    func spelled(_ line: String) -> String {
        guard self == .vosk else { return line }
        return line.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" || $0 == " " }
    }
}

/// A call's session of a recogniser over real sockets, and all that it told.
final class EngineCall: Sendable {
    let answers = FakeRecord<RecognizerAnswer>()
    let news = FakeRecord<EngineNews>()
    let session: any RecognizerSession
    private let sampleRate: Int

    init(_ recognizer: any SpeechRecognizer, sampleRate: Int = 8_000) throws {
        self.sampleRate = sampleRate
        session = try recognizer.start(
            sampleRate: sampleRate, answer: { [answers] in answers.append($0) }, news: { [news] in news.append($0) })
    }

    /// Audio as loud as speech, in frames of 20 ms.
    func speak(milliseconds: Int) {
        let frame = (0..<sampleRate / 50).map { Int16($0 % 40 < 20 ? 6_000 : -6_000) }
        for _ in 0..<milliseconds / 20 { session.feed(frame.span) }
    }

    /// Waits for the answer that ends a turn.
    @discardableResult
    func end(of turn: Int) async throws -> RecognizerAnswer {
        let turn = TurnID(UInt32(turn))
        return try await answers.first { answer in
            switch answer {
            case .final(turn, _), .failed(turn): true
            default: false
            }
        }
    }

    /// How often a turn was ended.
    func ends(of turn: Int) -> Int {
        let turn = TurnID(UInt32(turn))
        return answers.all.filter { answer in
            switch answer {
            case .final(turn, _), .failed(turn): true
            default: false
            }
        }.count
    }

    func hasPartials(of turn: Int) -> Bool {
        answers.all.contains { if case .partial(TurnID(UInt32(turn)), let text) = $0 { !text.isEmpty } else { false } }
    }
}
