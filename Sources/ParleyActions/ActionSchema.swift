/// What one action takes: named parameters, each of a kind and within a bound. Anything else is refused.
public struct ActionSchema: Equatable, Sendable {
    public struct Parameter: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            /// At most `limit` characters.
            case text(limit: Int)
            case boolean
            case wholeNumber
            case oneOf([String])
        }
        public var name: String
        public var kind: Kind
        public var isRequired: Bool

        public init(_ name: String, _ kind: Kind, isRequired: Bool = false) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
        }
    }

    public var name: String
    public var parameters: [Parameter]

    public init(_ name: String, _ parameters: [Parameter]) {
        self.name = name
        self.parameters = parameters
    }

    /// What is wrong with these arguments, in words that name the parameter and never its value; `nil`: nothing.
    func fault(in arguments: [String: JSON]) -> String? {
        for parameter in parameters {
            guard let value = arguments[parameter.name] else {
                if parameter.isRequired { return "\(parameter.name) is missing" }
                continue
            }
            if let fault = parameter.fault(in: value) { return fault }
        }
        let known = Set(parameters.map(\.name))
        guard arguments.keys.allSatisfy(known.contains) else {
            // The stray name came from outside and could carry anything: it is not repeated.
            return "an unknown parameter was given; \(name) takes \(known.sorted().joined(separator: ", "))"
        }
        return nil
    }
}

extension ActionSchema.Parameter {
    fileprivate func fault(in value: JSON) -> String? {
        switch (kind, value) {
        case (.text(let limit), .string(let text)):
            return text.count <= limit ? nil : "\(name) is longer than \(limit) characters"
        case (.text, _): return "\(name) must be text"
        case (.boolean, .boolean): return nil
        case (.boolean, _): return "\(name) must be true or false"
        case (.wholeNumber, .number(let number)) where number.isWhole: return nil
        case (.wholeNumber, _): return "\(name) must be a whole number"
        case (.oneOf(let choices), .string(let text)) where choices.contains(text): return nil
        case (.oneOf(let choices), _): return "\(name) must be one of \(choices.joined(separator: ", "))"
        }
    }
}
