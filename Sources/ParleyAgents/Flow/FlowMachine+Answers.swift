import ParleyCore

/// How the machine takes what the caller said, keyed or left unsaid.
extension FlowMachine {
    /// What the caller did, ready to be understood.
    enum Input: Equatable {
        case said(Words, raw: String)
        case keyed(String)
        case silence(Int)
    }

    mutating func answer(_ request: AgentRequest) {
        if isWordingInReply, !request.wasCut { isWordingHeard = true }
        isWordingInReply = false
        let input: Input
        switch request.cause {
        case .opening:
            askAgain()
            return
        // A flow never asks to be asked.
        case .nudged: return
        case .said(let text): input = .said(Words(text), raw: text)
        case .keyed(let keys): input = .keyed(keys)
        case .silence(let count): input = .silence(count)
        }
        if case .said(let words, _) = input, !isAnswer(words), let aside = Aside(words, isFreeText: isFreeText) {
            take(aside)
            return
        }
        if case .keyed("0") = input, !isKeyZeroAnswer, flow.settings.operatorTarget != nil {
            take(.person)
            return
        }
        switch position {
        case .asking(let id):
            if let step = flow.step(id), let ask = step.ask { answer(ask, step, input, request.wasCut) }
        case .verifying(let id):
            if let step = flow.step(id), let ask = step.ask { verify(ask, step, input, request.wasCut) }
        case .confirming(let id):
            if let step = flow.step(id), case .confirm(let confirm) = step.kind {
                self.confirm(confirm, step, input, request.wasCut)
            }
        case .choosingChange(let id):
            if let step = flow.step(id), case .confirm(let confirm) = step.kind {
                change(confirm, step, input, request.wasCut)
            }
        case .consenting(let id):
            if let step = flow.step(id), case .consent(let consent) = step.kind { self.consent(consent, step, input) }
        case .notStarted, .acting, .due, .over: askAgain()
        }
    }

    // MARK: asides

    private var isFreeText: Bool {
        if case .asking(let id) = position, case .freeText? = flow.step(id)?.ask?.kind { return true }
        return false
    }

    private var isKeyZeroAnswer: Bool {
        guard case .asking(let id) = position, let ask = flow.step(id)?.ask else { return false }
        switch ask.kind {
        case .digits, .phone: return true
        case .oneOf(let choices): return choices.contains { $0.key == "0" }
        default: return false
        }
    }

    /// A choice that is called "operator" is an answer, not an aside.
    private func isAnswer(_ words: Words) -> Bool {
        guard case .asking(let id) = position, case .oneOf(let choices)? = flow.step(id)?.ask?.kind else {
            return false
        }
        return choices.contains { $0.phrases.contains(words.bare) || $0.phrases.contains(words.tokens) }
    }

    private mutating func take(_ aside: Aside) {
        switch aside {
        case .sayAgain:
            draft.movesOn = false
            if case .consenting(let id) = position, case .consent(let consent)? = flow.step(id)?.kind {
                sayWording(consent)
            } else {
                draft.say(lastReply.isEmpty ? currentQuestion : lastReply)
            }
        case .help:
            draft.say(
                flow.settings.help.map { render($0) }
                    ?? "I am the automated assistant of \(flow.settings.name). Answer in your own words, or say repeat."
            )
            askAgain()
        case .machine:
            draft.say(
                flow.settings.about.map { render($0) }
                    ?? "Yes, I am a machine: the automated assistant of \(flow.settings.name).")
            askAgain()
        case .person:
            if let target = flow.settings.operatorTarget {
                finish(Ending(text: "Of course. I will put you through to a person.", transfer: target))
            } else {
                draft.say("I am sorry, I cannot put you through to a person.")
                askAgain()
            }
        case .wait:
            draft.movesOn = false
            draft.say("Take your time.")
        case .goodbye:
            finish(
                Ending(
                    text: flow.settings.goodbye.map { render($0) } ?? "Thank you for calling. Goodbye.", transfer: nil))
        }
    }

    /// The question that is open, in full.
    private mutating func askAgain() {
        draft.movesOn = false
        if case .consenting(let id) = position, case .consent(let consent)? = flow.step(id)?.kind {
            sayWording(consent)
        } else {
            draft.say(currentQuestion)
        }
    }

    private var currentQuestion: String {
        switch position {
        case .asking(let id): flow.step(id)?.ask.map { question($0) } ?? ""
        case .verifying(let id): flow.step(id)?.ask?.confirmation.map { render($0) } ?? ""
        case .confirming(let id):
            if case .confirm(let confirm)? = flow.step(id)?.kind { render(confirm.text) } else { "" }
        case .choosingChange(let id):
            if case .confirm(let confirm)? = flow.step(id)?.kind { changeQuestion(confirm) } else { "" }
        case .notStarted, .consenting, .acting, .due, .over: ""
        }
    }

