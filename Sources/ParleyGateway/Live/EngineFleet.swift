import ParleyCore
import ParleySpeech

/// The recognisers and voices of a process, in the order in which they stand in for one another, and how each fares.
struct EngineFleet: Sendable {
    /// `nil` in place of an engine: the embedded one, which is loaded later.
    private let recognizers: [(engine: (any SpeechRecognizer)?, health: EngineHealth)]
    private let voices: [(engine: (any SpeechSynthesizer)?, health: EngineHealth)]
    private let recognizerPatience: RecognizerPatience
    private let voicePatience: VoicePatience

    /// - Throws: a line for each engine that cannot be made: where it stands, and the mend.
    init(_ setup: EngineSetup) throws(StartError) {
        var recognizers: [(engine: (any SpeechRecognizer)?, health: EngineHealth)] = []
        var voices: [(engine: (any SpeechSynthesizer)?, health: EngineHealth)] = []
        var problems: [String] = []
        for entry in setup.recognizers {
            let adapter = setup.engines.recognizers.first { $0.engine == entry.engine }
            do throws(EngineError) {
                recognizers.append(
                    (try adapter?.make(entry.settings), EngineHealth(.recognizer, entry.settings.name)))
            } catch {
                problems.append(entry.line(of: error))
            }
        }
        for entry in setup.voices {
            let adapter = setup.engines.voices.first { $0.engine == entry.engine }
            do throws(EngineError) {
                voices.append((try adapter?.make(entry.settings), EngineHealth(.voice, entry.settings.name)))
            } catch {
                problems.append(entry.line(of: error))
            }
        }
        if !problems.isEmpty { throw StartError(problems.joined(separator: "\n")) }
        self.recognizers = recognizers
        self.voices = voices
        var (hearing, speaking) = (RecognizerPatience(), VoicePatience())
        let heard = setup.recognizers.first?.settings
        hearing.final = heard?.duration("answer_within") ?? hearing.final
        let spoken = setup.voices.first?.settings
        speaking.first = spoken?.duration("first_audio_within") ?? speaking.first
        speaking.gap = spoken?.duration("gap_within") ?? speaking.gap
        (recognizerPatience, voicePatience) = (hearing, speaking)
    }

    var health: [EngineHealth] { recognizers.map(\.health) + voices.map(\.health) }
    /// Whether an embedded one is wanted: where nothing else is named, or in its place among others.
    var wantsEmbeddedRecognizer: Bool { recognizers.isEmpty || recognizers.contains { $0.engine == nil } }
    var wantsEmbeddedVoice: Bool { voices.isEmpty || voices.contains { $0.engine == nil } }

    /// - Parameter embedded: `nil` where it could not be loaded.
    func recognizer(embedded: (any SpeechRecognizer)?) -> (any SpeechRecognizer)? {
        guard !recognizers.isEmpty else { return embedded }
        let members = recognizers.compactMap { member in
            (member.engine ?? embedded).map { (recognizer: $0, health: member.health) }
        }
        return members.isEmpty ? nil : SupervisedRecognizer(members, patience: recognizerPatience)
    }

    func synthesizer(embedded: (any SpeechSynthesizer)?) -> (any SpeechSynthesizer)? {
        guard !voices.isEmpty else { return embedded }
        let members = voices.compactMap { member in
            (member.engine ?? embedded).map { (voice: $0, health: member.health) }
        }
        return members.isEmpty ? nil : SupervisedVoice(members, patience: voicePatience)
    }
}
