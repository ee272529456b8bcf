/// Whether a sender is paused because its secret or its registration is wrong, not a text. Belongs into the store: a new
/// process does not try its way into the same wall.
///
/// Ends when an operator says so, and for a refused secret also when a probe goes through: every 15 minutes one text
/// is tried, which costs it none of its tries. An unregistered sender is not probed: each probe would be a text that
/// failed for good. A changed configuration lifts nothing by itself. Times are UTC milliseconds since 1970.
public struct SenderPause: Equatable, Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        case unauthorised
        case misconfigured
    }
    public enum State: Equatable, Sendable {
        case running
        /// - Parameter probeAt: when one text may be tried; `nil`: never.
        case paused(Reason, probeAt: Int64?)
    }
    public private(set) var state: State
    public let probeEveryMS: Int64

    public init(state: State = .running, probeEveryMS: Int64 = 900_000) {
        self.state = state
        self.probeEveryMS = min(max(probeEveryMS, 1), OutboxRules.longestMS)
    }

    public func door(now: Int64) -> SenderDoor {
        switch state {
        case .running: .open
        case .paused(_, nil): .shut(until: nil)
        case .paused(_, let probeAt?):
            now >= probeAt || OutboxRules.gap(probeAt, now) > probeEveryMS ? .open : .shut(until: probeAt)
        }
    }

    /// A text was claimed through the open door.
    ///
    /// - Returns: whether it is a probe; the next one is `probeEveryMS` away.
    public mutating func claimed(now: Int64) -> Bool {
        guard case .paused(let reason, .some) = state else { return false }
        pause(reason, now: now)
        return true
    }

    /// What `OutboxEffect.pauseSender` asks for. A registration that is wrong is not forgotten over a secret that is.
    public mutating func pause(_ reason: Reason, now: Int64) {
        if case .paused(.misconfigured, _) = state { return }
        state = .paused(reason, probeAt: reason == .unauthorised ? OutboxRules.sum(now, probeEveryMS) : nil)
    }

    /// What a request came to that began while the sender was paused: its probe. Any answer that is about the text means
    /// that the secret is good again.
    public mutating func probeEnded(_ outcome: RequestOutcome) {
        guard case .paused(.unauthorised, _) = state else { return }
        switch outcome {
        case .recorded, .accepted, .refused, .optedOut: state = .running
        case .misconfigured, .unauthorised, .notSent, .ambiguous: break
        }
    }

    /// An operator lifts it.
    public mutating func lift() { state = .running }
}
