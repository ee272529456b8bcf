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
        let raw: Raw
        do {
            raw = try YAMLDecoder().decode(Raw.self, from: text)
        } catch let error as CallScriptError {
            throw .script(CallScriptError(file: path, line: error.line, key: error.key, problem: error.problem))
        } catch {
            throw .usage("\(path): \(plain(error))")
        }
        var engines = FixtureEngines()
        engines.recognizer = try raw.recognizer.map { line throws(CallError) in
            ScriptedRecognizer.Line(
                line.text ?? "", delay: try duration(line.after ?? "0ms", path, "recognizer.after"),
                fails: line.fails ?? false)
        }
        if let pace = raw.voice?.milliseconds_per_character {
            guard (5...1_000).contains(pace) else {
                throw .usage("\(path): voice.milliseconds_per_character: \(pace) is out of range; write 5 to 1000")
            }
            engines.voice.millisecondsPerCharacter = pace
        }
        if let began = raw.began_at {
            guard let date = try? Date(began, strategy: .iso8601) else {
                throw .usage("\(path): began_at: `\(began)` is no time; write it as 2026-03-02T10:00:00Z")
            }
            engines.beganAt = date.timeIntervalSince1970
        }
        if let name = raw.flow {
            guard !name.contains("/") else {
                throw .usage("\(path): flow: `\(name)` must be a file beside it")
            }
            let file = folder + "/" + name
            let text = try read(file)
            do throws(FlowErrors) { engines.flow = try FlowLoader.load(text: text, file: file) } catch {
                throw .usage(error.description)
            }
        }
        return engines
    }

    private static func read(_ path: String) throws(CallError) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(bytes: data, encoding: .utf8)
        else { throw .usage("\(path): cannot be read as UTF-8 text of at most 1MiB") }
        return text
    }

    private static func duration(_ text: String, _ path: String, _ key: String) throws(CallError) -> CallTime {
        guard text.hasSuffix("ms"), let count = Int(text.dropLast(2)), (0...60_000).contains(count) else {
            throw .usage("\(path): \(key): `\(text)` is no delay; write milliseconds up to 60000ms")
        }
        return .milliseconds(count)
    }

    /// Of a decoder's error, the part that helps.
    private static func plain(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\(key.stringValue): is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription
                : context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription
        default: "\(error)"
        }
    }

    private struct Raw: Decodable {
        struct Line: Decodable {
            var text: String?
            var after: String?
            var fails: Bool?
            enum Keys: String, CodingKey, CaseIterable { case text, after, fails }
            init(from decoder: any Decoder) throws {
                let box = try StrictBox<Keys>(decoder, "recognizer")
                text = try box.values.decodeIfPresent(String.self, forKey: .text)
                after = try box.values.decodeIfPresent(String.self, forKey: .after)
                fails = try box.values.decodeIfPresent(Bool.self, forKey: .fails)
            }
        }
        struct Voice: Decodable {
            var milliseconds_per_character: Int?
            enum Keys: String, CodingKey, CaseIterable { case milliseconds_per_character }
            init(from decoder: any Decoder) throws {
                let box = try StrictBox<Keys>(decoder, "voice")
                milliseconds_per_character = try box.values.decodeIfPresent(
                    Int.self, forKey: .milliseconds_per_character)
            }
        }
        var began_at: String?
        var flow: String?
        var recognizer: [Line]
        var voice: Voice?
        enum Keys: String, CodingKey, CaseIterable { case began_at, flow, recognizer, voice }
        init(from decoder: any Decoder) throws {
            let box = try StrictBox<Keys>(decoder, "")
            began_at = try box.values.decodeIfPresent(String.self, forKey: .began_at)
            flow = try box.values.decodeIfPresent(String.self, forKey: .flow)
            recognizer = try box.values.decodeIfPresent([Line].self, forKey: .recognizer) ?? []
            voice = try box.values.decodeIfPresent(Voice.self, forKey: .voice)
        }
    }

    /// A mapping in which every key is known.
    private struct StrictBox<Keys: CodingKey & CaseIterable & RawRepresentable<String>> {
        let values: KeyedDecodingContainer<Keys>
        private struct AnyKey: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        init(_ decoder: any Decoder, _ place: String) throws {
            values = try decoder.container(keyedBy: Keys.self)
            let known = Keys.allCases.map(\.rawValue)
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
                throw CallScriptError(
                    file: "", line: 0, key: place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)",
                    problem: "is not known here; there are \(known.joined(separator: ", "))")
            }
        }
    }
}
