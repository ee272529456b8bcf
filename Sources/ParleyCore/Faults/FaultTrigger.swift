/// Says when a fault happens. Pure: asked with times that do not go back, it answers from the seed alone.
public struct FaultTrigger: Equatable, Sendable {
    public let fault: Fault
    /// How often it has happened.
    public private(set) var fired = 0

    private var random: SplitMix64
    /// When it is next due; `nil`: never again. Not used where every message in a window is an occasion.
    private var due: CallTime?

    /// - Parameters:
    ///   - number: of the fault in its list: each has its own random numbers, whatever the others are.
    ///   - way: of the line that it acts on.
    public init(_ fault: Fault, number: Int, seed: UInt64, way: Fault.Way = .both) {
        self.fault = fault
        // A moment is the same on both ways; messages are hit on each for themselves.
        let isOfWay = fault.kind.occasion != .moment && way != .both
        let lane: UInt64 = !isOfWay ? 0 : way == .toServer ? 1 : 2
        random = SplitMix64(seed: seed, stream: UInt64(truncatingIfNeeded: number) &* 3 &+ lane)
        switch fault.timing {
        case .at(let moment): due = moment
        case .every(let period, let from, _): due = period > .zero ? from + period : nil
        case .during(let from, let to):
            let longest = (to ?? from) - from
            due = fault.kind.occasion == .moment ? from + random.time(upTo: longest) : from
        }
    }

    /// When `fire` has something to say next, whether or not a message passes; `nil` for a fault that needs a message,
    /// or waits for a situation: it is asked whenever one may hold.
    public var nextMoment: CallTime? {
        fault.kind.occasion == .moment && fault.situation == nil ? due : nil
    }

    /// Whether it happens now, to this message or at this moment.
    ///
    /// - Parameter situations: those that hold.
    /// - Returns: since when it was due; `nil` where it does not happen.
    public mutating func fire(at now: CallTime, in situations: [Fault.Situation] = []) -> CallTime? {
        guard let moment = due, moment <= now else { return nil }
        if let end, moment > end || (isWindow && now > end) {
            due = nil
            return nil
        }
        if let wanted = fault.situation, !situations.contains(wanted) { return nil }
        moveOn(to: now)
        // Drawn on every occasion, also where nothing is left to chance, so that a changed chance changes that alone.
        guard random.unit() < fault.chance else { return nil }
        fired += 1
        return fault.situation == nil && !isWindow ? moment : now
    }

    /// A time that this fault draws for what it does, from zero to `longest`.
    public mutating func draw(upTo longest: CallTime) -> CallTime { random.time(upTo: longest) }

    /// Whether each message from a time to a time is an occasion.
    private var isWindow: Bool {
        if case .during = fault.timing { return fault.kind.occasion != .moment }
        return false
    }

    private var end: CallTime? {
        switch fault.timing {
        case .at: nil
        case .during(_, let to), .every(_, _, let to): to
        }
    }

    private mutating func moveOn(to now: CallTime) {
        switch fault.timing {
        case .at: due = nil
        case .during: if !isWindow { due = nil }
        case .every(let period, let from, _):
            // Occasions that were missed, for want of a message or of the situation, do not add up.
            let passed = (now - from).nanoseconds / period.nanoseconds
            due = from + CallTime(nanoseconds: (passed + 1) * period.nanoseconds)
        }
    }
}
