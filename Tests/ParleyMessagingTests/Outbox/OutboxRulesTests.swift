import Testing

@testable import ParleyMessaging

@Suite("Outbox rules")
struct OutboxRulesTests {
    private let rules = OutboxRules()
    private let now: Int64 = 1_800_000_000_000

    /// A row in the given state, as the rules themselves would leave it at `now`.
    private func row(
        _ state: MessageState, fence: Int64 = 3, tries: Int = 1, isInCall: Bool = false, doubt: OutboxRow.Doubt? = nil
    ) -> OutboxRow {
        OutboxRow(
            id: "01J", sender: "sms:main", isInCall: isInCall, queuedAt: now, expiresAt: now + 86_400_000, state: state,
            revision: 7, fence: fence, lease: state == .claimed ? .init(owner: "a", end: now + 30_000) : nil,
            notBefore: now, tries: tries, triedSince: tries > 0 ? now : nil,
            lastTry: tries > 0 ? .init(fence: fence, at: now) : nil,
            requestDeadline: state == .sending ? now + 10_000 : nil,
            doubt: state == .unknown ? doubt ?? .waiting(until: now + 30_000) : nil)
    }

    /// In words: the new state and its effects, or why nothing came of it.
    private func told(_ decision: OutboxDecision) -> String {
        switch decision {
        case .nothing(let why): why.rawValue
        case .change(let row, let effects): ([row.state.rawValue] + effects.map(told)).joined(separator: " + ")
        }
    }

    private func told(_ effect: OutboxEffect) -> String {
        switch effect {
        case .pauseSender(let reason): "pause \(reason)"
        case .recordOptOut: "opt-out"
        case .alert(let alert): "alert \(alert.rawValue)"
        case .tellCall(let state): "tell \(state)"
        case .query(let fence): "query \(fence)"
        }
    }

    private func changed(_ decision: OutboxDecision) throws -> OutboxRow {
        guard case .change(let row, _) = decision else { throw Unchanged() }
        return row
    }

    private struct Unchanged: Error {}

    // MARK: claim

    @Test("A queued row is claimed for the length of a lease, under the next fence")
    func claim() {
        let row = row(.queued)
        guard case .claimed(let next) = rules.claim(row, owner: "b", door: .open, now: now) else {
            Issue.record("not claimed")
            return
        }
        #expect(next.state == .claimed)
        #expect(next.fence == 4)
        #expect(next.revision == 8)
        #expect(next.lease == .init(owner: "b", end: now + 30_000))
        #expect(next.tries == row.tries)
    }

    @Test("No row is claimed before its time, after its time, through a shut door, or in any other state")
    func claimRefused() {
        var early = row(.queued)
        early.notBefore = now + 1
        #expect(rules.claim(early, owner: "b", door: .open, now: now) == .refused(.early(until: now + 1)))
        #expect(rules.claim(row(.queued), owner: "b", door: .shut(until: nil), now: now) == .refused(.senderShut))
        var late = row(.queued, isInCall: true)
        late.expiresAt = now
        guard case .ended(let next, let effects) = rules.claim(late, owner: "b", door: .open, now: now) else {
            Issue.record("not ended")
            return
        }
        #expect(next.state == .expired)
        #expect(effects == [.tellCall(.expired)])
        for state in MessageState.allCases where state != .queued {
            #expect(rules.claim(row(state), owner: "b", door: .open, now: now) == .refused(.notQueued))
        }
    }

    @Test(
        "A text mid-call expires after 15 minutes, any other after 24 hours",
        arguments: [(true, 900_000), (false, 86_400_000)])
    func expiry(isInCall: Bool, length: Int64) {
        let row = rules.queued(id: "01J", sender: "s", isInCall: isInCall, now: now)
        #expect(row.expiresAt == now + length)
        #expect(told(rules.due(row, now: now + length - 1)) == "not_due")
        #expect(told(rules.due(row, now: now + length)) == (isInCall ? "expired + tell expired" : "expired"))
    }

