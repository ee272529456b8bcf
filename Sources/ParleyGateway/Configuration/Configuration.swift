import Foundation
import Logging
import ParleyCore
import Yams
import ParleyNetwork

/// What the gateway runs with: every key of `Keys`, each with its value and where it came from.
public struct Configuration: Sendable {
    /// Where a value came from, for `parley doctor --effective`.
    public enum Source: Equatable, Sendable, CustomStringConvertible {
        case standard
        case file(String, line: Int)
        case commandLine(String)
        case embedded

        public var description: String {
            switch self {
            case .standard: "default"
            case .file(let path, let line): "\(path):\(line)"
            case .commandLine(let option): option
            case .embedded: "no configuration file"
            }
        }
    }

    private struct Entry: Sendable {
        var value: any Sendable
        var source: Source
    }

    private var entries: [String: Entry] = [:]
    /// The file it was read from; nil for the embedded defaults.
    public private(set) var file: String?
    /// Twilio's auth tokens, the current one first; empty where none is configured.
    public private(set) var twilioAuthTokens: [Secret] = []

    private init() {}

    /// With no file at all: the embedded defaults, `insecure`, and so loopback only.
    public static var embedded: Configuration {
        var configuration = Configuration()
        configuration.entries[Keys.insecure.path] = Entry(value: true, source: .embedded)
        return configuration
    }

    public subscript<Value>(key: ConfigurationKey<Value>) -> Value {
        entries[key.path]?.value as? Value ?? key.standard
    }

    public func source<Value>(of key: ConfigurationKey<Value>) -> Source { entries[key.path]?.source ?? .standard }

    /// The port to listen on; 0 for a free one.
    public var port: Int { Quantity.wholeNumber(self[Keys.port]) ?? 0 }

    /// Every key with its value as it is written and its source, in the order of the reference. Holds no secret.
    public func effective() -> [(key: String, value: String, source: String)] {
        Keys.all.map { key in
            guard let entry = entries[key.path] else {
                return (key.path, key.standardText, Source.standard.description)
            }
            return (key.path, key.write(entry.value), entry.source.description)
        }
    }

    /// The same with another value for one key, as a command-line option gives it.
    public func setting(
        _ path: String, to text: String, option: String
    ) throws(ConfigurationErrors) -> Configuration {
        var copy = self
        guard let key = Keys.all.first(where: { $0.path == path }) else {
            throw ConfigurationErrors([unknownKey(path, file: option, line: nil)])
        }
        switch key.read(.scalar(text)) {
        case .success(let value): copy.entries[path] = Entry(value: value, source: .commandLine(option))
        case .failure(let problem): throw ConfigurationErrors([problem.at(option, nil, path)])
        }
        try copy.checkWhole()
        return copy
    }

