import ParleyCore

/// One thing that an engine, the ledger's disk or the process does wrong, and when. (What carriers do is `Fault`.)
public struct EngineFault: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        // The recogniser.
        case wordsLate = "words_late"
        case wordsNever = "words_never"
        case wordsFail = "words_fail"
        /// The final is empty though something was said.
        case wordsLost = "words_lost"
        case finalTwice = "final_twice"
        /// The final of a turn comes again with the next one's, and before it.
        case finalOutOfOrder = "final_out_of_order"
        case partialAfterFinal = "partial_after_final"

        // The agent.
        case replyLate = "reply_late"
        case replyNever = "reply_never"
        case replyFails = "reply_fails"
        /// The stream stands still after its first words.
        case replyStalls = "reply_stalls"
        case replyEmpty = "reply_empty"
        /// A caller who says nothing is answered with something done, and no word.
        case replyWordless = "reply_wordless"
        case replyAfterDone = "reply_after_done"
        case actionRepeated = "action_repeated"
        case actionUnknown = "action_unknown"

        // The synthesiser.
        case voiceLate = "voice_late"
        case voiceNever = "voice_never"
        case voiceFails = "voice_fails"
        /// Its audio stands still in mid-clause.
        case voiceStalls = "voice_stalls"
        /// A clause's audio ends before its words do.
        case voiceShort = "voice_short"
        /// It goes on with what was cancelled.
        case voiceAfterCancel = "voice_after_cancel"

        // Actions, and the disk that makes them durable.
        case actionLate = "action_late"
        case actionTwice = "action_twice"
        case actionNever = "action_never"
        case diskSlow = "disk_slow"
        case diskFull = "disk_full"
        /// A commit fails, and nothing of it is on the disk.
        case diskFails = "disk_fails"
        /// The provider of texts takes one and its answer never comes.
        case textUnanswered = "text_unanswered"

        // The process.
        /// The event loop does nothing for half a second.
        case loopBlocked = "loop_blocked"
        /// The process is killed, and another one started.
        case killed
    }

    public var kind: Kind
    /// How likely it is each time that it could happen.
    public var chance: Double
    public var from: CallTime
    public var to: CallTime

    func holds(at now: CallTime) -> Bool { now >= from && now <= to }
}

/// The engines' faults of one call, asked each time that one could happen.
struct EngineFaults {
    let faults: [EngineFault]
    private(set) var fired: [Int]
    private var random: SplitMix64

    init(_ faults: [EngineFault], seed: UInt64) {
        self.faults = faults
        fired = Array(repeating: 0, count: faults.count)
        random = SplitMix64(seed: seed, stream: 0xFA17)
    }

    mutating func happens(_ kind: EngineFault.Kind, at now: CallTime) -> Bool {
        var does = false
        for index in faults.indices where faults[index].kind == kind && faults[index].holds(at: now) {
            guard random.chance(faults[index].chance) else { continue }
            fired[index] += 1
            does = true
        }
        return does
    }
}
