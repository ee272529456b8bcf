import ParleyCore

/// The calls of functions that a model has made, so that each happens once.
struct RealtimeCalls {
    /// As the model made it.
    struct Asked: Equatable {
        var id: String
        var name: String
        var arguments: String
    }

    struct Call {
        let id: String
        let generation: Generation
        /// The turn, and what was asked for.
        let key: Key
        /// `nil`: under way.
        var output: String?
    }

    struct Key: Hashable {
        var turn: TurnID
        var name: String
        /// Canonical.
        var arguments: String
    }

    private(set) var calls: [Call] = []
    private var seen: Set<String> = []
    /// Names that came before the arguments, by item.
    private var names: [String: String] = [:]

    /// Whether this is the first that is heard of it.
    mutating func isNew(_ id: String) -> Bool { seen.count < 1_000 && seen.insert(id).inserted }

    mutating func setName(_ name: String, of item: String) { if names.count < 1_000 { names[item] = name } }
    func name(of item: String) -> String? { names[item] }

    /// The same as was asked for in this turn before.
    func first(_ key: Key) -> Call? { calls.first { $0.key == key } }

    var count: Int { calls.count }

    mutating func append(_ call: Call) { calls.append(call) }

    /// An action has ended.
    ///
    /// - Returns: the calls that it answers.
    mutating func finish(
        _ generation: Generation, name: String, arguments: String, output: String
    ) -> [Call] {
        guard
            let first = calls.first(where: {
                $0.output == nil && $0.generation == generation && $0.key.name == name
                    && $0.key.arguments == arguments
            })
        else { return [] }
        var answered: [Call] = []
        for index in calls.indices where calls[index].key == first.key && calls[index].output == nil {
            calls[index].output = output
            answered.append(calls[index])
        }
        return answered
    }

    func isWaiting(_ generation: Generation) -> Bool {
        calls.contains { $0.generation == generation && $0.output == nil }
    }
}