    // MARK: not understood

    /// Asks again, or gives up after the step's retries.
    ///
    /// - Parameter wasCut: the caller talked over the question, so it was not heard: it is put again as it was.
    private mutating func miss(
        _ input: Input, wasCut: Bool, reprompts: [Template], retries: Int, onFailure: String?
    ) {
        if wasCut, cuts < 2, !lastReply.isEmpty {
            cuts += 1
            draft.movesOn = false
            draft.say(lastReply)
            return
        }
        misses += 1
        if misses > retries {
            giveUp(onFailure)
            return
        }
        draft.movesOn = false
        if reprompts.isEmpty || hasPartial {
            switch input {
            case .silence: draft.say("I did not hear you.")
            case .said, .keyed: draft.say("Sorry, I did not catch that.")
            }
            draft.say(currentQuestion)
        } else {
            draft.say(render(reprompts[min(misses, reprompts.count) - 1]))
        }
    }

    /// Whether half of the answer is known: then the flow's reprompts would ask for too much.
    private var hasPartial: Bool {
        guard case .asking(let id) = position, let slot = flow.step(id)?.ask?.slot, let partial = partials[slot] else {
            return false
        }
        return partial.day != nil || partial.time != nil
    }

    // MARK: a question

    /// What is asked, given what is known.
    func question(_ ask: AskStep) -> String {
        let partial = partials[ask.slot] ?? DayAndTime()
        if partial.day != nil { return ask.timePrompt.map { render($0) } ?? "What time?" }
        if partial.time != nil { return ask.datePrompt.map { render($0) } ?? "Which day?" }
        return render(ask.prompt)
    }

    private mutating func answer(_ ask: AskStep, _ step: FlowStep, _ input: Input, _ wasCut: Bool) {
        switch understand(ask, input) {
        case .value(let value, let used):
            fill(ask.slot, value)
            if case .said(let words, _) = input { lookAhead(from: step, words, used) }
            if let confirmation = ask.confirmation {
                position = .verifying(step.id)
                misses = 0
                cuts = 0
                draft.say(render(confirmation))
            } else {
                accepted(ask, step)
            }
        case .partial(let partial, let used):
            let known = partials[ask.slot] ?? DayAndTime()
            partials[ask.slot] = partial
            if partial == known {
                miss(input, wasCut: wasCut, reprompts: ask.reprompts, retries: ask.retries, onFailure: ask.onFailure)
                return
            }
            if case .said(let words, _) = input { lookAhead(from: step, words, used) }
            sayPartial(ask, partial, known)
        case .refused(let refusal, let partial):
            partials[ask.slot] = partial
            refusals += 1
            if refusals > ask.retries + 3 {
                giveUp(ask.onFailure)
            } else {
                draft.say(refusal.spoken)
                draft.say(question(ask))
            }
        case .nothing:
            miss(input, wasCut: wasCut, reprompts: ask.reprompts, retries: ask.retries, onFailure: ask.onFailure)
        }
    }

    /// Half an answer: says back what is new and asks for the rest.
    private mutating func sayPartial(_ ask: AskStep, _ partial: DayAndTime, _ known: DayAndTime) {
        if let day = partial.day, day != known.day {
            draft.say(Spoken.day(day, thisYear: now.day.year) + ".")
            draft.sets.append((ask.slot + ".date", day.iso))
        } else if let time = partial.time, time != known.time {
            let said = Spoken.time(time)
            draft.say(said.hasSuffix(".") ? said : said + ".")
            draft.sets.append((ask.slot + ".time", time.iso))
        }
        misses = 0
        draft.say(question(ask))
    }

    /// The answer stands: the flow goes on.
    private mutating func accepted(_ ask: AskStep, _ step: FlowStep) {
        if let acknowledgement = ask.acknowledgement { draft.say(render(acknowledgement)) }
        enter(step.next ?? "")
    }

    /// What answers mean at this moment, for this caller.
    private var reader: AnswerReader { AnswerReader(now: now, caller: facts.from) }

    private func understand(_ ask: AskStep, _ input: Input) -> AnswerReader.Understanding {
        switch input {
        case .silence: .nothing
        case .keyed(let keys): reader.keyed(ask, keys)
        case .said(let words, let raw): reader.said(ask, words, raw, known: partials[ask.slot] ?? DayAndTime())
        }
    }

