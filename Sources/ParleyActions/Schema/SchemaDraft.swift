/// A value that is only partly known: what a flow writes down for an action, before a call fills it in.
public indirect enum ValueDraft: Equatable, Sendable {
    case known(JSON)
    /// Some text, which nobody knows yet.
    case text
    case list([ValueDraft])
    case object([String: ValueDraft])

    /// The value, where nothing of it is open.
    var value: JSON? {
        switch self {
        case .known(let value): return value
        case .text: return nil
        case .list(let entries):
            let values = entries.compactMap(\.value)
            return values.count == entries.count ? .array(values) : nil
        case .object(let members):
            let values = members.compactMapValues(\.value)
            return values.count == members.count ? .object(values) : nil
        }
    }
}

extension JSONSchema {
    /// Holds a value against the schema before all of it is known.
    ///
    /// - Returns: what is wrong whatever the open parts will be, at most one fault for each parameter; empty: it may fit.
    ///   The place of an unknown parameter is its own.
    public func faults(in draft: ValueDraft) -> [SchemaFault] { faults(in: draft, at: "") }

    private func faults(in draft: ValueDraft, at path: String) -> [SchemaFault] {
        switch draft {
        case .object(let members):
            guard fits(.object([:])) else { return [SchemaFault(path, wants)] }
            let found = faults(in: members, at: path)
            // What none of the members has wrong, the whole may: choices, the sum of defaults.
            return found.isEmpty ? whole(draft, at: path) : found
        case .list(let entries):
            guard fits(.array([])) else { return [SchemaFault(path, wants)] }
            guard case .each(let schema) = list.entries else { return whole(draft, at: path) }
            let found = entries.enumerated().flatMap { schema.faults(in: $1, at: "\(path)[\($0)]") }
            return found.isEmpty ? whole(draft, at: path) : found
        case .text:
            // Of its choices none is text.
            if let choices, choices.longest == nil { return [SchemaFault(path, choices.wants)] }
            return fits(.string("")) ? [] : [SchemaFault(path, wants)]
        case .known: return whole(draft, at: path)
        }
    }

    private func faults(in members: [String: ValueDraft], at path: String) -> [SchemaFault] {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        var found: [SchemaFault] = []
        for name in object.names {
            guard let schema = object.properties[name] else { continue }
            if let member = members[name] {
                found += schema.faults(in: member, at: place(name))
            } else if schema.filled == nil, object.required.contains(name) {
                found.append(SchemaFault(place(name), "is missing"))
            }
        }
        for name in members.keys.sorted() where object.properties[name] == nil {
            switch object.others {
            case .refused:
                found.append(SchemaFault(place: place(name), problem: .unknownParameter(takes: object.names)))
            case .any: break
            case .each(let schema):
                if let member = members[name] { found += schema.faults(in: member, at: place(name)) }
            }
        }
        return found
    }

    /// Of a value that is known as a whole.
    private func whole(_ draft: ValueDraft, at path: String) -> [SchemaFault] {
        guard let value = draft.value else { return [] }
        var check = SchemaCheck()
        do throws(SchemaFault) {
            _ = try check.check(value, against: self, at: path)
            return []
        } catch {
            return [error]
        }
    }

    private func fits(_ sample: JSON) -> Bool { types.isEmpty || types.contains { $0.fits(sample) } }
    private var wants: String { "must be " + types.map(\.words).joined(separator: " or ") }
}
