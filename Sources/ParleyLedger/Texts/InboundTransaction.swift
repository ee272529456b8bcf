import Crypto
import GRDB
import ParleyMessaging

/// A text that came in, as the ledger was told of it.
public struct TextArrival: Equatable, Sendable {
    public var message: InboundMessage
    /// The provider's name.
    public var provider: String
    /// The channel that it came to.
    public var channel: String

    public init(_ message: InboundMessage, provider: String, channel: String) {
        self.message = message
        self.provider = provider
        self.channel = channel
    }
}

/// What became of a text that came in.
public enum InboundOutcome: Equatable, Sendable {
    /// It came before: nothing was done again.
    case repeated
    /// All that had to be done is done.
    case settled
    /// Its sender's number cannot be read: written down, and nothing else could be done.
    case unreadable
    /// An agent is to answer.
    case wantsAnswer(TextQuestion)
}

/// A text that an agent is to answer, and what it has to know for that.
public struct TextQuestion: Equatable, Sendable {
    /// Our own id of the text.
    public var id: String
    public var number: PhoneNumber
    public var channel: String
    public var words: String
    public var meaning: InboundText.Meaning
    /// As it was when the text came.
    public var thread: ConversationThread

    public init(
        id: String, number: PhoneNumber, channel: String, words: String, meaning: InboundText.Meaning,
        thread: ConversationThread
    ) {
        self.id = id
        self.number = number
        self.channel = channel
        self.words = words
        self.meaning = meaning
        self.thread = thread
    }
}

/// What an agent answers to a text.
public struct TextAnswer: Equatable, Sendable {
    /// `nil`: nothing is sent.
    public var reply: String?
    /// What was understood, and what follows of it for the thread, in order; `textSent` counts if the reply may be sent.
    public var events: [ThreadEvent]

    public init(reply: String?, events: [ThreadEvent] = []) {
        self.reply = reply
        self.events = events
    }
}

/// Takes in what somebody texted, within one transaction.
struct InboundTransaction {
    let db: Database
    let messaging: Ledger.Messaging
    let now: Int64

    /// Opt-outs and help are settled here, durable before the webhook is answered; the rest is for an agent.
    ///
    /// - Parameter id: for the text.
    func receive(_ text: TextArrival, id: String) throws -> InboundOutcome {
        let channel = messaging.plan.channel(text.channel)
        let number = InboundNumber.number(text.message.from, sender: channel?.sender ?? "")
        let isNew = try insert(text, id: id, from: number?.e164 ?? text.message.from)
        guard isNew else { return .repeated }
        guard let channel, let number else {
            try settle(id, meaning: "unreadable", rule: "")
            return .unreadable
        }
        let stops = try ConsentTable(db).optOuts(of: number.e164)
        let isOptedOut = stops.contains { $0.means != OptOut.suspected }
        let thread = try ThreadTable(db).thread(number.e164) ?? ConversationThread(number: number.e164, updatedAt: now)
        let meaning = meaning(of: text.message, thread.inboundContext(isOptedOut: isOptedOut))
        try ThreadTable(db).handle([.textCameIn(text.message.body)], of: number, from: id, now: now)
        try act(on: meaning, of: number, thread: thread, text: id)
        try reply(to: meaning, number, channel, thread: thread, text: id)
        guard meaning.isForAgent, !isOptedOut else {
            try settle(id, meaning: meaning.name, rule: meaning.rule)
            return .settled
        }
        try name(id, meaning)
        try consent(.conversation, number, channel, text: id, words: text.message.body)
        return .wantsAnswer(
            TextQuestion(
                id: id, number: number, channel: channel.name, words: text.message.body, meaning: meaning,
                thread: thread))
    }

