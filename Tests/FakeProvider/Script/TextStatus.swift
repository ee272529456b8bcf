/// How far the provider says a text has come.
public enum TextStatus: Equatable, Sendable {
    /// Telnyx and Vonage send no report of this one; reports of it are left out there.
    case queued
    case sent, delivered
    case failed(code: String)
}
