import FoundationEssentials
import ParleyCore
import Yams

/// What is wrong with a script: the file, the line, the key, and what would be right.
public struct CallScriptError: Error, Equatable, Sendable, CustomStringConvertible {
    public var file: String
    /// From 1; 0 where the file itself is the matter.
    public var line: Int
    public var key: String
    public var problem: String

    package init(file: String, line: Int, key: String, problem: String) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
    }

    public var description: String {
        let place = line > 0 ? "\(file):\(line)" : file
        return key.isEmpty ? "\(place): \(problem)" : "\(place): \(key): \(problem)"
    }
}

extension CallScript {
    /// Reads `call.yaml` of a fixture folder. Strict: an unknown key is an error.
    public static func load(folder: String) throws(CallScriptError) -> CallScript {
        let path = folder + "/call.yaml"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CallScriptError(file: path, line: 0, key: "", problem: "there is no such file; name a fixture folder")
        }
        guard data.count <= 1 << 20 else {
            throw CallScriptError(file: path, line: 0, key: "", problem: "larger than 1 MiB; this is not a call script")
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw CallScriptError(file: path, line: 0, key: "", problem: "not UTF-8")
        }
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        return try parse(text, name: name, file: path)
    }

    /// Reads a script from its YAML text. `file` only serves the errors.
    public static func parse(_ yaml: String, name: String, file: String) throws(CallScriptError) -> CallScript {
        let reader = ScriptReader(nodes: YAMLFields(file: file))
        let root = try reader.nodes.root(of: yaml, need: "utterances:")
        return try reader.script(root, name: name)
    }
}

/// Walks the YAML nodes; every error knows its line.
private struct ScriptReader {
    let nodes: YAMLFields

    func script(_ root: Node, name: String) throws(CallScriptError) -> CallScript {
        let fields = try mapping(root, "", ["caller", "background", "utterances", "hangup", "expect"])
        var script = CallScript(name: name, lines: [])
        if let node = fields["caller"] {
            let number = try string(node, "caller")
            guard number.hasPrefix("+"), number.count >= 8, number.dropFirst().allSatisfy(\.isASCIIDigit) else {
                throw fail(node, "caller", "`\(number)` is no number; write it as \"+15550100001\", with the quotes")
            }
            script.caller = number
        }
        if let node = fields["background"] { script.background = try fileName(node, "background") }
        guard let utterances = fields["utterances"] else {
            throw fail(root, "utterances", "is missing; a silent caller has `utterances: []`")
        }
        guard let items = utterances.sequence else { throw fail(utterances, "utterances", "must be a list") }
        for item in items { script.lines.append(try line(item)) }
        if let node = fields["hangup"] { script.hangUp = try cue(node, "hangup") }
        if let node = fields["expect"] { script.expect = try expectations(node) }
        return script
    }

    private func line(_ node: Node) throws(CallScriptError) -> CallScript.Line {
        let fields = try mapping(node, "utterances", ["wav", "text", "keys", "say"])
        guard let say = fields["say"] else {
            throw fail(node, "say", "is missing; for instance `say: {after_quiet: 600ms}`")
        }
        let cue = try cue(say, "say")
        if let keysNode = fields["keys"] {
            for other in ["wav", "text"] {
                if let node = fields[other] {
                    throw fail(node, other, "does not go with `keys`; make it a line of its own")
                }
            }
            let keys = try string(keysNode, "keys")
            var digits: [Digit] = []
            for scalar in keys.unicodeScalars {
                guard scalar.isASCII, let digit = Digit(rawValue: UInt8(scalar.value)) else {
                    throw fail(keysNode, "keys", "`\(scalar)` is no key; use 0-9, *, # and A-D, in quotes")
                }
                digits.append(digit)
            }
            guard (1...64).contains(digits.count) else { throw fail(keysNode, "keys", "must have 1 to 64 keys") }
            return CallScript.Line(.keys(digits), cue)
        }
        guard let wavNode = fields["wav"] else { throw fail(node, "wav", "is missing; a line has `wav` or `keys`") }
        let text = try fields["text"].map { node throws(CallScriptError) in try string(node, "text") } ?? ""
        return CallScript.Line(.speech(wav: try fileName(wavNode, "wav"), text: text), cue)
    }

    private func cue(_ node: Node, _ key: String) throws(CallScriptError) -> CallScript.Cue {
        let fields = try mapping(node, key, ["after_quiet", "at", "into_agent"])
        guard fields.count == 1, let (name, value) = fields.first else {
            throw fail(node, key, "needs exactly one of `after_quiet`, `at` and `into_agent`")
        }
        let time = try duration(value, "\(key).\(name)")
        return switch name {
        case "after_quiet": .afterQuiet(time)
        case "at": .at(time)
        default: .intoAgent(time)
        }
    }

