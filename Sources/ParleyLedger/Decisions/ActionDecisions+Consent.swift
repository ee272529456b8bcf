import ParleyActions
import ParleyCore
import ParleyMessaging

/// `record_consent`: whether the caller said yes, judged by the caller's own turn.
extension ActionDecisions {
    func consent(
        _ action: CheckedAction, _ request: Request, _ call: CallOnRecord, at now: Int64, on facts: some ActionFacts
    ) throws -> Decision {
        guard let channel = messaging.channel(action.text("channel")) else {
            return .refused("channel_unknown")
        }
        let custom = action.text("number")
        let number: PhoneNumber
        do throws(PhoneNumber.Fault) {
            number = try PhoneNumber(custom ?? call.caller)
        } catch {
            return .refused(error.rawValue)
        }
        let purpose = purpose(of: action)
        if purpose == .marketing, !messaging.gate.allowsMarketing {
            return .refused(ConsentGate.Rule.marketing.rawValue)
        }
        guard action.flag("granted") ?? true else {
            // The action's row is the record of a no; there is no consent row that a gate could mistake for a yes.
            return Decision(
                .committed, rule: "declined",
                effects: [.withdrawConsents(of: number, purpose: purpose, call: request.call)])
        }
        let language = action.text("language") ?? channel.language
        guard let answer = try facts.answer(in: request.call, turn: request.turn),
            let means = ConsentAnswer(text: answer.text, isKeyed: answer.isKeyed).means(language: language)
        else { return .refused("no_explicit_yes") }
        let heard = try facts.heard(in: request.call, before: answer) ?? ""
        let wording = action.text("wording") ?? heard
        guard !wording.isEmpty else { return .refused("wording_missing") }
        // The wording is what the agent says it asked; what was heard is what was asked.
        guard ConsentQuestion.namesTexts(heard) else { return .refused("consent_not_asked") }
        // Another number than the caller's own was read back to them, digit by digit, before they said yes.
        if custom != nil, !ReadBack.holds(number, in: heard) { return .refused("number_not_read_back") }
        let consent = Consent(
            id: makeID(now), number: number.e164, purpose: purpose, sender: channel.name, means: means,
            wording: wording, wordingVersion: action.text("wording_version") ?? "", heard: heard, language: language,
            answer: answer.text, givenAt: now, call: request.call, turn: request.turn, spanBegan: answer.began,
            spanEnded: answer.ended, agent: call.agent)
        var decision = Decision(
            .committed, effects: [.consent(consent), .liftSpokenOptOuts(of: number, call: request.call)])
        decision.receipt.consent = consent.id
        return decision
    }

    func purpose(of action: CheckedAction) -> ConsentPurpose {
        action.text("purpose").flatMap(ConsentPurpose.init(rawValue:)) ?? .transactionalInCall
    }
}
