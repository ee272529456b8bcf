import Foundation
import Logging
import ParleyActions
import ParleyCore
import ParleyLedger
import ParleyMessaging

/// What comes in by HTTP about texts: texts of people, reports on ours, events that bring one about. Believed only when signed.
struct TextDesk: Sendable {
    /// What a webhook is answered. Providers read the status; Twilio a body, too.
    struct Answer: Equatable, Sendable {
        var status: Int
        var body = ""
        var type = "text/plain; charset=utf-8"

        static let nobody = Answer(status: 404, body: "no channel of this provider is configured\n")
        static let unavailable = Answer(status: 503, body: "try again\n")
        static func refused(_ refusal: WebhookRefusal) -> Answer {
            Answer(status: refusal == .tooLarge ? 413 : 403, body: "\(refusal.rawValue)\n")
        }
    }

    let ledger: Ledger
    let plan: MessagingPlan
    /// By channel.
    let formats: [String: any ProviderFormat]
    let correlationKeys: [ProviderSecret]
    let departures: Departures
    /// Answers a text as an agent does; `nil`: nobody does, and a person has to.
    let respond: @Sendable (TextQuestion) async -> TextAnswer?
    let notices: @Sendable ([OutboxNotice]) -> Void
    let points: @Sendable (FaultPoint) -> Void
    let now: @Sendable () -> Int64
    let logger: Logger

    // MARK: Texts that come in

    func received(_ webhook: ProviderWebhook, from provider: String) async -> Answer {
        let verified: (VerifiedWebhook, [String])
        switch verify(webhook, from: provider) {
        case .failure(let refusal): return refusal.answer
        case .success(let found): verified = found
        }
        let channels = verified.1
        guard let format = channels.first.flatMap({ formats[$0] }) else { return .nobody }
        guard let message = format.inbound(in: verified.0) else {
            // Signed, and nothing that we know. A bridge of the operator's own is told; a provider's newer kind of news is not
            // to be sent again.
            logger.error("a signed webhook holds no text that can be read", metadata: ["provider": "\(provider)"])
            return provider == Channel.Provider.webhook.rawValue
                ? Answer(status: 422, body: "a text that comes in has type \"inbound\", id, from, to and body\n")
                : done(provider)
        }
        let channel = channels.first { plan.channel($0)?.sender == message.to } ?? channels[0]
        let text = TextArrival(message, provider: provider, channel: channel)
        do {
            let sender = plan.channel(channel)?.sender ?? ""
            let number = InboundNumber.number(message.from, sender: sender)?.e164 ?? message.from
            // Before it is committed: from here on nothing leaves to whoever may have said stop.
            let mayStop = ledger.mayStop(message)
            if mayStop {
                departures.stop(number)
                await departures.settled(number)
            }
            let outcome = try await ledger.received(text)
            // It is durable, and the gate says it from now on; or it was no stop.
            if mayStop { departures.lift(number) }
            switch outcome {
            case .wantsAnswer(let question): answer(question)
            case .unreadable:
                logger.error("a text came from a number that cannot be read", metadata: ["provider": "\(provider)"])
                return Answer(status: 422, body: "`from` is no telephone number; write it as +12125550123\n")
            case .repeated, .settled: break
            }
            return done(provider)
        } catch {
            logger.error("a text that came in could not be written down", metadata: ["error": "\(type(of: error))"])
            return .unavailable
        }
    }

    /// Beside the webhook, which is answered at once.
    func answer(_ question: TextQuestion) {
        Task {
            do {
                let answer = await respond(question) ?? TextAnswer(reply: nil, events: [.agentMustAct])
                try await ledger.answer(question, with: answer)
            } catch {
                logger.error("a text could not be answered", metadata: ["error": "\(type(of: error))"])
            }
        }
    }

    private func done(_ provider: String) -> Answer {
        provider == "twilio"
            ? Answer(
                status: 200, body: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>",
                type: "text/xml; charset=utf-8")
            : Answer(status: 200)
    }

    // MARK: Reports on texts of ours

    func reported(_ webhook: ProviderWebhook, from provider: String) async -> Answer {
        let verified: (VerifiedWebhook, [String])
        switch verify(webhook, from: provider) {
        case .failure(let refusal): return refusal.answer
        case .success(let found): verified = found
        }
        guard let format = verified.1.first.flatMap({ formats[$0] }), let report = format.status(in: verified.0),
            let news = ProviderNews(report, from: format)
        else {
            return provider == Channel.Provider.webhook.rawValue
                ? Answer(status: 422, body: "a report has type \"status\", id and a status that is known\n")
                : Answer(status: 200)
        }
        let correlation = report.correlation.flatMap { CorrelationID(verifying: $0, keys: correlationKeys) }
        points(.callbackRead)
        do {
            let told = try await ledger.reported(
                news, of: correlation?.message, fence: correlation?.fence, providerID: report.providerID,
                channels: verified.1, now: now())
            if let told, !told.isEmpty { notices(told) }
            points(.callbackCommitted)
            return Answer(status: 200)
        } catch {
            logger.error("a report could not be written down", metadata: ["error": "\(type(of: error))"])
            return .unavailable
        }
    }

    // MARK: Events

    func raised(_ webhook: ProviderWebhook) async -> Answer {
        guard !plan.eventSecrets.isEmpty else {
            return Answer(status: 404, body: "no events are taken: set events.secret_env in the messaging file\n")
        }
        if let refusal = SignedBody(secrets: plan.eventSecrets).refusal(of: webhook, at: now()) {
            return .refused(refusal)
        }
        let event: RaisedEvent
        do throws(RaisedEvent.Fault) {
            event = try RaisedEvent(webhook.body)
        } catch {
            return Answer(status: 422, body: "\(error.mend)\n")
        }
        do {
            switch try await ledger.raise(event) {
            case .unknownCall: return Answer(status: 404, body: "there is no such call\n")
            case .otherContent: return Answer(status: 409, body: "this id was used for another event\n")
            case .decided(let receipt): return Answer(status: 200, body: receipt.json, type: "application/json")
            }
        } catch {
            logger.error("an event could not be written down", metadata: ["error": "\(type(of: error))"])
            return .unavailable
        }
    }

    // MARK: Who says so

    private struct Refused: Error {
        var answer: Answer
    }

    /// - Returns: the webhook, with the channels of the provider that may have sent it.
    private func verify(
        _ webhook: ProviderWebhook, from provider: String
    ) -> Result<(VerifiedWebhook, [String]), Refused> {
        var refusal: WebhookRefusal?
        var verified: VerifiedWebhook?
        var channels: [String] = []
        for channel in plan.channels where channel.provider.rawValue == provider {
            guard let format = formats[channel.name] else { continue }
            do throws(WebhookRefusal) {
                verified = try format.verified(webhook, at: now())
                channels.append(channel.name)
            } catch {
                refusal = error
            }
        }
        if let verified { return .success((verified, channels)) }
        guard let refusal else { return .failure(Refused(answer: .nobody)) }
        logger.warning(
            "a webhook was refused", metadata: ["provider": "\(provider)", "reason": "\(refusal.rawValue)"])
        return .failure(Refused(answer: .refused(refusal)))
    }
}