    @Test("A claimed row is given back by its own claim alone")
    func release() {
        #expect(told(rules.release(row(.claimed), fence: 3, now: now)) == "queued")
        #expect(told(rules.release(row(.claimed), fence: 2, now: now)) == "superseded")
        #expect(told(rules.release(row(.sending), fence: 3, now: now)) == "superseded")
    }

    // MARK: begin and last look

    private func told(_ decision: SendDecision) -> String {
        switch decision {
        case .send(let row): "send \(row.tries)"
        case .instead(let row, let effects): told(.change(row, effects))
        case .lost: "lost"
        }
    }

    private func told(_ look: LastLook) -> String {
        switch look {
        case .write: "write"
        case .instead(let row, let effects): told(.change(row, effects))
        case .lost: "lost"
        }
    }

    @Test("A try begins with its number and its deadline on record")
    func begin() {
        guard case .send(let next) = rules.begin(row(.claimed), fence: 3, gate: .allowed, now: now + 5) else {
            Issue.record("not begun")
            return
        }
        #expect(next.state == .sending)
        #expect(next.tries == 2)
        #expect(next.requestDeadline == now + 10_005)
        #expect(next.lastTry == .init(fence: 3, at: now + 5))
        #expect(next.triedSince == now)
        #expect(next.lease == nil)
    }

