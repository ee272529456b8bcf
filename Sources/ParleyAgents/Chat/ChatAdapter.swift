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
            TransferTargets.help),
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
        if let problem = problems(first).first { throw problem }
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

    // MARK: Checks

    /// All that is wrong with an agent's settings, in the order of its options; empty: nothing.
    ///
    /// - Parameter settings: the first model's.
    public static func problems(_ settings: EngineSettings) -> [EngineError] {
        var problems: [EngineError] = []
        do throws(EngineError) { _ = try promptText(settings) } catch { problems.append(error) }
        for option in ["prompt", "greeting"] {
            do throws(EngineError) { try tryOut(option, settings) } catch { problems.append(error) }
        }
        do throws(EngineError) { _ = try zone(settings) } catch { problems.append(error) }
        return problems + TransferTargets.problems(settings)
    }

    /// Fills a template with what is known of a caller of whom nothing is known, so that no call finds out first.
    private static func tryOut(_ option: String, _ settings: EngineSettings) throws(EngineError) {
        // Whatever else is wrong has a place of its own.
        let written = option == "prompt" ? (try? promptText(settings)) : settings.text(option)
        guard let text = written else { return }
        var script = ChatScript(
            prompt: try template(text, option, settings), persona: settings.text("persona"))
        if let zone = try? zone(settings) { script.zone = zone }
        let nobody = CallFacts(callID: "", from: "", to: "", parameters: [:], wallClock: 0)
        guard let fault = script.read(to: nobody).faults.first else { return }
        throw Self.fault(fault, option, settings, hint: "; not every call has it: write `{{ .x | default \"...\" }}`")
    }

    private static func zone(_ settings: EngineSettings) throws(EngineError) -> TimeZone {
        let name = settings.text("time_zone") ?? "UTC"
        if let zone = TimeZone(identifier: name) { return zone }
        throw EngineError(
            engine: settings.name, message: "is no time zone; write it as Europe/London", option: "time_zone")
    }

    // MARK: Prompt

    private static func script(_ settings: EngineSettings) throws(EngineError) -> ChatScript {
        var script = ChatScript(
            prompt: try template(try promptText(settings), "prompt", settings),
            persona: settings.text("persona"), zone: try zone(settings))
        if let greeting = settings.text("greeting") { script.greeting = try template(greeting, "greeting", settings) }
        return script
    }

    private static func template(
        _ text: String, _ option: String, _ settings: EngineSettings
    ) throws(EngineError) -> ParleyActions.Template {
        do throws(TemplateFault) {
            return try ParleyActions.Template(text, name: option)
        } catch {
            throw fault(error, option, settings)
        }
    }

    /// With the place in the option's text, or in the file that it stands in.
    private static func fault(
        _ fault: TemplateFault, _ option: String, _ settings: EngineSettings, hint: String = ""
    ) -> EngineError {
        var place = "line \(fault.line), column \(fault.column) of its text"
        var option = option
        if option == "prompt", let file = settings.text("prompt_file") {
            place = "\(file):\(fault.line):\(fault.column)"
            option = "prompt_file"
        }
        return EngineError(engine: settings.name, message: "\(place): \(fault.message)\(hint)", option: option)
    }

    private static func promptText(_ settings: EngineSettings) throws(EngineError) -> String {
        guard let path = settings.text("prompt_file") else { return settings.text("prompt") ?? ChatPrompt.standard }
        guard settings.text("prompt") == nil else {
            throw EngineError(
                engine: settings.name, message: "`prompt` is given too; keep one of them", option: "prompt_file")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw EngineError(
                engine: settings.name, message: "\(path) cannot be read; name a file of UTF-8 text",
                option: "prompt_file")
        }
        return text
    }
}