    /// Reads one YAML file, strictly.
    ///
    /// - Parameter environment: where the secrets are that the file names.
    /// - Throws: all that is wrong with it, each with file, line, key and the mend.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationErrors) -> Configuration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationErrors([
                ConfigurationError(
                    file: path, line: nil, key: nil, problem: "cannot be read",
                    mend: "check the path, or leave --config out for the embedded defaults")
            ])
        }
        guard data.count <= 256 << 10, let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationErrors([
                ConfigurationError(
                    file: path, line: nil, key: nil, problem: "is not UTF-8 text of at most 256KiB",
                    mend: "point --config at a Parley configuration")
            ])
        }
        // Some editors put a byte order mark in front, which the parser takes for text.
        return try parse(
            text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, file: path, environment: environment)
    }

    /// Reads the text of a configuration file; `file` is its name in errors and sources.
    public static func parse(
        _ text: String, file: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> Configuration {
        var configuration = Configuration()
        configuration.file = file
        var errors: [ConfigurationError] = []
        if let alias = YAMLAlias.first(in: text) {
            throw ConfigurationErrors([
                ConfigurationError(
                    file: file, line: alias.line, key: nil,
                    problem: "`*\(alias.name)` repeats `&\(alias.name)`, and aliases are not taken",
                    mend: "write the value out")
            ])
        }
        do {
            if let root = try Yams.compose(yaml: text) {
                guard case .mapping = root else {
                    throw ConfigurationErrors([
                        ConfigurationError(
                            file: file, line: root.mark?.line, key: nil, problem: "is not a list of keys",
                            mend: "write `key: value` lines, as in docs/configuration.md")
                    ])
                }
                configuration.take(root, at: "", file: file, into: &errors)
            }
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw ConfigurationErrors([syntaxError(error, file: file)])
        }
        configuration.readSecrets(environment: environment, into: &errors)
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        try configuration.checkWhole()
        return configuration
    }

    // MARK: Reading the nodes

    private mutating func take(_ node: Node, at prefix: String, file: String, into errors: inout [ConfigurationError]) {
        guard case .mapping(let mapping) = node else { return }
        for (name, value) in mapping {
            let line = name.mark?.line
            guard case .scalar(let scalar) = name else {
                errors.append(
                    ConfigurationError(
                        file: file, line: line, key: nil, problem: "a key is not a word", mend: "write `key: value`"))
                continue
            }
            let path = prefix.isEmpty ? scalar.string : "\(prefix).\(scalar.string)"
            if let key = Keys.all.first(where: { $0.path == path }) {
                take(value, for: key, file: file, line: value.mark?.line ?? line ?? 1, into: &errors)
            } else if Keys.all.contains(where: { $0.path.hasPrefix(path + ".") }) {
                switch value {
                case .mapping: take(value, at: path, file: file, into: &errors)
                case .scalar(let empty) where empty.string.isEmpty: break  // a heading with everything commented out
                default:
                    errors.append(
                        ConfigurationError(
                            file: file, line: line, key: path, problem: "holds keys, not a value",
                            mend: "put its keys below it, indented"))
                }
            } else {
                errors.append(unknownKey(path, file: file, line: line))
            }
        }
    }

    private mutating func take(
        _ node: Node, for key: AnyConfigurationKey, file: String, line: Int, into errors: inout [ConfigurationError]
    ) {
        let text: ConfigurationText
        switch node {
        case .scalar(let scalar): text = .scalar(scalar.string)
        case .sequence(let sequence):
            let entries = sequence.compactMap { $0.scalar?.string }
            guard entries.count == sequence.count, entries.count <= 1_024 else { fallthrough }
            text = .list(entries)
        default:
            errors.append(
                ConfigurationError(
                    file: file, line: line, key: key.path, problem: "is not a \(key.form)",
                    mend: "write for example `\(key.standardText)`"))
            return
        }
        switch key.read(text) {
        case .success(let value): entries[key.path] = Entry(value: value, source: .file(file, line: line))
        case .failure(let problem): errors.append(problem.at(file, line, key.path))
        }
    }

    private mutating func readSecrets(environment: [String: String], into errors: inout [ConfigurationError]) {
        let variable = self[Keys.twilioTokenVariable]
        let path = self[Keys.twilioTokenFile]
        // Two sources are refused when the whole is checked; the variable counts until then.
        let (key, source) =
            variable.isEmpty
            ? (Keys.twilioTokenFile, SecretSource.file(path)) : (Keys.twilioTokenVariable, .variable(variable))
        guard !variable.isEmpty || !path.isEmpty else { return }
        let (secrets, problems) = source.read(environment: environment)
        twilioAuthTokens = secrets
        errors += problems.map { error(at: key, $0.problem, mend: $0.mend) }
    }

    // MARK: Rules over several keys

    private func checkWhole() throws(ConfigurationErrors) {
        var errors: [ConfigurationError] = []
        if self[Keys.insecure], !Network.isLoopback(host: self[Keys.host]) {
            errors.append(
                error(
                    at: Keys.host, "insecure mode listens on loopback only, not on \(self[Keys.host].prefix(64))",
                    mend: "set 127.0.0.1, or give credentials and set `insecure: false`"))
        }
        if !self[Keys.insecure] {
            if twilioAuthTokens.isEmpty {
                errors.append(
                    error(
                        at: Keys.twilioTokenVariable, "no credentials, so nobody could be refused",
                        mend: "name the variable that holds the auth token, or set `insecure: true` (loopback only)"))
            }
            if self[Keys.publicURL].isEmpty {
                errors.append(
                    error(
                        at: Keys.publicURL, "is not set, so no signature can be checked",
                        mend: "write the address that the provider uses, for example https://voice.example.org"))
            }
        }
        if self[Keys.certificate].isEmpty != self[Keys.certificateKey].isEmpty {
            let missing = self[Keys.certificate].isEmpty ? Keys.certificate : Keys.certificateKey
            errors.append(
                error(at: missing, "certificate and key belong together", mend: "set both, or neither"))
        }
        if !self[Keys.twilioTokenVariable].isEmpty, !self[Keys.twilioTokenFile].isEmpty {
            errors.append(
                error(at: Keys.twilioTokenFile, "the token has two sources", mend: "keep one of the two keys"))
        }
        requireOrder(Keys.maxFrameBytes, Keys.maxMessageBytes, into: &errors)
        requireOrder(Keys.maxMessageBytes, Keys.maxBufferedIn, into: &errors)
        requireOrder(Keys.outHighWater, Keys.outHard, into: &errors)
        requireOrder(Keys.pause, Keys.hangover, into: &errors)
        requireOrder(Keys.bargeInAfter, Keys.bargeInConfirmedAfter, into: &errors)
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
    }

    private func requireOrder<Value: Comparable>(
        _ low: ConfigurationKey<Value>, _ high: ConfigurationKey<Value>, into errors: inout [ConfigurationError]
    ) {
        guard self[low] > self[high] else { return }
        errors.append(
            error(
                at: source(of: low) == .standard ? high : low,
                "\(low.path) (\(low.write(self[low]))) is above \(high.path) (\(high.write(self[high])))",
                mend: "lower the first or raise the second"))
    }

    private func error<Value>(
        at key: ConfigurationKey<Value>, _ problem: String, mend: String
    ) -> ConfigurationError {
        switch source(of: key) {
        case .file(let path, let line):
            ConfigurationError(file: path, line: line, key: key.path, problem: problem, mend: mend)
        case .commandLine(let option):
            ConfigurationError(file: option, line: nil, key: key.path, problem: problem, mend: mend)
        case .standard, .embedded:
            ConfigurationError(file: file ?? "(no file)", line: nil, key: key.path, problem: problem, mend: mend)
        }
    }
}

