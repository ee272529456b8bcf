import Foundation
import Logging
import ParleyActions
import NIOPosix
import ParleyAgents
import ParleyCore
import ParleyLedger
import ParleyMessaging
import ParleyNetwork
import ParleySpeech
import ParleyWire
import Synchronization

/// A whole gateway, composed from its configuration: ledger, agent, engines, server.
public final class GatewayProcess: Sendable {
    public let configuration: Configuration
    public let services: CallServices
    public let gateway: Gateway
    private let logger: Logger
    private let areEnginesLoaded: Flag
    private let texts: TextService
    private let fleet: EngineFleet
    /// `nil`: whoever brought the agent closes it.
    private let ownedAgent: (any Agent)?

    /// Opens the ledger and reads the flow; engines are loaded by `run`.
    ///
    /// - Parameters:
    ///   - agent: decides the replies, in place of `agent.flow`.
    ///   - engines: that the engines file can name: `.builtIn.adding(...)` for one's own.
    ///   - environment: where the secrets are that engines file and messaging file name.
    ///   - conformance: where a WebSocket echo listens for conformance suites, besides; loopback only.
    ///   - onListening: told the port once connections are accepted.
    /// - Throws: `StartError`: one line that names the thing and the mend.
    public init(
        configuration: Configuration, agent ownAgent: (any Agent)? = nil, engines: NetworkEngines = .builtIn,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        conformance: (host: String, port: Int)? = nil, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) throws(StartError) {
        self.configuration = configuration
        self.logger = logger
        let setup = try Self.engines(configuration, among: engines, environment)
        let fleet = try EngineFleet(setup)
        let isEmbedded = setup.agents.allSatisfy { $0.engine == EngineKind.embedded.engine }
        var agent: any Agent
        if let ownAgent {
            agent = ownAgent
        } else {
            agent = isEmbedded ? try Self.agent(configuration[Keys.agentFlow]) : InstantAgent()
        }
        for warning in (agent as? FlowAgent)?.flow.warnings ?? [] { logger.warning("flow, doubtful: \(warning)") }
        let phrases = try PhraseBook()
        let bell = TextBell()
        let points = try FaultPoints(configuration)
        let (messaging, webhookAccess) = try Self.setup(configuration, agent, environment)
        var health = fleet.health
        var speechToSpeech: RealtimeModel?
        if ownAgent == nil {
            switch try AgentEngines.choose(setup.agents, registry: messaging.registry, health: &health) {
            case .embedded: break
            case .agent(let chosen): agent = chosen
            case .speechToSpeech(let model): speechToSpeech = model
            }
        }
        for finding in messaging.lint() { logger.warning("text, doubtful: \(finding.line)") }
        let ledger = try Self.ledger(configuration, messaging, bell, points, logger)
        if ledger.callsClosedAtStart > 0 {
            logger.notice(
                "calls that an earlier process left open were closed as process_lost",
                metadata: ["calls": "\(ledger.callsClosedAtStart)"])
        }
        let factory = PrometheusFactory()
        let metrics = GatewayMetrics(factory: factory, endReasons: EndReason.allCases.map(\.rawValue))
        let capsules = try Self.capsules(configuration, metrics, logger)
        let webhooks = WebhookDesk(
            ledger: ledger, access: webhookAccess, carrier: try Self.webhookCarrier(), logger: logger)
        let services = CallServices(
            configuration: configuration, ledger: ledger, webhooks: webhooks, agent: agent,
            speechToSpeech: speechToSpeech,
            metrics: metrics, phrases: phrases,
            capsules: capsules, logger: logger)
        let loaded = Flag()
        let engineMetrics = EngineMetrics(health, factory: factory)
        self.fleet = fleet
        ownedAgent = ownAgent == nil ? agent : nil
        let textMetrics = TextMetrics(factory: factory, actions: messaging.registry.texts.map(\.name) + ["send_sms"])
        texts = try TextService(
            ledger: ledger, agent: agent, directory: services.directory, bell: bell,
            publicURL: configuration[Keys.publicURL], loop: MultiThreadedEventLoopGroup.singleton.next(),
            metrics: textMetrics, points: { points.reached($0) }, logger: logger)
        self.services = services
        areEnginesLoaded = loaded
        gateway = Gateway(
            configuration: configuration, conformance: conformance,
            routes: Self.routes(ledger, loaded, texts.desk, textMetrics, engineMetrics),
            factory: factory,
            logger: logger, onListening: onListening
        ) { request in
            switch request.provider {
            case "native": LiveCall(NativeDialect(), request: request, services: services)
            default: LiveCall(TwilioDialect(), request: request, services: services)
            }
        }
    }

