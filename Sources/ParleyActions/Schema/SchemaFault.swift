/// What is wrong with a schema, or with a value that was held against one.
///
/// Names the place and what is wanted there; never a value, nor a name that came with one.
public struct SchemaFault: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        /// Follows the place: `must be at least 1`.
        case wants(String)
        /// An object was given a name that it does not take.
        case unknownParameter(takes: [String])
    }

    /// In a schema the keyword's JSON Pointer (RFC 6901), `/properties/time/format`; in a value a path,
    /// `guests[0].name`, where `*` stands for a name that the schema does not give. Empty: the outermost.
    public var place: String
    public var problem: Problem

    public init(place: String, problem: Problem) {
        self.place = place
        self.problem = problem
    }

    init(_ place: String, _ wants: String) { self.init(place: place, problem: .wants(wants)) }

    /// `booking.time must be a time as 14:30`.
    public var text: String { text(of: "the outermost object") }

    /// - Parameter tool: what the outermost object belongs to, as in `book takes date, guests, time`.
    public func text(of tool: String) -> String {
        switch problem {
        case .wants(let wants): return (place.isEmpty ? "the outermost value" : place) + " " + wants
        case .unknownParameter(let names):
            let takes = names.isEmpty ? "none" : names.joined(separator: ", ")
            return "an unknown parameter was given; \(place.isEmpty ? tool : place) takes \(takes)"
        }
    }
}

/// Where in a schema something stands (RFC 6901).
struct JSONPointer: Equatable, Sendable {
    /// Longest reference token that is shown, in scalars.
    static let maxToken = 64

    private(set) var text = ""

    /// What does not print in ASCII becomes `?`: the token may come from a stranger's schema.
    func appending(_ token: String) -> JSONPointer {
        var longer = self
        longer.text += "/"
        for scalar in token.unicodeScalars.prefix(Self.maxToken) {
            switch scalar {
            case "~": longer.text += "~0"
            case "/": longer.text += "~1"
            case " "..."~": longer.text.unicodeScalars.append(scalar)
            default: longer.text += "?"
            }
        }
        return longer
    }
}
