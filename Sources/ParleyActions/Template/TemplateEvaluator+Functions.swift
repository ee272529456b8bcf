extension TemplateEvaluator {
    /// - Parameter piped: the value that goes behind the written arguments.
    mutating func call(
        _ function: TemplateFunction, _ arguments: [TemplateOperand], piped: TemplateValue?, at offset: Int,
        dot: TemplateValue
    ) throws(TemplateTrouble) -> TemplateValue {
        // A step pays for eight arguments: a long list in a range is work too.
        try step(arguments.count / 8, at: offset)
        if function == .and || function == .or {
            var last = TemplateValue.missing("nil")
            for argument in arguments {
                last = try evaluate(argument, dot: dot)
                if last.isEmpty == (function == .and) { return last }
            }
            return piped ?? last
        }
        var values: [TemplateValue] = []
        for argument in arguments { values.append(try evaluate(argument, dot: dot)) }
        if let piped { values.append(piped) }
        for case .present(.string(let text)) in values { try handle(text, at: offset) }
        guard let first = values.first, let last = values.last else { return .missing(function.rawValue) }

        switch function {
        case .and, .or: return last
        case .not: return .present(.boolean(first.isEmpty))
        case .eq, .ne, .lt, .le, .gt, .ge: return .present(.boolean(try compare(function, values, at: offset)))
        case .default: return last.isEmpty ? first : last
        case .index: return try element(of: first, values.dropFirst(), label: arguments.first?.label, at: offset)
        case .len: return .present(.number(JSON.Decimal(try length(of: first, at: offset))))
        case .upper: return try made(try text(first, for: function, at: offset).uppercased(), at: offset)
        case .lower: return try made(try text(first, for: function, at: offset).lowercased(), at: offset)
        case .trim: return .present(.string(Self.trimmed(try text(first, for: function, at: offset))))
        case .urlquery: return try made(Self.urlQuery(try printed(first, at: offset)), at: offset)
        case .json: return try made(first.json?.canonical ?? "null", at: offset)
        case .date: return try made(try date(first, last, at: offset), at: offset)
        case .printf:
            let format = try text(first, for: function, at: offset)
            return try made(try printf(format, Array(values.dropFirst()), at: offset), at: offset)
        }
    }

    private mutating func made(_ text: String, at offset: Int) throws(TemplateTrouble) -> TemplateValue {
        try handle(text, at: offset)
        return .present(.string(text))
    }

    private func text(
        _ value: TemplateValue, for function: TemplateFunction, at offset: Int
    ) throws(TemplateTrouble) -> String {
        let json = try present(value, at: offset)
        guard case .string(let text) = json else {
            throw TemplateTrouble(
                .wrongKind, at: offset, "`\(function.rawValue)` takes a text, and this is \(json.kind)")
        }
        return text
    }

    // MARK: Elements

    private func element(
        of collection: TemplateValue, _ keys: ArraySlice<TemplateValue>, label: String?, at offset: Int
    ) throws(TemplateTrouble) -> TemplateValue {
        // A key may be a value: it is not named.
        let label = "index " + (label ?? "...")
        var value = collection
        for key in keys {
            guard case .present(let json) = value else { return .missing(label) }
            switch (json, try present(key, at: offset)) {
            case (.array(let elements), .number(let number)) where number.isWhole:
                let index = number.floor ?? -1
                value = TemplateValue(elements.indices.contains(index) ? elements[index] : nil, label: label)
            case (.object(let members), .string(let name)):
                value = TemplateValue(members[name], label: label)
            case (.array, let other):
                throw TemplateTrouble(
                    .wrongKind, at: offset, "`index` into an array takes a whole number, and this is \(other.kind)")
            case (.object, let other):
                throw TemplateTrouble(
                    .wrongKind, at: offset, "`index` into an object takes a text, and this is \(other.kind)")
            case (let other, _):
                throw TemplateTrouble(
                    .wrongKind, at: offset, "`index` goes into an array or an object, and this is \(other.kind)")
            }
        }
        if case .missing = value { return .missing(label) }
        return value
    }

    private func length(of value: TemplateValue, at offset: Int) throws(TemplateTrouble) -> Int {
        switch try present(value, at: offset) {
        case .string(let text): return text.utf8.count
        case .array(let elements): return elements.count
        case .object(let members): return members.count
        case let other:
            throw TemplateTrouble(
                .wrongKind, at: offset, "`len` takes a text, an array or an object, and this is \(other.kind)")
        }
    }

    // MARK: Texts

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Source: WHATWG URL, application/x-www-form-urlencoded; the set that stays is Go's `url.QueryEscape`.
    private static func urlQuery(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var units: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                units.append(byte)
            case UInt8(ascii: " "): units.append(UInt8(ascii: "+"))
            default: units += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private func date(
        _ layout: TemplateValue, _ value: TemplateValue, at offset: Int
    ) throws(TemplateTrouble) -> String {
        let layout = DateLayout(try text(layout, for: .date, at: offset))
        guard layout.hasParts else { throw TemplateTrouble(.wrongKind, at: offset, DateLayout.noParts) }
        let json = try present(value, at: offset)
        let time: CivilTime?
        switch json {
        case .string(let text): time = CivilTime(iso: text)
        case .number(let number): time = number.floor.flatMap(CivilTime.init(unixSeconds:))
        default: time = nil
        }
        guard let time else {
            throw TemplateTrouble(
                .wrongKind, at: offset,
                "`date` takes a day as 2026-11-24, a time as 2026-11-24T15:00:00+01:00 or seconds since 1970, in the"
                    + " years 1 to 9999; this \(json.kind.dropArticle) is none of them")
        }
        return layout.text(of: time)
    }

    private func printf(
        _ format: String, _ values: [TemplateValue], at offset: Int
    ) throws(TemplateTrouble) -> String {
        var arguments: [JSON] = []
        for value in values { arguments.append(try present(value, at: offset)) }
        do throws(TemplatePrintf.Refusal) {
            return try TemplatePrintf(format).text(of: arguments)
        } catch {
            throw TemplateTrouble(.wrongKind, at: offset, error.message)
        }
    }
}

extension String {
    /// "number" for "a number".
    fileprivate var dropArticle: Substring { split(separator: " ", maxSplits: 1).last ?? self[...] }
}
