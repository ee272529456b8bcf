import ParleyCore

/// Promise 3: the record holds the words that were played to the caller, and one frame more at the most.
struct HeardWithinPlayed: Invariant {
    static let name = "heard_within_played"

    private struct Clause {
        var number: Int
        var text: String
        var frames = 0
        var isWhole = false
        var tellsWords = false
        var played = 0
    }
    private var generation = Generation(0)
    private var clauses: [Clause] = []

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .effect(.speak(let generation, let clause, let text)):
            if generation != self.generation { clauses = [] }
            self.generation = generation
            clauses.append(Clause(number: clause, text: text))
        case .input(.synthesizer(.audio(let generation, let clause, let audio))):
            change(generation, clause) { clause in
                clause.frames += audio.frameCount
                if !audio.words.isEmpty { clause.tellsWords = true }
            }
        case .input(.synthesizer(.done(let generation, let clause))):
            change(generation, clause) { $0.isWhole = true }
        case .heard(let tag):
            guard case .reply(let generation, let clause) = tag.source else { break }
            change(generation, clause) { $0.played = max($0.played, tag.frame + 1) }
        case .effect(.note(.agentTurn(let turn))): return check(turn)
        default: break
        }
        return nil
    }

    private mutating func change(_ generation: Generation, _ number: Int, _ body: (inout Clause) -> Void) {
        guard generation == self.generation, let index = clauses.firstIndex(where: { $0.number == number }) else {
            return
        }
        body(&clauses[index])
    }

    private func check(_ turn: AgentTurn) -> String? {
        guard turn.generation == generation else { return turn.heard.isEmpty ? nil : "words of a reply never spoken" }
        var rest = turn.heard[...]
        for clause in clauses where !rest.isEmpty {
            let heard: Int
            if rest.hasPrefix(clause.text) {
                heard = clause.text.utf8.count
                rest = rest.dropFirst(clause.text.count)
            } else if clause.text.hasPrefix(rest) {
                heard = rest.utf8.count
                rest = ""
            } else if clause.frames == 0 {
                // Its audio was lost: what follows was spoken without it.
                continue
            } else {
                return "\"\(turn.heard)\" is not how the reply began"
            }
            while rest.first == " " { rest.removeFirst() }
            let needed = needed(heard, of: clause)
            if needed > clause.played + 1 {
                return
                    "\(heard) letters of \"\(clause.text)\" are on record: \(needed) frames, and \(clause.played) were played"
            }
        }
        return rest.isEmpty ? nil : "\"\(rest)\" was never spoken"
    }

    /// Frames that must have been played for so many letters.
    private func needed(_ letters: Int, of clause: Clause) -> Int {
        if clause.tellsWords { return min(letters * 3, clause.frames) }
        return letters * clause.frames / max(1, clause.text.utf8.count)
    }
}