    @Test("Who lost the row, the lease or the time sends nothing; what the gate refuses does not leave")
    func beginRefused() throws {
        let claimed = row(.claimed, isInCall: true)
        #expect(told(rules.begin(claimed, fence: 2, gate: .allowed, now: now)) == "lost")
        #expect(told(rules.begin(claimed, fence: 4, gate: .allowed, now: now)) == "lost")
        #expect(told(rules.begin(claimed, fence: 3, gate: .allowed, now: now + 29_999)) == "send 2")
        #expect(told(rules.begin(claimed, fence: 3, gate: .allowed, now: now + 30_000)) == "lost")
        #expect(
            told(rules.begin(claimed, fence: 3, gate: .refused(rule: "opted_out"), now: now))
                == "suppressed + tell suppressed")
        #expect(told(rules.begin(claimed, fence: 3, gate: .deferred(until: now + 9_000), now: now)) == "queued")
        var late = claimed
        late.expiresAt = now
        #expect(told(rules.begin(late, fence: 3, gate: .allowed, now: now)) == "expired + tell expired")
        for state in MessageState.allCases where state != .claimed {
            #expect(told(rules.begin(row(state), fence: 3, gate: .allowed, now: now)) == "lost")
        }
        guard case .instead(let soon, _) = rules.begin(claimed, fence: 3, gate: .deferred(until: 0), now: now) else {
            throw Unchanged()
        }
        #expect(soon.notBefore == now + 1_000)
        #expect(soon.tries == 1)
    }

    @Test("The last look stops what was overtaken between the commit and the first byte, and the try does not count")
    func lastLook() throws {
        let sending = row(.sending)
        #expect(told(rules.lastLook(sending, fence: 3, gate: .allowed, now: now + 9_999)) == "write")
        #expect(told(rules.lastLook(sending, fence: 2, gate: .allowed, now: now)) == "lost")
        #expect(told(rules.lastLook(sending, fence: 3, gate: .refused(rule: "opted_out"), now: now)) == "suppressed")
        for state in MessageState.allCases where state != .sending {
            #expect(told(rules.lastLook(row(state), fence: 3, gate: .allowed, now: now)) == "lost")
        }
        guard case .instead(let next, _) = rules.lastLook(sending, fence: 3, gate: .allowed, now: now + 10_000) else {
            throw Unchanged()
        }
        #expect(next.state == .queued)
        #expect(next.tries == 0)
        #expect(next.triedSince == nil)
    }

    @Test(
        "A try long after the last one begins a new window; a quick one does not",
        arguments: [(389_999, false), (390_000, false), (390_001, true)])
    func window(pause: Int64, isNew: Bool) {
        var claimed = row(.claimed)
        claimed.lease?.end = now + pause + 1
        guard case .send(let next) = rules.begin(claimed, fence: 3, gate: .allowed, now: now + pause) else {
            Issue.record("not begun")
            return
        }
        #expect(next.triedSince == (isNew ? now + pause : now))
    }

    // MARK: outcomes

    static let outcomes: [(RequestOutcome, String)] = [
        (.recorded, "recorded + tell recorded"),
        (.accepted(providerID: "SM1"), "accepted + tell accepted"),
        (.refused(code: "21211"), "failed + tell failed"),
        (.optedOut(code: "21610"), "failed + opt-out + tell failed"),
        (.misconfigured(code: "30034"), "failed + pause misconfigured + alert sms_sender_paused + tell failed"),
        (.unauthorised(code: "401"), "queued + pause unauthorised + alert sms_sender_paused"),
        (.notSent(.rateLimited, retryAfterMS: nil), "queued"),
        (.notSent(.unreachable, retryAfterMS: 5_000), "queued"),
        (.ambiguous(.timeout), "unknown + tell unknown"),
        (.ambiguous(.serverError), "unknown + tell unknown"),
    ]

    @Test("What each outcome makes of a row that is sending", arguments: outcomes)
    func outcome(outcome: RequestOutcome, expected: String) {
        // The opt-out is written first, then the rest.
        let words = told(rules.outcome(outcome, of: row(.sending, isInCall: true), fence: 3, random: 0, now: now))
        #expect(
            Set(words.split(separator: "+").map { $0.split(separator: " ") })
                == Set(expected.split(separator: "+").map { $0.split(separator: " ") }))
        #expect(words.hasPrefix(expected.prefix(6)))
    }

    @Test("A late answer settles a row that went unknown meanwhile; no answer leaves it as it is", arguments: outcomes)
    func lateOutcome(outcome: RequestOutcome, expected: String) {
        let words = told(rules.outcome(outcome, of: row(.unknown), fence: 3, random: 0, now: now))
        switch outcome {
        case .ambiguous: #expect(words == "twice")
        // Where nobody carries texts, no answer can be lost: asked, the ledger says `absent`.
        case .recorded: #expect(words == "backwards")
        default: #expect(words.hasPrefix(expected.prefix(6)))
        }
    }

    @Test("Of an older try only that the provider has the text still counts", arguments: outcomes)
    func oldOutcome(outcome: RequestOutcome, expected: String) {
        let words = told(rules.outcome(outcome, of: row(.sending), fence: 2, random: 0, now: now))
        switch outcome {
        case .accepted: #expect(words == "accepted")
        case .optedOut: #expect(words == "sending + opt-out")
        case .recorded, .refused, .misconfigured, .unauthorised, .notSent, .ambiguous: #expect(words == "superseded")
        }
        #expect(told(rules.outcome(outcome, of: row(.sending), fence: 4, random: 0, now: now)) == "never_sent")
        #expect(
            told(rules.outcome(outcome, of: row(.claimed, tries: 0), fence: 3, random: 0, now: now)) == "never_sent")
    }

    @Test("A wrong secret costs a text none of its tries")
    func unauthorised() throws {
        let next = try changed(
            rules.outcome(.unauthorised(code: "401"), of: row(.sending, tries: 2), fence: 3, random: 0, now: now))
        #expect(next.tries == 1)
        #expect(next.notBefore == now)
    }

    @Test("Waits double from 1 s to 60 s and are spread over their whole length; Retry-After comes on top, up to 5 min")
    func retryDelay() {
        let longest: [Int64] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        for (tries, expected) in zip(1..., longest) {
            #expect(rules.retryDelay(tries: tries, retryAfterMS: nil, random: .max) == expected)
            #expect(rules.retryDelay(tries: tries, retryAfterMS: nil, random: 0) == 0)
            #expect(abs(rules.retryDelay(tries: tries, retryAfterMS: nil, random: 1 << 63) - expected / 2) <= 1)
            #expect(rules.retryDelay(tries: tries, retryAfterMS: 7_000, random: 0) == 7_000)
        }
        #expect(rules.retryDelay(tries: 1, retryAfterMS: .max, random: 0) == 300_000)
        #expect(rules.retryDelay(tries: 1, retryAfterMS: -5, random: 0) == 0)
        #expect(rules.retryDelay(tries: .max, retryAfterMS: nil, random: .max) == 60_000)
        #expect(rules.retryDelay(tries: .min, retryAfterMS: nil, random: .max) == 1_000)
    }

    @Test("The eighth try is the last, and so is one that 15 minutes would not reach; a probe is neither")
    func dead() {
        let outcome = RequestOutcome.notSent(.rateLimited, retryAfterMS: nil)
        func end(tries: Int, since: Int64, isProbe: Bool = false) -> String {
            var row = row(.sending, tries: tries)
            row.triedSince = now - since
            return told(rules.outcome(outcome, of: row, fence: 3, random: 0, isProbe: isProbe, now: now))
        }
        #expect(end(tries: 7, since: 0) == "queued")
        #expect(end(tries: 8, since: 0) == "dead + alert sms_dead_letter")
        #expect(end(tries: 2, since: 899_999) == "queued")
        #expect(end(tries: 2, since: 900_000) == "dead + alert sms_dead_letter")
        #expect(end(tries: 8, since: 900_000, isProbe: true) == "queued")
    }

    // MARK: callbacks

    @Test("A status callback moves a row forward, in whatever order: every pair")
    func news() {
        let all: [ProviderNews] = [.accepted, .sent, .delivered, .undelivered(code: "30003")]
        let expected: [MessageState: [String]] = [
            .queued: ["accepted", "sent", "delivered", "failed"],
            .claimed: ["accepted", "sent", "delivered", "failed"],
            .sending: ["accepted", "sent", "delivered", "failed"],
            .unknown: ["accepted", "sent", "delivered", "failed"],
            .dead: ["accepted", "sent", "delivered", "failed"],
            .accepted: ["twice", "sent", "delivered", "failed"],
            .sent: ["backwards", "twice", "delivered", "failed"],
            .delivered: ["backwards", "backwards", "twice", "contradiction"],
            .failed: ["contradiction", "contradiction", "contradiction", "twice"],
            .recorded: Array(repeating: "contradiction", count: 4),
            .suppressed: Array(repeating: "contradiction", count: 4),
            .expired: Array(repeating: "contradiction", count: 4),
        ]
        for state in MessageState.allCases {
            let words = all.map { told(rules.news($0, of: row(state), fence: 3, providerID: nil, now: now)) }
            #expect(words == expected[state], "\(state)")
        }
    }

    @Test("News of a text that was never sent, or of a try that never was, change nothing")
    func forgedNews() {
        #expect(
            told(rules.news(.delivered, of: row(.queued, tries: 0), fence: nil, providerID: "SM1", now: now))
                == "never_sent")
        #expect(told(rules.news(.delivered, of: row(.sending), fence: 4, providerID: "SM1", now: now)) == "never_sent")
    }

    @Test("That an older try failed says nothing of a newer one; that it went through does")
    func oldNews() {
        for state in [MessageState.sending, .unknown, .accepted, .sent] {
            let news = ProviderNews.undelivered(code: "30003")
            #expect(told(rules.news(news, of: row(state), fence: 2, providerID: nil, now: now)) == "superseded")
            #expect(told(rules.news(.delivered, of: row(state), fence: 2, providerID: nil, now: now)) == "delivered")
        }
    }

    @Test("A callback before the create answer wins, and the answer adds the provider's id")
    func callbackFirst() throws {
        let delivered = try changed(rules.news(.delivered, of: row(.sending), fence: 3, providerID: nil, now: now))
        let answered = rules.outcome(.accepted(providerID: "SM1"), of: delivered, fence: 3, random: 0, now: now)
        #expect(told(answered) == "delivered")
        let known = try changed(answered)
        #expect(known.providerID == "SM1")
        #expect(
            told(rules.outcome(.accepted(providerID: "SM1"), of: known, fence: 3, random: 0, now: now)) == "backwards")
    }

    @Test("An opt-out that the provider reports is written down whatever became of the row")
    func optOutNews() {
        for state in MessageState.allCases {
            let decision = rules.news(.optedOut(code: "21610"), of: row(state), fence: 3, providerID: nil, now: now)
            #expect(told(decision).contains("opt-out"), "\(state)")
        }
    }

    @Test("News of an unknown text are kept for 24 hours, and applied in their order")
    func strays() {
        let strays = [
            rules.stray(.delivered, key: "SM1", fence: nil, now: now),
            rules.stray(.sent, key: "SM1", fence: nil, now: now + 1),
        ]
        #expect(strays[0].keptUntil == now + 86_400_000)
        #expect(told(rules.settle(row(.accepted), with: strays, now: now + 86_399_999)) == "delivered")
        #expect(told(rules.settle(row(.accepted), with: strays, now: now + 86_400_000)) == "sent")
        #expect(told(rules.settle(row(.accepted), with: strays, now: now + 86_400_001)) == "not_due")
    }

    // MARK: unknown

    @Test("An unknown row waits 30 s for a callback, asks three times, and is then held with an alert")
    func search() throws {
        var row = row(.unknown)
        var time = now
        #expect(told(rules.due(row, now: time + 29_999)) == "not_due")
        for count in 1...3 {
            time += 30_000
            let decision = rules.due(row, now: time)
            #expect(told(decision) == "unknown + query 3")
            row = try changed(decision)
            #expect(row.doubt == .asking(until: time + 30_000, count: count))
            #expect(told(rules.due(row, now: time + 29_999)) == "not_due")
        }
        let held = rules.due(row, now: time + 30_000)
        #expect(told(held) == "unknown + alert sms_held_unknown")
        row = try changed(held)
        #expect(row.doubt == .held)
        #expect(told(rules.due(row, now: .max)) == "not_due")
        #expect(rules.nextLook([row], now: now) == nil)
    }

    @Test("What the provider says of a lost answer decides, and only of the newest try")
    func answers() {
        let resending = OutboxRules(onUnknown: .resend)
        let unknown = row(.unknown)
        #expect(told(rules.answered(.found(providerID: "SM1"), of: unknown, fence: 3, now: now)) == "accepted")
        #expect(told(rules.answered(.absent, of: unknown, fence: 3, now: now)) == "queued")
        #expect(
            told(rules.answered(.absent, of: row(.unknown, tries: 8), fence: 3, now: now))
                == "dead + alert sms_dead_letter")
        #expect(
            told(rules.answered(.cannotTell, of: unknown, fence: 3, now: now)) == "unknown + alert sms_held_unknown")
        #expect(told(rules.answered(.cannotTell, of: row(.unknown, doubt: .held), fence: 3, now: now)) == "twice")
        #expect(told(resending.answered(.cannotTell, of: unknown, fence: 3, now: now)) == "queued")
        #expect(told(rules.answered(.absent, of: unknown, fence: 2, now: now)) == "superseded")
        for state in MessageState.allCases where state != .unknown {
            #expect(told(rules.answered(.absent, of: row(state), fence: 3, now: now)) == "superseded")
        }
    }

    // MARK: recovery, stop, operator

    @Test("A new process: claimed rows go back to the queue, rows that were being sent become unknown")
    func recovery() {
        let expected: [MessageState: (soon: String, alone: String, late: String)] = [
            .claimed: ("not_due", "queued", "queued"), .sending: ("not_due", "unknown", "unknown"),
        ]
        for state in MessageState.allCases where state != .unknown {
            let words = expected[state] ?? ("not_due", "not_due", "not_due")
            #expect(told(rules.recover(row(state), isAlone: false, now: now)) == words.soon)
            #expect(told(rules.recover(row(state), isAlone: true, now: now)) == words.alone)
            #expect(told(rules.recover(row(state), isAlone: false, now: now + 30_000)) == words.late)
        }
        #expect(told(rules.due(row(.sending), now: now + 11_999)) == "not_due")
        #expect(told(rules.due(row(.sending), now: now + 12_000)) == "unknown")
    }

    @Test("A stop ends what has not begun to be sent, and nothing else")
    func stop() {
        for state in MessageState.allCases {
            let isWaiting = state == .queued || state == .claimed
            #expect(told(rules.stop(row(state), rule: "opted_out")) == (isWaiting ? "suppressed" : "not_due"))
        }
    }

    @Test("An operator retries what is dead or held, and drops what is not under way: every state")
    func operate() throws {
        for state in MessageState.allCases {
            let isDroppable = [.queued, .claimed, .unknown, .dead].contains(state)
            #expect(told(rules.retry(row(state), now: now)) == (state == .dead ? "queued" : "not_allowed"))
            #expect(told(rules.drop(row(state))) == (isDroppable ? "failed" : "not_allowed"))
        }
        #expect(told(rules.retry(row(.unknown, doubt: .held), now: now)) == "queued")
        let again = try changed(rules.retry(row(.dead, tries: 8), now: now + 5))
        #expect(again.tries == 0)
        #expect(again.expiresAt == now + 5 + 86_400_000)
    }

    // MARK: time

    @Test("One timer: the earliest time at which any row wants attention")
    func nextLook() {
        var queued = row(.queued)
        queued.notBefore = now + 4_000
        #expect(rules.nextLook([queued], now: now) == now + 4_000)
        #expect(rules.nextLook([queued], now: now + 5_000) == now + 5_000)
        #expect(rules.nextLook([row(.claimed), queued], now: now) == now + 4_000)
        #expect(rules.nextLook([row(.claimed)], now: now) == now + 30_000)
        #expect(rules.nextLook([row(.sending)], now: now) == now + 12_000)
        #expect(rules.nextLook([row(.unknown)], now: now) == now + 30_000)
        #expect(rules.nextLook([row(.accepted), row(.dead), row(.failed)], now: now) == nil)
        let shut: [String: SenderDoor] = ["sms:main": .shut(until: now + 60_000)]
        #expect(rules.nextLook([queued], doors: shut, now: now) == now + 60_000)
        #expect(rules.nextLook([queued], doors: ["sms:main": .shut(until: nil)], now: now) == now + 86_400_000)
        #expect(rules.nextLook([OutboxRow](), now: now) == nil)
    }

    @Test("A clock that was set back an hour keeps no lease, deadline or search waiting for it")
    func clockSetBack() {
        let before = now - 3_600_000
        #expect(told(rules.due(row(.claimed), now: before)) == "queued")
        #expect(told(rules.due(row(.sending), now: before)) == "unknown")
        #expect(told(rules.due(row(.unknown), now: before)) == "unknown + query 3")
        #expect(told(rules.begin(row(.claimed), fence: 3, gate: .allowed, now: before)) == "lost")
    }

    @Test("A damaged row and the ends of time trap nothing, and every decision keeps to the table")
    func damage() {
        for state in MessageState.allCases {
            for time in [Int64.min, -1, 0, 1, .max] {
                let row = OutboxRow(
                    id: "", sender: "", isInCall: true, queuedAt: time, expiresAt: time, state: state, revision: .max,
                    fence: .max, notBefore: time, tries: time < 0 ? .min : .max, triedSince: time,
                    lastTry: .init(fence: .max, at: time))
                for now in [Int64.min, 0, .max] {
                    var decisions = [
                        rules.due(row, now: now), rules.recover(row, isAlone: true, now: now),
                        rules.retry(row, now: now), rules.drop(row), rules.stop(row, rule: ""),
                    ]
                    for (outcome, _) in Self.outcomes {
                        decisions.append(rules.outcome(outcome, of: row, fence: .max, random: .max, now: now))
                    }
                    for answer in [QueryAnswer.found(providerID: ""), .absent, .cannotTell] {
                        decisions.append(rules.answered(answer, of: row, fence: .max, now: now))
                    }
                    for case .change(let next, _) in decisions {
                        #expect(next.state == state || state.canMove(to: next.state))
                    }
                    _ = rules.claim(row, owner: "", door: .open, now: now)
                    _ = rules.begin(row, fence: .max, gate: .deferred(until: .max), now: now)
                    _ = rules.lastLook(row, fence: .max, gate: .deferred(until: .min), now: now)
                    _ = rules.nextLook([row], now: now)
                }
            }
        }
        let odd = OutboxRules(leaseMS: 0, firstRetryMS: .max, maxRetryMS: .min, maxTries: -4, retryWindowMS: .max)
        #expect(odd.leaseMS == 1)
        #expect(odd.maxTries == 1)
        #expect(odd.retryWindowMS == OutboxRules.longestMS)
    }
}
