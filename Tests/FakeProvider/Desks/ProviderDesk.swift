/// One provider's API, from the provider's side: what it asks of a request, how it answers, how it signs.
///
/// Written from the vendor's documentation, not from Parley's own formats: it is there to disagree with them.
protocol ProviderDesk: Sendable {
    var kind: ProviderKind { get }

    /// - Returns: whether the path is of this API.
    func serves(_ request: ProviderRequest) -> Bool
    func isAuthorised(_ request: ProviderRequest) -> Bool
    var unauthorisedCode: String { get }
    /// - Returns: whether it asks to send a text; else it is a look-up, or nothing.
    func sends(_ request: ProviderRequest) -> Bool
    /// What it asks to send, or what is wrong with it.
    func draft(_ request: ProviderRequest) throws(Decline) -> Draft

    func acceptance(of text: ReceivedText, id: String) -> Reply
    /// A 2xx that names no text.
    func nameless() -> Reply
    func refusal(_ status: Int, code: String?) -> Reply
    /// - Parameter texts: what may be found, oldest first.
    /// - Returns: `nil` where there is nothing of this name.
    func found(_ texts: [FiledText], for request: ProviderRequest) -> Reply?

    /// - Parameter now: UTC milliseconds since 1970, as is signed.
    /// - Returns: `nil` where the provider reports no such thing, or has no URL to report to.
    func report(_ status: TextStatus, of text: ReceivedText, id: String, at now: Int64) -> SignedRequest?
    func inbound(_ text: InboundDraft, to url: String, at now: Int64) -> SignedRequest
}

/// What a request asks to send.
struct Draft: Equatable, Sendable {
    let from, to, body: String
    let callbackURL: String?
    var key: String?
}

/// A text that somebody sends to us.
struct InboundDraft: Equatable, Sendable {
    let id, from, to, body: String
}

/// What a provider finds wrong with a request.
struct Decline: Error, Equatable, Sendable {
    let status: Int
    let code: String
}

/// What all providers ask of an address and a URL.
enum Shape {
    /// E.164 with its `+`.
    static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: #/\+[1-9][0-9]{6,14}/#) != nil
    }

    /// Absolute, with a host name without underscores.
    static func isWebURL(_ text: String) -> Bool {
        text.wholeMatch(of: #/https?:\/\/[A-Za-z0-9.\-]+(:[0-9]{1,5})?([\/?#][\x21-\x7E]*)?/#) != nil
    }

    /// A URL as it is requested and signed.
    static func withoutFragment(_ url: String) -> String { String(url.prefix { $0 != "#" }) }
}

extension Decline {
    static func when(_ isWrong: Bool, _ status: Int, _ code: String) throws(Decline) {
        if isWrong { throw Decline(status: status, code: code) }
    }
}
