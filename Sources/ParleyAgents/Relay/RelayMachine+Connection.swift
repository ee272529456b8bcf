import ParleyCore

/// The application's socket: sessions, how they end, and what becomes of a reply meanwhile.
extension RelayMachine {
    static let closing = "Closing websocket session"
    /// Of the application's data, in the call's own record; the callback has all of it.
    private static let longestRecord = 4_096
    static let malformed = "Too many consecutive malformed messages."

    mutating func open() {
        guard link == .connecting else { return }
        link = .open(since: now)
        nextPing = now + settings.pingTime
        badMessages = 0
        send(
            .setup(
                RelaySetup(
                    session: ids.session(sessions), account: ids.account, call: ids.call, from: facts.from,
                    to: facts.to, isAgain: hasStood, parameters: parameters)))
        if sessions > 1 { out.append(.news(.reconnected, "session \(sessions) of this call")) }
        hasStood = true
        fault = nil
        for notice in untold { send(notice) }
        untold = []
        tellRequest()
    }

    /// What came with the call, without what is Parley's own (a stream's token is a secret), and what is configured.
    private var parameters: [String: String] {
        facts.parameters.filter { !["token", "from", "to"].contains($0.key) && !$0.key.hasPrefix("parley.") }
            .merging(settings.parameters) { _, configured in configured }
    }

    mutating func lose(_ reason: String) {
        switch link {
        case .open(let since):
            lastSeconds = seconds(since: since)
            fault = .connectionEnded
        case .connecting: fault = .cannotConnect
        case .away, .gone: return
        }
        out.append(.news(.failed, reason))
        forgetSession()
        if reconnectsLeft > 0 {
            reconnectsLeft -= 1
            link = .away(until: now + reconnectWait)
        } else {
            link = .gone
            report(.failed)
        }
        guard reply?.isOpen == true else { return }
        // What has been said of it is all there will be. What nobody answered is told again, or fails.
        if reply?.item != nil { return pump() }
        reply?.isTold = false
        tellRequest()
    }

    private var reconnectWait: CallTime {
        let doublings = min(settings.reconnects - reconnectsLeft - 1, 8)
        return min(
            CallTime(nanoseconds: settings.reconnectAfter.nanoseconds << Int64(doublings)),
            RelaySettings.longestReconnectWait)
    }

    mutating func connectAgain() {
        sessions += 1
        link = .connecting
        out.append(.connect)
    }

    /// Its talk cycle is whole, as nothing is added to it; what it was owed, the next one is not.
    private mutating func forgetSession() {
        if reply?.item != nil { reply?.item?.isWhole = true }
        if !queue.isEmpty { queue[queue.count - 1].isWhole = true }
        (isStale, retracted, cut, lastPartial, nextPing) = (false, nil, nil, "", nil)
    }

    /// The application has broken the protocol too often.
    mutating func giveUpSession() {
        out.append(.close(code: 1007, reason: Self.malformed))
        lose(Self.malformed)
    }

    /// The application has said all it will: the call ends when that was heard.
    mutating func endSession(handoff: String?) {
        isOver = true
        if let handoff { out.append(.answer(newest, .set("handoff_data", String(handoff.prefix(Self.longestRecord))))) }
        if case .open(let since) = link { lastSeconds = seconds(since: since) }
        out.append(.close(code: 1000, reason: Self.closing))
        link = .gone
        forgetSession()
        report(.ended, handoff: handoff)
        pump()
    }

    mutating func end(_ reason: EndReason) {
        isCallOver = true
        if case .open(let since) = link { lastSeconds = seconds(since: since) }
        if link != .gone { out.append(.close(code: 1000, reason: Self.closing)) }
        report(fault == nil ? .completed : .failed)
    }

    private mutating func report(_ status: RelayEnding.Status, handoff: String? = nil) {
        guard !hasReported else { return }
        hasReported = true
        out.append(
            .report(
                RelayEnding(
                    status: status, session: ids.session(sessions), seconds: lastSeconds, handoff: handoff,
                    fault: status == .failed ? fault : nil, isCallOver: isCallOver)))
    }

    private func seconds(since start: CallTime) -> Int { (now - start).milliseconds / 1_000 }
}
