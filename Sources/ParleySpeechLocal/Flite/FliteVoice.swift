#if LocalSpeech
import CFlite
import ParleyCore
import ParleySpeech

/// One of flite's compiled-in voices.
///
/// A registered voice is shared by the process and never written again; everything that belongs to one synthesis is set on
/// its utterance, so any number of threads may speak at once.
final class FliteVoice: @unchecked Sendable {
    let name: String
    private let voice: UnsafeMutablePointer<cst_voice>

    private init(name: String, voice: UnsafeMutablePointer<cst_voice>) {
        self.name = name
        self.voice = voice
    }

    /// The voices, registered once, before the first synthesis of the process.
    static let all: [String: FliteVoice] = {
        flite_init()
        let registered: [(String, UnsafeMutablePointer<cst_voice>?)] = [
            ("slt", register_cmu_us_slt(nil)), ("rms", register_cmu_us_rms(nil)),
            ("awb", register_cmu_us_awb(nil)), ("kal16", register_cmu_us_kal16(nil)),
        ]
        var voices: [String: FliteVoice] = [:]
        for case (let name, let voice?) in registered { voices[name] = FliteVoice(name: name, voice: voice) }
        return voices
    }()

    /// Speaks one clause. Blocks the thread: some 13 ms of work for a second of speech.
    ///
    /// - Parameter receive: takes each chunk, the first early and short; `false` stops the synthesis at once.
    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError) {
        let spoken = SpokenText(text)
        guard spoken.hasWords else { return }
        try withoutActuallyEscaping(receive) { receive throws(EngineError) in
            let sink = FliteSink(text: spoken, receive: receive)
            guard let utterance = synthesize(spoken, sink: sink) else {
                throw EngineError(engine: "flite", message: "the voice \(name) could not speak a clause; rephrase it")
            }
            delete_utterance(utterance)
            guard sink.hasHeard else {
                throw EngineError(engine: "flite", message: "the voice \(name) made no sound of a clause; rephrase it")
            }
            sink.finish()
        }
    }

    /// The clause's phones and word times, without its sound: what another voice needs to say it.
    func plan(_ text: String) throws(EngineError) -> SpeechPlan {
        let spoken = SpokenText(text)
        guard spoken.hasWords else { return SpeechPlan() }
        guard let utterance = synthesize(spoken, sink: nil) else {
            throw EngineError(engine: "flite", message: "the voice \(name) could not read a clause; rephrase it")
        }
        defer { delete_utterance(utterance) }
        return SpeechPlan(utterance: utterance, text: spoken)
    }

    private func synthesize(_ text: SpokenText, sink: FliteSink?) -> UnsafeMutablePointer<cst_utterance>? {
        guard let utterance = new_utterance() else { return nil }
        var characters = text.bytes.map { CChar(bitPattern: $0) }
        characters.append(0)
        utt_set_input_text(utterance, &characters)
        if let sink {
            guard let info = new_audio_streaming_info() else {
                delete_utterance(utterance)
                return nil
            }
            sink.utterance = utterance
            info.pointee.min_buffsize = 320
            info.pointee.userdata = Unmanaged.passUnretained(sink).toOpaque()
            info.pointee.asc = { wave, start, size, _, info in
                guard let wave, let data = info?.pointee.userdata else { return CST_AUDIO_STREAM_STOP }
                let sink = Unmanaged<FliteSink>.fromOpaque(data).takeUnretainedValue()
                let samples = UnsafeBufferPointer(start: wave.pointee.samples + Int(start), count: Int(size))
                sink.push(samples, sampleRate: Int(wave.pointee.sample_rate))
                return sink.isStopped ? CST_AUDIO_STREAM_STOP : CST_AUDIO_STREAM_CONT
            }
            // On the utterance, never on the voice, which all threads share.
            parley_stream_utterance(utterance, info)
        }
        return withExtendedLifetime(sink) {
            // On failure flite has freed the utterance itself.
            flite_do_synth(utterance, voice, utt_synth)
        }
    }
}

/// Collects one clause's samples into chunks and adds its word ends. Lives on one thread, for one synthesis.
private final class FliteSink {
    /// Silence kept before the first sound and after the last, in seconds. flite's own is far longer, and a caller waits
    /// through all of it.
    static let lead: Float = 0.02
    static let tail: Float = 0.12

    var utterance: UnsafeMutablePointer<cst_utterance>?
    private(set) var isStopped = false

    private let text: SpokenText
    private let receive: (SpeechChunk) -> Bool
    private var plan: SpeechPlan?
    private var words: [WordEnd] = []
    /// Samples of the utterance seen so far, and the range of them that is kept.
    private var position = 0
    private var kept = 0..<Int.max
    private var pending: [Int16] = []
    private var sampleRate = 16_000
    /// Length of the next chunk in milliseconds: the first is short so that it is early, later ones cost less.
    private var chunkLength = 60

    init(text: SpokenText, receive: @escaping (SpeechChunk) -> Bool) {
        self.text = text
        self.receive = receive
    }

    func push(_ samples: UnsafeBufferPointer<Int16>, sampleRate: Int) {
        guard !isStopped else { return }
        if plan == nil { begin(sampleRate: sampleRate) }
        let wanted = kept.clamped(to: position..<(position + samples.count))
        if !wanted.isEmpty {
            pending.append(contentsOf: samples[(wanted.lowerBound - position)..<(wanted.upperBound - position)])
        }
        position += samples.count
        if pending.count >= chunkLength * sampleRate / 1_000 {
            chunkLength = min(chunkLength * 2, 480)
            flush()
        }
    }

    /// False while flite has not handed over anything.
    var hasHeard: Bool { plan != nil }

    func finish() {
        if !isStopped && !pending.isEmpty { flush() }
    }

    /// The durations are settled before the first sample is: all word ends are known now.
    private func begin(sampleRate: Int) {
        self.sampleRate = sampleRate
        guard let utterance else { return }
        let plan = SpeechPlan(utterance: utterance, text: text)
        self.plan = plan
        let start = max(0, plan.speechStart - Self.lead)
        let end = plan.speechEnd + Self.tail
        kept = Int(start * Float(sampleRate))..<max(Int(start * Float(sampleRate)), Int(end * Float(sampleRate)))
        func milliseconds(_ time: Float) -> Int { Int((time - start) * 1_000) }
        var spoken: Float = 0
        words = plan.words.map { word in
            let phones = plan.phones.filter { $0.name != "pau" && $0.end > spoken && $0.end <= word.end }
            spoken = word.end
            return WordEnd(
                textEnd: word.textEnd, audioEnd: milliseconds(word.end), phoneEnds: phones.map { milliseconds($0.end) })
        }
    }

    private func flush() {
        let chunk = SpeechChunk(samples: pending, sampleRate: sampleRate, words: words)
        pending = []
        words = []
        if !receive(chunk) { isStopped = true }
    }
}
#endif
