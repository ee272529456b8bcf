import Foundation

/// What `parley ledger` prints: tables for people, or JSON for programs. Numbers are masked unless `reveal` is set.
public enum LedgerReport {
    /// Lines are at most this wide, so that a plain terminal shows them whole.
    static let width = 100

    // MARK: tables

    public static func calls(_ calls: [CallSummary], reveal: Bool = false) -> String {
        if calls.isEmpty { return "No calls yet.\n" }
        var table = TextTable([
            ("started (UTC)", .left), ("call", .left), ("caller", .left), ("length", .right), ("end", .left),
            ("turns", .right), ("texts", .right),
        ])
        for call in reveal ? calls : calls.map({ $0.masked() }) {
            table.add([
                date(call.startedAt), call.id, call.caller.isEmpty ? "-" : call.caller,
                call.durationMs.map { offset(Int($0)) } ?? "", call.endReason ?? "(open)", String(call.turns),
                String(call.messages),
            ])
        }
        return table.render()
    }

    public static func messages(_ messages: [MessageRecord], reveal: Bool = false) -> String {
        if messages.isEmpty { return "No text messages yet.\n" }
        return messages.map { text($0, reveal: reveal) }.joined()
    }

    public static func call(_ record: CallRecord, reveal: Bool = false) -> String {
        let record = reveal ? record : record.masked()
        let call = record.call
        let end = call.endReason.map { "\(offset(Int(call.durationMs ?? 0))) \($0)" } ?? "(still open)"
        var out = "call \(printable(call.id))\n"
        out += "  started   \(date(call.startedAt)) UTC\n"
        out += "  ended     \(end)\n"
        out += "  caller    \(shown(call.caller)) to \(shown(call.called))\n"
        out += "  provider  \(printable(call.provider)) \(printable(call.providerCall))\n"
        out += "  agent     \(printable(call.agent))\n"
        out += section("conversation", conversation(record))
        out += section("waterfall, in ms from the caller's last voiced frame", waterfall(record.waterfalls))
        out += section("consents", record.consents.map { consent($0, began: call.startedAt) }.joined())
        out += section("texts", record.messages.map { text($0, reveal: true) }.joined())
        let dropped = record.events.filter { $0.kind == "dropped" }
        out += section(
            "late news ignored",
            dropped.map { "  \($0.detail) \($0.count) (\(offset($0.atMs)) to \(offset($0.lastMs)))\n" }.joined())
        return out
    }

    // MARK: JSON

    public static func callsJSON(_ calls: [CallSummary], reveal: Bool = false) throws -> String {
        try json(reveal ? calls : calls.map { $0.masked() })
    }

    public static func callJSON(_ record: CallRecord, reveal: Bool = false) throws -> String {
        try json(reveal ? record : record.masked())
    }

    public static func messagesJSON(_ messages: [MessageRecord], reveal: Bool = false) throws -> String {
        try json(reveal ? messages : messages.map { $0.masked() })
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    // MARK: parts of one call

    private static func section(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : "\n\(title)\n\(body)"
    }

    private static func shown(_ number: String) -> String { number.isEmpty ? "-" : printable(number) }

    /// All that happened, in order of its beginning: `  +12.345  caller  yes please`.
    private static func conversation(_ record: CallRecord) -> String {
        var lines: [(at: Int, who: String, what: String)] = []
        for turn in record.turns {
            var what = turn.text
            if turn.wasCut { what += what.isEmpty ? "[cut]" : " [cut]" }
            if turn.isKeyed { what += " [keys]" }
            if turn.isBackchannel { what += " [backchannel]" }
            lines.append((turn.beganMs, turn.side, what))
        }
        for event in record.events where event.kind != "dropped" {
            lines.append((event.atMs, "", "(\(event.kind): \(event.detail))"))
        }
        for variable in record.variables { lines.append((variable.atMs, "", "(\(variable.name) = \(variable.value))")) }
        for action in record.actions {
            let rule = action.rule.isEmpty ? "" : ", \(action.rule)"
            lines.append((action.atMs, "", "(\(action.name): \(action.outcome)\(rule))"))
        }
        let sorted = lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return sorted.map { item in
            let time = offset(item.element.at)
            let head =
                "  " + String(repeating: " ", count: max(0, 9 - time.count)) + time + "  "
                + item.element.who + String(repeating: " ", count: 8 - item.element.who.count)
            let blank = String(repeating: " ", count: head.count)
            return wrapped(item.element.what, width: width - head.count).enumerated()
                .map { ($0.offset == 0 ? head : blank) + $0.element + "\n" }.joined()
        }.joined()
    }

    private static func waterfall(_ rows: [WaterfallRecord]) -> String {
        if rows.isEmpty { return "" }
        var table = TextTable([
            ("turn", .right), ("reply", .right), ("paused", .right), ("endpoint", .right), ("final", .right),
            ("asked", .right), ("text", .right), ("clause", .right), ("audio", .right), ("frame", .right),
            ("edge", .right),
        ])
        for row in rows {
            // Keys have no last voiced frame: counted from the question to the agent.
            guard let base = row.lastVoicedUs ?? row.askedUs else { continue }
            func after(_ stage: Int64?) -> String { stage.map { milliseconds($0 - base) } ?? "-" }
            table.add([
                String(row.turn), String(row.generation), after(row.pausedUs), after(row.endpointUs),
                after(row.finalUs), after(row.askedUs), after(row.firstTextUs), after(row.firstClauseUs),
                after(row.firstAudioUs), after(row.firstFrameUs), row.edgeUs.map(milliseconds) ?? "-",
            ])
        }
        return table.render(indent: 2)
    }

    private static func milliseconds(_ microseconds: Int64) -> String {
        let tenths = (microseconds.magnitude + 50) / 100
        return (microseconds < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }

    static func consent(_ consent: ConsentRecord, began: Int64) -> String {
        var out =
            "  \(consent.id)  \(consent.purpose), \(consent.means), \(shown(consent.number)) from \(consent.sender)\n"
        out += quoted("asked", consent.wording)
        out += quoted(
            "answer", "\"\(consent.answer)\" at \(offset(consent.spanBeganMs)) to \(offset(consent.spanEndedMs))")
        if let withdrawn = consent.withdrawnAt { out += quoted("withdrawn", "\(date(withdrawn)) UTC") }
        return out
    }

    private static func text(_ message: MessageRecord, reveal: Bool) -> String {
        let message = reveal ? message : message.masked()
        let parts = "\(message.segments) part\(message.segments == 1 ? "" : "s") \(message.encoding)"
        var out = "  \(date(message.createdAt)) UTC  \(message.state)  to \(shown(message.recipient)), \(parts)\n"
        out += quoted("", "\"\(message.body)\"")
        out += quoted(
            "", "text \(message.id), consent \(message.consent), call \(message.call), by \(message.provider)")
        if !message.detail.isEmpty { out += quoted("", "detail: \(message.detail)") }
        return out
    }

    private static func quoted(_ name: String, _ body: String) -> String {
        let head = "    " + (name.isEmpty ? "" : name + ": ")
        let blank = String(repeating: " ", count: head.count)
        return wrapped(body, width: width - head.count).enumerated()
            .map { ($0.offset == 0 ? head : blank) + $0.element + "\n" }.joined()
    }
}
