import NIOHTTP1
import ParleyMessaging
import Testing

@testable import FakeProvider

/// Carries a call as Parley has it to the fake.
enum Carrier {
    /// - Returns: what came back; status 0 where the connection ended first, as senders note a lost answer.
    static func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        let parts = call.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let rest = try #require(parts.last)
        let authority = String(rest.prefix { $0 != "/" })
        let port = try #require(Int(authority.split(separator: ":")[1]))
        var headers = HTTPHeaders([("Host", authority)])
        for header in call.headers { headers.add(name: header.name, value: header.value) }
        do {
            let answer = try await LoopbackClient(port: port).send(
                call.method, String(rest.dropFirst(authority.count)), headers: headers, body: call.body)
            return HTTPAnswer(
                status: answer.status, headers: answer.headers.map { HTTPHeader($0.name, $0.value) },
                body: answer.body)
        } catch {
            return HTTPAnswer(status: 0)
        }
    }

    @discardableResult
    static func send(
        _ text: OutgoingText, _ kind: ProviderKind, at provider: FakeProvider
    ) async throws -> SendOutcome {
        let format = try Sample.format(kind, at: provider)
        return format.outcome(of: try await send(format.request(for: text, at: provider.now())))
    }

    static func ask(
        _ text: OutgoingText, _ kind: ProviderKind, at provider: FakeProvider
    ) async throws -> QueryOutcome {
        let format = try Sample.format(kind, at: provider)
        let since = provider.now() - 1_000
        let sent = SentText(id: text.id, key: text.key, recipient: text.recipient, body: text.body)
        let call = try #require(format.query(for: sent, sender: text.sender, since: since))
        return format.found(
            in: try await send(call), text: sent, sender: text.sender, since: since, known: [])
    }
}

extension FakeProvider {
    /// Runs the body beside a provider and stops it afterwards, whatever became of it.
    static func run<Result: Sendable>(
        _ script: ProviderScript = ProviderScript(), now: (@Sendable () -> Int64)? = nil,
        _ body: @Sendable (FakeProvider) async throws -> Result
    ) async throws -> Result {
        let provider =
            if let now { try await start(script: script, now: now) } else { try await start(script: script) }
        do {
            let result = try await body(provider)
            await provider.stop()
            return result
        } catch {
            await provider.stop()
            throw error
        }
    }
}
