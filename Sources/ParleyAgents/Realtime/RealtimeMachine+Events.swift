import ParleyCore
import ParleySpeech

/// What the server says.
extension RealtimeMachine {
    mutating func handle(_ event: RealtimeEvent, at now: CallTime) {
        switch event {
        case .committed(let item): send(listening.committed(item))
        case .callerWords(let item, let words):
            if let turn = listening.heard(words, of: item) {
                effects.append(.recognizer(.partial(turn.turn, turn.words)))
            }
        case .callerTranscript(let item, let words):
            if let turn = listening.settle(item: item) { settle(turn, words: words, at: now) }
        case .callerTranscriptFailed(let item):
            if let turn = listening.settle(item: item) { settle(turn, words: nil, at: now) }
        case .error(let code, _, let event): refused(code, event, at: now)
        default: respond(to: event, at: now)
        }
        pump(at: now)
    }

    /// A message said nothing.
    mutating func handleGarbage(at now: CallTime) {
        garbage = garbage.filter { now - $0 < .seconds(10) } + [now]
        guard garbage.count >= settings.bounds.garbage else { return }
        effects.append(.disconnect)
        closed("too many messages that say nothing", at: now)
    }

    /// The turn's words, or that there are none.
    mutating func settle(_ turn: RealtimeListening.Awaited, words: String?, at now: CallTime) {
        let text = Self.cut(words ?? turn.words, 4_000)
        let draft = draft.flatMap { replies[$0].turn == turn.turn ? $0 : nil }
        if words == nil { tell(.recognizer, .stalled, "a turn was not transcribed") }
        guard words == nil, text.isEmpty else {
            effects.append(.recognizer(.final(turn.turn, text)))
            if draft != nil { draftDue = now + settings.times.question }
            return
        }
        // The model has heard it all the same where it answers.
        if let draft, replies[draft].characters > 0 {
            effects.append(.recognizer(.final(turn.turn, Self.unwritten)))
            draftDue = now + settings.times.question
        } else {
            effects.append(.recognizer(.failed(turn.turn)))
            if let draft { discard(draft, at: now) }
        }
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.utf8.count <= length ? text : String(text.prefix(length / 4))
    }

    // MARK: A response

    private mutating func respond(to event: RealtimeEvent, at now: CallTime) {
        if case .responseCreated(let id) = event {
            if running?.id == nil { running?.id = id }
            running?.lastSign = now
            return
        }
        guard let response = event.response, response == running?.id, let number = running?.reply,
            let index = index(ofReply: number)
        else { return }
        running?.lastSign = now
        switch event {
        case .itemAdded(_, let item): note(item, index)
        case .itemDone(_, let item):
            note(item, index)
            take(item, index)
        case .audio(_, let item, let content, let octets): hear(octets, of: item, content, index, at: now)
        case .words(_, let item, let content, let words): read(words, of: item, content, index, at: now)
        case .transcript(_, let item, let content, let words):
            let known = replies[index].speech.text(of: item, content: content)
            if words.hasPrefix(known) { read(String(words.dropFirst(known.count)), of: item, content, index, at: now) }
        case .arguments(_, let item, let call, let name, let arguments):
            note(RealtimeEvent.Item(id: item, kind: "function_call"), index)
            guard let name = name ?? calls.name(of: item) else { return }
            called(RealtimeCalls.Asked(id: call, name: name, arguments: arguments), index)
        case .responseDone(_, let status, let items):
            for item in items {
                note(item, index)
                if status == "completed" { take(item, index) }
            }
            conclude(status: status, at: now)
        default: break
        }
    }

    private mutating func note(_ item: RealtimeEvent.Item, _ index: Int) {
        if item.kind == "function_call" {
            if let name = item.name { calls.setName(name, of: item.id) }
            if !replies[index].callItems.contains(item.id) { replies[index].callItems.append(item.id) }
        } else if !replies[index].items.contains(item.id) {
            replies[index].items.append(item.id)
        }
    }

    /// A call of a function that is whole.
    private mutating func take(_ item: RealtimeEvent.Item, _ index: Int) {
        guard item.kind == "function_call", let call = item.callID, let name = item.name,
            let arguments = item.arguments
        else { return }
        called(RealtimeCalls.Asked(id: call, name: name, arguments: arguments), index)
    }

    private mutating func hear(
        _ octets: [UInt8], of item: String, _ content: Int, _ index: Int, at now: CallTime
    ) {
        guard !octets.isEmpty, !replies[index].isFull else { return }
        note(RealtimeEvent.Item(id: item, kind: "message"), index)
        replies[index].speech.hear(octets, of: item, content: content)
        if replies[index].speech.text(of: item, content: content).isEmpty, replies[index].wordlessSince == nil {
            replies[index].wordlessSince = now
        }
        if replies[index].speech.length > settings.bounds.audio.milliseconds * 8 { fill(index, at: now) }
    }

