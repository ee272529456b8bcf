import ParleyCore
import ParleySpeech

/// What an engines file names: for each role those that stand in for one another, the first one first.
public struct EngineSetup: Sendable {
    /// One engine with its settings.
    public struct Entry: Sendable {
        /// As its adapter is called; `embedded` for what the configuration itself names.
        public var engine: String
        public var settings: EngineSettings
        /// `nil`: of no file.
        var place: EnginePlace?
    }
    public var recognizers: [Entry] = []
    public var voices: [Entry] = []
    public var agents: [Entry] = []
    /// Those that could be named.
    public var engines = NetworkEngines.builtIn
}

/// Where an engine stands in its file: for what is found wrong with it once it is to be made.
struct EnginePlace: Equatable, Sendable {
    var file: String
    /// `agents[0]`.
    var path: String
    /// From 1.
    var line: Int
    /// Of each of its keys.
    var lines: [String: Int]
}

extension EngineSetup.Entry {
    /// What is wrong with it, in one line with file, line and key.
    func line(of error: EngineError) -> String {
        guard let place else { return "engines.file: \(error)" }
        let key = error.option.isEmpty ? place.path : "\(place.path).\(error.option)"
        return "\(place.file):\(place.lines[error.option] ?? place.line): \(key): \(error.message)"
    }
}

/// An engine as the file's reader needs to know it.
struct EngineKind {
    var engine: String
    var options: [EngineOption]
    var needsKey: Bool

    init(_ adapter: any EngineAdapter.Type) {
        self.init(adapter.engine, adapter.options, needsKey: adapter.needsKey)
    }

    init(_ engine: String, _ options: [EngineOption], needsKey: Bool) {
        self.engine = engine
        self.options = options
        self.needsKey = needsKey
    }

    /// What the configuration itself names, in its place among the others.
    static let embedded = EngineKind("embedded", [], needsKey: false)

    /// Settings that all engines of a role have, for what stands in front of them.
    static func common(_ role: EngineRole) -> [EngineOption] {
        let time = EngineOption.Kind.duration(.milliseconds(100)...(.seconds(30)))
        return switch role {
        case .recognizer:
            [
                EngineOption(
                    "answer_within", time, standard: "2s",
                    "A finished turn without its words for this long is given to the engine again, then to the next one."
                )
            ]
        case .voice:
            [
                EngineOption(
                    "first_audio_within", time, standard: "1200ms",
                    "A clause without sound for this long goes to the next voice."),
                EngineOption(
                    "gap_within", time, standard: "800ms",
                    "A clause whose sound stands still for this long goes on with the next voice."),
            ]
        case .agent: []
        }
    }

    /// What can be named in a role.
    static func known(_ role: EngineRole, _ engines: NetworkEngines) -> [EngineKind] {
        switch role {
        case .recognizer: engines.recognizers.map { EngineKind($0) } + [embedded]
        case .voice: engines.voices.map { EngineKind($0) } + [embedded]
        case .agent: AgentEngines.kinds + [embedded]
        }
    }
}
