import ParleyCore
import ParleySpeech

/// What a call on a virtual clock is understood and spoken by.
public protocol VirtualEngines: AnyObject {
    /// A call begins: its engines, which wait by this clock.
    func begin(on clock: VirtualClock) throws(EngineError) -> VirtualSpeech
    /// Lets engines do what waits for them. Called after each thing that happens, while the clock stands still.
    func settle()
    /// The call is over, its sessions are closed.
    func end()
}

/// One call's engines.
public struct VirtualSpeech {
    /// Judges 20 ms of the caller at 8 kHz, and answers with the frame that the opinion is of and its log-odds.
    public typealias Opinion = (
        _ frame: Span<Int16>, _ isWanted: Bool, _ answer: (_ frame: Int, _ odds: Float) -> Void
    ) -> Void

    public var recognizer: (any SpeechRecognizer)?
    public var synthesizer: (any SpeechSynthesizer)?
    /// `nil`: the detector decides alone.
    public var opinion: Opinion?

    public init(
        recognizer: (any SpeechRecognizer)? = nil, synthesizer: (any SpeechSynthesizer)? = nil, opinion: Opinion? = nil
    ) {
        self.recognizer = recognizer
        self.synthesizer = synthesizer
        self.opinion = opinion
    }
}

/// Engines that hear and say what they were told to: no model, no file, the same everywhere.
public final class ScriptedEngines: VirtualEngines {
    private let lines: [ScriptedRecognizer.Line]
    private let voice: ScriptedSynthesizer.Behaviour

    /// - Parameter lines: what the caller's turns are understood as, one after another.
    public init(_ lines: [ScriptedRecognizer.Line], voice: ScriptedSynthesizer.Behaviour = .init()) {
        self.lines = lines
        self.voice = voice
    }

    public func begin(on clock: VirtualClock) -> VirtualSpeech {
        VirtualSpeech(
            recognizer: ScriptedRecognizer(lines) { clock.after($0, $1) },
            synthesizer: ScriptedSynthesizer(voice) { clock.after($0, $1) })
    }

    public func settle() {}
    public func end() {}
}
