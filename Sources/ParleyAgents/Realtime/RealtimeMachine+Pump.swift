import ParleyCore
import ParleySpeech

/// What follows of every change.
extension RealtimeMachine {
    /// Hands out what sound there is, cuts what was not heard, and asks for the next response: one at a time.
    mutating func pump(at now: CallTime) {
        for index in replies.indices where replies[index].ending == nil {
            guard let generation = replies[index].generation else { continue }
            for answer in replies[index].speech.advance(generation, rate: rate) {
                if case .chunk(_, _, let chunk) = answer {
                    let length = CallTime.milliseconds(chunk.samples.count / 8)
                    replies[index].playEnd = max(replies[index].playEnd, now) + length
                }
                effects.append(.speech(answer))
            }
        }
        trimEnded()
        guard isOpen, running == nil, now >= notBefore, !replies.contains(where: \.isUnsettled) else { return }
        let isTalking = isTalking(at: now)
        guard let next = replies.firstIndex(where: { $0.want != nil && !($0.isDraft && isTalking) }) else { return }
        respond(next, at: now)
    }

    /// The caller hears an answer, as far as we know: what they say meanwhile may be a nod.
    private func isTalking(at now: CallTime) -> Bool {
        replies.contains { reply in
            !reply.isDraft && reply.ending == nil
                && (!reply.isDone || reply.speech.hasUngiven || reply.playEnd + Self.playoutDelay > now)
        }
    }

    private mutating func respond(_ index: Int, at now: CallTime) {
        guard let want = replies[index].want else { return }
        replies[index].want = nil
        replies[index].responses += 1
        if want.mayBeEmpty { replies[index].mayBeSilent = true }
        if want.mustSay != nil {
            (replies[index].mustSay, replies[index].unproven, replies[index].isProven) = (want.mustSay, "", false)
            replies[index].isFull = false
        }
        lastResponse += 1
        running = Running(
            reply: replies[index].number, number: lastResponse, want: want, characters: replies[index].characters,
            calls: replies[index].calls + replies[index].heldCalls.count, lastSign: now)
        effects.append(
            .send(
                RealtimeMessages.respond(
                    event: RealtimeMessages.responseEvent(lastResponse), instructions: want.instructions,
                    mayCall: want.mayCall)))
    }

    /// Takes out of the conversation what the caller did not hear, where that is known and nothing more comes of it.
    private mutating func trimEnded() {
        for index in replies.indices.reversed() {
            guard let ending = replies[index].ending, running?.reply != replies[index].number,
                !replies[index].isUnsettled
            else { continue }
            let reply = replies.remove(at: index)
            switch ending {
            case .discarded:
                let calls = reply.hasActed ? [] : reply.callItems
                send((reply.items + calls + reply.ownItems).map { RealtimeMessages.delete(item: $0) })
            case .cut(let heard): send(reply.cuts(heard: heard ?? ""))
            }
        }
    }
}

extension RealtimeReply {
    /// Messages that leave of it what was heard.
    fileprivate func cuts(heard: String) -> [[UInt8]] {
        let extents = speech.extent(ofHeard: heard)
        return items.compactMap { item in
            guard let (segment, end) = extents.last(where: { $0.segment.item == item }) else {
                return RealtimeMessages.delete(item: item)
            }
            guard let end else { return nil }
            guard end > 0 else { return RealtimeMessages.delete(item: item) }
            return RealtimeMessages.truncate(item: item, content: segment.content, milliseconds: end)
        }
    }
}
