import ParleyMessaging

/// One channel as the sender needs it.
struct SendingChannel: Sendable {
    /// As configured: what rows and consents name.
    let name: String
    /// Where its texts come from: a number, a messaging service, `whatsapp:+...`.
    let address: String
    /// How its provider is talked to; `nil`: texts are kept in the ledger and go no further.
    let format: (any ProviderFormat)?
    /// Requests at once, 1 or more.
    let maxInFlight: Int
    /// As it is at the start.
    let breaker: Breaker

    init(
        name: String, address: String, format: (any ProviderFormat)?, maxInFlight: Int = 16,
        breaker: Breaker = Breaker()
    ) {
        self.name = name
        self.address = address
        self.format = format
        self.maxInFlight = max(maxInFlight, 1)
        self.breaker = breaker
    }
}
