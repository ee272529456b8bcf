import ParleyCore

/// What a call's tools were asked for, so that each is done once: the same tool with the same arguments in the same turn
/// is the same deed, however often a model asks.
struct ToolBook: Equatable, Sendable {
    static let mostInTurn = 5
    static let mostInCall = 20

    struct Deed: Equatable, Sendable {
        var turn: TurnID
        var generation: Generation
        var name: String
        /// In their only spelling.
        var arguments: String
        /// It is run by the call, rather than part of the reply.
        var isAction: Bool
        /// The memory's names of the calls that asked for it.
        var calls: [String]
        /// `nil`: it is under way.
        var result: String?
    }
    private(set) var deeds: [Deed] = []
    /// Of requests that were taken back before anything came of them. As a rule none of them was done.
    private var retracted: [Deed] = []
    private var asked: [TurnID: Int] = [:]

    /// Whether a model may ask for a tool in this turn.
    func admits(_ turn: TurnID) -> Bool {
        asked[turn, default: 0] < Self.mostInTurn && asked.values.reduce(0, +) < Self.mostInCall
    }

    /// A model asked for a tool, done or not.
    mutating func count(_ turn: TurnID) { asked[turn, default: 0] += 1 }

    /// The same deed, asked for before.
    func index(of tool: CheckedTool, in turn: TurnID) -> Int? {
        deeds.firstIndex { $0.turn == turn && $0.name == tool.name && $0.arguments == tool.arguments }
    }

    mutating func add(_ deed: Deed) { deeds.append(deed) }

    mutating func addCall(_ call: String, to deed: Int) { deeds[deed].calls.append(call) }

    /// - Returns: the calls whose result this is; `nil` where nothing of the kind is under way.
    mutating func settle(_ invocation: ActionInvocation, _ result: String) -> [String]? {
        let index = deeds.firstIndex {
            $0.result == nil && $0.generation == invocation.generation && $0.name == invocation.request.name
                && $0.arguments == invocation.request.arguments
        }
        guard let index else { return nil }
        deeds[index].result = result
        return deeds[index].calls
    }

    /// The request was taken back.
    ///
    /// - Returns: whether something of it was done. If so it all stays; else it was never asked for.
    mutating func retract(_ generation: Generation) -> Bool {
        let asked = deeds.filter { $0.generation == generation }
        if asked.contains(where: { $0.isAction && $0.result != nil }) { return true }
        deeds.removeAll { $0.generation == generation }
        retracted += asked.filter(\.isAction)
        for deed in asked { self.asked[deed.turn, default: 0] -= deed.calls.count }
        return false
    }

    /// Something of a request that was taken back was done after all.
    mutating func settleRetracted(_ invocation: ActionInvocation) -> Bool {
        let index = retracted.firstIndex {
            $0.generation == invocation.generation && $0.name == invocation.request.name
                && $0.arguments == invocation.request.arguments
        }
        guard let index else { return false }
        retracted.remove(at: index)
        return true
    }

    func isWaiting(in turn: TurnID) -> Bool { deeds.contains { $0.turn == turn && $0.result == nil } }
}
