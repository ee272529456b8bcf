/// A request that whoever has our secret signed: `Parley-Signature: t=UNIX,v1=HEX`, HMAC-SHA256 of `UNIX.BODY`.
public struct SignedBody: Sendable {
    private let signature: ParleySignature

    /// - Parameter secrets: any one may have signed; none refuses everything.
    public init(secrets: [ProviderSecret]) { signature = ParleySignature(secrets: secrets) }

    /// The header's name and value, with the first secret; `nil` where there is none.
    public func header(for body: [UInt8], at now: Int64) -> HTTPHeader? {
        signature.header(for: body, at: now).map { HTTPHeader(ParleySignature.headerName, $0) }
    }

    /// Why it is not believed; `nil`: it is.
    public func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        webhook.body.count > ProviderWebhook.maxBytes ? .tooLarge : signature.refusal(of: webhook, at: now)
    }
}
