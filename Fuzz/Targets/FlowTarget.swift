import ParleyAgents
import ParleyCore
import Synchronization

/// The loader of flow files, and the first words of a call with what it loads. The input is the file.
enum FlowTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        let text = String(decoding: input, as: UTF8.self)
        let loaded = load(text)
        let again = load(text)
        // The parser ends a line at CR, LF, U+0085, U+2028 and U+2029, and the last one at the file's end.
        let ends: [Unicode.Scalar] = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        let lines = 2 + text.unicodeScalars.filter(ends.contains).count
        switch (loaded, again) {
        case (.failure(let errors), .failure(let others)):
            try require(errors == others, "the same file twice has two sets of issues")
            try require(!errors.issues.isEmpty, "refused, and nothing is wrong")
            try checkIssues(errors.issues, lines)
        case (.success(let flow), .success(let other)):
            try require(flow.stepIDs == other.stepIDs && flow.warnings == other.warnings, "one file, two flows")
            try require((1...500).contains(flow.stepIDs.count), "a flow of \(flow.stepIDs.count) steps")
            try checkIssues(flow.warnings, lines)
            try checkCall(flow)
        default: throw Broken("the same file is taken and refused")
        }
    }

    private static func load(_ text: String) -> Result<Flow, FlowErrors> {
        Result { () throws(FlowErrors) in try FlowLoader.load(text: text, file: "flow.yaml") }
    }

    /// Each is one line that a person can read and find.
    private static func checkIssues(_ issues: [FlowIssue], _ lines: Int) throws(Broken) {
        for issue in issues {
            try require((1...lines).contains(issue.line), "an issue in line \(issue.line) of \(lines)")
            try require(!issue.message.isEmpty, "an issue that says nothing")
            let description = issue.description
            try require(!description.contains(where: \.isNewline), "an issue of more than one line")
            try require(description.count <= 1_000, "an issue of \(description.count) characters")
        }
    }

    /// A flow that is taken answers: something comes of the opening, and no answer of the caller stops the process.
    private static func checkCall(_ flow: Flow) throws(Broken) {
        let parts = Mutex(0)
        let call = CallFacts(
            callID: "01J00000000000000000000000", from: "+15550100001", to: "+15550100002", parameters: ["name": "x"],
            wallClock: 1_763_000_000)
        let session = FlowAgent(flow).start(call) { _, _ in parts.withLock { $0 += 1 } }
        let causes: [AgentRequest.Cause] = [
            .opening, .said("yes"), .keyed("1"), .silence(1), .said("next tuesday at half past three"), .said("no"),
            .said("operator"),
        ]
        for (index, cause) in causes.enumerated() {
            let number = UInt32(index + 1)
            session.ask(AgentRequest(generation: Generation(number), turn: TurnID(number), cause: cause))
            if index == 0 { try require(parts.withLock { $0 } > 0, "a call that begins in silence") }
        }
    }
}
