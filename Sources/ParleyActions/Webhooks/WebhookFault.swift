/// What is wrong with a webhook's own text, and what mends it.
public struct WebhookFault: Error, Equatable, Sendable {
    public var problem: String
    public var mend: String
    /// The name of the template or member that it is about; empty: all of it.
    public var place: String

    public init(_ problem: String, mend: String, at place: String = "") {
        self.problem = problem
        self.mend = mend
        self.place = place
    }

    public init(_ fault: TemplateFault) {
        let parts = fault.message.split(separator: "; ", maxSplits: 1)
        self.init(
            "column \(fault.column) of its text: \(parts.first ?? "")",
            mend: parts.count > 1 ? String(parts[1]) : "mend the template", at: fault.name)
    }
}

/// Why a request was not made of an action. The rule holds no value.
public struct RequestRefusal: Error, Equatable, Sendable {
    public var rule: String

    public init(rule: String) { self.rule = rule }
}
