import Foundation
import ParleyAgents
import ParleyLedger

extension GatewayProcess {
    /// Channels, texts and their rules: of `messaging.file`, else one channel that only records.
    ///
    /// - Throws: all that is wrong with the file; or a flow that asks for what is not in it.
    public static func messaging(
        _ configuration: Configuration, _ agent: any Agent
    ) throws(StartError) -> Ledger.Messaging {
        try setup(configuration, agent).messaging
    }

    /// The same, with how its webhooks reach their servers.
    static func setup(
        _ configuration: Configuration, _ agent: any Agent,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartError) -> (messaging: Ledger.Messaging, webhooks: [String: WebhookAccess]) {
        let flow = (agent as? FlowAgent)?.flow
        var setup = try messagingFile(configuration, sender: flow?.settings.name, environment)
        guard let flow else { return setup }
        try check(flow, against: setup.messaging, configuration)
        setup.messaging.notes = { call, values in
            var notes = CallNotes(flow: flow, callID: call)
            return values.flatMap { notes.note($0.name, $0.value) }
        }
        return setup
    }

    /// What `messaging.file` holds, whatever a flow makes of it.
    ///
    /// - Parameter sender: who texts, where neither configuration nor file says so.
    /// - Throws: all that is wrong with the file.
    static func messagingFile(
        _ configuration: Configuration, sender: String?,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartError) -> (messaging: Ledger.Messaging, webhooks: [String: WebhookAccess]) {
        let file = configuration[Keys.messagingFile]
        let configured = configuration[Keys.smsSender]
        let sender = configured.isEmpty ? sender ?? "Parley" : configured
        guard !file.isEmpty else { return (.recordOnly(sender), [:]) }
        do throws(ConfigurationErrors) {
            let setup = try MessagingFile.load(path: file, sender: sender, environment: environment)
            return (Ledger.Messaging(plan: setup.plan, registry: setup.registry), setup.webhooks)
        } catch {
            throw StartError(error.description)
        }
    }

    /// - Throws: all that a flow asks for and the configuration does not have.
    static func check(
        _ flow: Flow, against messaging: Ledger.Messaging, _ configuration: Configuration
    ) throws(StartError) {
        let file = configuration[Keys.messagingFile]
        do throws(FlowErrors) {
            try flow.check(against: messaging.registry, of: file.isEmpty ? nil : file)
        } catch {
            throw StartError(error.description)
        }
    }
}
