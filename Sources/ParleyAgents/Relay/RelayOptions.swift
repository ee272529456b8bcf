import ParleyCore
import ParleyNetwork
import ParleySpeech

/// The options of an application, and an agent of them.
extension RelayAgent {
    private static let inputs = RelayInputs.allCases.map(\.rawValue) + ["true", "false"]

    public static let options: [EngineOption] = [
        EngineOption("url", .address([.wss, .ws]), "The application's WebSocket; ws:// only on this machine."),
        EngineOption("welcome_greeting", .text, isOptional: true, "Spoken by Parley when the call begins."),
        EngineOption(
            "welcome_greeting_interruptible", .choice(inputs), standard: "any", "What stops the greeting."),
        EngineOption(
            "interruptible", .choice(inputs), standard: "any",
            "What stops the application's words where a message does not say. A key always does."),
        EngineOption("dtmf_detection", .flag, standard: "false", "Whether keys are told, one message each."),
        EngineOption("partial_prompts", .flag, standard: "false", "Whether words are told while they may change."),
        EngineOption(
            "report_input_during_agent_speech", .choice(inputs), standard: "none",
            "Whether speech that did not stop the agent (\"uh-huh\") is told as a prompt."),
        EngineOption(
            "preemptible", .flag, standard: "false",
            "Whether later words cut earlier ones off where a message does not say."),
        EngineOption("language", .text, standard: "en-US", "The call's language (BCP 47), told with each prompt."),
        EngineOption("events", .list, isOptional: true, "info messages: speaker-events, tokens-played."),
        EngineOption(
            "parameters", .list, isOptional: true, "name=value, told in setup besides what came with the call."),
        EngineOption(
            "action", .address([.https, .http]), isOptional: true,
            "Posted to when the session is over; http:// only on this machine."),
        EngineOption(
            "reprompt", .text, standard: "Are you still there?",
            "Said where the caller is silent, or presses keys that are not told."),
        EngineOption("reconnect", .whole(0...20), standard: "10", "Connections made again in one call."),
        EngineOption(
            "honest_answer", .text, standard: RelaySettings.honestAnswer,
            "Said where the caller asks whether a machine speaks, in front of the application's answer to anything else."
        ),
    ]

    /// - Parameters:
    ///   - client: for the callback.
    ///   - asksForMachine: whether the caller asks if a machine speaks; `nil` where not.
    public static func make(
        _ options: EngineSettings, client: HTTPStreamClient,
        asksForMachine: @escaping @Sendable (String) -> RelaySettings.MachineQuestion? = RelaySettings.machineQuestion
    ) throws(EngineError) -> RelayAgent {
        func fault(_ option: String, _ message: String) -> EngineError {
            EngineError(engine: options.name, message: message, option: option)
        }
        guard let url = options.text("url"), let address = options.address("url") else {
            throw fault("url", "the application's address is missing")
        }
        guard address.isSecure || address.isLoopback else {
            throw fault("url", "wss:// it must be, but on this machine")
        }
        var settings = RelaySettings(name: options.name, address: address, url: url, asksForMachine: asksForMachine)
        settings.key = options.key
        settings.trust = options.trust
        if address.isSecure, settings.trust == nil {
            do throws(TLSTrustFault) {
                settings.trust = try TLSTrust(file: options.caFile)
            } catch {
                throw fault("ca_file", error.description)
            }
        }
        if let action = options.address("action") {
            guard action.isSecure || action.isLoopback else {
                throw fault("action", "https:// it must be, but on this machine")
            }
            settings.action = options.text("action")
        }
        settings.greeting = options.text("welcome_greeting")
        settings.greetingInterruptible = RelayInputs(option: options.text("welcome_greeting_interruptible")) ?? .any
        settings.interruptible = RelayInputs(option: options.text("interruptible")) ?? .any
        settings.reportedDuringSpeech =
            RelayInputs(option: options.text("report_input_during_agent_speech")) ?? .none
        settings.detectsKeys = options.flag("dtmf_detection")
        settings.sendsPartials = options.flag("partial_prompts")
        settings.isPreemptible = options.flag("preemptible")
        settings.language = options.text("language") ?? settings.language
        settings.reprompt = options.text("reprompt") ?? settings.reprompt
        settings.honestAnswer = options.text("honest_answer") ?? settings.honestAnswer
        settings.reconnects = options.whole("reconnect") ?? settings.reconnects
        for event in options.list("events") {
            guard let known = RelayEvents(rawValue: event) else {
                throw fault("events", "\(event) is none of speaker-events and tokens-played")
            }
            settings.events.insert(known)
        }
        for parameter in options.list("parameters") {
            guard let equals = parameter.firstIndex(of: "="), equals > parameter.startIndex else {
                throw fault("parameters", "\(parameter) is no name=value")
            }
            settings.parameters[String(parameter[..<equals])] = String(parameter[parameter.index(after: equals)...])
        }
        return RelayAgent(settings, client: client)
    }
}

extension RelayInputs {
    /// The protocol's older spelling is a Boolean.
    fileprivate init?(option: String?) {
        switch option {
        case "true": self = .any
        case "false": self = .none
        case let other: self.init(rawValue: other ?? "")
        }
    }
}
