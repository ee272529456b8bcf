import NIOCore
import ParleyMessaging
import Synchronization

@testable import FakeProvider

/// Takes webhooks in Parley's place, on a port of its own.
final class WebhookListener: RequestTaker {
    private let requests = Mutex<[ProviderRequest]>([])
    private let answer: @Sendable (Int) -> Int

    /// - Parameter answer: the status for the n-th webhook, from 1.
    private init(_ answer: @escaping @Sendable (Int) -> Int) { self.answer = answer }

    static func run<Result: Sendable>(
        _ answer: @escaping @Sendable (Int) -> Int = { _ in 200 },
        _ body: @Sendable (WebhookListener, _ port: Int) async throws -> Result
    ) async throws -> Result {
        let taker = WebhookListener(answer)
        let listener = try await Listener.open(taker)
        do {
            let result = try await body(taker, listener.port)
            await listener.close()
            return result
        } catch {
            await listener.close()
            throw error
        }
    }

    var taken: [ProviderRequest] { requests.withLock { $0 } }

    /// As Parley would see them: with the public URL.
    var webhooks: [ProviderWebhook] {
        taken.map { request in
            ProviderWebhook(
                method: request.method, url: Sample.origin + request.target,
                headers: request.headers.map { HTTPHeader($0.name, $0.value) }, body: request.body)
        }
    }

    func opened(_ channel: any NIOCore.Channel) -> Int { 0 }
    func closed(_ channel: any NIOCore.Channel, torn: [UInt8]) {}

    func take(_ request: ProviderRequest, from channel: any NIOCore.Channel) {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        let reply = Reply(status: answer(number), type: "text/xml", body: Array("<Response/>".utf8))
        Task { await channel.write(reply, keepAlive: request.isKeepAlive) }
    }
}
