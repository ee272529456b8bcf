import ParleyActions
import ParleyMessaging
import Yams

/// Reads `actions`: the texts that an agent or an event may bring about, and the webhooks that an agent may ask for.
struct MessagingActions {
    /// What an action does.
    private enum Kind: String, CaseIterable {
        case text, webhook
    }
    private static let keys = [
        "name", "kind", "description", "channel", "trigger", "purpose", "recipient", "parameters", "message",
        "messages",
    ]
    private static let mostActions = 200
    private static let maxDescription = 1_024

    /// Names of the channels, also of those with a fault; the first is the default.
    let channels: [String]
    let environment: [String: String]
    private(set) var actions: [TextAction] = []
    private(set) var webhooks: [WebhookAction] = []
    /// By action.
    private(set) var access: [String: WebhookAccess] = [:]
    private var names: Set<String> = []
    private var triggers: [TextAction.Trigger: String] = [:]

    init(channels: [String], environment: [String: String]) {
        self.channels = channels
        self.environment = environment
    }

    /// Whether there are actions, and none of them sends texts: such a file needs no channel.
    static func areWebhooks(_ top: SettingsFields) -> Bool {
        guard case .sequence(let list)? = top.node("actions"), !list.isEmpty else { return false }
        return list.allSatisfy { $0.mapping?["kind"]?.scalar?.string == Kind.webhook.rawValue }
    }

