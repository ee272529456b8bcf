import Foundation
import NIOCore
import Synchronization

extension FakeProvider: RequestTaker {
    func opened(_ channel: any Channel) -> Int {
        change { state in
            state.books.connections += 1
            state.books.openConnections += 1
            state.channels[ObjectIdentifier(channel)] = channel
            return state.books.connections
        }
    }

    func closed(_ channel: any Channel, torn: [UInt8]) {
        change { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.books.openConnections -= 1
            if !torn.isEmpty { state.books.torn.append(torn) }
        }
    }

    /// Counts and decides here, in the order of arrival; answers and reports from a task.
    func take(_ request: ProviderRequest, from channel: any Channel) {
        guard let desk = desk(for: request) else {
            return start { _ in
                await channel.write(Reply(status: 404, [:]), keepAlive: request.isKeepAlive)
            }
        }
        if desk.sends(request) {
            send(request, desk, channel)
        } else {
            lookUp(request, desk, channel)
        }
    }

    // MARK: requests to send

    private func send(_ request: ProviderRequest, _ desk: any ProviderDesk, _ channel: any Channel) {
        let draft: Draft?
        var decline: Decline?
        do {
            draft = try desk.draft(request)
        } catch {
            draft = nil
            decline = error
        }
        if !desk.isAuthorised(request) { decline = Decline(status: 401, code: desk.unauthorisedCode) }
        let (text, plan, onReceipt) = change { state in
            var text = ReceivedText(request, draft, desk.kind, number: state.books.received.count + 1)
            var plan = RequestPlan.accept
            if let decline {
                text.fate = .declined(status: decline.status, code: decline.code)
                plan = .refuse(decline.status, code: decline.code)
                state.books.received.append(text)
            } else {
                (text, plan) = state.books.book(text, &state.script)
            }
            return (text, plan, state.script.onReceipt)
        }
        start { provider in
            await onReceipt(text)
            if plan.reports.moment == .beforeAnswer { await provider.report(plan.reports, text, desk) }
            if plan.delay > .zero { try? await Task.sleep(for: plan.delay) }
            if Task.isCancelled { return }
            await provider.answer(plan.answer, text, desk, channel, request.isKeepAlive)
            if plan.reports.moment == .afterAnswer { await provider.report(plan.reports, text, desk) }
        }
    }

    private func answer(
        _ answer: RequestPlan.Answer, _ text: ReceivedText, _ desk: any ProviderDesk, _ channel: any Channel,
        _ keepAlive: Bool
    ) async {
        let acceptance = desk.acceptance(of: text, id: text.providerID ?? Books.id(of: text))
        switch answer {
        case .accepted: await channel.write(acceptance, keepAlive: keepAlive)
        case .cutShort: await channel.write(acceptance, keepAlive: keepAlive, isCutShort: true)
        case .withoutID: await channel.write(desk.nameless(), keepAlive: keepAlive)
        case .bytes(let status, let body):
            await channel.write(Reply(status: status, type: "text/html", body: body), keepAlive: keepAlive)
        case .refused(let status, let code, let retryAfter):
            await channel.write(refusal(desk, status, code, retryAfter), keepAlive: keepAlive)
        case .closed: try? await channel.close()
        case .reset: await channel.reset()
        case .never: break
        }
    }

    private func refusal(_ desk: any ProviderDesk, _ status: Int, _ code: String?, _ retryAfter: Int?) -> Reply {
        var reply = desk.refusal(status, code: code)
        if let retryAfter { reply.headers.append(Reply.Header(name: "Retry-After", value: String(retryAfter))) }
        return reply
    }

    // MARK: look-ups

    private func lookUp(_ request: ProviderRequest, _ desk: any ProviderDesk, _ channel: any Channel) {
        let (plan, filed) = change { state in
            let plan = state.script.lookUps
            let seen = request.arrivedNanoseconds
            state.books.lookUps.append(
                LookUp(provider: desk.kind, target: request.target, arrivedNanoseconds: seen))
            let filed = state.books.filed.filter {
                $0.text.provider == desk.kind && !$0.plan.isForgotten
                    && Duration.nanoseconds(seen - $0.text.arrivedNanoseconds) >= plan.lag
            }
            return (plan, filed)
        }
        start { provider in
            let isAuthorised = desk.isAuthorised(request)
            let refused = desk.refusal(isAuthorised ? 404 : 401, code: isAuthorised ? nil : desk.unauthorisedCode)
            let found = isAuthorised ? desk.found(plan.answer == .empty ? [] : filed, for: request) : nil
            switch plan.answer {
            case .honest, .empty: await channel.write(found ?? refused, keepAlive: request.isKeepAlive)
            case .refused(let status, let code, let retryAfter):
                let reply = provider.refusal(desk, status, code, retryAfter)
                await channel.write(reply, keepAlive: request.isKeepAlive)
            case .closed: try? await channel.close()
            case .never: break
            }
        }
    }

    /// Runs what follows a request; the books say so as long as it runs.
    private func start(_ body: @escaping @Sendable (FakeProvider) async -> Void) {
        let name = change { state in
            state.books.pending += 1
            return state.name()
        }
        state.withLock { state in
            state.tasks[name] = Task { [self] in
                await body(self)
                change { state in
                    state.books.pending -= 1
                    state.tasks[name] = nil
                }
            }
            if state.isStopped { state.tasks[name]?.cancel() }
        }
    }
}

extension ReceivedText {
    init(_ request: ProviderRequest, _ draft: Draft?, _ provider: ProviderKind, number: Int) {
        self.number = number
        self.provider = provider
        from = draft?.from ?? ""
        to = draft?.to ?? ""
        body = draft?.body ?? ""
        callbackURL = draft?.callbackURL
        key = draft?.key
        correlation = draft?.callbackURL.flatMap { url in
            let query = url.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
            return FormText(reading: String(query))?.first("correlation")
        }
        arrivedNanoseconds = request.arrivedNanoseconds
        arrivedAt = request.arrivedAt
        raw = request.raw
        connection = request.connection
        fate = .open
    }

    /// The id under which it reached its recipient.
    public var providerID: String? {
        switch fate {
        case .taken(let id), .repeated(let id): id
        case .open, .declined, .notTaken: nil
        }
    }
}
