import NIOCore
import ParleyActions
import ParleyAgents
import ParleyCore
import ParleyNetwork
import ParleySpeech

/// The agents that the engines file can name: a line for each, and what it takes to make one.
enum AgentEngines {
    static let kinds: [EngineKind] = [
        EngineKind(ChatAdapter.self),
        EngineKind("relay", RelayAgent.options, needsKey: false),
        EngineKind(RealtimeModel.engine, RealtimeModel.options, needsKey: RealtimeModel.needsKey),
    ]

    /// What takes a process's calls.
    enum Chosen {
        /// What `agent.flow` names.
        case embedded
        case agent(any Agent)
        /// Recogniser, voice and agent in one.
        case speechToSpeech(RealtimeModel)
    }

    /// - Parameter health: takes how each model fares.
    /// - Throws: all that is wrong, a line each: where it stands, and the mend.
    static func choose(
        _ entries: [EngineSetup.Entry], registry: ActionRegistry, health: inout [EngineHealth]
    ) throws(StartError) -> Chosen {
        guard let first = entries.first else { return .embedded }
        let problems = problems(entries, first)
        guard problems.isEmpty else { throw StartError(problems.joined(separator: "\n")) }
        do throws(EngineError) {
            switch first.engine {
            case ChatAdapter.engine:
                let models = entries.map { EngineHealth(.agent, $0.settings.name) }
                health += models
                let byName = Dictionary(uniqueKeysWithValues: models.map { ($0.engine, ModelHealth($0)) })
                return .agent(
                    try ChatAdapter.make(entries.map(\.settings), registry: registry) { byName[$0] ?? .always })
            case "relay":
                return .agent(
                    try RelayAgent.make(first.settings, client: HTTPStreamClient(caFile: first.settings.caFile)))
            case RealtimeModel.engine:
                return .speechToSpeech(try RealtimeModel.make(first.settings, registry: registry))
            default: return .embedded
            }
        } catch {
            throw StartError((entries.first { $0.settings.name == error.engine } ?? first).line(of: error))
        }
    }

    /// What can be told before anything is made, a line each.
    private static func problems(_ entries: [EngineSetup.Entry], _ first: EngineSetup.Entry) -> [String] {
        let isChat = first.engine == ChatAdapter.engine
        let strangers = entries.dropFirst().filter { !isChat || $0.engine != first.engine }.map { entry in
            entry.line(
                of: EngineError(
                    engine: entry.settings.name,
                    message: "only `\(ChatAdapter.engine)` models stand in for one another; keep one agent",
                    option: "engine"))
        }
        return (isChat ? ChatAdapter.problems(first.settings).map { first.line(of: $0) } : []) + strangers
    }
}

extension ModelHealth {
    /// An engine's health as a model's client sees it.
    fileprivate init(_ health: EngineHealth) {
        // The clock that breakers go by.
        let now = { @Sendable in CallTime(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) }
        self.init(
            admits: { health.permits(at: now()) },
            report: { outcome in
                switch outcome {
                case .began(let time):
                    health.opened()
                    health.took(time)
                case .succeeded: health.succeeded()
                case .failed(let line, let isStall): health.failed(at: now(), line, isStall: isStall)
                case .switched: health.switched()
                }
            })
    }
}