    /// Serves until SIGTERM or SIGINT, and lets calls that are up go on to their end.
    public func run() async throws {
        loadEngines()
        defer {
            services.ledger.close()
            services.capsules?.drain()
            #if LocalSpeech
            services.secondOpinions?.shutDown()
            #endif
        }
        try await texting { try await gateway.runUntilSignalled() }
    }

    /// Texts are sent as long as calls may ask for them; what is being sent then is let end, webhooks too.
    private func texting(_ serve: () async throws -> Void) async throws {
        let sending = Task { [texts] in await texts.run() }
        do {
            try await serve()
        } catch {
            await endActions(sending)
            throw error
        }
        await endActions(sending)
    }

    private func endActions(_ sending: Task<Void, Never>) async {
        await services.webhooks.drain()
        sending.cancel()
        await sending.value
        await closeAgent()
    }

    /// After the last call: what the agent keeps open for all of them.
    private func closeAgent() async { await ownedAgent?.shutDown() }

    /// The same with engines of the caller's choosing, until `gateway.stop` is called: for tests.
    public func runUntilStopped(
        recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer
    ) async throws {
        services.use(recognizer: recognizer, synthesizer: synthesizer)
        areEnginesLoaded.set()
        defer {
            services.ledger.close()
            services.capsules?.drain()
        }
        try await texting { try await gateway.run() }
    }

    /// The same with the engines that the configuration names, which are there before the first call.
    public func runUntilStopped() async throws {
        let engines = registry.load()
        services.use(recognizer: engines.recognizer, synthesizer: engines.synthesizer)
        areEnginesLoaded.set()
        defer {
            services.ledger.close()
            services.capsules?.drain()
        }
        try await texting { try await gateway.run() }
    }

    // MARK: Parts

    /// The sample flow that is built in.
    public static var sampleFlow: String { String(decoding: PackageResources.dentist_yaml, as: UTF8.self) }

    /// What decides the replies, as `agent.flow` names it.
    public static func agent(_ choice: String) throws(StartError) -> any Agent {
        choice == "instant" ? InstantAgent() : FlowAgent(try flow(choice))
    }

    /// What `engines.file` names; nothing where there is no such file.
    public static func engines(
        _ configuration: Configuration, among engines: NetworkEngines = .builtIn,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartError) -> EngineSetup {
        let file = configuration[Keys.enginesFile]
        guard !file.isEmpty else { return EngineSetup() }
        do throws(ConfigurationErrors) {
            return try EnginesFile.load(path: file, environment: environment, engines: engines)
        } catch {
            throw StartError(error.description)
        }
    }

