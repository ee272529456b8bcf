/// What a provider's answer means to a row: from the dialects' words to the rules' own.

extension RequestOutcome {
    /// | answer | row |
    /// | --- | --- |
    /// | accepted | accepted |
    /// | refused: permanent, opted out, configuration | refused, optedOut, misconfigured |
    /// | retry, on a 429 | notSent: rate limited |
    /// | retry, on anything else | notSent: unavailable |
    /// | unauthorised | unauthorised |
    /// | ambiguous | ambiguous: server error |
    ///
    /// - Parameter status: the answer's HTTP status.
    public init(_ outcome: SendOutcome, status: Int) {
        self =
            switch outcome {
            case .accepted(let id): .accepted(providerID: id)
            case .refused(let code, .permanent): .refused(code: code)
            case .refused(let code, .optedOut): .optedOut(code: code)
            case .refused(let code, .configuration): .misconfigured(code: code)
            case .retry(let seconds, _):
                .notSent(
                    status == 429 ? .rateLimited : .unavailable,
                    retryAfterMS: seconds.map { Int64($0).multipliedOrMost(by: 1_000) })
            case .unauthorised(let code): .unauthorised(code: code)
            case .ambiguous: .ambiguous(.serverError)
            }
    }
}

extension ProviderNews {
    /// `nil` for states that no provider reports.
    ///
    /// - Parameter format: of the provider that reported; knows which of its codes say that the recipient opted out.
    public init?(_ report: StatusReport, from format: some ProviderFormat) {
        switch report.state {
        case .accepted: self = .accepted
        case .sent: self = .sent
        case .delivered: self = .delivered
        case .failed:
            let code = report.code ?? "undelivered"
            self =
                switch format.reason(ofCode: code) {
                case .optedOut: .optedOut(code: code)
                case .configuration: .misconfigured(code: code)
                case .permanent, nil: .undelivered(code: code)
                }
        case .queued, .claimed, .sending, .recorded, .unknown, .suppressed, .expired, .dead: return nil
        }
    }
}

extension QueryAnswer {
    /// `nil` for what is no answer to the question (a wrong secret, too many questions, a server in trouble): it is due again.
    ///
    /// - Parameter status: the answer's HTTP status.
    public init?(_ outcome: QueryOutcome, status: Int) {
        switch (outcome, status) {
        case (.unclear, 401...403), (.unclear, 408), (.unclear, 429), (.unclear, 500...): return nil
        case (.unclear, _): self = .cannotTell
        case (.found(let id, _), _): self = .found(providerID: id)
        case (.absent, _): self = .absent
        }
    }
}

extension Int64 {
    fileprivate func multipliedOrMost(by factor: Int64) -> Int64 {
        let (product, isOver) = multipliedReportingOverflow(by: factor)
        return isOver ? (self < 0 ? .min : .max) : product
    }
}
