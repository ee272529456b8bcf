/// What an action may call. A value that is piped in counts as the last argument.
enum TemplateFunction: String, CaseIterable, Sendable {
    /// The first argument that is empty, else the last. Arguments behind it are not looked at.
    case and
    /// The first argument that is not empty, else the last.
    case or
    case not
    /// Whether the first argument equals any of the others.
    case eq
    case ne
    case lt
    case le
    case gt
    case ge
    /// `index .items 0 "name"`: an element or a field, whose number or name may be a value.
    case index
    /// Elements, members, or bytes of a text, as in Go.
    case len
    /// `default "there" .contact.name`: the second argument, if it is not empty, else the first.
    case `default`
    case upper
    case lower
    /// Without white space at either end.
    case trim
    case printf
    /// `date "2 January 2006" .parameters.day`
    case date
    /// Escaped for a value in a URL's query.
    case urlquery
    /// As JSON: a text in quotes, and arrays and objects too; `null` for what is missing.
    case json

    /// "and, date, ... and upper", for faults.
    static let list: String = {
        let names = allCases.map(\.rawValue).sorted()
        return names.dropLast().joined(separator: ", ") + (names.last.map { " and " + $0 } ?? "")
    }()

    /// How many arguments it takes, and how that is said.
    private var arity: (allowed: ClosedRange<Int>, words: String) {
        switch self {
        case .not, .len, .upper, .lower, .trim, .urlquery, .json: (1...1, "one value")
        case .ne, .lt, .le, .gt, .ge: (2...2, "two values")
        case .and, .or: (1...Int.max, "at least one value")
        case .eq: (2...Int.max, "at least two values")
        case .index: (2...Int.max, "a value and at least one key")
        case .default: (2...2, "a default and a value")
        case .printf: (1...Int.max, "a format and its values")
        case .date: (2...2, "a layout and a value")
        }
    }

    /// What can be known of a call without its values.
    func check(_ arguments: [TemplateOperand], isPiped: Bool, at offset: Int) throws(TemplateTrouble) {
        let count = arguments.count + (isPiped ? 1 : 0)
        let (allowed, words) = arity
        guard allowed.contains(count) else { throw TemplateTrouble(at: offset, "`\(rawValue)` takes \(words)") }
        guard let first = arguments.first, case .literal(let literal) = first.base else { return }
        switch (self, literal) {
        case (.printf, .string(let text)):
            do throws(TemplatePrintf.Refusal) {
                try TemplatePrintf(text).check(count: count - 1)
            } catch {
                throw TemplateTrouble(at: first.offset, error.message)
            }
        case (.date, .string(let text)):
            guard DateLayout(text).hasParts else { throw TemplateTrouble(at: first.offset, DateLayout.noParts) }
        case (.printf, _): throw TemplateTrouble(at: first.offset, "a format is a text, as in \"%d of %d\"")
        case (.date, _): throw TemplateTrouble(at: first.offset, "a layout is a text, as in \"2006-01-02\"")
        default: break
        }
    }
}
