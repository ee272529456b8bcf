import FakeEngines
import NIOCore
import ParleyCore
import ParleyNetwork

@testable import ParleySpeech

/// One call's session of a voice, and what it told.
final class VoiceTrial: Sendable {
    let told = FakeRecord<SpeechAnswer>()
    let session: any SynthesizerSession

    init(_ adapter: any VoiceAdapter.Type, _ values: [String: String], key: String? = nil) throws {
        let settings = EngineSettings(
            name: "voice", options: adapter.options, values: values, key: key.map { Secret($0) })
        let voice = try adapter.make(settings)
        session = try voice.start { [told] in told.append($0) }
    }

    /// Speaks clauses of one generation.
    func speak(_ texts: [String], generation: UInt32 = 1, from clause: Int = 0) {
        for (index, text) in texts.enumerated() {
            session.speak(text, generation: Generation(generation), clause: clause + index)
        }
    }

    /// Waits until so many clauses are over.
    @discardableResult
    func ends(_ count: Int) async throws -> [SpeechAnswer] {
        try await told.wait(within: .seconds(20), for: "\(count) ends") { $0.count(where: \.isEnd) >= count }
    }

    /// Waits for the first sound of a clause.
    func sound(of clause: Int) async throws {
        _ = try await told.first { $0.place.clause == clause && ($0.chunk?.sampleCount ?? 0) > 0 }
    }

    /// The ends that were told, as lines.
    var ended: [String] { told.all.filter(\.isEnd).map(\.line) }

    func chunks(of clause: Int) -> [SpeechChunk] {
        told.all.filter { $0.place.clause == clause }.compactMap(\.chunk)
    }

    func samples(of clause: Int) -> [Int16] { chunks(of: clause).flatMap(\.samples) }

    /// The pitch of a clause's sound, which tells clauses apart; its length in milliseconds.
    func tone(of clause: Int) -> (pitch: Int?, milliseconds: Int) {
        let samples = samples(of: clause)
        let rate = chunks(of: clause).first?.sampleRate ?? 8_000
        return (FakeSound.pitch(of: samples, rate: rate), samples.count * 1_000 / rate)
    }

    func words(of clause: Int) -> [String] {
        chunks(of: clause).flatMap(\.words).map { "\($0.textEnd)@\($0.audioEnd)" }
    }

    /// All of a clause's answers stand together, in the order of the clauses.
    var isInOrder: Bool {
        let clauses = told.all.map(\.place.clause)
        return clauses == clauses.sorted()
    }
}

/// One fake at a time, whatever it speaks.
struct FakeVoice: Sendable, CustomStringConvertible {
    let description: String
    let adapter: any VoiceAdapter.Type
    let key: String?
    /// Starts a server, and gives its book, its settings and what stops it.
    let start: @Sendable (FakeVoiceScript) async throws -> Running

    struct Running: Sendable {
        let book: FakeVoiceBook
        let settings: [String: String]
        let stop: @Sendable () async -> Void
    }

    static let all = [elevenLabs, cartesia, aura, openAI, openAIWAV, wyoming]
    static let sockets = [elevenLabs, cartesia, aura]

    static let elevenLabs = FakeVoice(description: "ElevenLabs", adapter: ElevenLabsVoice.self, key: "xi-key") {
        script in
        let fake = FakeElevenLabs(script: script)
        try await fake.start()
        return Running(
            book: fake.book, settings: ["url": fake.url + "/v1/text-to-speech", "voice": "voice-1"],
            stop: { await fake.stop() })
    }

    static let cartesia = FakeVoice(description: "Cartesia", adapter: CartesiaVoice.self, key: "cartesia-key") {
        script in
        let fake = FakeCartesia(script: script)
        try await fake.start()
        return Running(
            book: fake.book,
            settings: ["url": fake.url + "/tts/websocket", "voice": "5c0ffee3-0000-4000-8000-000000000001"],
            stop: { await fake.stop() })
    }

    static let aura = FakeVoice(description: "Aura", adapter: DeepgramVoice.self, key: "dg-key") { script in
        let fake = FakeAura(script: script)
        try await fake.start()
        return Running(book: fake.book, settings: ["url": fake.url + "/v1/speak"], stop: { await fake.stop() })
    }

    static let openAI = FakeVoice(description: "OpenAI pcm", adapter: OpenAIVoice.self, key: "openai-key") { script in
        let fake = FakeOpenAISpeech(script: script)
        try await fake.start()
        return Running(book: fake.book, settings: ["url": fake.url + "/v1/audio/speech"], stop: { await fake.stop() })
    }

    static let openAIWAV = FakeVoice(description: "OpenAI wav", adapter: OpenAIVoice.self, key: "openai-key") {
        script in
        let fake = FakeOpenAISpeech(rate: 16_000, wavSize: 0, script: script)
        try await fake.start()
        return Running(
            book: fake.book, settings: ["url": fake.url + "/v1/audio/speech", "response_format": "wav"],
            stop: { await fake.stop() })
    }

    static let wyoming = FakeVoice(description: "Wyoming", adapter: WyomingVoice.self, key: nil) { script in
        let fake = FakeWyomingVoice(script: script)
        try await fake.start()
        return Running(book: fake.book, settings: ["url": fake.url], stop: { await fake.stop() })
    }

    /// Runs a session against a server with this script.
    func run(
        _ script: FakeVoiceScript = FakeVoiceScript(), _ more: [String: String] = [:], key: String? = nil,
        _ body: (VoiceTrial, FakeVoiceBook) async throws -> Void
    ) async throws {
        let running = try await start(script)
        let trial = try VoiceTrial(
            adapter, running.settings.merging(more) { $1 }, key: key ?? self.key)
        do {
            try await body(trial, running.book)
        } catch {
            trial.session.close()
            await running.stop()
            throw error
        }
        trial.session.close()
        await running.stop()
    }
}
