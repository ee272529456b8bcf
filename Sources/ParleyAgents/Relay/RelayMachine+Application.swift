import ParleyCore

/// The application's side: its messages, and the queue that they make.
extension RelayMachine {
    private static let mostBadMessages = 10
    private static let mostItems = 64
    private static let mostPieces = 2_048
    /// Of one talk cycle, in bytes: a quarter of an hour's speech.
    private static let longestCycle = 16_384
    /// Of all that waits, in bytes.
    private static let longestQueue = 65_536
    /// Of a message that is refused, as much is shown.
    private static let quoted = 200

    mutating func receive(_ bytes: [UInt8]) {
        guard case .open = link else { return }
        guard let message = bytes.withUnsafeBytes({ RelayMessage.read($0) }), take(message) else {
            return refuse(String(decoding: bytes.prefix(Self.quoted), as: UTF8.self))
        }
        badMessages = 0
    }

    mutating func refuse(_ message: String) {
        guard case .open = link else { return }
        send(.error("Invalid message received, code: 64107, \(message)"))
        badMessages += 1
        if badMessages == Self.mostBadMessages { giveUpSession() }
    }

    /// - Returns: false where there is no room for it.
    private mutating func take(_ message: RelayMessage) -> Bool {
        switch message {
        case .text(let token, let isLast, let language, let manner):
            if let language, !isConfigured(language) { refuseLanguage(language) }
            return take(token, isLast: isLast, manner)
        case .play(let source, let times, let manner):
            return take(.file(source, times: times), manner, preempts: true)
        case .sendDigits(let digits):
            return take(.keys(digits), RelayMessage.Manner(preemptible: false), preempts: false)
        case .language(let speech, let transcription):
            for language in [speech, transcription].compactMap({ $0 }) where !isConfigured(language) {
                refuseLanguage(language)
                return true
            }
            if let language = transcription ?? speech, language != self.language {
                self.language = language
                out.append(.answer(newest, .set("language", language)))
            }
        case .end(let handoff): endSession(handoff: handoff)
        }
        return true
    }

    private mutating func take(_ token: String, isLast: Bool, _ manner: RelayMessage.Manner) -> Bool {
        guard !isStale else {
            isStale = !isLast
            return true
        }
        guard hasRoom(for: .text(token)) else { return false }
        if !hasOpenCycle {
            guard begin(manner, preempts: true) else { return false }
        }
        changeOpenCycle { item in
            item.take(manner)
            if !token.isEmpty { item.append(.text(token)) }
            item.isWhole = isLast
        }
        pump()
        return true
    }

    /// A sound in the middle of a talk cycle is played in its place there.
    private mutating func take(_ sound: Sound, _ manner: RelayMessage.Manner, preempts: Bool) -> Bool {
        guard hasRoom(for: .sound(sound)) else { return false }
        let cuts = preempts && openCycle?.isPreemptible == true
        if hasOpenCycle, !cuts {
            changeOpenCycle { $0.append(.sound(sound)) }
        } else {
            guard begin(manner, preempts: preempts) else { return false }
            changeOpenCycle { item in
                item.append(.sound(sound))
                item.isWhole = true
            }
        }
        pump()
        return true
    }

    // MARK: The queue

    private var openCycle: RelayItem? {
        if let last = queue.last { return last.isWhole ? nil : last }
        guard let reply, reply.isOpen, let item = reply.item, !item.isWhole else { return nil }
        return item
    }

    private var hasOpenCycle: Bool { openCycle != nil }

    private mutating func changeOpenCycle(_ change: (inout RelayItem) -> Void) {
        if !queue.isEmpty { return change(&queue[queue.count - 1]) }
        if var item = reply?.item {
            change(&item)
            reply?.item = item
            reply?.lastToken = now
        }
    }

    private func hasRoom(for piece: RelayItem.Piece) -> Bool {
        if let openCycle {
            guard openCycle.weight + piece.weight <= Self.longestCycle, openCycle.pieces.count < Self.mostPieces
            else { return false }
        }
        return queue.reduce(piece.weight) { $0 + $1.weight } <= Self.longestQueue
    }

    /// A new item, at the queue's end. What comes before and may be cut off is, where this one does that.
    private mutating func begin(_ manner: RelayMessage.Manner, preempts: Bool) -> Bool {
        if preempts { cutPreemptible() }
        guard queue.count < Self.mostItems else { return false }
        queue.append(RelayItem(manner, isPreemptible: settings.isPreemptible))
        return true
    }

    private mutating func cutPreemptible() {
        queue.removeAll(where: \.isPreemptible)
        guard let reply, reply.item?.isPreemptible == true, reply.isOpen || reply.mayBePlaying else { return }
        out.append(.answer(reply.generation, .drop))
        self.reply?.item = nil
        self.reply?.mayBePlaying = false
    }

    /// Hands out what waits, in the open reply where there is one; else the call is asked to ask.
    mutating func pump() {
        guard let open = reply, open.isOpen else {
            if hasSomethingToSay { nudge() }
            return
        }
        if open.item == nil {
            guard !queue.isEmpty else {
                if isOver { sayFarewell() }
                return
            }
            reply?.item = queue.removeFirst()
            reply?.lastToken = now
        }
        guard var item = reply?.item else { return }
        let isInterruptible = item.isInterruptible ?? settings.interruptible.hasSpeech
        if isInterruptible != open.isInterruptible { expect(isInterruptible) }
        for piece in item.handOut() {
            switch piece {
            case .text(let text): hand(text, of: open.generation)
            case .sound(let sound): hand(sound, of: open.generation)
            }
        }
        if item.isWhole { handRest(of: open.generation) }
        reply?.item = item
        guard item.isWhole else { return }
        if isOver, queue.isEmpty { return sayFarewell() }
        finishReply()
    }

    private mutating func hand(_ text: String, of generation: Generation) {
        let text = reply?.truth?.feed(text) ?? text
        if !text.isEmpty { out.append(.answer(generation, .text(text))) }
    }

    private mutating func hand(_ sound: Sound, of generation: Generation) {
        handRest(of: generation)
        out.append(.answer(generation, .sound(sound)))
    }

    /// What was read and is no whole sentence: nothing is added to it.
    private mutating func handRest(of generation: Generation) {
        guard let text = reply?.truth?.finish(), !text.isEmpty else { return }
        out.append(.answer(generation, .text(text)))
    }

    private mutating func sayFarewell() {
        guard let generation = reply?.generation else { return }
        reply?.isFarewell = true
        out.append(.answer(generation, .end))
        finishReply()
    }

    mutating func finishReply() {
        guard let generation = reply?.generation else { return }
        out.append(.answer(generation, .done))
        reply?.isOpen = false
        reply?.mayBePlaying = true
        if hasSomethingToSay { nudge() }
    }

    var hasSomethingToSay: Bool { !queue.isEmpty || (isOver && reply?.isFarewell != true) }

    mutating func nudge() {
        guard !isNudged else { return }
        isNudged = true
        out.append(.nudge)
    }

    // MARK: Languages

    /// One language is heard and spoken in a call: the application may name it, as a whole or by its primary tag.
    private func isConfigured(_ language: String) -> Bool {
        let (named, ours) = (language.lowercased(), settings.language.lowercased())
        return named == ours || named == ours.prefix { $0 != "-" }
    }

    private mutating func refuseLanguage(_ language: String) {
        send(.error("Invalid language, code: 64101, \(language.prefix(64)) is not configured"))
    }
}
