import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTPTypes
import ParleyMessaging

/// A request with the numeric address of its direct peer.
struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peerAddress: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// The HTTP side of the gateway: health, metrics, webhooks, pages.
struct HTTPRoutes: Sendable {
    let configuration: Configuration
    let routes: Routes
    let admission: Admission
    let pressure: Pressure
    let metrics: GatewayMetrics
    let renderMetrics: @Sendable () -> String
    let tokens: CallTokens
    let signature: TwilioSignature
    let logger: Logger

    func router() -> Router<PeerContext> {
        let router = Router(context: PeerContext.self)
        // Some balancers ask by HEAD.
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/health/live", method: method) { _, _ in text(.ok, "live\n") }
            router.on("/health/ready", method: method) { _, _ in ready() }
        }
        router.get("/metrics") { request, context in
            guard isAllowed(request, context, Keys.metricsAllow) else { return text(.forbidden, "not from here\n") }
            await routes.beforeMetrics()
            return text(.ok, renderMetrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.post("/hooks/twilio/voice") { request, context in try await voice(request, context) }
        router.post("/hooks/twilio/call-status") { request, context in try await status(request, context) }
        router.post("/hooks/twilio/stream-status") { request, context in try await status(request, context) }
        router.post("/hooks/:provider/sms") { request, context in
            await texts(request, context) { await $0.received($1, from: $2) }
        }
        router.post("/hooks/:provider/sms-status") { request, context in
            await texts(request, context) { await $0.reported($1, from: $2) }
        }
        router.post("/api/events") { request, context in
            await texts(request, context) { desk, webhook, _ in await desk.raised(webhook) }
        }
        router.get("/l/:id") { _, context in await link(context.parameters.get("id") ?? "") }
        for file in routes.talk {
            for path in file.path == "/talk" ? ["/", "/talk"] : [file.path] {
                router.get(RouterPath(path)) { request, context in
                    guard isAllowed(request, context, Keys.consoleAllow) else {
                        return text(.forbidden, "not from here\n")
                    }
                    return page(file)
                }
            }
        }
        router.get("/api/calls") { request, context in
            guard isAllowed(request, context, Keys.consoleAllow) else { return text(.forbidden, "not from here\n") }
            let limit = request.uri.queryParameters["limit"].map { Int($0) ?? 0 } ?? 50
            guard (1...1_000).contains(limit) else { return text(.badRequest, "limit is a number from 1 to 1000\n") }
            return json(await routes.calls(limit))
        }
        router.get("/api/calls/:id") { request, context in
            guard isAllowed(request, context, Keys.consoleAllow) else { return text(.forbidden, "not from here\n") }
            let id = context.parameters.get("id") ?? ""
            guard (1...64).contains(id.utf8.count), id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
                return text(.notFound, "no such call\n")
            }
            return json(await routes.call(id))
        }
        return router
    }

    // MARK: Health

    private func ready() -> Response {
        var reasons = routes.notReady()
        if admission.isDraining { reasons.append("draining") }
        if admission.isFull { reasons.append("as many calls are up as calls.max allows") }
        if let (_, why) = pressure.refusal(at: Pressure.now) { reasons.append(why) }
        return reasons.isEmpty
            ? text(.ok, "ready\n")
            : text(.serviceUnavailable, reasons.joined(separator: "\n") + "\n", retryAfter: 5)
    }

    /// Why a call would not be taken now.
    private var refusal: (GatewayMetrics.Refusal, String)? {
        if admission.isDraining { return (.draining, "the gateway is being stopped") }
        if let reason = routes.notReady().first { return (.notReady, reason) }
        if admission.isFull { return (.calls, "too many calls") }
        return pressure.refusal(at: Pressure.now)
    }

    // MARK: Twilio's webhooks

    private func voice(_ request: Request, _ context: PeerContext) async throws -> Response {
        let fields: [FormField]
        switch try await signedForm(request, context) {
        case .failure(let refusal): return refusal.response
        case .success(let form): fields = form
        }
        guard let call = fields["CallSid"], (1...64).contains(call.utf8.count) else {
            return text(.badRequest, "the form has no CallSid\n")
        }
        // Now, while the provider can still go elsewhere: its media socket would be refused.
        if let (reason, why) = refusal {
            metrics.refused(reason)
            return text(.serviceUnavailable, why + "\n", retryAfter: 5)
        }
        let now = Int64(Date.now.timeIntervalSince1970)
        var parameters = [(name: "token", value: tokens.issue(for: call, now: now))]
        for (name, value) in [("from", fields["From"]), ("to", fields["To"])] {
            if let value, !value.isEmpty { parameters.append((name, value)) }
        }
        parameters += await routes.answering(fields)
        let base = publicURL(request)
        let answer = TwiML(
            streamURL: "ws" + base.dropFirst("http".count) + "/media/twilio",
            statusCallback: base + "/hooks/twilio/stream-status", parameters: parameters)
        return text(.ok, answer.xml(), type: "text/xml; charset=utf-8")
    }

    private func status(_ request: Request, _ context: PeerContext) async throws -> Response {
        switch try await signedForm(request, context) {
        case .failure(let refusal): return refusal.response
        case .success(let fields):
            await routes.status(fields)
            return Response(status: .noContent)
        }
    }

    // MARK: Texts

