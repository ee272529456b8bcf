import Foundation
import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech

/// Makes a chat agent of the engines file's settings.
public enum ChatAdapter: EngineAdapter {
    public static let engine = "chat"
    /// Models of one's own need none.
    public static let needsKey = false

    public static let options: [EngineOption] = modelOptions + agentOptions

    /// Of each model of the chain.
    private static let modelOptions = [
        EngineOption(
            "url", .address([.https, .http]), standard: "https://api.openai.com/v1",
            "Where the model is; `/chat/completions` is added where it is not written."),
        EngineOption("model", .text, "The model, as its server calls it."),
        EngineOption("temperature", .decimal(0...2), isOptional: true, "How freely it chooses its words."),
        EngineOption("max_tokens", .whole(16...8_192), standard: "400", "The longest answer."),
        EngineOption(
            "token_limit_field", .choice(["max_tokens", "max_completion_tokens"]), standard: "max_tokens",
            "What the server calls that limit; newer hosted models take `max_completion_tokens`."),
        EngineOption(
            "parallel_tool_calls", .flag, isOptional: true, "Several tools in one answer; else as the server has it."),
        EngineOption("include_usage", .flag, standard: "true", "Asks for token counts; not every server takes it."),
    ]

    /// Of the agent: those of the chain's first model count.
    private static let agentOptions = [
        EngineOption("prompt", .prose, isOptional: true, "The system prompt, a template."),
        EngineOption("prompt_file", .text, isOptional: true, "A file with the system prompt, in place of `prompt`."),
        EngineOption(
            "greeting", .text, isOptional: true, "Said first, without the model; a template. Else the model opens."),
        EngineOption(
            "persona", .text, isOptional: true, "The name that the agent goes by: `.persona.name` of the prompt."),
        EngineOption("language", .text, standard: "en-US", "BCP 47. Numbers are put into words in English only."),
        EngineOption("time_zone", .text, standard: "UTC", "Of the prompt's `.now`, as Europe/London."),
        EngineOption(
            "transfer_targets", .list, isOptional: true,
            "Names of targets that the model may put a caller through to."),
        EngineOption(
            "honest_answer", .text, standard: HonestAnswer.standard,
            "What is said to \"are you a machine?\". Say the truth."),
        EngineOption(
            "first_token_timeout", .duration(CallTime.milliseconds(200)...CallTime.seconds(20)), standard: "4s",
            "An answer that has not begun by then is left for the next model's."),
        EngineOption(
            "stall_timeout", .duration(CallTime.milliseconds(200)...CallTime.seconds(20)), standard: "4s",
            "The same for one that does not go on."),
        EngineOption(
            "turn_timeout", .duration(CallTime.seconds(2)...CallTime.seconds(60)), standard: "20s",
            "The longest reply, tools and all."),
    ]

    /// - Parameters:
    ///   - settings: the first model's, then those of the models that stand in for it.
    ///   - registry: what the agent may do.
    ///   - health: the circuit breaker of each, by its name.
    public static func make(
        _ settings: [EngineSettings], registry: ActionRegistry,
        health: (_ model: String) -> ModelHealth = { _ in .always }
    ) throws(EngineError) -> ChatAgent {
        guard let first = settings.first else { throw EngineError(engine: engine, message: "names no model") }
        let script = try script(first)
        // Nothing is opened before all is well.
        var addresses: [(url: String, model: String)] = []
        for entry in settings { addresses.append(try address(entry)) }
        let models = zip(settings, addresses).map { model($0, url: $1.url, model: $1.model, health($0.name)) }
        var times = ChatTimes()
        times.firstToken = first.duration("first_token_timeout") ?? times.firstToken
        times.stall = first.duration("stall_timeout") ?? times.stall
        times.turn = first.duration("turn_timeout") ?? times.turn
        let chat = ChatSettings(
            models: models.map(\.name), tools: ChatTools(registry, transferTargets: first.list("transfer_targets")),
            honestAnswer: first.text("honest_answer") ?? HonestAnswer.standard,
            language: first.text("language") ?? "en", times: times)
        return ChatAgent(models: models, settings: chat, script: script)
    }

    private static func address(_ settings: EngineSettings) throws(EngineError) -> (url: String, model: String) {
        guard var address = settings.address("url"), let model = settings.text("model") else {
            throw EngineError(engine: settings.name, message: "`url` and `model` are needed")
        }
        if !address.target.contains("/chat/completions") {
            address.target += (address.target.hasSuffix("/") ? "" : "/") + "chat/completions"
        }
        return (address.text, model)
    }

    private static func model(
        _ settings: EngineSettings, url: String, model: String, _ health: ModelHealth
    ) -> ChatModel {
        ChatModel(
            name: settings.name, url: url, key: settings.key, model: model,
            temperature: settings.decimal("temperature"), mostTokens: settings.whole("max_tokens") ?? 400,
            tokenField: settings.text("token_limit_field") ?? "max_tokens",
            callsInParallel: settings.text("parallel_tool_calls").map { $0 == "true" },
            wantsUsage: settings.flag("include_usage"), client: HTTPStreamClient(caFile: settings.caFile),
            health: health)
    }

    // MARK: Prompt

    /// Templates are tried on a caller of whom nothing is known, so that no call finds out first.
    private static func script(_ settings: EngineSettings) throws(EngineError) -> ChatScript {
        guard let zone = TimeZone(identifier: settings.text("time_zone") ?? "UTC") else {
            throw EngineError(engine: settings.name, message: "`time_zone` is no time zone; write it as Europe/London")
        }
        var script = ChatScript(
            prompt: try template(try promptText(settings), "prompt", settings),
            persona: settings.text("persona"), zone: zone)
        if let greeting = settings.text("greeting") { script.greeting = try template(greeting, "greeting", settings) }
        let nobody = CallFacts(callID: "", from: "", to: "", parameters: [:], wallClock: 0)
        if let fault = script.read(to: nobody).faults.first {
            throw EngineError(
                engine: settings.name, message: "\(fault); not every call has it: write `{{ .x | default \"...\" }}`")
        }
        return script
    }

    private static func template(
        _ text: String, _ name: String, _ settings: EngineSettings
    ) throws(EngineError) -> ParleyActions.Template {
        do throws(TemplateFault) {
            return try ParleyActions.Template(text, name: name)
        } catch {
            throw EngineError(engine: settings.name, message: error.description)
        }
    }

    private static func promptText(_ settings: EngineSettings) throws(EngineError) -> String {
        guard let path = settings.text("prompt_file") else { return settings.text("prompt") ?? ChatPrompt.standard }
        guard settings.text("prompt") == nil else {
            throw EngineError(engine: settings.name, message: "`prompt` and `prompt_file` are both given; keep one")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw EngineError(engine: settings.name, message: "`prompt_file` \(path) cannot be read")
        }
        return text
    }
}
