/// One key of the configuration file: its path, the default, what it may be, and what it is for.
///
/// This is the only place where a default is written; the reference and `doctor --effective` come from the same value.
public struct ConfigurationKey<Value: Sendable & Equatable>: Sendable {
    /// Dotted: `ws.max_frame_bytes`.
    public let path: String
    public let standard: Value
    public let documentation: String
    /// What may be written there, for people: `duration, 50ms to 5s`.
    public let form: String
    let read: @Sendable (ConfigurationText) -> Result<Value, ConfigurationProblem>
    let write: @Sendable (Value) -> String

    var erased: AnyConfigurationKey {
        AnyConfigurationKey(
            path: path, documentation: documentation, form: form, standardText: write(standard),
            read: { text in read(text).map { $0 as any Sendable } },
            write: { value in (value as? Value).map(write) ?? "" })
    }
}

/// A key without its type: what the reference lists.
public struct AnyConfigurationKey: Sendable {
    public let path: String
    public let documentation: String
    public let form: String
    public let standardText: String
    let read: @Sendable (ConfigurationText) -> Result<any Sendable, ConfigurationProblem>
    let write: @Sendable (any Sendable) -> String
}

/// What stands at a key in the file.
enum ConfigurationText: Equatable {
    case scalar(String)
    case list([String])
}

struct ConfigurationProblem: Error, Equatable {
    var problem: String
    var mend: String
    init(_ problem: String, mend: String) {
        self.problem = problem
        self.mend = mend
    }
}

// MARK: The kinds of value

extension ConfigurationKey where Value == Duration {
    static func duration(
        _ path: String, _ standard: Duration, _ range: ClosedRange<Duration>, _ documentation: String
    ) -> Self {
        let form = "duration, \(Quantity.format(range.lowerBound)) to \(Quantity.format(range.upperBound))"
        return Self(
            path: path, standard: standard, documentation: documentation, form: form,
            read: { text in
                readScalar(text, form, range: range, Quantity.duration, example: Quantity.format(standard))
            },
            write: Quantity.format)
    }
}

extension ConfigurationKey where Value == Int {
    static func count(
        _ path: String, _ standard: Int, _ range: ClosedRange<Int>, _ documentation: String
    ) -> Self {
        let form = "number, \(range.lowerBound) to \(range.upperBound)"
        return Self(
            path: path, standard: standard, documentation: documentation, form: form,
            read: { readScalar($0, form, range: range, { Quantity.wholeNumber($0) }, example: "\(standard)") },
            write: { "\($0)" })
    }

    static func size(
        _ path: String, _ standard: Int, _ range: ClosedRange<Int>, _ documentation: String
    ) -> Self {
        let form = "size, \(Quantity.format(bytes: range.lowerBound)) to \(Quantity.format(bytes: range.upperBound))"
        return Self(
            path: path, standard: standard, documentation: documentation, form: form,
            read: { text in
                readScalar(
                    text, form, range: range, { Quantity.bytes($0) }, example: Quantity.format(bytes: standard))
            },
            write: Quantity.format(bytes:))
    }
}

extension ConfigurationKey where Value == Bool {
    static func flag(_ path: String, _ standard: Bool, _ documentation: String) -> Self {
        Self(
            path: path, standard: standard, documentation: documentation, form: "true or false",
            read: { text in
                switch text {
                case .scalar("true"): .success(true)
                case .scalar("false"): .success(false)
                default: .failure(.init("is neither true nor false", mend: "write `\(path): \(standard)`"))
                }
            },
            write: { "\($0)" })
    }
}

extension ConfigurationKey where Value == String {
    /// A text; empty means that it is not set.
    static func text(
        _ path: String, _ standard: String, _ form: String, _ documentation: String,
        check: @escaping @Sendable (String) -> ConfigurationProblem? = { _ in nil }
    ) -> Self {
        Self(
            path: path, standard: standard, documentation: documentation, form: form,
            read: { text in
                guard case .scalar(let value) = text else {
                    return .failure(.init("is not a single value", mend: "write one \(form)"))
                }
                guard value.utf8.count <= 4_096, !value.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                    return .failure(.init("holds control characters or is too long", mend: "write one \(form)"))
                }
                if value != standard, let problem = check(value) { return .failure(problem) }
                return .success(value)
            },
            write: { $0 })
    }

    static func choice(
        _ path: String, _ standard: String, _ choices: [String], _ documentation: String
    ) -> Self {
        text(path, standard, "one of " + choices.joined(separator: ", "), documentation) { value in
            choices.contains(value)
                ? nil
                : ConfigurationProblem(
                    "`\(value.prefix(64))` is not known here", mend: "write one of " + choices.joined(separator: ", "))
        }
    }
}

extension ConfigurationKey where Value == [Network] {
    static func networks(_ path: String, _ documentation: String) -> Self {
        Self(
            path: path, standard: [], documentation: documentation, form: "list of addresses or networks",
            read: { text in
                guard case .list(let entries) = text else {
                    return .failure(.init("is not a list", mend: "write `[10.0.0.0/8, ::1]`"))
                }
                var networks: [Network] = []
                for entry in entries {
                    guard let network = Network(entry) else {
                        return .failure(
                            .init("`\(entry.prefix(64))` is not a network", mend: "write an address like 10.0.0.0/8"))
                    }
                    networks.append(network)
                }
                return .success(networks)
            },
            write: { "[" + $0.map(\.description).joined(separator: ", ") + "]" })
    }
}

private func readScalar<Value: Comparable>(
    _ text: ConfigurationText, _ form: String, range: ClosedRange<Value>, _ parse: (String) -> Value?, example: String
) -> Result<Value, ConfigurationProblem> {
    guard case .scalar(let written) = text else {
        return .failure(.init("is not a single value", mend: "write a \(form), for example \(example)"))
    }
    if ["0", "unlimited", "none", "off", "infinite", "~", "null", ""].contains(written.lowercased()) {
        return .failure(
            .init("a limit cannot be switched off", mend: "write a \(form), for example \(example)"))
    }
    guard let value = parse(written) else {
        return .failure(.init("`\(written.prefix(64))` is not a \(form)", mend: "write for example \(example)"))
    }
    guard range.contains(value) else {
        return .failure(.init("`\(written.prefix(64))` is out of range", mend: "write a \(form)"))
    }
    return .success(value)
}