    /// Reads the body, within its limit; whoever answers checks who sent it.
    private func texts(
        _ request: Request, _ context: PeerContext,
        _ answer: @Sendable (TextDesk, ProviderWebhook, _ provider: String) async -> TextDesk.Answer
    ) async -> Response {
        guard let desk = routes.texts else { return text(.notFound, "no channel is configured here\n") }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: configuration[Keys.bodyBytes])
        } catch is NIOTooManyBytesError {
            metrics.refused(.bodyTooLarge)
            return text(.contentTooLarge, "the body is over \(configuration[Keys.bodyBytes]) bytes\n")
        } catch {
            return text(.badRequest, "the body did not come whole\n")
        }
        let webhook = ProviderWebhook(
            method: request.method.rawValue, url: publicURL(request) + (request.head.path ?? ""),
            headers: request.headers.map { HTTPHeader($0.name.rawName, $0.value) },
            body: Array(body.readableBytesView))
        let said = await answer(desk, webhook, context.parameters.get("provider") ?? "")
        if said.status == 403 { metrics.refused(.signature) }
        return text(.init(code: said.status), said.body, type: said.type)
    }

    private func link(_ id: String) async -> Response {
        switch await routes.link(id) {
        case .found(let url):
            var response = text(.found, "")
            response.headers[.location] = url
            return response
        case .expired: return text(.gone, "this link is no longer valid\n")
        case nil: return text(.notFound, "there is no such link\n")
        }
    }

    private struct Refused: Error { var response: Response }

    /// Reads the form, within its limit, and checks who sent it.
    private func signedForm(_ request: Request, _ context: PeerContext) async throws -> Result<[FormField], Refused> {
        let limit = configuration[Keys.bodyBytes]
        func tooLarge() -> Result<[FormField], Refused> {
            metrics.refused(.bodyTooLarge)
            return .failure(Refused(response: text(.contentTooLarge, "the body is over \(limit) bytes\n")))
        }
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limit { return tooLarge() }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            return tooLarge()
        }
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard type == "application/x-www-form-urlencoded" else {
            return .failure(Refused(response: text(.unsupportedMediaType, "send a form\n")))
        }
        let fields: [FormField]
        do throws(FormError) {
            fields = try FormBody.parse(body.readableBytesView)
        } catch {
            metrics.refused(.badRequest)
            return .failure(Refused(response: text(.badRequest, "the form cannot be read: \(error)\n")))
        }
        if configuration[Keys.insecure] {
            guard isHere(request, context) else {
                return .failure(Refused(response: text(.forbidden, "not from here\n")))
            }
            if configuration.twilioAuthTokens.isEmpty { return .success(fields) }
        }
        let url = configuration[Keys.publicURL] + (request.head.path ?? "")
        let settings = field(request, "X-Twilio-Webhooks-Signature-Settings")
        guard let algorithm = TwilioSignature.Algorithm(settings: settings),
            signature.isValid(field(request, "X-Twilio-Signature"), url: url, parameters: fields, algorithm: algorithm)
        else {
            metrics.refused(.signature)
            logger.warning("a webhook with a wrong signature was refused", metadata: ["path": "\(request.uri.path)"])
            return .failure(Refused(response: text(.forbidden, "the signature is wrong\n")))
        }
        return .success(fields)
    }

    /// The configured address; an insecure gateway without one is reached as its loopback peer wrote it.
    private func publicURL(_ request: Request) -> String {
        let configured = configuration[Keys.publicURL]
        guard configured.isEmpty else { return configured }
        let scheme = configuration[Keys.certificate].isEmpty ? "http" : "https"
        return "\(scheme)://\(request.head.authority ?? "127.0.0.1")"
    }

    // MARK: Pages

    private func page(_ file: StaticFile) -> Response {
        var response = Response(
            status: .ok, headers: [.contentType: file.contentType],
            body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
        harden(&response)
        // Scripts and styles are files of ours, none stands in the page; `self` is the socket to this gateway, too.
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return response
    }

    private func json(_ data: Data?) -> Response {
        guard let data else { return text(.notFound, "{}\n", type: "application/json") }
        var response = Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: data)))
        harden(&response)
        return response
    }

    private func text(
        _ status: HTTPResponse.Status, _ body: String, type: String = "text/plain; charset=utf-8",
        retryAfter: Int? = nil
    ) -> Response {
        var response = Response(
            status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: body)))
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        harden(&response)
        return response
    }

    private func harden(_ response: inout Response) {
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "no-store"
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
    }

    // MARK: Who asks

    /// Who is here, and who is on the list.
    private func isAllowed(_ request: Request, _ context: PeerContext, _ list: ConfigurationKey<[Network]>) -> Bool {
        if configuration[list].contains(where: { $0.contains(context.peerAddress) }) { return true }
        return isHere(request, context)
    }

    private func isHere(_ request: Request, _ context: PeerContext) -> Bool {
        let isHere = DirectPeer(configuration).isHere(
            address: context.peerAddress, isForwarded: isForwarded(request), host: request.head.authority)
        if !isHere { metrics.refused(.notLoopback) }
        return isHere
    }

    private func isForwarded(_ request: Request) -> Bool {
        ["X-Forwarded-For", "Forwarded", "X-Real-IP"].contains { field(request, $0) != nil }
    }

    private func field(_ request: Request, _ name: String) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}
