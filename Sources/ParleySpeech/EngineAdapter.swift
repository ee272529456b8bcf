import ParleyCore
import ParleyNetwork

/// One setting of an engine, as the engines file has it.
public struct EngineOption: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// Not empty where it is given.
        case text
        /// The same, of several lines.
        case prose
        /// An address of one of these schemes.
        case address([NetworkAddress.Scheme])
        case choice([String])
        case whole(ClosedRange<Int>)
        case decimal(ClosedRange<Double>)
        case flag
        /// Like `500ms`.
        case duration(ClosedRange<CallTime>)
        /// A list of texts.
        case list
    }
    public var name: String
    public var kind: Kind
    /// As it would be written; `nil`: it has to be, or has no value where it `isOptional`.
    public var standard: String?
    public var isOptional: Bool
    /// A sentence for the reference.
    public var help: String

    public init(_ name: String, _ kind: Kind, standard: String? = nil, isOptional: Bool = false, _ help: String) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.isOptional = isOptional
        self.help = help
    }
}

/// The settings of one engine, checked against its options, with the defaults filled in.
public struct EngineSettings: Sendable {
    /// As its owner calls it; unique in the file.
    public var name: String
    /// From the environment or a file, never from the engines file.
    public var key: Secret?
    /// For `wss`, `https` and TLS over TCP; the system's where none is named.
    public var trust: TLSTrust?
    public var caFile: String?
    private var values: [String: String]
    private var lists: [String: [String]]

    public init(
        name: String, values: [String: String] = [:], lists: [String: [String]] = [:], key: Secret? = nil,
        trust: TLSTrust? = nil, caFile: String? = nil
    ) {
        self.name = name
        self.values = values
        self.lists = lists
        self.key = key
        self.trust = trust
        self.caFile = caFile
    }

    /// With the defaults of `options` where nothing is written: for tests, and for the file's reader.
    public init(
        name: String, options: [EngineOption], values: [String: String] = [:], lists: [String: [String]] = [:],
        key: Secret? = nil, trust: TLSTrust? = nil, caFile: String? = nil
    ) {
        var all = values
        for option in options where all[option.name] == nil { all[option.name] = option.standard }
        self.init(name: name, values: all, lists: lists, key: key, trust: trust, caFile: caFile)
    }

    /// `nil`: not given, and no default.
    public func text(_ option: String) -> String? { values[option] }
    public func whole(_ option: String) -> Int? { values[option].flatMap { Int($0) } }
    public func decimal(_ option: String) -> Double? { values[option].flatMap { Double($0) } }
    public func flag(_ option: String) -> Bool { values[option] == "true" }
    public func list(_ option: String) -> [String] { lists[option] ?? [] }
    /// Checked when the file was read.
    public func address(_ option: String) -> NetworkAddress? {
        values[option].flatMap { try? NetworkAddress($0, schemes: NetworkAddress.Scheme.allCases) }
    }
    /// In whole milliseconds (`500ms`) or seconds (`2s`).
    public func duration(_ option: String) -> CallTime? {
        guard let text = values[option] else { return nil }
        if text.hasSuffix("ms"), let number = Int(text.dropLast(2)) { return .milliseconds(number) }
        if text.hasSuffix("s"), let number = Int(text.dropLast()) { return .milliseconds(number * 1_000) }
        return nil
    }
}

/// An engine that the engines file can name.
public protocol EngineAdapter: Sendable {
    /// As the file names it (`engine: deepgram`).
    static var engine: String { get }
    /// Besides `name`, `engine`, `key_env`, `key_file` and `ca_file`, which all have.
    static var options: [EngineOption] { get }
    static var needsKey: Bool { get }
}

public protocol RecognizerAdapter: EngineAdapter {
    static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer
}

public protocol VoiceAdapter: EngineAdapter {
    static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer
}
