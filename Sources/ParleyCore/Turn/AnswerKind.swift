/// What the open question asks for: it tells a whole answer from one that is still being given.
///
/// Only used to judge when the caller has finished. What an answer means is the agent's affair.
public enum AnswerKind: Equatable, Sendable {
    /// No question, or one that anything answers.
    case open
    case yesNo
    /// "Is that right?" after a read-back: a no often brings the correction with it.
    case confirmation
    /// What the caller may say for one of the choices, as written in the flow.
    case choice([String])
    /// So many digits, said one by one or in groups.
    case digits(ClosedRange<Int>)
    /// A telephone number of so many digits, a country code not counted.
    case phone(Int)
    case date, time, dateTime
    /// A name, a reason, letters one by one.
    case freeText
}
