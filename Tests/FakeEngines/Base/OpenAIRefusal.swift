/// An error as OpenAI's interfaces over HTTP tell it.
struct OpenAIRefusal: Error {
    var status = 400
    let message: String
    var type = "invalid_request_error"
    var code: String?
    var retryAfter: Int?

    var body: FakeJSON {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": nil,
                "code": code.map { .string($0) } ?? nil,
            ]
        ]
    }

    /// What a status comes with that a script asked for.
    static func scripted(_ status: Int, retryAfter: Int?) -> OpenAIRefusal {
        switch status {
        case 401: OpenAIRefusal(status: 401, message: "Incorrect API key provided.", code: "invalid_api_key")
        case 429:
            OpenAIRefusal(
                status: 429, message: "Rate limit reached.", type: "requests", code: "rate_limit_exceeded",
                retryAfter: retryAfter)
        case 500...:
            OpenAIRefusal(
                status: status, message: "The server had an error.", type: "server_error", retryAfter: retryAfter)
        default: OpenAIRefusal(status: status, message: "The request is not right.", retryAfter: retryAfter)
        }
    }

    func write(_ response: FakeResponse) async {
        await response.answer(
            status, headers: retryAfter.map { [("Retry-After", "\($0)")] } ?? [], body.text)
    }
}

extension FakeRequest {
    /// What both interfaces demand before they read the body.
    ///
    /// - Parameter key: `nil` where none is asked for.
    func fields(_ path: String, key: String?) throws(OpenAIRefusal) -> [String: FakeJSON] {
        guard target.text == path else {
            throw OpenAIRefusal(status: 404, message: "Invalid URL (\(method) \(target.path))")
        }
        guard method == "POST" else { throw OpenAIRefusal(status: 405, message: "Method not allowed") }
        if let key, headers["Authorization"] != "Bearer \(key)" {
            throw OpenAIRefusal(status: 401, message: "Incorrect API key provided.", code: "invalid_api_key")
        }
        let media = (headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
        guard media == "application/json" else {
            throw OpenAIRefusal(
                status: 415, message: "Unsupported content type \(media)", code: "unsupported_content_type")
        }
        guard let fields = FakeJSON(bytes: body)?.object else {
            throw OpenAIRefusal(message: "We could not parse the JSON body of your request.")
        }
        return fields
    }
}
