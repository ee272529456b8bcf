/// "Can I cancel my 3pm": asks for a booking to be cancelled, where there is one.
enum BookingCancel {
    static func isAsked(_ reading: OptOutGrammar.Reading) -> Bool {
        let all = reading.clauses.flatMap(\.words)
        guard !all.contains(where: { staying.contains($0) }) else { return false }
        return reading.clauses.contains { isAsked($0.words) }
    }

    private static func isAsked(_ words: [String]) -> Bool {
        guard
            let at = words.firstIndex(where: {
                ["cancel", "cancle", "cancell", "cancelling", "canceling"].contains($0)
            })
        else {
            return false
        }
        let before = words[..<at].suffix(4)
        if before.contains(where: { PhraseWords.negators.contains($0) || doubts.contains($0) }) { return false }
        guard at + 1 < words.count else { return true }
        return words[(at + 1)...].prefix(4).contains { objects.contains($0) || ($0.first?.isNumber ?? false) }
    }

    /// Words that keep a booking, or ask what cancelling would mean.
    private static let staying: Set<String> = [
        "instead", "reschedule", "move", "change", "rather", "fee", "policy", "postpone", "push", "earlier", "later",
        "switch",
    ]
    private static let doubts: Set<String> = ["if", "did", "someone", "anyone", "insurance", "why"]
    private static let objects: Set<String> = [
        "appointment", "appt", "apt", "appointments", "booking", "reservation", "visit", "table", "session", "slot",
        "it", "that",
        "this", "cleaning", "checkup", "exam", "please", "tomorrow", "today", "tonight", "monday", "tuesday",
        "wednesday",
        "thursday", "friday", "saturday", "sunday", "for", "on", "mine", "everything", "job", "order", "thanks", "i",
        "sorry", "am",
        "pm", "haircut", "meeting", "consultation", "lesson", "class", "one", "next",
    ]
}