    /// Writes an agent's answer down and queues its reply. Once for a text.
    func answer(_ question: TextQuestion, with answer: TextAnswer) throws {
        try db.execute(
            sql: "UPDATE inbound SET answered_at = ? WHERE id = ? AND answered_at IS NULL",
            arguments: [now, question.id])
        guard db.changesCount == 1, let channel = messaging.plan.channel(question.channel) else { return }
        let refusal = try answer.reply.map { try queue($0, to: question, channel) } ?? "no_reply"
        try note(question.id, refusal ?? "answered")
        let events = answer.events.filter { event in
            if case .textSent = event { return refusal == nil }
            return true
        }
        try ThreadTable(db).handle(events, of: question.number, from: question.id, now: now)
    }

    /// - Returns: why it is not sent; `nil`: it waits to be.
    private func queue(_ reply: String, to question: TextQuestion, _ channel: Channel) throws -> String? {
        let lastHint = try MessageTable(db).lastHint(from: channel.name, to: question.number.e164)
        let text: WrittenText
        do throws(TextSource.Fault) {
            let isHintDue = channel.isHintDue(after: lastHint, now: now)
            text = try TextWriter(channel: channel).write(reply, withHint: isHintDue)
        } catch {
            return error.rule
        }
        return try queue(text.composed, .conversation, name: "answer", question.number, channel, text: question.id)
    }

    // MARK: What it means

    /// What the provider took the words for, it has answered as such: that counts.
    private func meaning(of message: InboundMessage, _ context: InboundText.Context) -> InboundText.Meaning {
        let own = Self.answer(
            in: InboundText.meaning(of: message.body, languages: messaging.plan.optOutLanguages, context: context),
            context)
        switch (message.optOutType, own) {
        // A YES that answers us is an answer, whatever else the provider takes it for.
        case (nil, _), (.stop, .optOut), (.start, .optIn), (.start, .yes), (.help, .help): return own
        case (.stop, _): return .optOut(isKeyword: true, word: "stop", alsoCancels: false)
        case (.start, _): return .optIn(keyword: "start")
        case (.help, _): return .help
        }
    }

    /// A YES to a question of ours is an answer; only to somebody who opted out is it the way back.
    private static func answer(in meaning: InboundText.Meaning, _ context: InboundText.Context) -> InboundText.Meaning {
        guard case .optIn(let keyword) = meaning, !context.isOptedOut, context.awaitsYes,
            !["start", "unstop"].contains(keyword)
        else { return meaning }
        return .yes
    }

    private func act(
        on meaning: InboundText.Meaning, of number: PhoneNumber, thread: ConversationThread, text: String
    ) throws {
        var outbox = OutboxTransaction(db, messaging, now: now)
        switch meaning {
        case .optOut(_, let word, let alsoCancels):
            try outbox.optOut(OptOut(number: number.e164, means: "sms", at: now, call: text))
            if alsoCancels {
                try ThreadTable(db).handle([.cancelRequested, .agentMustAct], of: number, from: text, now: now)
            }
            try note(text, word)
        case .suspend:
            try outbox.optOut(OptOut(number: number.e164, means: OptOut.suspected, at: now, call: text))
            try ThreadTable(db).handle([.agentMustAct], of: number, from: text, now: now)
        case .optIn:
            try ConsentTable(db).liftOptOuts(of: number.e164, now: now)
        case .help, .yes, .no, .cancelBooking, .message: break
        }
    }

    // MARK: What the rules ask us to answer

    private func reply(
        to meaning: InboundText.Meaning, _ number: PhoneNumber, _ channel: Channel, thread: ConversationThread,
        text: String
    ) throws {
        if case .optIn(let keyword) = meaning {
            try consent(.informational, number, channel, text: text, words: keyword)
        }
        let rule = ReplyRule(providerHandlesStop: channel.providerHandlesStop)
        guard let reply = rule.reply(to: meaning, history: try history(of: number, channel), at: now) else { return }
        try consent(.notice, number, channel, text: text, words: meaning.name)
        let composed = TextComposer.Composed(whole: channel.notice(reply))
        let refusal = try queue(composed, .notice, name: "notice_" + reply.rawValue, number, channel, text: text)
        if let refusal { try note(text, refusal) }
    }

