extension TemplateEvaluator {
    /// Of values of one kind, as in Go. Texts go by their bytes, so that equal means the same for every reader.
    ///
    /// Arrays and objects are not compared, and booleans have no order.
    func compare(
        _ function: TemplateFunction, _ values: [TemplateValue], at offset: Int
    ) throws(TemplateTrouble) -> Bool {
        guard let left = values.first, let right = values.dropFirst().first else { return false }
        switch function {
        case .eq:
            for other in values.dropFirst() where try isEqual(left, other, function, at: offset) { return true }
            return false
        case .ne: return try !isEqual(left, right, function, at: offset)
        case .lt: return try isLess(left, right, function, at: offset)
        case .ge: return try !isLess(left, right, function, at: offset)
        case .gt: return try isLess(right, left, function, at: offset)
        default: return try !isLess(right, left, function, at: offset)
        }
    }

    private func isEqual(
        _ left: TemplateValue, _ right: TemplateValue, _ function: TemplateFunction, at offset: Int
    ) throws(TemplateTrouble) -> Bool {
        guard let left = left.json, let right = right.json else { return left.json == nil && right.json == nil }
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)): return a.utf8.elementsEqual(b.utf8)
        default: throw incomparable(left, right, function, at: offset)
        }
    }

    private func isLess(
        _ left: TemplateValue, _ right: TemplateValue, _ function: TemplateFunction, at offset: Int
    ) throws(TemplateTrouble) -> Bool {
        let (left, right) = (try present(left, at: offset), try present(right, at: offset))
        switch (left, right) {
        case (.number(let a), .number(let b)): return a < b
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        default: throw incomparable(left, right, function, at: offset)
        }
    }

    private func incomparable(
        _ left: JSON, _ right: JSON, _ function: TemplateFunction, at offset: Int
    ) -> TemplateTrouble {
        TemplateTrouble(
            .wrongKind, at: offset,
            "`\(function.rawValue)` does not compare \(left.kind) with \(right.kind); compare values of one kind")
    }
}