extension Configuration {
    /// What is logged.
    public var logLevel: Logger.Level { Logger.Level(rawValue: self[Keys.logLevel]) ?? .info }
}

extension ConfigurationProblem {
    func at(_ file: String, _ line: Int?, _ key: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, key: key, problem: problem, mend: mend)
    }
}

private func unknownKey(_ path: String, file: String, line: Int?) -> ConfigurationError {
    let shown = String(path.prefix(128))
    let last = path.split(separator: ".").last.map(String.init) ?? path
    if SecretSource.isSuspicious(key: last) {
        return ConfigurationError(
            file: file, line: line, key: shown, problem: "a secret does not belong in this file",
            mend: "put it in an environment variable and name that: `\(last)_env: \(last.uppercased())`")
    }
    let nearest = Keys.all.map { (path: $0.path, distance: editDistance($0.path, shown)) }.min {
        $0.distance < $1.distance
    }
    let sameLast = Keys.all.first { $0.path.hasSuffix("." + last) }?.path
    let suggestion: String? =
        if let nearest, nearest.distance <= 3 { nearest.path } else { sameLast }
    return ConfigurationError(
        file: file, line: line, key: shown, problem: "is not a key",
        mend: suggestion.map { "did you mean `\($0)`?" } ?? "see docs/configuration.md for all keys")
}

func syntaxError(_ error: any Error, file: String) -> ConfigurationError {
    var line: Int?
    var problem = "is not YAML"
    switch error as? YamlError {
    case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
        line = mark.line
        problem = text
    case .duplicatedKeysInMapping(let found, let context):
        let duplicates = YAMLDuplicates(found, line: context.mark.line)
        line = duplicates.line
        problem = "the key `\(duplicates.names.first.map { String($0.prefix(64)) } ?? "")` stands twice"
    default: break
    }
    return ConfigurationError(
        file: file, line: line, key: nil, problem: problem, mend: "mend the YAML: indent with spaces, one key once")
}

/// Levenshtein distance over characters; both texts are short.
private func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left), right = Array(right)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let substituted = diagonal + (a == b ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
