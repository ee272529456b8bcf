import ParleyCore

/// One message of a conversation as a model is given it.
enum ChatMessage: Equatable, Sendable {
    case system(String)
    case user(String)
    case assistant(String, [Call])
    /// What became of a call, as JSON.
    case tool(id: String, String)

    struct Call: Equatable, Sendable {
        var id: String
        var name: String
        /// A JSON object.
        var arguments: String
    }
}

/// What a model knows of its call: what the caller said, what the caller *heard*, and what tools gave.
///
/// A turn is one request with all that was said and done about it. What was said counts as written until the next
/// request tells what was heard of it. Every tool call has a result in it, `{"status":"under way"}` until there is one:
/// servers refuse a call without. The oldest turns go when it grows too long; the system prompt stays.
struct ChatMemory: Equatable, Sendable {
    /// Longest, in UTF-8 bytes of all messages but the system's.
    static let maxBytes = 48 * 1_024
    static let underWay = #"{"status":"under way"}"#

    private struct Round: Equatable {
        var text = ""
        var calls: [ChatMessage.Call] = []
    }
    private struct Turn: Equatable {
        var generation: Generation
        /// Happened before it, and are told with it.
        var notes: [String]
        var prompt: String
        var rounds = [Round()]
        /// What was heard of it is known.
        var isSettled = false
    }
    private let system: String
    private var turns: [Turn] = []
    private var results: [String: String] = [:]
    private var lastCall = 0
    private var notes: [String] = []

    init(system: String) { self.system = system }

    /// A request tells what was heard of the reply before: that settles it.
    mutating func hear(_ heard: String, wasCut: Bool) {
        guard let last = turns.indices.last, !turns[last].isSettled else { return }
        if wasCut || heard.isEmpty { cut(last, to: heard) }
        turns[last].isSettled = true
    }

    /// A request begins.
    ///
    /// - Parameter prompt: what the caller said, or what happened.
    mutating func begin(_ generation: Generation, _ prompt: String) {
        turns.append(Turn(generation: generation, notes: notes, prompt: prompt))
        notes = []
        forgetOldest()
    }

    /// The assistant says this, next.
    mutating func say(_ text: String) {
        guard let last = turns.indices.last else { return }
        if turns[last].rounds.last?.calls.isEmpty == false { turns[last].rounds.append(Round()) }
        let round = turns[last].rounds.count - 1
        let isFirst = turns[last].rounds[round].text.isEmpty
        turns[last].rounds[round].text += isFirst ? text : " " + text
    }

    /// The assistant calls a tool.
    ///
    /// - Parameters:
    ///   - isNext: it belongs to the answer that the call before it was in.
    ///   - arguments: a JSON object.
    ///   - result: `nil`: it is under way.
    /// - Returns: the call's id: nine letters and digits, which every server takes.
    @discardableResult
    mutating func call(_ name: String, _ arguments: String, isNext: Bool, result: String? = nil) -> String {
        lastCall += 1
        let digits = String(lastCall)
        let id = "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        results[id] = result
        guard let last = turns.indices.last else { return id }
        if !isNext, turns[last].rounds.last?.calls.isEmpty == false { turns[last].rounds.append(Round()) }
        turns[last].rounds[turns[last].rounds.count - 1].calls.append(.init(id: id, name: name, arguments: arguments))
        return id
    }

    mutating func settle(_ call: String, _ result: String) {
        guard turns.contains(where: { $0.rounds.contains { $0.calls.contains { $0.id == call } } }) else { return }
        results[call] = result
    }

    /// Told with the next request, in front of it.
    mutating func note(_ text: String) { notes.append(text) }

    /// As if it had never been asked.
    ///
    /// - Parameter hasActed: something was done in it: that stays, and nothing was heard.
    mutating func retract(_ generation: Generation, hasActed: Bool) {
        guard let index = turns.lastIndex(where: { $0.generation == generation }) else { return }
        if hasActed {
            for round in turns[index].rounds.indices { turns[index].rounds[round].text = "" }
            turns[index].isSettled = true
        } else {
            notes = turns.remove(at: index).notes + notes
        }
    }

    // MARK: Messages

    /// Users' messages that follow each other are one: not every server takes two.
    var messages: [ChatMessage] {
        var messages = [ChatMessage.system(system)]
        for turn in turns {
            var prompt = (turn.notes + [turn.prompt]).joined(separator: "\n")
            if case .user(let before)? = messages.last {
                prompt = before + "\n" + prompt
                messages.removeLast()
            }
            messages.append(.user(prompt))
            for round in turn.rounds where !round.text.isEmpty || !round.calls.isEmpty {
                messages.append(.assistant(round.text, round.calls))
                messages += round.calls.map { .tool(id: $0.id, results[$0.id] ?? Self.underWay) }
            }
        }
        return messages
    }

    // MARK: Bounds

    /// Leaves of what was said the words that were heard, answer by answer.
    private mutating func cut(_ turn: Int, to heard: String) {
        var rest = heard.split(whereSeparator: \.isWhitespace)[...]
        for round in turns[turn].rounds.indices {
            let count = turns[turn].rounds[round].text.split(whereSeparator: \.isWhitespace).count
            turns[turn].rounds[round].text = rest.prefix(count).joined(separator: " ")
            rest = rest.dropFirst(count)
        }
    }

    private mutating func forgetOldest() {
        var bytes = turns.reduce(0) { $0 + size($1) }
        while bytes > Self.maxBytes, turns.count > 1 {
            let oldest = turns.removeFirst()
            bytes -= size(oldest)
            for call in oldest.rounds.flatMap(\.calls) { results[call.id] = nil }
        }
    }

    private func size(_ turn: Turn) -> Int {
        turn.rounds.reduce(turn.prompt.utf8.count) { sum, round in
            round.calls.reduce(sum + round.text.utf8.count) { sum, call in
                sum + call.arguments.utf8.count + (results[call.id] ?? Self.underWay).utf8.count
            }
        }
    }
}
