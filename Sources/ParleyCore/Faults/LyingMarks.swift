/// What a carrier says of playout when it does not say the truth: which marks go back, when, and what a clear does.
///
/// Stands between a true model of playout and the other side. Without faults it says what the model says.
public struct LyingMarks<Name: Equatable & Sendable>: Sendable {
    /// What goes back in a mark's place.
    public enum Answer: Equatable, Sendable {
        case mark(Name)
        /// A mark that was never sent.
        case unknown
    }

    public enum Obedience: Equatable, Sendable {
        case obey
        /// Plays on, and returns the marks as they are played.
        case ignore
        /// Drops the audio and the marks with it: none of them goes back.
        case forgetMarks
    }

    /// Marks that were returned early, at most: beyond that the oldest is returned again when it is played.
    private static var longestMemory: Int { 1_024 }

    private var triggers: [(index: Int, trigger: FaultTrigger)]
    private var returnedEarly: [Name] = []
    private var heldBack: Name?

    public init(_ faults: CarrierFaults) {
        triggers = faults.triggers { $0.occasion == .mark || $0.occasion == .clear }
    }

    /// How often each fault has happened, by its number in the list.
    public var fired: [(index: Int, count: Int)] { triggers.map { ($0.index, $0.trigger.fired) } }

    /// The other side sent a mark.
    ///
    /// - Returns: whether it goes back at once; the model is to keep it all the same.
    public mutating func received(_ name: Name, at now: CallTime, in situations: [Fault.Situation] = []) -> Bool {
        guard fires(.marksEarly, at: now, in: situations) else { return false }
        if returnedEarly.count >= Self.longestMemory { returnedEarly.removeFirst() }
        returnedEarly.append(name)
        return true
    }

    /// The model says that a mark was played, or dropped by a clear.
    ///
    /// - Returns: what goes back, in this order, and how much later each.
    public mutating func reached(
        _ name: Name, at now: CallTime, in situations: [Fault.Situation] = []
    ) -> [(answer: Answer, after: CallTime)] {
        if let index = returnedEarly.firstIndex(of: name) {
            returnedEarly.remove(at: index)
            return []
        }
        var answers: [Answer] = [.mark(name)]
        var after = CallTime.zero
        var isHeld = false
        for index in triggers.indices {
            let kind = triggers[index].trigger.fault.kind
            guard kind.occasion == .mark, kind != .marksEarly else { continue }
            guard triggers[index].trigger.fire(at: now, in: situations) != nil else { continue }
            switch kind {
            case .marksNever: answers = []
            case .marksTwice: answers += answers
            case .marksUnknown: answers = answers.map { _ in .unknown }
            case .marksLate(let time): after += time
            case .marksOutOfOrder: isHeld = true
            default: break
            }
        }
        if isHeld, heldBack == nil, !answers.isEmpty {
            heldBack = name
            return []
        }
        if let late = heldBack {
            heldBack = nil
            answers.append(.mark(late))
        }
        return answers.map { ($0, after) }
    }

    /// The other side sent a clear.
    public mutating func clear(at now: CallTime, in situations: [Fault.Situation] = []) -> Obedience {
        // Both are asked, so that each counts its own occasions.
        let ignores = fires(.clearIgnored, at: now, in: situations)
        let forgets = fires(.clearKeepsMarks, at: now, in: situations)
        return ignores ? .ignore : forgets ? .forgetMarks : .obey
    }

    private mutating func fires(_ kind: Fault.Kind, at now: CallTime, in situations: [Fault.Situation]) -> Bool {
        var isFired = false
        for index in triggers.indices where triggers[index].trigger.fault.kind == kind {
            if triggers[index].trigger.fire(at: now, in: situations) != nil { isFired = true }
        }
        return isFired
    }
}
