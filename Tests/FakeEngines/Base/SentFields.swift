/// An object or a query that a client sent, taken field by field. What its protocol does not allow is collected.
struct SentFields {
    private(set) var problems: [String] = []
    private var left: [String: FakeJSON]
    private let place: String
    /// Of a query all values are texts.
    private let isQuery: Bool

    /// - Parameter place: before a field's name in a problem, as `voice.`.
    init(_ fields: [String: FakeJSON], place: String = "") {
        left = fields
        self.place = place
        isQuery = false
    }

    init(query: [(name: String, value: String)]) {
        left = [:]
        place = "?"
        isQuery = true
        for (name, value) in query where left.updateValue(.string(value), forKey: name) != nil {
            problems.append("?\(name) comes twice")
        }
    }

    func has(_ name: String) -> Bool { left[name] != nil && left[name] != .null }

    /// Any value; `nil` where there is none, or null.
    mutating func any(_ name: String, isRequired: Bool = false) -> FakeJSON? {
        let value = left.removeValue(forKey: name)
        guard let value, value != .null else {
            if isRequired { problems.append("\(place)\(name) is missing") }
            return nil
        }
        return value
    }

    mutating func text(_ name: String, isRequired: Bool = false, among allowed: [String]? = nil) -> String? {
        guard let value = any(name, isRequired: isRequired) else { return nil }
        guard let text = value.string else { return wrong(name, "is no string") }
        guard allowed?.contains(text) != false else { return wrong(name, "may not be \(text)") }
        return text
    }

    mutating func whole(_ name: String, isRequired: Bool = false, in range: ClosedRange<Int>) -> Int? {
        guard let number = anyNumber(name, isRequired: isRequired) else { return nil }
        guard number == number.rounded(), abs(number) < 1e15 else { return wrong(name, "is not whole") }
        guard range.contains(Int(number)) else { return wrong(name, "is not in \(range)") }
        return Int(number)
    }

    @discardableResult
    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let number = anyNumber(name, isRequired: false) else { return nil }
        guard range.contains(number) else { return wrong(name, "is not in \(range)") }
        return number
    }

    @discardableResult
    mutating func flag(_ name: String) -> Bool? {
        guard let value = any(name) else { return nil }
        if isQuery {
            guard value == "true" || value == "false" else { return wrong(name, "is neither true nor false") }
            return value == "true"
        }
        guard case .bool(let flag) = value else { return wrong(name, "is no boolean") }
        return flag
    }

    mutating func list(_ name: String, isRequired: Bool = false) -> [FakeJSON]? {
        guard let value = any(name, isRequired: isRequired) else { return nil }
        guard let list = value.array else { return wrong(name, "is no array") }
        return list
    }

    /// Takes an object apart; what is left in it then is unknown.
    mutating func object(_ name: String, isRequired: Bool = false, _ read: (inout SentFields) -> Void) {
        guard let value = any(name, isRequired: isRequired) else { return }
        guard let fields = value.object else { return _ = wrong(name, "is no object") as Bool? }
        var inner = SentFields(fields, place: "\(place)\(name).")
        read(&inner)
        inner.nothingElse()
        problems += inner.problems
    }

    /// What has not been taken is a problem.
    mutating func nothingElse() {
        problems += left.keys.sorted().map { "\(place)\($0) is unknown" }
        left = [:]
    }

    /// Whatever is left is right.
    mutating func everything() { left = [:] }

    mutating func problem(_ words: String) { problems.append(words) }

    private mutating func anyNumber(_ name: String, isRequired: Bool) -> Double? {
        guard let value = any(name, isRequired: isRequired) else { return nil }
        guard let number = isQuery ? value.string.flatMap(Double.init) : value.number else {
            return wrong(name, "is no number")
        }
        return number
    }

    private mutating func wrong<Value>(_ name: String, _ why: String) -> Value? {
        problems.append("\(place)\(name) \(why)")
        return nil
    }
}
