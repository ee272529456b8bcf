/// A pattern as its parts.
indirect enum PatternNode {
    case one(ScalarClass)
    case start, end
    case sequence([PatternNode])
    case either([PatternNode])
    /// `most` is `nil`: without end.
    case repeated(PatternNode, least: Int, most: Int?)
}

/// Lays the parts out as steps, within the bound.
struct PatternProgram {
    private(set) var steps: [Pattern.Step] = []
    private(set) var classes: [ScalarClass] = []
    private(set) var size = 0

    mutating func append(_ node: PatternNode) throws(PatternFault) {
        switch node {
        case .one(let scalars):
            try add(.one(classes.count), size: 1 + scalars.items.count)
            classes.append(scalars)
        case .start: try add(.start)
        case .end: try add(.end)
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .either(let nodes): try appendEither(nodes)
        case .repeated(let node, let least, let most): try appendRepeated(node, least, most)
        }
    }

    private mutating func appendEither(_ nodes: [PatternNode]) throws(PatternFault) {
        var exits: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try append(node)
                break
            }
            let fork = steps.count
            try add(.jump(0))
            try append(node)
            exits.append(steps.count)
            try add(.jump(0))
            steps[fork] = .either(fork + 1, steps.count)
        }
        for exit in exits { steps[exit] = .jump(steps.count) }
    }

    private mutating func appendRepeated(_ node: PatternNode, _ least: Int, _ most: Int?) throws(PatternFault) {
        for _ in 0..<least {
            let before = steps.count
            try append(node)
            // Nothing a thousand times is nothing, and would escape the bound.
            if steps.count == before { return }
        }
        let start = steps.count
        guard let most else {
            try add(.jump(0))
            try append(node)
            try add(.jump(start))
            steps[start] = .either(start + 1, steps.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(steps.count)
            try add(.jump(0))
            try append(node)
        }
        for fork in forks { steps[fork] = .either(fork + 1, steps.count) }
    }

    private mutating func add(_ step: Pattern.Step, size stepSize: Int = 1) throws(PatternFault) {
        size += stepSize
        guard size <= Pattern.maxSize else {
            throw PatternFault(text: "must be a simpler pattern: say how long a text is with minLength and maxLength")
        }
        steps.append(step)
    }
}