    /// The flow at a path, or the sample.
    public static func flow(_ choice: String) throws(StartError) -> Flow {
        var text = sampleFlow
        if choice != "sample" {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: choice, isDirectory: &isFolder), isFolder.boolValue {
                throw StartError("agent.flow: \(choice) is a folder; name the flow's YAML file in it")
            }
            guard FileManager.default.fileExists(atPath: choice) else {
                throw StartError("agent.flow: \(choice): there is no such file")
            }
            guard let data = FileManager.default.contents(atPath: choice), data.count <= 1 << 20,
                let read = String(validating: data, as: UTF8.self)
            else {
                throw StartError("agent.flow: \(choice) cannot be read as UTF-8 text of at most 1MiB; check the path")
            }
            // Without the byte order mark that some editors put in front.
            text = read.hasPrefix("\u{FEFF}") ? String(read.dropFirst()) : read
        }
        do throws(FlowErrors) {
            return try FlowLoader.load(text: text, file: choice)
        } catch {
            throw StartError(error.description)
        }
    }

    private static func webhookCarrier() throws(StartError) -> WebhookCarrier {
        do throws(TLSTrustFault) {
            return WebhookCarrier(
                http: CheckedHTTP(trust: try TLSTrust()), now: { Int64(Date().timeIntervalSince1970 * 1_000) })
        } catch {
            throw StartError("webhooks: the system's certificates: \(error)")
        }
    }

    private static func ledger(
        _ configuration: Configuration, _ messaging: Ledger.Messaging, _ bell: TextBell, _ points: FaultPoints,
        _ logger: Logger
    ) throws(StartError) -> Ledger {
        do throws(LedgerFault) {
            return try Ledger(
                path: configuration[Keys.ledgerPath], messaging: messaging,
                healthChanged: { status in
                    if status.isHealthy {
                        logger.notice("the ledger is well again", metadata: ["waiting": "\(status.queued)"])
                    } else {
                        logger.error(
                            "the ledger is not well: no new calls, no actions", metadata: ["fault": "\(status.fault)"])
                    }
                }, textsWait: { bell.ring() }, points: { points.reached($0) })
        } catch {
            throw StartError("ledger.path: \(error)")
        }
    }

    private static func capsules(
        _ configuration: Configuration, _ metrics: GatewayMetrics, _ logger: Logger
    ) throws(StartError) -> CapsuleStore? {
        guard let mode = CapsuleStore.Mode(rawValue: configuration[Keys.capsules]) else { return nil }
        let store = try CapsuleStore(
            path: configuration[Keys.capsuleDirectory], mode: mode, keep: configuration[Keys.capsuleKeep],
            redacts: configuration[Keys.capsuleRedact], metrics: metrics, logger: logger)
        store.purgeFromNowOn()
        logger.info(
            configuration[Keys.capsuleRedact]
                ? "calls are recorded, without voices and words" : "calls are recorded, voices and words included",
            metadata: ["capsules": "\(mode.rawValue)", "directory": "\(configuration[Keys.capsuleDirectory])"])
        return store
    }

    private static func routes(
        _ ledger: Ledger, _ loaded: Flag, _ desk: TextDesk, _ textMetrics: TextMetrics,
        _ engineMetrics: EngineMetrics
    ) -> Routes {
        var routes = Routes()
        routes.texts = desk
        routes.link = { text in
            guard let id = ShortLink.ID(text), let found = try? await ledger.openLink(id) else { return nil }
            return found.isLive ? .found(found.target) : .expired
        }
        routes.beforeMetrics = {
            engineMetrics.update()
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    let now = Int64(Date().timeIntervalSince1970 * 1_000)
                    textMetrics.set(
                        (try? ledger.reader.textRates(now: now)) ?? [],
                        byState: (try? ledger.reader.textCounts(now: now)) ?? [:])
                    continuation.resume()
                }
            }
        }
        routes.notReady = {
            var reasons: [String] = []
            if !loaded.isSet { reasons.append("the speech engines are loading") }
            let status = ledger.status
            if !status.isHealthy { reasons.append("ledger: \(status.fault)") }
            return reasons
        }
        routes.calls = { limit in
            await Self.read { try LedgerReport.callsJSON(ledger.reader.calls(limit: limit)) }
        }
        routes.call = { id in
            await Self.read { try ledger.reader.call(id).map { try LedgerReport.callJSON($0) } }
        }
        routes.talk = [
            StaticFile(path: "/talk", contentType: "text/html; charset=utf-8", bytes: PackageResources.talk_html),
            StaticFile(
                path: "/talk/talk.css", contentType: "text/css; charset=utf-8", bytes: PackageResources.talk_css),
        ]
        for (name, script) in [
            ("talk", PackageResources.talk_js), ("talk-call", PackageResources.talk_call_js),
            ("talk-worklets", PackageResources.talk_worklets_js),
        ] {
            let path = "/talk/\(name).js"
            routes.talk.append(StaticFile(path: path, contentType: "text/javascript; charset=utf-8", bytes: script))
        }
        return routes
    }

    /// Disk work, off the event loops and off Swift's own threads.
    private static func read(_ work: @escaping @Sendable () throws -> String?) async -> Data? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: (try? work()).flatMap { $0 }.map { Data($0.utf8) })
            }
        }
    }

    // MARK: Engines

    private var registry: EngineRegistry {
        EngineRegistry(
            configuration: configuration, fleet: fleet, metrics: services.metrics, pressure: gateway.pressure,
            logger: logger)
    }

    /// Loads them on a thread of their own; calls are let in when that is done.
    private func loadEngines() {
        let (registry, services, loaded) = (registry, services, areEnginesLoaded)
        let thread = Thread {
            let engines = registry.load()
            services.use(recognizer: engines.recognizer, synthesizer: engines.synthesizer)
            loaded.set()
            // Calls do without until they are there.
            #if LocalSpeech
            let opinions = registry.secondOpinions()
            opinions?.watch(on: MultiThreadedEventLoopGroup.singleton.next())
            services.use(opinions)
            #endif
        }
        thread.name = "parley-load"
        thread.start()
    }

    /// Where the engines' files are: as configured, else `PARLEY_ENGINES`, else `engines` here.
    public static func enginesDirectory(_ configuration: Configuration) -> String {
        let configured = configuration[Keys.enginesDirectory]
        if !configured.isEmpty { return configured }
        return ProcessInfo.processInfo.environment["PARLEY_ENGINES"] ?? "engines"
    }
}

/// Set once.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
