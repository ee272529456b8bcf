/// A regular expression (ECMA-262 with the `u` flag, without look-around and back references) that takes linear time.
///
/// An automaton that is in all of its states at once (Thompson 1968): there is no way back to go, so that no pattern
/// and no text make it slow. Unanchored, and by Unicode scalars, as JSON Schema says.
struct Pattern: Equatable, Sendable {
    /// Most steps of one pattern; each item of a class counts as one.
    static let maxSize = 2_048
    /// Longest text, in scalars. With `maxSize` the most work of one search, about 8 million small steps.
    static let maxInput = 4_096

    let source: String
    /// Steps and items of classes.
    let size: Int
    private let steps: [Step]
    private let classes: [ScalarClass]

    enum Step: Equatable, Sendable {
        /// Reads a scalar of the class at this index: steps stay plain, and quick to look at.
        case one(Int)
        case jump(Int)
        case either(Int, Int)
        case start, end
        case found
    }

    init(_ source: String) throws(PatternFault) {
        var parser = PatternParser(source)
        var program = PatternProgram()
        try program.append(try parser.readPattern())
        self.source = source
        steps = program.steps + [.found]
        classes = program.classes
        size = program.size
    }

    /// Whether it is somewhere in the text; `nil`: the text is too long to look.
    func isFound(in text: String) -> Bool? {
        let input = Array(text.unicodeScalars.prefix(Self.maxInput + 1))
        guard input.count <= Self.maxInput else { return nil }
        var states = PatternStates(count: steps.count)
        for position in 0...input.count {
            // A match may begin anywhere.
            states.pending.append(0)
            while let index = states.pending.popLast() {
                guard states.enter(index, at: position) else { continue }
                switch steps[index] {
                case .found: return true
                case .one: states.reading.append(index)
                case .jump(let next): states.pending.append(next)
                case .either(let first, let second): states.pending += [second, first]
                case .start: if position == 0 { states.pending.append(index + 1) }
                case .end: if position == input.count { states.pending.append(index + 1) }
                }
            }
            guard position < input.count else { break }
            let scalar = input[position]
            let category = scalar.properties.generalCategory
            for index in states.reading {
                if case .one(let scalars) = steps[index], classes[scalars].contains(scalar, of: category) {
                    states.pending.append(index + 1)
                }
            }
            states.reading.removeAll(keepingCapacity: true)
        }
        return false
    }
}

/// What is not a pattern, or not one that is supported.
struct PatternFault: Error, Equatable {
    let text: String
}

/// Where the automaton is.
private struct PatternStates {
    /// Steps to go to without reading.
    var pending: [Int] = []
    /// Steps that wait for the next scalar.
    var reading: [Int] = []
    /// By step: the position at which it was last entered.
    private var entered: [Int]

    init(count: Int) { entered = Array(repeating: -1, count: count) }

    /// Each step once at each position, or an empty loop would have no end.
    mutating func enter(_ index: Int, at position: Int) -> Bool {
        guard entered[index] != position else { return false }
        entered[index] = position
        return true
    }
}
