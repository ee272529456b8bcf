/// One thing that is wrong with the configuration: where, what, and how to mend it.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public var file: String
    /// From 1; nil where no line is to blame (a missing file, a missing key).
    public var line: Int?
    public var key: String?
    public var problem: String
    public var mend: String

    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return [place, key, "\(problem); \(mend)"].compactMap { $0 }.joined(separator: ": ")
    }
}

/// Everything that is wrong with the configuration, in the order of the file. Never empty.
public struct ConfigurationErrors: Error, Equatable, Sendable, CustomStringConvertible {
    public var errors: [ConfigurationError]
    public init(_ errors: [ConfigurationError]) { self.errors = errors }
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
