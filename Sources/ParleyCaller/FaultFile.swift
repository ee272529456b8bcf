import FoundationEssentials
import ParleyCore
import Yams

/// The faults of `--faults FILE`, and where each stands in it.
public struct FaultFile: Equatable, Sendable {
    /// More make no call any worse.
    public static let mostFaults = 64

    public var path: String
    /// The file's seed; `nil` where it names none.
    public var seed: UInt64?
    public var faults: [Fault] = []
    /// The line of each fault, from 1.
    public var lines: [Int] = []

    /// Reads a file. Strict: an unknown key is an error.
    public static func load(_ path: String) throws(CallScriptError) -> FaultFile {
        func fail(_ problem: String) -> CallScriptError {
            CallScriptError(file: path, line: 0, key: "", problem: problem)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw fail("there is no such file; name a YAML file with `faults:`")
        }
        guard data.count <= 1 << 20 else { throw fail("larger than 1 MiB; this is no file of faults") }
        guard let text = String(bytes: data, encoding: .utf8) else { throw fail("not UTF-8") }
        return try parse(text, file: path)
    }

    /// Reads faults from their YAML text. `file` serves the errors.
    public static func parse(_ yaml: String, file: String) throws(CallScriptError) -> FaultFile {
        let nodes = YAMLFields(file: file)
        let root = try nodes.root(of: yaml, need: "faults:")
        let fields = try nodes.mapping(root, "", ["seed", "faults"])
        var found = FaultFile(path: file)
        if let node = fields["seed"] {
            let text = try nodes.string(node, "seed")
            guard let seed = UInt64(text) else {
                throw nodes.fail(node, "seed", "`\(text)` is no seed; write a whole number, 0 or more")
            }
            found.seed = seed
        }
        guard let list = fields["faults"] else {
            throw nodes.fail(root, "faults", "is missing; it lists what goes wrong")
        }
        guard let items = list.sequence else { throw nodes.fail(list, "faults", "must be a list") }
        guard items.count <= mostFaults else { throw nodes.fail(list, "faults", "has more than \(mostFaults) entries") }
        let reader = FaultReader(nodes: nodes)
        for item in items {
            found.faults.append(try reader.fault(item))
            found.lines.append(item.mark?.line ?? 0)
        }
        return found
    }

    /// What the leg of a call cannot do: each fault that needs what its dialect has not.
    ///
    /// - Parameters:
    ///   - hasCallIDs: its calls have ids of the provider's.
    ///   - hasBase64: its audio is base64.
    ///   - hasNumbers: its messages of audio are numbered.
    func check(hasCallIDs: Bool, hasBase64: Bool, hasNumbers: Bool) throws(CallScriptError) {
        for (fault, line) in zip(faults, lines) {
            let problem: String? =
                switch fault.kind {
                case .secondStream where !hasCallIDs: "needs a call's id in the start message, as Twilio's has"
                case .badBase64 where !hasBase64: "needs audio in base64; this dialect's is binary"
                case .numbersJump, .numbersWrap, .numbersRestart:
                    hasNumbers ? nil : "needs numbered audio: Twilio's, or the native dialect's with --codec opus"
                default: nil
                }
            if let problem { throw CallScriptError(file: path, line: line, key: fault.kind.name, problem: problem) }
        }
    }
}

/// Reads one entry of the list.
private struct FaultReader {
    let nodes: YAMLFields

    /// No call lasts longer, so no fault does.
    private static let longest = CallerMachine.longestCall

    /// What each fault may be told besides its times: its name, and an example of each setting that it takes.
    private static let settings: [String: [String: String]] = [
        "delay": ["by": "80ms"], "jitter": ["by": "60ms"], "stall": ["for": "2s", "frames": "300"],
        "silence": [:], "drop": [:], "slow_reader": ["for": "2s"],
        "loss": [:], "duplicate": ["copies": "1"], "reorder": ["by": "2"],
        "bad_base64": [:], "bad_size": [:], "broken_json": [:],
        "marks_early": [:], "marks_late": ["by": "2s"], "marks_never": [:], "marks_twice": [:], "marks_unknown": [:],
        "marks_out_of_order": [:], "clear_ignored": [:], "clear_keeps_marks": [:],
        "media_before_start": ["frames": "1"], "second_start": [:], "second_stream": [:], "stop_twice": [:],
        "numbers_jump": ["by": "100"], "numbers_wrap": [:], "numbers_restart": [:], "keys": ["keys": "\"12#\""],
    ]

    /// The faults of either way, or of both.
    private static let haveWays: Set = ["delay", "jitter", "stall", "silence", "loss", "duplicate", "reorder"]

    func fault(_ node: Node) throws(CallScriptError) -> Fault {
        guard let pairs = node.mapping, let nameNode = pairs["fault"] else {
            throw nodes.fail(node, "fault", "is missing; an entry is for instance `{fault: stall, at: 5s, for: 2s}`")
        }
        let name = try nodes.string(nameNode, "fault")
        guard let settings = Self.settings[name] else {
            let names = Self.settings.keys.sorted()
            let hint =
                EditDistance.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
                ?? "there are \(names.joined(separator: ", "))"
            throw nodes.fail(nameNode, "fault", "there is no fault `\(name)`; \(hint)")
        }
        let fields = try nodes.mapping(node, name, known(name, settings))
        let kind = try kind(name, node, fields)
        var fault = Fault(kind, try timing(kind, node, fields))
        if let chance = fields["chance"] { fault.chance = try share(chance) }
        if let way = fields["way"] { fault.way = try word(way, "way") }
        if let situation = fields["while"] { fault.situation = try word(situation, "while") }
        return fault
    }

