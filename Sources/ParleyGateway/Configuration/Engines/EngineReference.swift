import ParleyCore
import ParleyNetwork
import ParleySpeech

/// Tables of what an engines file can say, for the documents: from the lists that its reader goes by.
public struct EngineReference {
    private let engines: NetworkEngines

    public init(_ engines: NetworkEngines = .builtIn) { self.engines = engines }

    /// One table of options.
    public struct Options: Sendable {
        public let role: EngineRole
        /// As the file names it.
        public let engine: String
        public let table: String
    }

    /// Of every engine of every role that has any, in the order in which the file's reader knows them.
    public var options: [Options] {
        EngineRole.allCases.flatMap { role in
            EngineKind.known(role, engines).filter { !$0.options.isEmpty }.map {
                Options(role: role, engine: $0.engine, table: Self.table($0.options))
            }
        }
    }

    /// What all engines of a role have besides; empty for agents.
    public func common(_ role: EngineRole) -> String {
        let options = EngineKind.common(role)
        return options.isEmpty ? "" : Self.table(options)
    }

    /// The features of each recogniser and each voice with its defaults: a row for each, without its end.
    ///
    /// - Throws: where an engine cannot be made of its defaults and a made-up key.
    public func features(_ role: EngineRole) throws(EngineError) -> [(engine: String, row: String)] {
        var rows: [(engine: String, row: String)] = []
        switch role {
        case .recognizer:
            for adapter in engines.recognizers {
                let capabilities = try adapter.make(Self.sample(adapter)).capabilities
                rows.append((adapter.engine, Self.row(adapter, capabilities)))
            }
        case .voice:
            for adapter in engines.voices {
                let capabilities = try adapter.make(Self.sample(adapter)).capabilities
                rows.append((adapter.engine, Self.row(adapter, capabilities)))
            }
        case .agent: break
        }
        return rows
    }

    /// All of it: to be copied into the pages of `docs/`, which tests compare with this.
    public func markdown() throws(EngineError) -> String {
        var text = ""
        for role in [EngineRole.recognizer, .voice] {
            text += "## Every \(role.rawValue)\n\n\(common(role))\n\(Self.head(role))"
            for row in try features(role) { text += row.row + " |\n" }
            text += "\n"
        }
        for options in options { text += "## \(options.role.rawValue): \(options.engine)\n\n\(options.table)\n" }
        return text
    }

    // MARK: Features

    /// The first lines of a table of `features`.
    static func head(_ role: EngineRole) -> String {
        let columns =
            role == .recognizer
            ? [
                "engine", "a telephone's sound goes out as", "16 kHz goes out as", "words while the caller speaks",
                "own endpointing", "word times", "language", "added latency p50, p99",
            ]
            : ["engine", "sound comes as", "sound before its end", "word times", "language", "added latency p50, p99"]
        return "| \(columns.joined(separator: " | ")) |\n|\(String(repeating: "---|", count: columns.count))\n"
    }

    private static func row(_ adapter: any EngineAdapter.Type, _ capabilities: RecognizerCapabilities) -> String {
        let shapes = [8_000, 16_000].map { rate in
            let shape = AudioShape(for: capabilities, legRate: rate)
            let batch = capabilities.batch == .zero ? "a turn at once" : "each \(capabilities.batch.milliseconds) ms"
            return "\(sound(shape.encoding, shape.rate)), \(batch)"
        }
        return cells(
            ["`\(adapter.engine)`"] + shapes + [
                word(capabilities.hasPartials), word(capabilities.endsTurns), word(capabilities.hasWordTimes),
                language(adapter),
            ])
    }

    private static func row(_ adapter: any EngineAdapter.Type, _ capabilities: SynthesizerCapabilities) -> String {
        let encoding = capabilities.encodings.first ?? .pcm16
        return cells([
            "`\(adapter.engine)`", sound(encoding, capabilities.rates.first ?? 0), word(capabilities.isStreaming),
            word(capabilities.hasWordTimes), language(adapter),
        ])
    }

    /// Mu-law is a telephone's own sound: it goes through unchanged.
    private static func sound(_ encoding: AudioEncoding, _ rate: Int) -> String {
        encoding == .mulaw ? "mu-law, unchanged" : "16-bit, \(rate) Hz"
    }

    private static func language(_ adapter: any EngineAdapter.Type) -> String {
        adapter.options.contains { $0.name == "language" } ? "`language`" : "the model's"
    }

    private static func word(_ flag: Bool) -> String { flag ? "yes" : "no" }

    private static func cells(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") }

    /// Settings of which an engine can be made, without asking anybody.
    private static func sample(_ adapter: any EngineAdapter.Type) -> EngineSettings {
        var values: [String: String] = [:]
        for option in adapter.options where option.standard == nil && !option.isOptional { values[option.name] = "x" }
        return EngineSettings(name: adapter.engine, options: adapter.options, values: values, key: Secret("x"))
    }

    // MARK: Options

    private static func table(_ options: [EngineOption]) -> String {
        var text = "| option | default | may be | what |\n|---|---|---|---|\n"
        for option in options {
            let standard = option.standard.map { "`\($0)`" } ?? (isNeeded(option) ? "needed" : "none")
            text += "| `\(option.name)` | \(standard) | \(form(option.kind)) | \(option.help) |\n"
        }
        return text
    }

    private static func isNeeded(_ option: EngineOption) -> Bool { !option.isOptional && option.kind != .list }

    private static func form(_ kind: EngineOption.Kind) -> String {
        switch kind {
        case .text, .prose: "text"
        case .address(let schemes): address(schemes)
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .whole(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .decimal(let range): "\(number(range.lowerBound)) to \(number(range.upperBound))"
        case .flag: "`true`, `false`"
        case .duration(let range): "\(range.lowerBound.milliseconds)ms to \(range.upperBound.milliseconds / 1_000)s"
        case .list: "a list"
        }
    }

    private static func address(_ schemes: [NetworkAddress.Scheme]) -> String {
        let hasSecure = schemes.contains(where: \.isSecure)
        // The secure one first: the other is for this machine alone.
        return schemes.sorted { $0.isSecure && !$1.isSecure }.map { scheme in
            "`\(scheme.rawValue)://`" + (hasSecure && !scheme.isSecure ? " on this machine" : "")
        }.joined(separator: ", ")
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