    private func expectations(_ node: Node) throws(CallScriptError) -> Expectations {
        let fields = try mapping(
            node, "expect",
            [
                "variables", "agent_says", "agent_does_not_say", "caller_says", "messages", "message_contains",
                "consent",
                "end", "barge_ins", "resumed", "backchannels", "keyed_turns", "max_duration",
            ])
        var expect = Expectations()
        if let node = fields["variables"] { expect.variables = try variables(node) }
        expect.agentSays = try patterns(fields["agent_says"], "agent_says")
        expect.agentDoesNotSay = try patterns(fields["agent_does_not_say"], "agent_does_not_say")
        expect.callerSays = try patterns(fields["caller_says"], "caller_says")
        expect.messageContains = try patterns(fields["message_contains"], "message_contains")
        expect.messages = try count(fields["messages"], "messages")
        expect.bargeIns = try count(fields["barge_ins"], "barge_ins")
        expect.resumed = try count(fields["resumed"], "resumed")
        expect.backchannels = try count(fields["backchannels"], "backchannels")
        expect.keyedTurns = try count(fields["keyed_turns"], "keyed_turns")
        if let node = fields["consent"] {
            let word = try string(node, "consent")
            guard let consent = Expectations.Consent(rawValue: word) else {
                throw fail(node, "consent", "`\(word)` is none of granted, refused, none")
            }
            expect.consent = consent
        }
        if let node = fields["end"] {
            let word = try string(node, "end")
            guard EndReason(rawValue: word) != nil else {
                let known = EndReason.allCases.map(\.rawValue).joined(separator: ", ")
                throw fail(node, "end", "`\(word)` is no end reason; there are \(known)")
            }
            expect.end = word
        }
        if let node = fields["max_duration"] { expect.maxDuration = try duration(node, "max_duration") }
        return expect
    }

    private func variables(_ node: Node) throws(CallScriptError) -> [Expectations.Variable] {
        guard let pairs = node.mapping else { throw fail(node, "variables", "must be `name: value` pairs") }
        var found: [Expectations.Variable] = []
        for (keyNode, value) in pairs {
            let key = try string(keyNode, "variables")
            var name = key
            var reading = Expectations.Variable.Reading.value
            if key.hasSuffix(")"), let open = key.firstIndex(of: "(") {
                guard let known = Expectations.Variable.Reading(rawValue: String(key[..<open])), known != .value else {
                    throw fail(keyNode, key, "unknown reading; there are weekday(...) and time(...)")
                }
                reading = known
                name = String(key[key.index(after: open)...].dropLast())
            }
            found.append(.init(name: name, reading: reading, pattern: try pattern(value, key)))
        }
        return found
    }

    private func patterns(_ node: Node?, _ key: String) throws(CallScriptError) -> [TextPattern] {
        guard let node else { return [] }
        guard let items = node.sequence else { throw fail(node, key, "must be a list of phrases or /expressions/") }
        var found: [TextPattern] = []
        for item in items { found.append(try pattern(item, key)) }
        return found
    }

    private func pattern(_ node: Node, _ key: String) throws(CallScriptError) -> TextPattern {
        let source = try string(node, key)
        do {
            return try TextPattern(source)
        } catch {
            throw fail(node, key, "`\(source)` is not a regular expression")
        }
    }

    private func count(_ node: Node?, _ key: String) throws(CallScriptError) -> Expectations.Count? {
        guard let node else { return nil }
        let text = try string(node, key)
        let digits = text.hasPrefix(">=") ? text.dropFirst(2).drop(while: { $0 == " " }) : text[...]
        guard let number = Int(digits), number >= 0 else {
            throw fail(node, key, "`\(text)` is no count; write `2`, or \">=1\" for at least one")
        }
        return text.hasPrefix(">=") ? .atLeast(number) : .exactly(number)
    }

    private func duration(_ node: Node, _ key: String) throws(CallScriptError) -> CallTime {
        let text = try string(node, key)
        guard let time = CallTime(written: text) else {
            throw fail(node, key, "`\(text)` is no duration; write 600ms, 3s or 2m")
        }
        return time
    }

    private func fileName(_ node: Node, _ key: String) throws(CallScriptError) -> String {
        let name = try string(node, key)
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw fail(node, key, "`\(name)` must be a file inside the fixture's folder")
        }
        return name
    }

    private func string(_ node: Node, _ key: String) throws(CallScriptError) -> String {
        try nodes.string(node, key)
    }

    private func mapping(_ node: Node, _ key: String, _ known: [String]) throws(CallScriptError) -> [String: Node] {
        try nodes.mapping(node, key, known)
    }

    private func fail(_ node: Node, _ key: String, _ problem: String) -> CallScriptError {
        nodes.fail(node, key, problem)
    }
}

extension CallTime {
    /// Reads `600ms`, `3s`, `1.5s` or `2m`; `nil` for anything else, negative ones among them.
    public init?(written text: String) {
        let number = text.prefix { $0.isASCIIDigit || $0 == "." }
        let unit = text.dropFirst(number.count)
        guard let value = Double(number), value.isFinite, value <= 86_400_000 else { return nil }
        switch unit {
        case "ms": self = .seconds(value / 1_000)
        case "s": self = .seconds(value)
        case "m": self = .seconds(value * 60)
        default: return nil
        }
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