    private func history(of number: PhoneNumber, _ channel: Channel) throws -> ReplyRule.History {
        func last(_ names: [ReplyTexts.Reply]) throws -> Int64? {
            let marks = names.map { _ in "?" }.joined(separator: ", ")
            return try Int64.fetchOne(
                db,
                sql: "SELECT max(created_at) FROM messages WHERE recipient = ? AND sender = ? AND name IN (\(marks))",
                arguments: StatementArguments([number.e164, channel.name] + names.map { "notice_" + $0.rawValue }))
        }
        return ReplyRule.History(
            optedOutAt: try ConsentTable(db).optOuts(of: number.e164).first { $0.means != OptOut.suspected }?.at,
            confirmedAt: try last([.optedOut, .optedOutAndCancelling]), helpedAt: try last([.help]),
            optInConfirmedAt: try last([.optedIn]))
    }

    /// Their own text is the evidence.
    private func consent(
        _ purpose: ConsentPurpose, _ number: PhoneNumber, _ channel: Channel, text: String, words: String
    ) throws {
        try ConsentTable(db).insert(
            Consent(
                id: ULID.make(at: now), number: number.e164, purpose: purpose, sender: channel.name,
                means: purpose == .informational ? .keyword : .inbound, wording: "", wordingVersion: "", heard: "",
                language: channel.language, answer: words, givenAt: now, call: text, turn: 0, spanBegan: 0,
                spanEnded: 0, agent: ""))
    }

    /// - Returns: why it was not; `nil`: it waits to be sent.
    private func queue(
        _ composed: TextComposer.Composed, _ purpose: ConsentPurpose, name: String, _ number: PhoneNumber,
        _ channel: Channel, text: String
    ) throws -> String? {
        // Nobody abroad is answered because they texted us, and none of our own numbers.
        let refusal = messaging.destination(number, isCustom: false, caller: number.e164, from: channel)
        if let refusal, purpose != .notice || refusal == CountryRules.Rule.ownSender.rawValue { return refusal }
        let request = ConsentGate.Request(
            recipient: number, sender: channel.name, purpose: purpose, call: text, at: now)
        let consents = ConsentTable(db)
        let counts = try MessageTable(db).counts(of: request, caller: "", besides: "")
        switch messaging.gate.decide(
            request, consents: try consents.consents(for: request), optOuts: try consents.optOuts(of: number.e164),
            history: counts.history)
        {
        case .refused(let rule): return rule.rawValue
        case .allowed(let proof):
            let message = TextMessage(
                id: ULID.make(at: now), key: "answer:\(text):\(name)", proof: proof, text: composed)
            var row = messaging.plan.outbox.queued(id: message.id, sender: channel.name, isInCall: false, now: now)
            if !channel.isCarried { row.state = .recorded }
            let facts = TextFacts(
                call: text, action: "", name: name, purpose: purpose, provider: channel.provider.rawValue, caller: "",
                hasHint: composed.hasHint)
            try MessageTable(db).insert(message, facts, row)
            return nil
        }
    }

    // MARK: The row

    private func insert(_ text: TextArrival, id: String, from: String) throws -> Bool {
        try db.execute(
            sql: """
                INSERT INTO inbound (id, provider, provider_message, channel, number, body, media, meaning, rule, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, '', '', ?) ON CONFLICT DO NOTHING
                """,
            arguments: [
                id, text.provider, Self.key(of: text), text.channel, stored(from, limit: 64),
                stored(text.message.body, limit: 8_192), text.message.mediaCount, now,
            ])
        return db.changesCount == 1
    }

    /// Tells one text from another: bridges count for themselves, and begin anew. The same id with other words, or from
    /// somebody else, is another text.
    private static func key(of text: TextArrival) -> String {
        let about = [text.channel, text.message.from, text.message.body].joined(separator: "\u{0}")
        let hash = SHA256.hash(data: Array(about.utf8)).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return stored(text.message.providerID, limit: 128) + "#" + hash.joined()
    }

