struct VonageAccepted: Decodable {
    let id: String?

    enum CodingKeys: String, CodingKey {
        case id = "message_uuid"
    }
}

/// An error (RFC 7807): its code is the fragment of `type`, as in `https://developer.vonage.com/api-errors/messages#1120`,
/// or a numeric `title`.
struct VonageProblem: Decodable {
    let type, title: LooseText?

    var code: String? {
        if let type = type?.text, let hash = type.lastIndex(of: "#") {
            let fragment = String(type[type.index(after: hash)...])
            if ProviderText.isPlain(fragment) { return fragment }
        }
        guard let title = title?.text, Int(title) != nil else { return nil }
        return title
    }
}

/// Status and inbound webhooks alike: only a status has `status`.
struct VonageEvent: Decodable {
    let id, status, to, from, text, kind, reference: String?
    let error: VonageProblem?

    enum CodingKeys: String, CodingKey {
        case id = "message_uuid"
        case status, to, from, text, error
        case kind = "message_type"
        case reference = "client_ref"
    }
}
