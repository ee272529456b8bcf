import ParleyMessaging

/// One claimed text, from `begin` to a durable outcome.
extension TextSender {
    func send(_ claim: Claim, through channel: SendingChannel) async {
        defer { ended(claim) }
        if bell.isOver { return await giveBack([claim]) }
        let answer: BeginAnswer
        do {
            answer = try await store.begin(claim, now: now())
        } catch {
            report(error, "begin")
            // Whether it was committed or not: nothing has left, and nothing will.
            await settle(.notSent(.unreachable, retryAfterMS: nil), of: claim)
            return await giveBack([claim])
        }
        switch answer {
        case .lost: return
        case .instead(let notices): tell(notices)
        case .send(let text, let expiresAt, let deadline):
            points(.afterSending)
            guard let format = channel.format else {
                await settle(.recorded, of: claim)
                return
            }
            let outgoing = outgoing(text, under: claim, from: channel, format: format, expiresAt: expiresAt)
            await handOver(outgoing, format: format, under: claim, deadline: deadline)
        }
    }

    private func outgoing(
        _ text: TextMessage, under claim: Claim, from channel: SendingChannel, format: any ProviderFormat,
        expiresAt: Int64
    ) -> OutgoingText {
        OutgoingText(
            text, sender: channel.address,
            correlation: CorrelationID(message: claim.id, fence: claim.fence, key: correlationKey),
            callbackURL: callbackBase.isEmpty ? "" : "\(callbackBase)/hooks/\(format.name)/sms-status",
            validity: Int(clamping: max((expiresAt &- now()) / 1_000, 1)))
    }

    private func handOver(
        _ text: OutgoingText, format: any ProviderFormat, under claim: Claim, deadline: Int64
    ) async {
        let doorstep = Doorstep(number: text.recipient.e164, departures: departures)
        let time = now()
        let outcome = await client.carry(
            format.request(for: text, at: time),
            within: .milliseconds(min(max(deadline &- time, 1), rules.attemptMS)),
            departure: ProviderClient.Departure(
                mayLeave: { await self.lastLook(claim, at: doorstep) },
                written: {
                    self.points(.requestWritten)
                    doorstep.wrote()
                }))
        let before = doorstep.close()
        switch outcome {
        case .withheld where before == .settled: return
        case .withheld:
            // By the time it comes again a stop is committed, and the gate says no.
            await settle(.notSent(.unreachable, retryAfterMS: Self.storeRetryMS), of: claim)
        case .notSent: await came(.notSent(.unreachable, retryAfterMS: nil), of: claim)
        case .lost(let why): await came(.ambiguous(why), of: claim)
        case .answer(let answer):
            points(.answerRead)
            await came(RequestOutcome(format.outcome(of: answer), status: answer.status), of: claim)
        }
    }

    /// Directly before the first byte.
    private func lastLook(_ claim: Claim, at doorstep: Doorstep) async -> Bool {
        do {
            switch try await store.lastLook(claim, now: now()) {
            case .write: return doorstep.leave()
            case .instead(let notices):
                doorstep.stay(.settled)
                tell(notices)
            case .lost: doorstep.stay(.settled)
            }
        } catch {
            report(error, "last look")
            doorstep.stay(.unsure)
        }
        return false
    }

    /// What the provider made of it.
    private func came(_ outcome: RequestOutcome, of claim: Claim) async {
        providerSaid(outcome, of: claim)
        let isDurable = await settle(outcome, of: claim)
        if isDurable, case .accepted = outcome { points(.afterAccepted) }
    }

    /// Until it is durable, for the length of an attempt: after that the row goes by itself to `unknown`.
    ///
    /// - Returns: whether it is.
    @discardableResult
    private func settle(_ outcome: RequestOutcome, of claim: Claim) async -> Bool {
        let random = random()
        let began = now()
        while true {
            do {
                tell(try await store.settle(outcome, of: claim, random: random, now: now()))
                return true
            } catch {
                report(error, "settle")
                let again = now() &+ Self.storeRetryMS
                // The provider's word is worth waiting for: while this process runs ten minutes, at its end one attempt's time.
                let patience = bell.isOver ? rules.attemptMS : max(rules.attemptMS, Self.settlePatienceMS)
                guard again < began &+ patience else { return false }
                try? await sleep(again)
            }
        }
    }
}
