import Crypto
import FakeProvider
import Foundation
import ParleyActions
import ParleyCore
import ParleyGateway
import ParleyLedger
import ParleyMessaging

/// A gateway's texting with a fake provider behind it: files, secrets, a ledger in which somebody agreed.
struct TextBench {
    static let publicURL = "https://voice.example.org"
    static let channel = "clinic-sms"
    static let sender = "+12125550100"
    static let eventSecret = "fake-events-secret"

    let folder: URL
    let provider: FakeProvider
    var ledger: String { folder.appending(path: "ledger.sqlite").path }
    var messagingFile: String { folder.appending(path: "messaging.yaml").path }

    init(_ provider: FakeProvider, more: String = "", actions: String = TextBench.actions) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-texts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.provider = provider
        try """
        channels:
          \(Self.channel):
            provider: twilio
            sender: "\(Self.sender)"
            sender_name: Bright Smile Dental
            account: \(provider.accounts.twilioAccount)
            secret_env: FAKE_TWILIO_TOKEN
            url: \(provider.baseURL)
        \(actions)
        events: {secret_env: FAKE_EVENTS_SECRET}
        quiet_hours: {from: "00:00", to: "24:00"}
        caps: {per_call: 100000, per_recipient_10min: 100000, per_recipient_day: 100000, per_caller_hour: 100000, per_minute: 100000, per_day: 1000000}
        \(more.isEmpty ? "outbox: {callback_wait: 1s}" : more)
        """.write(toFile: messagingFile, atomically: true, encoding: .utf8)
    }

    static let actions = """
        actions:
          - name: send_receipt
            description: After a payment.
            trigger: payment_captured
            parameters: {type: object, properties: {amount: {type: string}, number: {type: integer}}, required: [amount]}
            message: "Thank you, we received {{ .parameters.amount }}."
        """

    var environment: [String: String] {
        ["FAKE_TWILIO_TOKEN": provider.accounts.twilioToken, "FAKE_EVENTS_SECRET": Self.eventSecret]
    }

    /// More lines for a gateway's configuration.
    var settings: String {
        """
        messaging: {file: "\(messagingFile)"}
        server: {public_url: "\(Self.publicURL)"}
        """
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A call that is over, whose caller agreed to be texted.
    func agreedCall(_ id: String = "CALL1", caller: String = "+12125550123") async throws {
        try await agreedCalls([(id, caller)])
    }

    func agreedCalls(_ calls: [(id: String, caller: String)]) async throws {
        let setup = try MessagingFile.load(path: messagingFile, environment: environment)
        var limits = Ledger.Limits()
        limits.minFreeBytes = 0
        let ledger = try Ledger(
            path: ledger, messaging: Ledger.Messaging(plan: setup.plan, registry: setup.registry), limits: limits)
        defer { ledger.close() }
        for (id, caller) in calls { try await agree(id, caller, ledger) }
    }

    private func agree(_ id: String, _ caller: String, _ ledger: Ledger) async throws {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        ledger.record(
            .callStarted(
                CallStart(
                    id: id, provider: "twilio", providerCall: "CA\(id)", stream: "MZ1", caller: caller,
                    called: Self.sender, agent: "test", startedAt: now)))
        let heard = AgentTurn(
            generation: Generation(1), heard: "May we text you a receipt?", unheard: "", began: .zero,
            ended: .milliseconds(900))
        ledger.record(.note(call: id, at: .milliseconds(900), .agentTurn(heard)))
        let yes = CallerTurn(
            turn: TurnID(1), text: "Yes, please.", isKeyed: false, isBackchannel: false, began: .milliseconds(1_000),
            ended: .milliseconds(1_800))
        ledger.record(.note(call: id, at: .milliseconds(1_800), .callerTurn(yes)))
        let invocation = ActionInvocation(
            number: 1, generation: Generation(1), turn: TurnID(1),
            request: ActionRequest(name: "record_consent", arguments: "{}"))
        let receipt = await withCheckedContinuation { continuation in
            ledger.commit(invocation, call: id, at: .milliseconds(1_900)) { continuation.resume(returning: $0) }
        }
        guard receipt.outcome == .committed else { throw NotAgreed(outcome: receipt.outcome) }
        ledger.record(.callEnded(call: id, at: now + 2_000, .callerHungUp))
    }

    struct NotAgreed: Error {
        var outcome: ActionResult.Outcome
    }

    /// `POST /api/events`, signed as an operator's own system would.
    func event(_ id: String, _ name: String = "payment_captured", call: String = "CALL1", arguments: String)
        -> SignedRequest
    {
        let body = #"{"id":"\#(id)","event":"\#(name)","call":"\#(call)","arguments":\#(arguments)}"#
        let time = String(Int(Date().timeIntervalSince1970))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(time).\(body)".utf8), using: SymmetricKey(data: Data(Self.eventSecret.utf8)))
        let hex = code.map { String(format: "%02x", $0) }.joined()
        return SignedRequest(
            url: Self.publicURL + "/api/events",
            headers: [
                .init("Content-Type", "application/json"), .init("Parley-Signature", "t=\(time),v1=\(hex)"),
            ], body: Array(body.utf8))
    }
}

extension WebhookAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }
}
