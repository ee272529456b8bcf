import Synchronization

/// What the protocol's documentation says of the platform's messages: names, types, values, order.
final class FakeRelayChecks: Sendable {
    private struct Seen {
        var isSetUp = false
        var speaking: [String: String] = [:]
    }
    private let attributes: FakeRelayApplication.Attributes
    private let violations: FakeRecord<FakeViolation>
    private let seen = Mutex<[Int: Seen]>([:])
    private let sessions = Mutex<(ids: Set<String>, call: String?)>(([], nil))

    init(_ attributes: FakeRelayApplication.Attributes, _ violations: FakeRecord<FakeViolation>) {
        self.attributes = attributes
        self.violations = violations
    }

    func check(_ notice: FakeRelayNotice) {
        for problem in problems(of: notice) {
            violations.append(FakeViolation(connection: notice.connection, what: "\(problem): \(notice)"))
        }
    }

    private func problems(of notice: FakeRelayNotice) -> [String] {
        let isSetUp = seen.withLock { seen in
            defer { seen[notice.connection, default: Seen()].isSetUp = true }
            return seen[notice.connection]?.isSetUp ?? false
        }
        if isSetUp == (notice.type == "setup") { return ["setup comes first and once"] }
        switch notice.type {
        case "setup": return setup(notice)
        case "prompt":
            var problems = names(notice, ["type", "voicePrompt", "lang", "last"])
            if notice.fields["voicePrompt"]?.string?.isEmpty != false { problems.append("no words") }
            if notice.fields["lang"]?.string != attributes.language { problems.append("another language") }
            guard let isLast = notice.fields["last"]?.bool else { return problems + ["last is no Boolean"] }
            if !isLast, !attributes.partialPrompts { problems.append("partial prompts were not asked for") }
            return problems
        case "dtmf":
            var problems = names(notice, ["type", "digit"])
            let digit = notice.fields["digit"]?.string ?? ""
            if digit.count != 1 || !"0123456789*#ABCD".contains(digit) { problems.append("no key") }
            if !attributes.dtmfDetection { problems.append("keys were not asked for") }
            return problems
        case "interrupt":
            var problems = names(notice, ["type", "utteranceUntilInterrupt", "durationUntilInterruptMs"])
            if notice.fields["utteranceUntilInterrupt"]?.string == nil { problems.append("no words") }
            if (notice.fields["durationUntilInterruptMs"]?.whole ?? -1) < 0 { problems.append("no whole number") }
            return problems
        case "info": return info(notice)
        case "error":
            return names(notice, ["type", "description"])
                + (notice.fields["description"]?.string == nil ? ["no description"] : [])
        default: return ["unknown type"]
        }
    }

    private func names(_ notice: FakeRelayNotice, _ names: Set<String>) -> [String] {
        Set(notice.fields.keys) == names ? [] : ["other fields than \(names.sorted())"]
    }

    private func setup(_ notice: FakeRelayNotice) -> [String] {
        let texts: Set<String> = [
            "type", "sessionId", "accountSid", "callSid", "parentCallSid", "from", "to", "forwardedFrom", "callerName",
            "direction", "callType", "callStatus",
        ]
        var problems = names(notice, texts.union(["customParameters"]))
        for name in texts where notice.fields[name]?.string == nil { problems.append("\(name) is no string") }
        func text(_ name: String) -> String { notice.fields[name]?.string ?? "" }
        for (name, letters) in [("sessionId", "VX"), ("accountSid", "AC"), ("callSid", "CA")] {
            let id = text(name)
            if id.prefix(2) != letters || id.count != 34
                || !id.dropFirst(2).allSatisfy({ "0123456789abcdef".contains($0) })
            {
                problems.append("\(name) has another shape")
            }
        }
        if !["inbound", "outbound-api"].contains(text("direction")) { problems.append("unknown direction") }
        if !["PSTN", "SIP", "CLIENT"].contains(text("callType")) { problems.append("unknown callType") }
        if notice.fields["customParameters"]?.object?.values.contains(where: { $0.string == nil }) != false {
            problems.append("customParameters are no strings")
        }
        sessions.withLock { sessions in
            if text("callStatus") != (sessions.ids.isEmpty ? "RINGING" : "IN_PROGRESS") {
                problems.append("wrong callStatus")
            }
            if !sessions.ids.insert(text("sessionId")).inserted { problems.append("a sessionId again") }
            if let call = sessions.call, call != text("callSid") { problems.append("another callSid") }
            sessions.call = text("callSid")
        }
        return problems
    }

    private func info(_ notice: FakeRelayNotice) -> [String] {
        guard let name = notice.fields["name"]?.string, let value = notice.fields["value"]?.string else {
            return ["no name or no value"]
        }
        // Parley's own, which nobody has to ask for.
        if name == "answeredByPlatform" {
            let told = FakeJSON(text: value)
            let isWhole = ["voicePrompt", "answer"].allSatisfy { told?[$0]?.string?.isEmpty == false }
            return isWhole ? [] : ["\(name) does not say what was asked and answered"]
        }
        guard attributes.events else { return ["info was not asked for"] }
        switch name {
        case "agentSpeaking", "clientSpeaking":
            let before = seen.withLock { seen in
                seen[notice.connection]?.speaking.updateValue(value, forKey: name)
            }
            if before == value || !["on", "off"].contains(value) { return ["\(name) does not alternate"] }
            return (notice.fields["ts"]?.whole ?? 0) > 1_000_000_000_000 ? [] : ["no time in milliseconds"]
        case "tokensPlayed": return value.isEmpty ? ["nothing was played"] : []
        default: return ["unknown info"]
        }
    }
}
