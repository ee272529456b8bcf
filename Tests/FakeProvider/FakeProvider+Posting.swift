import Foundation
import NIOHTTP1
import Synchronization

extension FakeProvider {
    // MARK: webhooks by hand

    /// Posts a text that somebody sent to us, signed.
    ///
    /// - Parameter url: as Parley's configuration has it; `route` says where it goes.
    /// - Returns: `nil` where nobody answered.
    @discardableResult
    public func inbound(
        _ provider: ProviderKind, from: String, to: String, body: String, id: String, url: String
    ) async -> WebhookAnswer? {
        await post(raw(provider, from: from, to: to, body: body, id: id, url: url))
    }

    /// The same, not posted: to tamper with.
    ///
    /// - Parameter time: what is signed, UTC milliseconds since 1970; `nil` for now.
    public func raw(
        _ provider: ProviderKind, from: String, to: String, body: String, id: String, url: String,
        at time: Int64? = nil
    ) -> SignedRequest {
        desk(of: provider).inbound(InboundDraft(id: id, from: from, to: to, body: body), to: url, at: time ?? now())
    }

    /// A report on a text that was received, not posted.
    ///
    /// - Returns: `nil` where the provider has no id for that text, no URL, or no such report.
    public func raw(report status: TextStatus, of text: ReceivedText, at time: Int64? = nil) -> SignedRequest? {
        guard let id = text.providerID else { return nil }
        return desk(of: text.provider).report(status, of: text, id: id, at: time ?? now())
    }

    /// - Returns: `nil` where nobody answered within 30 seconds, and for a URL that leads nowhere.
    public func post(_ request: SignedRequest) async -> WebhookAnswer? {
        guard let place = place(of: request.url) else { return nil }
        var headers = HTTPHeaders([("Host", place.authority)])
        for header in request.headers { headers.add(name: header.name, value: header.value) }
        let answer = try? await LoopbackClient(port: place.port)
            .send(request.method, place.target, headers: headers, body: request.body)
        return answer.map {
            WebhookAnswer(status: $0.status, type: $0.headers.first(name: "Content-Type"), body: $0.body)
        }
    }

    /// The same request so often, all at once.
    public func post(_ request: SignedRequest, copies: Int) async -> [WebhookAnswer?] {
        await withTaskGroup(of: WebhookAnswer?.self) { group in
            for _ in 0..<copies { group.addTask { await self.post(request) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func place(of url: String) -> (port: Int, authority: String, target: String)? {
        guard let match = url.wholeMatch(of: #/(https?:\/\/([^\/?#]+))([^#]*).*/#) else { return nil }
        let (origin, authority) = (String(match.1), String(match.2))
        let target = match.3.hasPrefix("/") ? String(match.3) : "/" + match.3
        if let port = state.withLock({ $0.routes[origin] }) { return (port, authority, target) }
        guard origin.hasPrefix("http://127.0.0.1:"), let port = Int(authority.dropFirst("127.0.0.1:".count)) else {
            return nil
        }
        return (port, authority, target)
    }

    // MARK: reports

    /// Reports on a text as planned, one status after the other.
    func report(_ plan: ReportPlan, _ text: ReceivedText, _ desk: any ProviderDesk) async {
        guard case .taken(let id) = text.fate else { return }
        if plan.delay > .zero { try? await Task.sleep(for: plan.delay) }
        // What becomes of a text that nobody is told about.
        if plan.statuses.isEmpty { file(.sent, id) }
        for status in plan.statuses where !Task.isCancelled {
            file(status, id)
            guard let request = desk.report(status, of: text, id: id, at: now()) else { continue }
            await withTaskGroup { group in
                for _ in 0..<plan.copies {
                    group.addTask { await self.post(request, status, id, desk.kind, plan) }
                }
            }
        }
    }

    private func post(
        _ request: SignedRequest, _ status: TextStatus, _ id: String, _ kind: ProviderKind, _ plan: ReportPlan
    ) async {
        for turn in 0..<plan.tries where !Task.isCancelled {
            if turn > 0 { try? await Task.sleep(for: plan.pause) }
            let answer = await post(request)
            change { state in
                state.books.reports.append(
                    SentReport(
                        provider: kind, providerID: id, status: status, url: request.url,
                        endedNanoseconds: DispatchTime.now().uptimeNanoseconds, answer: answer?.status))
            }
            if let answer, (200..<300).contains(answer.status) { return }
        }
    }

    /// A text never goes back, in whatever order its reports are sent.
    private func file(_ status: TextStatus, _ id: String) {
        change { state in
            guard let index = state.books.filed.firstIndex(where: { $0.id == id }),
                state.books.filed[index].status.rank < status.rank
            else { return }
            state.books.filed[index].status = status
        }
    }
}

extension TextStatus {
    fileprivate var rank: Int {
        switch self {
        case .queued: 0
        case .sent: 1
        case .delivered, .failed: 2
        }
    }
}
