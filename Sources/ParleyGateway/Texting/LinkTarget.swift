/// Where a short link leads.
public enum LinkTarget: Equatable, Sendable {
    case found(String)
    case expired
}
