import ParleyCore
import ParleyMessaging

/// How the machine asks for consent, and what it takes for a yes.
extension FlowMachine {
    mutating func sayWording(_ consent: ConsentStep) {
        isWordingInReply = true
        draft.say(render(consent.wording))
    }

    /// Only an explicit yes, or key 1, to a wording that was heard to its end.
    mutating func consent(_ consent: ConsentStep, _ step: FlowStep, _ input: Input) {
        switch input {
        case .keyed("1") where isWordingHeard: settle(consent, step, true, "1", "key")
        case .said(_, let raw) where isWordingHeard && isConsent(raw):
            settle(consent, step, true, raw, "spoken")
        case .keyed("2"): settle(consent, step, false, "2", "key")
        case .said(let words, let raw) where YesNo(words) == .no: settle(consent, step, false, raw, "spoken")
        case _ where !isWordingHeard && wordingRepeats < 2:
            // Talked or keyed over, with the wording half heard: it is read again in full. No answer was missed.
            wordingRepeats += 1
            draft.movesOn = false
            sayWording(consent)
        case _ where !hasReaskedConsent:
            hasReaskedConsent = true
            draft.movesOn = false
            draft.say(consent.reprompt.map { render($0) } ?? "Please say yes or no. May we text you?")
        case .said(_, let raw): settle(consent, step, false, raw, "spoken")
        case .keyed(let keys): settle(consent, step, false, keys, "key")
        case .silence: settle(consent, step, false, "", "spoken")
        }
    }

    /// Judged as the ledger will judge it, so that what passes here is stored.
    private func isConsent(_ answer: String) -> Bool {
        ConsentAnswer(text: answer, isKeyed: false).means(language: flow.settings.language) != nil
    }

    private mutating func settle(
        _ consent: ConsentStep, _ step: FlowStep, _ granted: Bool, _ answer: String, _ how: String
    ) {
        fill(step.id, .yesNo(granted))
        var about: [(String, String)] = []
        if !consent.channel.isEmpty { about.append(("channel", JSONText.string(consent.channel))) }
        if let number = consent.number { about.append(("number", JSONText.string(render(number, default: .iso)))) }
        let arguments = JSONText.object(
            about + [
                ("purpose", JSONText.string(ConsentStep.purpose)),
                ("granted", granted ? "true" : "false"),
                ("wording", JSONText.string(render(consent.wording))),
                ("wording_version", JSONText.string(consent.version)),
                ("language", JSONText.string(flow.settings.language)),
                ("answer", JSONText.string(FreeText.text(in: answer) ?? "")),
                ("how", JSONText.string(how)),
            ])
        // A no needs no record to be kept; a yes that was not recorded is none.
        ask(
            ConsentStep.action, arguments, committed: granted ? step.next ?? "" : consent.onNo,
            refused: granted ? consent.onFailed : consent.onNo, failed: granted ? consent.onFailed : consent.onNo)
    }
}
