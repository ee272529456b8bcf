#if LocalSpeech
/// What of the embedded engines is there, a line for each.
public struct EngineReport: Sendable {
    public struct Line: Sendable, CustomStringConvertible {
        /// `flite`, `moonshine` or `joe`.
        public var engine: String
        public var isUsable: Bool
        /// What it can do; or what is wrong, and the mend.
        public var text: String

        public var description: String { "\(engine): \(text)" }
    }

    public var lines: [Line] = []

    public func isUsable(_ engine: String) -> Bool { lines.contains { $0.engine == engine && $0.isUsable } }

    mutating func add(_ engine: String, isUsable: Bool, _ text: String) {
        lines.append(Line(engine: engine, isUsable: isUsable, text: text))
    }
}
#endif
