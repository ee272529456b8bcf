import ParleyWire

/// The opening handshake. The input's first line is a method, a space and a version (`GET 1.1`) or a status (`101`); each
/// further line a header.
enum HandshakeTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        let head = Head(input)
        let request = validate(head)
        try require(validate(head) == request, "the same request twice has two answers")
        var loud = head
        loud.headers = head.headers.map { (Self.upper($0.name), $0.value) }
        try require(validate(loud) == request, "the case of a header's name matters")
        switch request {
        case .success(let accepted): try checkAccepted(accepted, head)
        case .failure(let refusal):
            try require([400, 404, 405, 426, 505].contains(refusal.status), "refused with \(refusal.status)")
        }
        try checkResponse(head)
        try PeakMemory.require("a head", ofBytes: input.count + 64 * head.headers.count) {
            _ = validate(head)
        }
    }

    private struct Head {
        var method = ""
        var version = (major: 0, minor: 0)
        var status = 0
        var headers: [WebSocketHandshake.Header] = []

        init(_ input: [UInt8]) {
            let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let words = (lines.first ?? []).split(separator: UInt8(ascii: " ")).map {
                String(decoding: $0, as: UTF8.self)
            }
            method = words.first ?? ""
            status = Int(method) ?? 0
            let numbers = (words.dropFirst().first ?? "").split(separator: ".").map { Int($0) ?? 0 }
            if numbers.count == 2 { version = (numbers[0], numbers[1]) }
            for line in lines.dropFirst() {
                let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
                headers.append(
                    (
                        String(decoding: line[..<colon], as: UTF8.self),
                        String(decoding: line[colon...].dropFirst(), as: UTF8.self)
                    ))
            }
        }
    }

    private static func validate(_ head: Head) -> Result<WebSocketHandshake.Request, WebSocketHandshake.Refusal> {
        Result { () throws(WebSocketHandshake.Refusal) in
            try WebSocketHandshake.validate(method: head.method, version: head.version, headers: head.headers)
        }
    }

    /// What we accept, our own client takes for the answer to its request.
    private static func checkAccepted(_ request: WebSocketHandshake.Request, _ head: Head) throws(Broken) {
        try require(request.accept.utf8.count == 28, "accepted with \(request.accept)")
        guard let key = head.headers.first(where: { Self.upper($0.name) == "SEC-WEBSOCKET-KEY" })?.value else {
            throw Broken("accepted without a key")
        }
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let trimmed = String(String(key.drop(while: isSpace)).reversed().drop(while: isSpace).reversed())
        let answer: [WebSocketHandshake.Header] = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", request.accept),
        ]
        do {
            let chosen = try WebSocketHandshake.checkResponse(status: 101, headers: answer, key: trimmed)
            try require(chosen == nil, "a protocol was chosen that was not offered")
        } catch is WebSocketHandshake.Failure {
            throw Broken("our client refuses our server's answer")
        } catch {
            throw Broken("\(error)")
        }
    }

    /// The same headers as an answer: only what was offered is agreed to.
    private static func checkResponse(_ head: Head) throws(Broken) {
        let answer = Result { () throws(WebSocketHandshake.Failure) in
            try WebSocketHandshake.checkResponse(
                status: head.status, headers: head.headers, key: "dGhlIHNhbXBsZSBub25jZQ==", offered: ["a", "b"])
        }
        guard case .success(let chosen) = answer else { return }
        try require(head.status == 101, "opened by status \(head.status)")
        try require(chosen.map(["a", "b"].contains) ?? true, "a protocol was chosen that was not offered")
    }

    /// In capitals, of ASCII alone: the only case that header names have.
    private static func upper(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
    }
}