    private mutating func read(
        _ words: String, of item: String, _ content: Int, _ index: Int, at now: CallTime
    ) {
        guard !words.isEmpty, !replies[index].isFull else { return }
        note(RealtimeEvent.Item(id: item, kind: "message"), index)
        let room = max(0, settings.bounds.characters - replies[index].characters)
        // Not characters: a million accents on one letter are one.
        let taken = String(String.UnicodeScalarView(words.unicodeScalars.prefix(room)))
        if !taken.isEmpty {
            // No clause is in two items.
            let isNew = replies[index].speech.text(of: item, content: content).isEmpty
            if isNew, replies[index].characters > 0 {
                // A claim may be in two of them.
                replies[index].sentence += " "
                tell(.text("\n"), index)
            }
            replies[index].wordlessSince = nil
            replies[index].speech.read(taken, of: item, content: content)
            replies[index].characters += taken.unicodeScalars.count
            if taken.contains(where: { $0.isLetter || $0.isNumber }) { replies[index].hasSpoken = true }
            if let words = replies[index].mustSay { return prove(taken, words, index, at: now) }
            tellTrue(taken, index, at: now)
        }
        if words.count > room { fill(index, at: now) }
    }

    /// The reply is as long as it may be.
    mutating func fill(_ index: Int, at now: CallTime) {
        replies[index].isFull = true
        stop(index, at: now)
    }

    /// Sound that nobody wrote words for is spoken all the same: the call speaks only what has words.
    mutating func name(wordless index: Int) {
        replies[index].wordlessSince = nil
        guard replies[index].mustSay == nil else { return }
        guard let segment = replies[index].speech.segments.last, segment.text.isEmpty else { return }
        replies[index].speech.read(Self.unwritten, of: segment.item, content: segment.content)
        replies[index].characters += Self.unwritten.count
        tell(.text("\n" + Self.unwritten + "\n"), index)
    }

    /// Nothing more comes of the response that was under way.
    ///
    /// - Parameter mayAskAgain: the connection stands, as far as is known.
    mutating func conclude(status: String, mayAskAgain: Bool = true, at now: CallTime) {
        guard let running else { return }
        self.running = nil
        guard let index = index(ofReply: running.reply) else { return }
        if replies[index].wordlessSince != nil { name(wordless: index) }
        replies[index].speech.complete()
        learn(index)
        guard replies[index].ending == nil else { return }
        settleWithheld(index, at: now)
        let calls = replies[index].calls + replies[index].heldCalls.count
        let isMute = replies[index].characters == running.characters && calls == running.calls
        if status != "completed", running.cancelledAt == nil {
            tell(.agent, .failed, "a response ended as \(Self.cut(status, 64))")
            if isMute, !replies[index].hasActed { return fail(index, at: now) }
            return mayAskAgain ? askAgain(index, running.want, at: now) : goOn(index)
        }
        if isMute, running.cancelledAt == nil, !running.want.mayBeEmpty {
            tell(.agent, .failed, "the answer is empty")
            return askAgain(index, running.want, at: now)
        }
        goOn(index)
    }

    /// A response was empty, or broke off: it is asked for once more, in what the model has said by then.
    private mutating func askAgain(_ index: Int, _ want: RealtimeReply.Want, at now: CallTime) {
        guard !replies[index].wasAskedAgain, replies[index].responses < settings.bounds.responses else {
            return replies[index].hasSpoken ? goOn(index) : fail(index, at: now)
        }
        replies[index].wasAskedAgain = true
        replies[index].want = want
    }

    /// It will not come.
    mutating func fail(_ index: Int, at now: CallTime) {
        // The call may yet ask, and then it is tried again.
        guard !replies[index].isDraft else { return discard(index, at: now) }
        tell(.failed, index)
        replies[index].isDone = true
        replies[index].want = nil
    }

    /// How fast the model speaks.
    private mutating func learn(_ index: Int) {
        let written = replies[index].speech.segments.reduce((text: 0, audio: 0)) {
            ($0.text + $1.text.count, $0.audio + $1.audio.count)
        }
        guard written.text >= 20, replies[index].ending == nil else { return }
        rate = min(max((rate + written.audio / written.text) / 2, 240), 1_200)
    }

    // MARK: Errors

    private mutating func refused(_ code: String, _ event: String?, at now: CallTime) {
        guard let event else { return }
        if event == RealtimeMessages.sessionEvent {
            effects.append(.disconnect)
            return closed("the configuration was refused: \(Self.cut(code, 64))", at: now)
        }
        if let running, event == RealtimeMessages.responseEvent(running.number), running.id == nil {
            return refusedResponse(code, running, at: now)
        }
        guard event.hasPrefix("commit-"), let number = UInt32(event.dropFirst(7)) else { return }
        if let turn = listening.refused(TurnID(number)) {
            // Too little of it to be anything.
            effects.append(.recognizer(.final(turn.turn, "")))
            if let draft, replies[draft].turn == turn.turn { discard(draft, at: now) }
        }
    }

    private mutating func refusedResponse(_ code: String, _ running: Running, at now: CallTime) {
        guard code == "conversation_already_has_active_response", let index = index(ofReply: running.reply),
            replies[index].ending == nil, replies[index].responses < settings.bounds.responses
        else { return conclude(status: "failed", at: now) }
        // The one before has not quite ended.
        self.running = nil
        replies[index].want = running.want
        notBefore = now + .milliseconds(250)
    }
}

extension RealtimeEvent {
    /// The response that it belongs to.
    fileprivate var response: String? {
        switch self {
        case .itemAdded(let id, _), .itemDone(let id, _), .audio(let id, _, _, _), .words(let id, _, _, _),
            .transcript(let id, _, _, _), .arguments(let id, _, _, _, _), .responseDone(let id, _, _):
            id
        default: nil
        }
    }
}
