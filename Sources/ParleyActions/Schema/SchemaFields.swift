/// The keywords of one schema object, read by the kind of value that each takes.
struct SchemaFields {
    /// Largest count (of characters, of entries) that a schema may name: more than any arguments can hold.
    static let maxCount = 65_536

    let members: [String: JSON]
    let pointer: JSONPointer

    /// - Throws: where a keyword is not understood; of several the first by name.
    init(_ members: [String: JSON], at pointer: JSONPointer) throws(SchemaFault) {
        self.members = members
        self.pointer = pointer
        let strange = members.keys.filter { SchemaKeyword(rawValue: $0) == nil }
        if let name = strange.min() {
            throw SchemaFault(pointer.appending(name).text, SchemaKeyword.mend(for: name))
        }
    }

    subscript(_ keyword: SchemaKeyword) -> JSON? { members[keyword.rawValue] }

    func at(_ keyword: SchemaKeyword) -> JSONPointer { pointer.appending(keyword.rawValue) }

    func fault(_ keyword: SchemaKeyword, _ wants: String) -> SchemaFault { SchemaFault(at(keyword).text, wants) }

    func text(_ keyword: SchemaKeyword) throws(SchemaFault) -> String? {
        try read(keyword, "must be text") { if case .string(let text) = $0 { text } else { nil } }
    }

    func flag(_ keyword: SchemaKeyword) throws(SchemaFault) -> Bool? {
        try read(keyword, "must be true or false") { if case .boolean(let isTrue) = $0 { isTrue } else { nil } }
    }

    func number(_ keyword: SchemaKeyword) throws(SchemaFault) -> JSON.Decimal? {
        try read(keyword, "must be a number") { if case .number(let number) = $0 { number } else { nil } }
    }

    func list(_ keyword: SchemaKeyword) throws(SchemaFault) -> [JSON]? {
        try read(keyword, "must be a list") { if case .array(let values) = $0 { values } else { nil } }
    }

    func object(_ keyword: SchemaKeyword) throws(SchemaFault) -> [String: JSON]? {
        try read(keyword, "must be an object") { if case .object(let members) = $0 { members } else { nil } }
    }

    func count(_ keyword: SchemaKeyword) throws(SchemaFault) -> Int? {
        try read(keyword, "must be a whole number from 0 to \(Self.maxCount)") {
            guard case .number(let number) = $0, let count = number.count, count <= Self.maxCount else { return nil }
            return count
        }
    }

    /// Names, each once.
    func names(_ keyword: SchemaKeyword) throws(SchemaFault) -> [String]? {
        try read(keyword, "must be a list of names, each once") {
            guard case .array(let values) = $0 else { return nil }
            let names = values.compactMap { if case .string(let name) = $0 { name } else { nil } }
            return names.count == values.count && Set(names).count == names.count ? names : nil
        }
    }

    /// Empty: any type.
    func types() throws(SchemaFault) -> [SchemaType] {
        guard let json = self[.type] else { return [] }
        let words = if case .string(let word) = json { [word] } else { try names(.type) ?? [] }
        let types = words.compactMap(SchemaType.init)
        guard !types.isEmpty, types.count == words.count else {
            throw fault(.type, "must be of " + SchemaType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return types
    }

    /// A keyword that can never apply is a slip of its author: `minimum` beside `"type": "string"`.
    func refuseIdleKeywords(for types: [SchemaType]) throws(SchemaFault) {
        guard !types.isEmpty else { return }
        for keyword in SchemaKeyword.allCases where self[keyword] != nil {
            let constrained = keyword.constrains
            if !constrained.isEmpty, !types.contains(where: constrained.contains) {
                throw fault(keyword, "does nothing here: it is for type \(constrained[0].rawValue)")
            }
        }
    }

    private func read<Value>(
        _ keyword: SchemaKeyword, _ wants: String, _ take: (JSON) -> Value?
    ) throws(SchemaFault) -> Value? {
        guard let json = self[keyword] else { return nil }
        guard let value = take(json) else { throw fault(keyword, wants) }
        return value
    }
}
