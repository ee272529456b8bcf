import ParleyCore

/// What an engine is to be told and cannot take yet, in order. Bounded by the length of its audio.
package struct HeldInputs: Sendable {
    package enum Input: Equatable, Sendable {
        case audio([UInt8], CallTime)
        case pause
        case finish(quiet: CallTime)
        case cancel
    }

    /// While the connection is to come: what whoever stands in front of engines has kept of a turn, the ring of reliability.md 4.1.
    package static let longestWait = CallTime.seconds(15)
    /// An engine that is slower than the caller: more would come too late to be of use (as above).
    package static let longestLag = CallTime.seconds(5)

    private var inputs: [(turn: Int, input: Input)] = []
    private var length = CallTime.zero
    /// Comes down to `longestLag` as what has waited is taken.
    private var limit = Self.longestWait
    /// Audio dropped since this was last asked for.
    private var dropped = CallTime.zero

    package init() {}

    package var isEmpty: Bool { inputs.isEmpty }

    package mutating func append(_ input: Input, of turn: Int) {
        inputs.append((turn, input))
        guard case .audio(_, let more) = input else { return }
        length += more
        while length > limit, let oldest = inputs.firstIndex(where: { $0.input.isAudio }) {
            dropped += remove(at: oldest)
        }
    }

    package mutating func takeFirst() -> (turn: Int, input: Input)? {
        guard let first = inputs.first else { return nil }
        _ = remove(at: 0)
        limit = max(Self.longestLag, min(limit, length))
        return first
    }

    /// The engine that takes them is to be connected to.
    package mutating func beginWait() { limit = Self.longestWait }

    /// - Returns: where the turn's first input was; `nil` where it had none.
    @discardableResult
    package mutating func remove(turn: Int) -> Int? {
        let first = inputs.firstIndex { $0.turn == turn }
        while let index = inputs.firstIndex(where: { $0.turn == turn }) { _ = remove(at: index) }
        return first
    }

    /// Drops what belongs to other turns.
    package mutating func keep(turns: [Int]) {
        for turn in Set(inputs.map(\.turn)).subtracting(turns) { remove(turn: turn) }
    }

    package mutating func insert(_ input: Input, of turn: Int, at index: Int) {
        inputs.insert((turn, input), at: index)
    }

    /// How much audio was dropped since this was last asked; `nil` for none.
    package mutating func takeGap() -> CallTime? {
        defer { dropped = .zero }
        return dropped > .zero ? dropped : nil
    }

    /// - Returns: the length of its audio.
    private mutating func remove(at index: Int) -> CallTime {
        guard case .audio(_, let less) = inputs.remove(at: index).input else { return .zero }
        length = length - less
        return less
    }
}

extension HeldInputs.Input {
    fileprivate var isAudio: Bool { if case .audio = self { true } else { false } }
}
