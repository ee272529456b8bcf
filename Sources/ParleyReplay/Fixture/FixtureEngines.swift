import FoundationEssentials
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleySpeech
import Yams

/// A fixture's `engines.yaml`: what is understood and how it is spoken there, so that its outcome depends on no model. Strict, like
/// every file of ours.
public struct FixtureEngines: Sendable {
    /// Wall-clock time of the call's beginning, seconds since 1970-01-01 UTC; `nil`: it does not matter.
    public var beganAt: Double?
    /// The flow that decides, in the fixture's folder; `nil`: the one the replay is run with.
    public var flow: Flow?
    public var recognizer: [ScriptedRecognizer.Line] = []
    public var voice = ScriptedSynthesizer.Behaviour()

    /// - Returns: `nil`, where the folder has no such file.
    /// - Throws: `CallError`: file, line, key and what would be right.
    public static func load(folder: String) throws(CallError) -> FixtureEngines? {
        let path = folder + "/engines.yaml"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let text = try read(path)
        var engines = FixtureEngines()
        let flow: String?
        do { flow = try engines.take(text, file: path) } catch { throw .script(error) }
        if let flow {
            let file = folder + "/" + flow
            let text = try read(file)
            do { engines.flow = try FlowLoader.load(text: text, file: file) } catch { throw .usage(error.description) }
        }
        return engines
    }

    private static func read(_ path: String) throws(CallError) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(bytes: data, encoding: .utf8)
        else { throw .usage("\(path): cannot be read as UTF-8 text of at most 1MiB") }
        return text
    }

    /// - Returns: the name of the flow's file.
    private mutating func take(_ text: String, file: String) throws(CallScriptError) -> String? {
        let nodes = YAMLFields(file: file)
        let root = try nodes.root(of: text, need: "recognizer:")
        let fields = try nodes.mapping(root, "", ["began_at", "flow", "recognizer", "voice"])
        if let node = fields["began_at"] {
            let text = try nodes.string(node, "began_at")
            guard let date = try? Date(text, strategy: .iso8601) else {
                throw nodes.fail(node, "began_at", "`\(text)` is no time; write it as \"2026-03-02T10:00:00Z\"")
            }
            beganAt = date.timeIntervalSince1970
        }
        if let node = fields["recognizer"] {
            guard let lines = node.sequence else { throw nodes.fail(node, "recognizer", "must be a list") }
            for line in lines { recognizer.append(try Self.line(line, nodes)) }
        }
        if let node = fields["voice"] {
            let pace = "milliseconds_per_character"
            if let node = try nodes.mapping(node, "voice", [pace])[pace] {
                voice.millisecondsPerCharacter = try nodes.whole(node, "voice.\(pace)", 5...1_000)
            }
        }
        guard let node = fields["flow"] else { return nil }
        let name = try nodes.string(node, "flow")
        guard !name.contains("/") else { throw nodes.fail(node, "flow", "`\(name)` must be a file beside it") }
        return name
    }

    private static func line(_ node: Node, _ nodes: YAMLFields) throws(CallScriptError) -> ScriptedRecognizer.Line {
        let fields = try nodes.mapping(node, "recognizer", ["text", "after", "fails"])
        var line = ScriptedRecognizer.Line("")
        if let node = fields["text"] { line.text = try nodes.string(node, "recognizer.text") }
        if let node = fields["after"] {
            line.delay = try nodes.duration(node, "recognizer.after", upTo: .seconds(60))
        }
        if let node = fields["fails"] {
            let text = try nodes.string(node, "recognizer.fails")
            guard let fails = Bool(text) else {
                throw nodes.fail(node, "recognizer.fails", "`\(text)` is neither true nor false")
            }
            line.fails = fails
        }
        return line
    }
}
