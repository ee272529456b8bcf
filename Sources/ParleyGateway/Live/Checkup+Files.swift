import ParleyActions
import ParleyAgents
import ParleyLedger
import ParleyMessaging
import ParleySpeech
import Synchronization

extension Checkup {
    /// The files that the configuration names, each with all that is wrong in it, and whether they fit one another.
    ///
    /// - Parameter engines: that the engines file can name.
    static func files(_ configuration: Configuration, among engines: NetworkEngines) -> [Finding] {
        let (agents, found) = enginesFile(configuration, among: engines)
        let (flow, agent) = agent(of: configuration, agents)
        return found + agent + messagingFile(configuration, flow)
    }

    // MARK: Engines

    /// Agents that were made to see whether they can be. Their clients are for a process's life: one that nobody shuts down
    /// may not be let go of.
    private static let made = Mutex<[AgentEngines.Chosen]>([])

    /// The engines file, where one is named: whether it can be read, and its engines made. No server is asked.
    ///
    /// - Returns: the agents that it names; `nil`: something is wrong with it.
    private static func enginesFile(
        _ configuration: Configuration, among engines: NetworkEngines
    ) -> (agents: [EngineSetup.Entry]?, [Finding]) {
        let file = configuration[Keys.enginesFile]
        guard !file.isEmpty else { return ([], []) }
        let setup: EngineSetup
        do throws(StartError) {
            setup = try GatewayProcess.engines(configuration, among: engines)
        } catch {
            return (nil, bad(error))
        }
        var problems: [Finding] = []
        var health: [EngineHealth] = []
        do throws(StartError) { health = try EngineFleet(setup).health } catch { problems += bad(error) }
        do throws(StartError) {
            let agent = try AgentEngines.choose(setup.agents, registry: .builtIn, health: &health)
            made.withLock { $0.append(agent) }
        } catch {
            problems += bad(error)
        }
        guard problems.isEmpty else { return (nil, problems) }
        let roles = [("recognizers", setup.recognizers), ("voices", setup.voices), ("agents", setup.agents)]
        let named = roles.filter { !$0.1.isEmpty }
            .map { role, entries in "\(role) \(entries.map(\.settings.name).joined(separator: ", then "))" }
        return (setup.agents, [Finding(isGood: true, text: "engines: \(file), \(named.joined(separator: "; "))")])
    }

    // MARK: Agent

    /// What decides the replies: the engines file's agents, else the flow, with what in it is allowed but doubtful.
    ///
    /// - Parameter agents: `nil`: something is wrong with the engines file.
    private static func agent(
        of configuration: Configuration, _ agents: [EngineSetup.Entry]?
    ) -> (flow: Flow?, [Finding]) {
        let choice = configuration[Keys.agentFlow]
        let own = (agents ?? []).filter { $0.engine != EngineKind.embedded.engine }
        if let first = own.first {
            let names = own.map(\.settings.name).joined(separator: ", then ")
            let what = first.engine == RealtimeModel.engine ? ", recogniser, voice and agent in one" : ""
            let found = Finding(isGood: true, text: "agent: \(first.engine): \(names)\(what)")
            guard configuration.source(of: Keys.agentFlow) != .standard else { return (nil, [found]) }
            let unused = "agent.flow: \(choice) is not used: the engines file names an agent; leave one of them out"
            return (nil, [found, Finding(isGood: true, isDoubtful: true, text: unused)])
        }
        guard choice != "instant" else { return (nil, [Finding(isGood: true, text: "agent: instant")]) }
        do throws(StartError) {
            let flow = try GatewayProcess.flow(choice)
            // Whether it is the agent nobody knows until the engines file is mended.
            let found = agents == nil ? [] : [Finding(isGood: true, text: "flow: \(choice)")]
            return (flow, found + flow.warnings.map { Finding(isGood: true, isDoubtful: true, text: "flow: \($0)") })
        } catch {
            return (nil, bad(error))
        }
    }

    // MARK: Messaging

    /// The messaging file, what of its texts is allowed but doubtful, and what the flow asks for and it does not have.
    private static func messagingFile(_ configuration: Configuration, _ flow: Flow?) -> [Finding] {
        let file = configuration[Keys.messagingFile]
        let messaging: Ledger.Messaging
        do throws(StartError) {
            messaging = try GatewayProcess.messagingFile(configuration, sender: flow?.settings.name).messaging
        } catch {
            return bad(error)
        }
        var unmet: [Finding] = []
        do throws(StartError) {
            if let flow { try GatewayProcess.check(flow, against: messaging, configuration) }
        } catch {
            unmet = bad(error)
        }
        guard !file.isEmpty else {
            return [Finding(isGood: true, text: "texts: written to the ledger, sent to nobody")] + unmet
        }
        let doubts = messaging.lint().map {
            Finding(isGood: !$0.isError, isDoubtful: !$0.isError, text: "text: \($0.line)")
        }
        let found = Finding(isGood: true, text: "texts: \(file), \(texts(messaging))")
        return [found] + webhooks(messaging.registry) + doubts + unmet
    }

    /// Who carries texts, and which there are besides the built-in one.
    private static func texts(_ messaging: Ledger.Messaging) -> String {
        let channels = messaging.plan.channels
        let leaves = channels.contains { $0.provider != .recordOnly }
        let carried = channels.map { "\($0.name) by \($0.provider.rawValue)" }.joined(separator: ", ")
        let names = messaging.registry.texts.map(\.name)
        let hasOwn = !messaging.registry.webhooks.isEmpty
        let none = hasOwn ? "no texts of its own, the webhooks below" : "no actions of its own"
        return (leaves ? carried : "written to the ledger, sent to nobody") + "; "
            + (names.isEmpty ? none : names.joined(separator: ", "))
    }

    /// No server is asked.
    private static func webhooks(_ registry: ActionRegistry) -> [Finding] {
        registry.webhooks.map { webhook in
            let extras = [
                webhook.mayRetry && webhook.retries > 0 ? "retried" : "",
                webhook.isAbandonable ? "given up when the caller hangs up" : "",
            ].filter { !$0.isEmpty }
            let values = webhook.result.fields.map(\.name).joined(separator: ", ")
            let what =
                ["\(webhook.method.rawValue) \(webhook.target.base)", values.isEmpty ? "" : "gives \(values)"] + extras
            return Finding(
                isGood: true, text: "webhook: \(webhook.name), " + what.filter { !$0.isEmpty }.joined(separator: ", "))
        }
    }

    /// A finding for each line.
    private static func bad(_ error: StartError) -> [Finding] {
        error.description.split(separator: "\n").map { Finding(isGood: false, text: String($0)) }
    }
}