    /// One turn may answer questions that have not come yet: "a cleaning, next Tuesday at three".
    private mutating func lookAhead(from step: FlowStep, _ words: Words, _ used: Set<Int>) {
        var rest = words
        for index in used where rest.tokens.indices.contains(index) { rest.tokens[index] = "" }
        var next = step.next
        for _ in 0..<8 {
            guard rest.tokens.contains(where: { !$0.isEmpty }), let id = next, let step = flow.step(id) else { return }
            switch step.kind {
            case .say: break
            case .ask(let ask):
                guard slots[ask.slot] == nil || carried.contains(ask.slot) else { break }
                switch ask.kind {
                case .oneOf(let choices):
                    guard let found = ChoicePhrase.find(choices, in: rest, isAsked: false) else { break }
                    fill(ask.slot, .choice(choices[found.index]))
                    ahead.insert(ask.slot)
                    for index in found.used { rest.tokens[index] = "" }
                case .date, .time, .dateTime:
                    takeAhead(ask, &rest)
                case .yesNo, .digits, .phone, .freeText: break
                }
            case .confirm, .branch, .action, .consent, .transfer, .end: return
            }
            next = step.next
        }
    }

    private mutating func takeAhead(_ ask: AskStep, _ rest: inout Words) {
        switch reader.dayOrTime(ask, rest, isAsked: false, known: DayAndTime(slots[ask.slot])) {
        case .value(let value, let used):
            fill(ask.slot, value)
            ahead.insert(ask.slot)
            for index in used { rest.tokens[index] = "" }
        case .partial(let partial, let used):
            partials[ask.slot] = partial
            if let day = partial.day {
                draft.sets.append((ask.slot + ".date", day.iso))
                notes[ask.slot] = Spoken.day(day, thisYear: now.day.year) + "."
            }
            for index in used { rest.tokens[index] = "" }
        case .refused(let refusal, let left):
            forget(ask.slot)
            partials[ask.slot] = left
            notes[ask.slot] = refusal.spoken
        case .nothing: break
        }
    }

    // MARK: reading back

    /// After `confirm:` of a question.
    private mutating func verify(_ ask: AskStep, _ step: FlowStep, _ input: Input, _ wasCut: Bool) {
        if case .said(let words, _) = input, correct([ask.slot], words, isAsked: YesNo(words) == .no) {
            position = .verifying(step.id)
            if let sentence = notes.removeValue(forKey: ask.slot) {
                askFresh(ask, step, saying: sentence)
            } else {
                draft.say(ask.confirmation.map { render($0) } ?? "")
            }
            return
        }
        switch yesNo(input) {
        case .yes, .weakYes: accepted(ask, step)
        case .no: askFresh(ask, step, saying: "")
        case .unclear: miss(input, wasCut: wasCut, reprompts: [], retries: ask.retries, onFailure: ask.onFailure)
        }
    }

    private mutating func askFresh(_ ask: AskStep, _ step: FlowStep, saying sentence: String) {
        if sentence.isEmpty { partials[ask.slot] = nil }
        slots[ask.slot] = nil
        position = .asking(step.id)
        misses = 0
        cuts = 0
        draft.say(sentence)
        draft.say(question(ask))
    }

    private func yesNo(_ input: Input) -> YesNo {
        switch input {
        case .said(let words, _): YesNo(words)
        case .keyed("1"): .yes
        case .keyed("2"): .no
        case .keyed, .silence: .unclear
        }
    }

    private mutating func confirm(_ confirm: ConfirmStep, _ step: FlowStep, _ input: Input, _ wasCut: Bool) {
        if case .said(let words, _) = input, correct(confirm.slots, words, isAsked: YesNo(words) == .no) {
            goBack(confirm)
            return
        }
        switch yesNo(input) {
        case .yes, .weakYes:
            confirmBooking(confirm)
            enter(step.next ?? "")
        case .no:
            if let onNo = confirm.onNo {
                for slot in confirm.slots { forget(slot) }
                enter(onNo)
            } else if confirm.slots.count == 1 {
                forget(confirm.slots[0])
                goBack(confirm)
            } else {
                position = .choosingChange(step.id)
                misses = 0
                cuts = 0
                draft.say(changeQuestion(confirm))
            }
        case .unclear:
            miss(
                input, wasCut: wasCut, reprompts: confirm.reprompts, retries: confirm.retries,
                onFailure: confirm.onFailure)
        }
    }

    private func changeQuestion(_ confirm: ConfirmStep) -> String {
        if let prompt = confirm.changePrompt { return render(prompt) }
        let labels = confirm.slots.compactMap { slot in asking(slot)?.ask?.label }
        return labels.isEmpty ? "What should I change?" : "What should I change, \(Spoken.list(labels))?"
    }

