/// Keeps texts from a provider that is down: for one provider, or one sender at it.
///
/// Opens after a number of outcomes in a row that say the provider is unwell; a refusal of a text, a wrong secret and a rate
/// limit are answers, and close it. While it is open rows stay queued, and only `expires_at` ends them. Times are UTC
/// milliseconds since 1970, lengths milliseconds.
public struct Breaker: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case closed(failures: Int)
        case open(until: Int64)
        /// One text is under way to find out; counts as lost at `until`.
        case halfOpen(until: Int64)
    }
    public private(set) var state = State.closed(failures: 0)
    /// Doubles with each probe that fails, up to `maxOpenMS`.
    private var nextOpenMS: Int64

    public let opensAfter: Int
    public let firstOpenMS: Int64
    public let maxOpenMS: Int64
    /// A claim and a request, and a little more.
    public let probeMS: Int64

    public init(
        opensAfter: Int = 5, firstOpenMS: Int64 = 10_000, maxOpenMS: Int64 = 120_000, probeMS: Int64 = 45_000
    ) {
        self.opensAfter = max(opensAfter, 1)
        self.firstOpenMS = min(max(firstOpenMS, 1), OutboxRules.longestMS)
        self.maxOpenMS = min(max(maxOpenMS, self.firstOpenMS), OutboxRules.longestMS)
        self.probeMS = min(max(probeMS, 1), OutboxRules.longestMS)
        nextOpenMS = self.firstOpenMS
    }

    /// Whether a text may go; in `open`, once its time is over, as the one probe.
    public func door(now: Int64) -> SenderDoor {
        switch state {
        case .closed: .open
        case .open(let until): isOver(until, length: maxOpenMS, now: now) ? .open : .shut(until: until)
        case .halfOpen(let until): isOver(until, length: probeMS, now: now) ? .open : .shut(until: until)
        }
    }

    /// A text was claimed through the open door.
    ///
    /// - Returns: whether it is the probe.
    public mutating func claimed(now: Int64) -> Bool {
        if case .closed = state { return false }
        state = .halfOpen(until: OutboxRules.sum(now, probeMS))
        return true
    }

    /// What a request came to, the probe's or one that was under way before.
    public mutating func ended(_ outcome: RequestOutcome, now: Int64) {
        guard outcome.isProviderUnwell else {
            state = .closed(failures: 0)
            nextOpenMS = firstOpenMS
            return
        }
        switch state {
        case .closed(let failures) where failures + 1 < opensAfter: state = .closed(failures: failures + 1)
        case .closed, .halfOpen:
            state = .open(until: OutboxRules.sum(now, nextOpenMS))
            nextOpenMS = min(nextOpenMS * 2, maxOpenMS)
        // Requests from before it opened do not keep it open longer.
        case .open: break
        }
    }

    /// Also when the clock was set back.
    private func isOver(_ end: Int64, length: Int64, now: Int64) -> Bool {
        now >= end || OutboxRules.gap(end, now) > length
    }
}
