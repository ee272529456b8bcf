/// Why nothing was measured: one line that names the option or the file, and the mend.
public struct LoadError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