    /// After "no" to details with several parts: which?
    private mutating func change(_ confirm: ConfirmStep, _ step: FlowStep, _ input: Input, _ wasCut: Bool) {
        guard case .said(let words, _) = input else {
            miss(input, wasCut: wasCut, reprompts: [], retries: confirm.retries, onFailure: confirm.onFailure)
            return
        }
        if correct(confirm.slots, words, isAsked: true) {
            goBack(confirm)
            return
        }
        let answer = YesNo(words)
        if words.contains("nothing") || words.contains("its fine") || (wasCut && answer == .yes) {
            enter(step.id)
            return
        }
        let named = confirm.slots.filter { slot in
            guard let ask = asking(slot)?.ask else { return false }
            return ChoicePhrase.find([ask.labelChoice], in: words, isAsked: false) != nil
        }
        if words.contains("everything") || words.contains("all of it") || words.contains("both")
            || words.contains("all")
        {
            for slot in confirm.slots { forget(slot) }
            goBack(confirm)
        } else if !named.isEmpty {
            for slot in named {
                let isTimeOnly = words.contains("time") && !words.contains("day") && !words.contains("date")
                let isDayOnly = !words.contains("time") && (words.contains("day") || words.contains("date"))
                if case .dayAndTime(let day, let time)? = slots[slot], isTimeOnly || isDayOnly {
                    forget(slot)
                    partials[slot] = isTimeOnly ? DayAndTime(day: day) : DayAndTime(time: time)
                } else {
                    forget(slot)
                }
            }
            goBack(confirm)
        } else {
            miss(input, wasCut: wasCut, reprompts: [], retries: confirm.retries, onFailure: confirm.onFailure)
        }
    }

    /// Takes what the words settle anew among `slots`.
    ///
    /// - Returns: whether anything changed; a day or time that cannot be had leaves a note.
    private mutating func correct(_ slots: [String], _ words: Words, isAsked: Bool) -> Bool {
        var rest = words
        var changed = false
        for slot in slots {
            guard let ask = asking(slot)?.ask, let old = self.slots[slot] else { continue }
            switch ask.kind {
            case .oneOf(let choices):
                guard let found = ChoicePhrase.find(choices, in: rest, isAsked: false) else { continue }
                for index in found.used { rest.tokens[index] = "" }
                if old != .choice(choices[found.index]) {
                    fill(slot, .choice(choices[found.index]))
                    changed = true
                }
            case .date, .time, .dateTime:
                switch reader.dayOrTime(ask, rest, isAsked: isAsked, known: DayAndTime(old)) {
                case .value(let value, let used):
                    for index in used { rest.tokens[index] = "" }
                    if value != old {
                        fill(slot, value)
                        changed = true
                    }
                case .refused(let refusal, let left):
                    forget(slot)
                    partials[slot] = left
                    notes[slot] = refusal.spoken
                    changed = true
                case .partial, .nothing: break
                }
            case .digits, .phone:
                guard case .value(let value, _) = reader.said(ask, rest, "", known: DayAndTime()), value != old
                else { continue }
                fill(slot, value)
                changed = true
            case .yesNo, .freeText: break
            }
        }
        return changed
    }

    private mutating func forget(_ slot: String) {
        slots[slot] = nil
        partials[slot] = nil
        ahead.remove(slot)
        carried.remove(slot)
    }

    /// Walks the flow again from the first of these questions, past those that are answered.
    private mutating func goBack(_ confirm: ConfirmStep) {
        for slot in confirm.slots where slots[slot] != nil { ahead.insert(slot) }
        let first = flow.steps.first { step in step.ask.map { confirm.slots.contains($0.slot) } ?? false }
        if let first { enter(first.id) } else { giveUp(confirm.onFailure) }
    }

    private func asking(_ slot: String) -> FlowStep? { flow.steps.first { $0.ask?.slot == slot } }
}

extension AskStep {
    /// What a caller may call this detail.
    var labelChoice: FlowChoice {
        var names = [label, slot.replacing("_", with: " ")]
        switch kind {
        case .date: names += ["date", "day"]
        case .time: names += ["time"]
        case .dateTime: names += ["date", "day", "time", "appointment", "date and time", "day and time"]
        case .phone: names += ["number", "phone number"]
        case .digits: names += ["number"]
        case .yesNo, .oneOf, .freeText: break
        }
        return FlowChoice(value: slot, spoken: label, synonyms: names)
    }
}
