import ParleyCore

/// A mark of an utterance that is over proves nothing about the one that is going on: it is told as dropped, and no more.
struct StrangeMarks: Invariant {
    static let name = "strange_marks"

    private var newest = Generation(0)
    /// Came in with the input that the call is dealing with, and nothing was said about it yet.
    private var strange: Mark?

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .input(.mark(let mark)): strange = mark.generation == newest ? nil : mark
        case .effect(.note(.dropped(.lateMark))), .effect(.end): strange = nil
        case .effect(.mark(let mark)): newest = mark.generation
        case .settled:
            defer { strange = nil }
            if let strange { return "a mark of \(strange.generation.number) was taken for one of \(newest.number)" }
        default: break
        }
        return nil
    }
}