    private func settle(_ id: String, meaning: String, rule: String) throws {
        try db.execute(
            sql: "UPDATE inbound SET meaning = ?, rule = ?, answered_at = ? WHERE id = ?",
            arguments: [meaning, rule, now, id])
    }

    private func name(_ id: String, _ meaning: InboundText.Meaning) throws {
        try db.execute(sql: "UPDATE inbound SET meaning = ? WHERE id = ?", arguments: [meaning.name, id])
    }

    private func note(_ id: String, _ rule: String) throws {
        try db.execute(sql: "UPDATE inbound SET answer = ? WHERE id = ?", arguments: [stored(rule, limit: 128), id])
    }
}

extension InboundText.Meaning {
    /// As the record has it.
    public var name: String {
        switch self {
        case .optOut: "opt_out"
        case .optIn: "opt_in"
        case .help: "help"
        case .yes: "yes"
        case .no: "no"
        case .cancelBooking: "cancel_booking"
        case .suspend: "suspend"
        case .message: "message"
        }
    }

    /// The word or the rule; never the sender's words.
    var rule: String {
        switch self {
        case .optOut(_, let word, _): word
        case .optIn(let keyword): keyword
        case .help, .yes, .no, .cancelBooking, .suspend, .message: ""
        }
    }

    /// - Parameter name: as in the record; what is not for an agent is `nil`.
    init?(forAgent name: String) {
        switch name {
        case "yes": self = .yes
        case "no": self = .no
        case "cancel_booking": self = .cancelBooking
        case "message": self = .message
        default: return nil
        }
    }

    var isForAgent: Bool { InboundText.Meaning(forAgent: name) != nil }
}

extension Ledger {
    /// Whether a text may turn out to be a stop, by its words alone: asked before it is written down.
    public func mayStop(_ message: InboundMessage) -> Bool {
        if message.optOutType == .stop { return true }
        let meaning = InboundText.meaning(
            of: message.body, languages: messaging.plan.optOutLanguages, context: InboundText.Context())
        switch meaning {
        case .optOut, .suspend: return true
        case .optIn, .help, .yes, .no, .cancelBooking, .message: return false
        }
    }

    /// Takes in a text. What it says of consent is durable, and in force, when this returns.
    public func received(_ text: TextArrival) async throws -> InboundOutcome {
        let (messaging, now) = (messaging, now())
        let id = ULID.make(at: now)
        return try await transact(takesOnTexts: true) { db in
            try InboundTransaction(db: db, messaging: messaging, now: now).receive(text, id: id)
        }
    }

    /// What an agent answers to it. The first answer counts.
    public func answer(_ question: TextQuestion, with answer: TextAnswer) async throws {
        let (messaging, now) = (messaging, now())
        try await transact(takesOnTexts: true) { db in
            try InboundTransaction(db: db, messaging: messaging, now: now).answer(question, with: answer)
        }
    }

    /// Texts that came in and were not answered, when a process ended in between, newest first.
    ///
    /// - Parameters: UTC milliseconds since 1970.
    public func unanswered(since: Int64, before: Int64, limit: Int = 100) async throws -> [TextQuestion] {
        try await transact { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM inbound WHERE answered_at IS NULL AND at >= ? AND at <= ? ORDER BY at DESC LIMIT ?",
                arguments: [since, before, limit]
            ).compactMap { row in
                guard let number = try? PhoneNumber(row["number"]),
                    let meaning = InboundText.Meaning(forAgent: row["meaning"]),
                    let thread = try ThreadTable(db).thread(number.e164)
                else { return nil }
                return TextQuestion(
                    id: row["id"], number: number, channel: row["channel"], words: row["body"], meaning: meaning,
                    thread: thread)
            }
        }
    }
}
