import Foundation
import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech

/// A speech-to-speech model over the OpenAI Realtime protocol: one for the process, a session for each call.
///
/// A session is the call's recogniser, voice and agent at once. Who speaks, when a turn is over, what was heard and what
/// is done stays Parley's to say.
public struct RealtimeModel: Sendable {
    public static let engine = "openai_realtime"
    public static let needsKey = true

    public static let options: [EngineOption] = [
        EngineOption(
            "url", .address([.ws, .wss]), standard: "wss://api.openai.com/v1/realtime", "Where the server is."),
        EngineOption("model", .text, standard: "gpt-realtime", "Which model talks; put into the address as `model`."),
        EngineOption("voice", .text, standard: "marin", "Which of the model's voices."),
        EngineOption("instructions", .prose, isOptional: true, "Who the agent is and what it is there for."),
        EngineOption("prompt_file", .text, isOptional: true, "A file with the instructions, in place of them."),
        EngineOption("greeting", .text, isOptional: true, "What is said first; left out: the model finds words."),
        EngineOption(
            "transcription_model", .text, standard: "gpt-4o-mini-transcribe", "Which model writes down the caller."),
        EngineOption("language", .text, isOptional: true, "Of the caller, as `en`; left out: found out."),
        EngineOption("temperature", .decimal(0...2), isOptional: true, "Only for `dialect: beta`."),
        EngineOption(
            "honest_answer", .text, standard: RealtimeSettings.standardHonestAnswer,
            "Said when the caller asks whether a machine is talking."),
        EngineOption("transfer_targets", .list, isOptional: true, TransferTargets.help),
        EngineOption(
            "dialect", .choice(RealtimeSettings.Dialect.allCases.map(\.rawValue)), standard: "ga",
            "`beta` for servers that speak the names of before."),
    ]

    public let settings: RealtimeSettings
    public var name: String { settings.name }

    public init(_ settings: RealtimeSettings) { self.settings = settings }

    /// - Parameters:
    ///   - engine: checked against `options`.
    ///   - registry: what the model may ask for.
    /// - Throws: `EngineError`, where a file cannot be read or a transfer target is none.
    public static func make(
        _ engine: EngineSettings, registry: ActionRegistry
    ) throws(EngineError) -> RealtimeModel {
        func fault(_ option: String, _ message: String) -> EngineError {
            EngineError(engine: engine.name, message: message, option: option)
        }
        guard let address = engine.address("url") else { throw fault("url", "is no address") }
        if let problem = TransferTargets.problems(engine).first { throw problem }
        var settings = RealtimeSettings(
            name: engine.name, address: address, model: engine.text("model") ?? "", voice: engine.text("voice") ?? "",
            instructions: engine.text("instructions") ?? "",
            transcriptionModel: engine.text("transcription_model") ?? "", registry: registry)
        if let file = engine.text("prompt_file") {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw fault("prompt_file", "\(file) cannot be read; name a file of UTF-8 text")
            }
            settings.instructions = text
        }
        settings.key = engine.key
        settings.greeting = engine.text("greeting") ?? ""
        settings.language = engine.text("language") ?? ""
        settings.temperature = engine.decimal("temperature")
        settings.honestAnswer = engine.text("honest_answer") ?? RealtimeSettings.standardHonestAnswer
        settings.transferTargets = engine.list("transfer_targets")
        settings.dialect = engine.text("dialect").flatMap { RealtimeSettings.Dialect(rawValue: $0) } ?? .ga
        if address.isSecure {
            do throws(TLSTrustFault) {
                if let trust = engine.trust {
                    settings.trust = trust
                } else {
                    settings.trust = try TLSTrust(file: engine.caFile)
                }
            } catch {
                throw fault("ca_file", error.description)
            }
        }
        return RealtimeModel(settings)
    }

    /// For a call that begins: to be called on its event loop. It connects at once.
    public func begin() -> RealtimeSession { RealtimeSession(settings) }
}
