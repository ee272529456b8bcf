import Foundation
import ParleyCore
import ParleyNetwork
import ParleySpeech
import Yams

/// Reads an engines file (`engines.file`), strictly: all that is wrong with it comes back at once.
public enum EnginesFile {
    private static let roles: [(key: String, role: EngineRole)] = [
        ("recognizers", .recognizer), ("voices", .voice), ("agents", .agent),
    ]
    private static let mostEntries = 8
    private static let first = "`recognizers:` or `voices:` and one engine below it"

    /// - Parameters:
    ///   - environment: where the keys are that the file names.
    ///   - engines: that it can name.
    /// - Throws: all that is wrong with it, each with file, line, key and the mend.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        engines: NetworkEngines = .builtIn
    ) throws(ConfigurationErrors) -> EngineSetup {
        try read(try SettingsFile(path: path, key: "engines.file", first: first), environment, engines)
    }

    /// Reads the text of an engines file; `file` is its name in errors.
    public static func parse(
        _ text: String, file: String, environment: [String: String], engines: NetworkEngines = .builtIn
    ) throws(ConfigurationErrors) -> EngineSetup {
        try read(try SettingsFile(text: text, name: file, first: first), environment, engines)
    }

    private static func read(
        _ file: SettingsFile, _ environment: [String: String], _ engines: NetworkEngines
    ) throws(ConfigurationErrors) -> EngineSetup {
        var setup = EngineSetup()
        setup.engines = engines
        if let top = file.fields {
            top.finish(allowed: roles.map(\.key))
            func read(_ key: String, _ role: EngineRole) -> [EngineSetup.Entry] {
                entries(key, EngineKind.known(role, engines), EngineKind.common(role), top, environment)
            }
            setup.recognizers = read("recognizers", .recognizer)
            setup.voices = read("voices", .voice)
            setup.agents = read("agents", .agent)
        }
        if let errors = file.issues.errors { throw errors }
        return setup
    }

    private static func entries(
        _ key: String, _ known: [EngineKind], _ common: [EngineOption], _ top: SettingsFields,
        _ environment: [String: String]
    ) -> [EngineSetup.Entry] {
        guard let node = top.node(key) else { return [] }
        guard case .sequence(let sequence) = node, !sequence.isEmpty, sequence.count <= mostEntries else {
            top.fail(
                key, "is not a list of one to \(mostEntries) engines",
                mend: "write `- engine: \(known.first?.engine ?? "embedded")` below it")
            return []
        }
        var names: Set<String> = []
        var entries: [EngineSetup.Entry] = []
        for (index, node) in sequence.enumerated() {
            let fields = SettingsFields(
                node, path: "\(key)[\(index)]", line: node.mark?.line, issues: top.issues)
            guard let fields, let entry = entry(fields, known, common, environment) else { continue }
            guard names.insert(entry.settings.name).inserted else {
                fields.fail(
                    fields.has("name") ? "name" : "engine", "`\(entry.settings.name)` is there already",
                    mend: "give it a `name:` of its own")
                continue
            }
            entries.append(entry)
        }
        return entries
    }

    private static func entry(
        _ fields: SettingsFields, _ known: [EngineKind], _ common: [EngineOption], _ environment: [String: String]
    ) -> EngineSetup.Entry? {
        guard fields.has("engine") else {
            fields.miss("engine", known.first?.engine ?? "embedded")
            return nil
        }
        guard let name = fields.text("engine", atMost: 64) else { return nil }
        guard let kind = known.first(where: { $0.engine == name }) else {
            let names = known.map(\.engine)
            let near = fields.issues.nearest(to: name, among: names).map { "did you mean `\($0)`? " } ?? ""
            fields.fail(
                "engine", "`\(name)` is no engine of this role",
                mend: "\(near)write one of \(names.joined(separator: ", "))")
            return nil
        }
        let options = kind.options + (kind.engine == EngineKind.embedded.engine ? [] : common)
        var allowed = ["name", "engine"]
        if kind.engine != EngineKind.embedded.engine { allowed += ["key_env", "key_file", "ca_file"] }
        fields.finish(allowed: allowed + options.map(\.name))
        let values = EngineValues(fields: fields, options: options)
        let key = key(fields, kind, environment)
        let trust = trust(fields)
        guard let read = values.read() else { return nil }
        let settings = EngineSettings(
            name: fields.text("name", atMost: 64) ?? kind.engine, options: options, values: read.values,
            lists: read.lists, key: key, trust: trust?.trust, caFile: trust?.file)
        let lines = Dictionary(fields.entries.map { ($0.name, $0.line) }) { first, _ in first }
        let place = EnginePlace(file: fields.issues.file, path: fields.path, line: fields.line, lines: lines)
        return EngineSetup.Entry(engine: kind.engine, settings: settings, place: place)
    }

    private static func key(
        _ fields: SettingsFields, _ kind: EngineKind, _ environment: [String: String]
    ) -> Secret? {
        guard let keys = fields.secrets("key", environment: environment) else { return nil }
        if keys.isEmpty, kind.needsKey { fields.miss("key_env", "\(kind.engine.uppercased())_API_KEY") }
        return keys.first
    }

    /// Certificates to trust: the system's, or those of the file.
    private static func trust(_ fields: SettingsFields) -> (trust: TLSTrust, file: String?)? {
        let file = fields.text("ca_file", atMost: 4_096)
        do throws(TLSTrustFault) {
            return (try TLSTrust(file: file), file)
        } catch {
            fields.fail("ca_file", error.description, mend: "name a PEM file with the certificates to trust")
            return nil
        }
    }
}
