import ParleyCore

/// What was said and done in a call, in words: a new connection is told it.
struct RealtimeMemory: Equatable {
    enum Entry: Equatable {
        case caller(String)
        /// What was heard of it.
        case agent(String)
        case call(id: String, name: String, arguments: String)
        case output(id: String, String)
    }

    /// The oldest go first.
    private static let mostEntries = 60
    /// In UTF-8 units.
    private static let mostText = 16_000

    private(set) var entries: [Entry] = []

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        while entries.count > Self.mostEntries || size > Self.mostText { dropOldest() }
    }

    /// The newest thing that the caller said will be said again, with more.
    mutating func retract(_ words: String) {
        if let index = entries.lastIndex(of: .caller(words)) { entries.remove(at: index) }
    }

    private var size: Int {
        entries.reduce(0) { sum, entry in
            switch entry {
            case .caller(let text), .agent(let text), .output(_, let text): sum + text.utf8.count
            case .call(_, let name, let arguments): sum + name.utf8.count + arguments.utf8.count
            }
        }
    }

    /// A call of a function goes with its result: a server takes no result of what it does not know.
    private mutating func dropOldest() {
        guard case .call(let id, _, _) = entries.removeFirst() else { return }
        entries.removeAll { if case .output(id, _) = $0 { true } else { false } }
    }

    func messages(_ dialect: RealtimeSettings.Dialect) -> [[UInt8]] {
        entries.map { entry in
            switch entry {
            case .caller(let text): RealtimeMessages.text(text, from: .user, id: nil, dialect: dialect)
            case .agent(let text): RealtimeMessages.text(text, from: .assistant, id: nil, dialect: dialect)
            case .call(let id, let name, let arguments): RealtimeMessages.call(id, name: name, arguments: arguments)
            case .output(let id, let output): RealtimeMessages.output(of: id, output)
            }
        }
    }
}
