extension TextAction {
    /// In characters: a name or a variable, of which no schema says how long it is.
    static let plausibleLength = 40

    /// The longest that the text plausibly becomes, for a lint of its length.
    ///
    /// Parameters are as long as their schema allows, names and variables have 40 characters. Of a template with
    /// conditions the longest text is taken of those with all flags set or none, and with all optional parameters or
    /// none.
    ///
    /// - Returns: `nil` where the agent writes the text.
    /// - Throws: where none of these renders, as a rule because a parameter's longest value does not fit its function.
    public func longestRendering(language: String) throws(TemplateFault) -> String? {
        guard let template = message(language: language) else { return nil }
        let filler = String(repeating: "W", count: Self.plausibleLength)
        let contact = Contact(name: filler, number: "+888888888888888")
        let call = Call(id: "01JDXW000000000000000000WW", reference: "WWWWWW")
        var longest: String?
        var fault: TemplateFault?
        for sample in LongestValue.all {
            let root = Self.root(sample.value(of: schema), Self.variables(of: template), contact, call)
            do throws(TemplateFault) {
                let text = try template.render(root)
                if text.unicodeScalars.count > longest?.unicodeScalars.count ?? -1 { longest = text }
            } catch {
                fault = fault ?? error
            }
        }
        if let longest { return longest }
        if let fault { throw fault }
        return nil
    }

    /// A text at every path of variables that the template reads.
    private static func variables(of template: Template) -> JSON {
        var variables = JSON.object([:])
        for path in template.fields where path.first == "variables" && path.count > 1 {
            variables.put(.string(String(repeating: "W", count: plausibleLength)), at: path.dropFirst())
        }
        return variables
    }
}

extension JSON {
    /// Objects on the way are made; what stands there already stays.
    fileprivate mutating func put(_ value: JSON, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        var members: [String: JSON] = if case .object(let members) = self { members } else { [:] }
        let rest = path.dropFirst()
        if rest.isEmpty {
            if members[name] == nil { members[name] = value }
        } else {
            var inner = members[name] ?? .object([:])
            inner.put(value, at: rest)
            members[name] = inner
        }
        self = .object(members)
    }
}
