import ParleyCore

/// All promises, watched together.
struct Promises {
    private(set) var deadAir: DeadAir
    private var ladder = Ladder()
    private var silentLine: SilentLine
    private var heard = HeardWithinPlayed()
    private var cancelled = NothingCancelled()
    private(set) var end = OneEnd()
    private var deadlines = Deadlines()
    private var bounds = Bounds()
    private var nods = Nods()
    private var marks = StrangeMarks()
    private var deadline: AlwaysADeadline
    var texts = TextsOnce()
    /// Where the carrier does not tell the truth of what it played, the record cannot hold it.
    private let judgesHearing: Bool
    /// The first that was broken.
    private(set) var violation: Violation?

    init(_ plan: FaultPlan, settings: CallSettings) {
        deadAir = DeadAir(faults: plan.count)
        silentLine = SilentLine(faults: plan.count, settings: settings)
        deadline = AlwaysADeadline(settings: settings, isTold: !plan.liesAboutPlayout)
        judgesHearing = !plan.liesAboutPlayout
    }

    mutating func see(_ sight: Sight, at now: CallTime) {
        guard violation == nil else { return }
        note(Self.check(&deadAir, sight, at: now))
        note(Self.check(&ladder, sight, at: now))
        note(Self.check(&silentLine, sight, at: now))
        if judgesHearing { note(Self.check(&heard, sight, at: now)) }
        note(Self.check(&cancelled, sight, at: now))
        note(Self.check(&end, sight, at: now))
        note(Self.check(&deadlines, sight, at: now))
        note(Self.check(&deadline, sight, at: now))
        note(Self.check(&bounds, sight, at: now))
        note(Self.check(&nods, sight, at: now))
        note(Self.check(&marks, sight, at: now))
        note(Self.check(&texts, sight, at: now))
    }

    private mutating func note(_ broken: Violation?) {
        if violation == nil { violation = broken }
    }

    private static func check<Promise: Invariant>(
        _ promise: inout Promise, _ sight: Sight, at now: CallTime
    ) -> Violation? {
        promise.see(sight, at: now).map { Violation(invariant: Promise.name, detail: $0, at: now) }
    }

    mutating func broken(_ name: String, _ detail: String, at now: CallTime) {
        if violation == nil { violation = Violation(invariant: name, detail: detail, at: now) }
    }
}