    /// Every key of an entry of this name.
    private func known(_ name: String, _ settings: [String: String]) -> [String] {
        var keys = ["fault", "chance"] + settings.keys.sorted()
        if !["media_before_start", "stop_twice"].contains(name) { keys += ["at", "every", "from", "to", "while"] }
        if Self.haveWays.contains(name) { keys.append("way") }
        return keys
    }

    private func kind(_ name: String, _ node: Node, _ fields: [String: Node]) throws(CallScriptError) -> Fault.Kind {
        func time(_ key: String) throws(CallScriptError) -> CallTime {
            guard let value = fields[key] else { throw missing(key, name, node) }
            return try nodes.duration(value, key, upTo: Self.longest)
        }
        func count(_ key: String, _ range: ClosedRange<Int>, or usual: Int? = nil) throws(CallScriptError) -> Int {
            guard let value = fields[key] else {
                guard let usual else { throw missing(key, name, node) }
                return usual
            }
            return try nodes.whole(value, key, range)
        }
        switch name {
        case "delay": return .delay(try time("by"))
        case "jitter": return .jitter(try time("by"))
        case "stall":
            if let frames = fields["frames"] {
                if let other = fields["for"] { throw nodes.fail(other, "for", "does not go with `frames`; name one") }
                // As long as that many frames take to pile up.
                let count = try nodes.whole(frames, "frames", 1...45_000)
                return .stall(CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64(count)))
            }
            return .stall(try time("for"))
        case "silence": return .silence
        case "drop": return .drop
        case "slow_reader": return .slowReader(try time("for"))
        case "loss": return .loss
        case "duplicate": return .duplicate(try count("copies", 1...100, or: 1))
        case "reorder": return .reorder(try count("by", 1...100, or: 1))
        case "bad_base64": return .badBase64
        case "bad_size": return .badSize
        case "broken_json": return .brokenJSON
        case "marks_early": return .marksEarly
        case "marks_late": return .marksLate(try time("by"))
        case "marks_never": return .marksNever
        case "marks_twice": return .marksTwice
        case "marks_unknown": return .marksUnknown
        case "marks_out_of_order": return .marksOutOfOrder
        case "clear_ignored": return .clearIgnored
        case "clear_keeps_marks": return .clearKeepsMarks
        case "media_before_start": return .mediaBeforeStart(try count("frames", 1...1_000, or: 1))
        case "second_start": return .secondStart
        case "second_stream": return .secondStream
        case "stop_twice": return .stopTwice
        case "numbers_jump": return .numbersJump(try count("by", 1...1_000_000_000))
        case "numbers_wrap": return .numbersWrap
        case "numbers_restart": return .numbersRestart
        default: return .keys(try digits(fields["keys"], node))
        }
    }

    private func missing(_ key: String, _ name: String, _ node: Node) -> CallScriptError {
        let example = Self.settings[name]?[key] ?? ""
        return nodes.fail(node, key, "is missing; for instance `{fault: \(name), \(key): \(example), ...}`")
    }

    private func digits(_ node: Node?, _ entry: Node) throws(CallScriptError) -> [Digit] {
        guard let node else { throw missing("keys", "keys", entry) }
        var digits: [Digit] = []
        for scalar in try nodes.string(node, "keys").unicodeScalars {
            guard scalar.isASCII, let digit = Digit(rawValue: UInt8(scalar.value)) else {
                throw nodes.fail(node, "keys", "`\(scalar)` is no key; use 0-9, *, # and A-D, in quotes")
            }
            digits.append(digit)
        }
        guard (1...64).contains(digits.count) else { throw nodes.fail(node, "keys", "must have 1 to 64 keys") }
        return digits
    }

    private func timing(
        _ kind: Fault.Kind, _ node: Node, _ fields: [String: Node]
    ) throws(CallScriptError) -> Fault.Timing {
        func time(_ key: String) throws(CallScriptError) -> CallTime? {
            guard let value = fields[key] else { return nil }
            return try nodes.duration(value, key, upTo: Self.longest)
        }
        let (at, every, from, to) = (try time("at"), try time("every"), try time("from"), try time("to"))
        if let to, let node = fields["to"], to <= from ?? .zero { throw nodes.fail(node, "to", "must be after `from`") }
        if let at {
            for key in ["every", "from", "to"] {
                guard let other = fields[key] else { continue }
                throw nodes.fail(other, key, "does not go with `at`, which is one moment")
            }
            return .at(at)
        }
        if let every {
            guard every > .zero else { throw nodes.fail(fields["every"] ?? node, "every", "must be more than 0") }
            return .every(every, from: from ?? .zero, to: to)
        }
        if kind.occasion == .moment, to == nil {
            throw nodes.fail(
                node, "at",
                "is missing; \(kind.name) happens at a moment: `at: 5s`, `every: 5s`, or drawn between `from` and `to`")
        }
        return .during(from: from ?? .zero, to: to)
    }

    /// `0.05` or `5%`.
    private func share(_ node: Node) throws(CallScriptError) -> Double {
        let text = try nodes.string(node, "chance")
        let value = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let value, (0...1).contains(value) else {
            throw nodes.fail(node, "chance", "`\(text)` is no chance; write 0.05 or 5%, 0 to 1")
        }
        return value
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ node: Node, _ key: String
    ) throws(CallScriptError) -> Word where Word.RawValue == String {
        let text = try nodes.string(node, key)
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue)
            throw nodes.fail(node, key, "there is no `\(text)`; write \(words.joined(separator: " or "))")
        }
        return word
    }
}
