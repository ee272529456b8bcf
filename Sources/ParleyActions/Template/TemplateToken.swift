/// One word of a template.
struct TemplateToken: Sendable {
    enum Kind: Equatable, Sendable {
        /// What is between the actions, trimmed as they ask.
        case text(String)
        /// `{{`
        case open
        /// `}}`
        case close
        /// A function, a keyword, `true`, `false` or `nil`.
        case word(String)
        /// `.name`
        case field(String)
        /// `.`
        case dot
        /// `$` or `$name`, with its dollar.
        case variable(String)
        case string(String)
        case number(JSON.Decimal)
        case pipe
        case leftParenthesis
        case rightParenthesis
        case comma
        /// `:=`
        case declare
        /// `=`
        case assign
        /// Behind the last word.
        case finish
    }
    var kind: Kind
    /// In Unicode scalars of the source.
    var offset: Int
    /// There is no space in front: `.b` in `.a.b`.
    var isGlued: Bool
}