    mutating func read(_ top: SettingsFields) {
        guard let node = top.node("actions") else { return }
        if case .scalar(let scalar) = node, SettingsFields.isNull(scalar) { return }
        guard case .sequence(let list) = node, list.count <= Self.mostActions else {
            return top.fail(
                "actions", "is not a list of at most \(Self.mostActions)",
                mend: "begin each action with `- name: send_booking_confirmation`")
        }
        for (index, entry) in list.enumerated() {
            let name = entry.mapping?["name"]?.scalar?.string
            let shown = name.flatMap { Self.isName($0) ? $0 : nil } ?? "\(index + 1)"
            guard let fields = SettingsFields(entry, path: "actions.\(shown)", issues: top.issues) else { continue }
            readAction(fields)
        }
    }

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F }
    }

    private mutating func readAction(_ fields: SettingsFields) {
        let kind = fields.has("kind") ? fields.choice("kind", Kind.self) : .text
        switch kind {
        case .text: readText(fields)
        case .webhook: readWebhook(fields)
        case nil: _ = name(fields)
        }
    }

    private mutating func readWebhook(_ fields: SettingsFields) {
        fields.finish(allowed: MessagingWebhooks.keys)
        let name = self.name(fields)
        if let name, TextAction.Trigger(rawValue: name) != nil {
            fields.fail("name", "`\(name)` is what happens in a call", mend: "name it by what it does")
        }
        let description = fields.text("description", atMost: Self.maxDescription)
        if !fields.has("description") { fields.miss("description", "Looks up the free times of a day.") }
        let parameters = self.parameters(fields)
        let isKnown = !fields.has("parameters") || parameters != nil
        do throws(SchemaFault) {
            let reader = MessagingWebhooks(fields: fields, environment: environment)
            let read = try reader.read(
                name: name, description: description, parameters: parameters, isKnown: isKnown)
            guard let (action, access) = read else { return }
            webhooks.append(action)
            self.access[action.name] = access
        } catch {
            report(error, fields)
        }
    }

    private mutating func readText(_ fields: SettingsFields) {
        fields.finish(allowed: Self.keys)
        let name = self.name(fields)
        let description = fields.text("description", atMost: Self.maxDescription)
        if !fields.has("description") { fields.miss("description", "Send when the booking is final.") }
        let channel = self.channel(fields)
        let trigger = self.trigger(fields, of: name)
        let purpose = fields.choice("purpose", among: ConsentPurpose.nameable) ?? .transactionalInCall
        let parameters = self.parameters(fields)
        let isKnown = !fields.has("parameters") || parameters != nil
        let templates = MessagingTemplates(
            fields: fields, parameters: isKnown ? parameters : MessagingTemplates.anyParameters)
        let message = templates.template("message")
        let messages = templates.templates("messages")
        let isWritten = templates.isWritten("message")
        if !isWritten, fields.has("messages") {
            fields.fail(
                "messages", "there is no text for the other languages", mend: "write it as `message`, beside these")
        }
        let recipient = self.recipient(fields, templates)
        guard let name, let description, let channel, let recipient, isKnown, (message != nil) == isWritten else {
            return
        }
        do throws(SchemaFault) {
            actions.append(
                try TextAction(
                    name: name, description: description, channel: channel, trigger: trigger,
                    purpose: purpose.rawValue, recipient: recipient, parameters: parameters, message: message,
                    messages: messages))
        } catch {
            report(error, fields)
        }
    }

    private mutating func name(_ fields: SettingsFields) -> String? {
        guard fields.has("name") else {
            fields.miss("name", "send_booking_confirmation")
            return nil
        }
        guard let name = fields.text("name", atMost: 200) else { return nil }
        guard Self.isName(name) else {
            fields.fail(
                "name", "`\(name.prefix(64))` is not an action's name",
                mend: "use a-z, 0-9 and `_`, at most 64, as send_booking_confirmation")
            return nil
        }
        if ActionSchema.builtIn.contains(where: { $0.name == name }) {
            fields.fail("name", "`\(name)` is built in", mend: "name it otherwise")
            return nil
        }
        guard names.insert(name).inserted else {
            fields.fail("name", "`\(name)` is the name of an action before", mend: "name each action otherwise")
            return nil
        }
        return name
    }

    private func channel(_ fields: SettingsFields) -> String? {
        guard fields.has("channel") else { return channels.first }
        guard let name = fields.text("channel", atMost: 64) else { return nil }
        if channels.contains(name) { return name }
        let near = fields.issues.nearest(to: name, among: channels)
        fields.fail(
            "channel", "there is no channel `\(name)`",
            mend: near.map { "did you mean `\($0)`?" } ?? "write one of \(channels.joined(separator: ", "))")
        return nil
    }

    private mutating func trigger(_ fields: SettingsFields, of name: String?) -> TextAction.Trigger? {
        guard let trigger = fields.choice("trigger", TextAction.Trigger.self) else { return nil }
        if let before = triggers[trigger] {
            fields.fail(
                "trigger", "`\(before)` has the trigger \(trigger.rawValue) already",
                mend: "keep one of the two; for another language write `messages`")
        } else {
            triggers[trigger] = name ?? fields.path
        }
        return trigger
    }

    private func recipient(_ fields: SettingsFields, _ templates: MessagingTemplates) -> TextAction.Recipient? {
        guard let text = fields.scalar("recipient") else { return fields.has("recipient") ? nil : .contact }
        if text == "contact" { return .contact }
        if !text.contains("{{") {
            do throws(PhoneNumber.Fault) {
                _ = try PhoneNumber(text)
            } catch {
                fields.fail(
                    "recipient", "is not a number that can be texted (\(error.rawValue))",
                    mend: "write `contact`, a number as \"+12125550123\", or \"{{ .parameters.number }}\"")
                return nil
            }
        }
        return templates.template("recipient").map { .custom($0) }
    }

    // MARK: parameters

    /// - Returns: `nil` also where there are none.
    private func parameters(_ fields: SettingsFields) -> JSONSchema? {
        guard let node = fields.node("parameters") else { return nil }
        guard let json = YAMLValue.json(node) else {
            fields.fail(
                "parameters", "is not a JSON Schema", mend: "write `{type: object, properties: {...}}`, keys as text")
            return nil
        }
        do throws(SchemaFault) {
            return try JSONSchema(json)
        } catch {
            report(error, fields)
            return nil
        }
    }

    private func report(_ fault: SchemaFault, _ fields: SettingsFields) {
        let node = fields.node("parameters")
        let line = node.flatMap { YAMLValue.line(of: fault.place, in: $0) } ?? fields.line(of: "parameters")
        let path = fields.path(of: "parameters") + fault.place.replacing("/", with: ".")
        let wants = if case .wants(let wants) = fault.problem { wants } else { fault.text }
        let parts = wants.split(separator: ": ", maxSplits: 1)
        fields.issues.add(
            line, path, String(parts.first ?? ""),
            mend: parts.count > 1 ? String(parts[1]) : "mend it as JSON Schema has it")
    }
}
