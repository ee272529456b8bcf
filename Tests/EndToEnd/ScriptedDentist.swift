import FakeEngines

/// A chat model that books at the dentist's, as the sample flow does: what it says next follows from the conversation that
/// it is given, so that it is the same however often it is asked.
enum ScriptedDentist {
    static let greeting =
        "Thank you for calling Bright Smile Dental. What can I book for you: a check-up, a cleaning, or is it a toothache?"
    private static let reasons = [
        ("check", "a check-up"), ("clean", "a cleaning"), ("tooth", "an urgent visit for a toothache"),
    ]
    private static let keys = ["1": "a check-up", "2": "a cleaning", "3": "an urgent visit for a toothache"]
    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]

    private enum Step { case reason, day, isRight, mayText, decided(isAgreed: Bool) }

    static func answer(_ request: FakeChatRequest) -> FakeChatReply {
        var booking = Booking()
        var results = 0
        for message in request.messages {
            if message["role"]?.string == "tool" { results += 1 }
            guard message["role"]?.string == "user", let text = message["content"]?.string else { continue }
            for line in text.split(separator: "\n") { booking.hear(String(line)) }
        }
        return booking.answer(afterResults: results)
    }

    private struct Booking {
        var step = Step.reason
        var reason = ""
        var day = ""
        var silences = 0

        mutating func hear(_ line: String) {
            if line.hasPrefix("(The caller has said nothing") { return silences += 1 }
            let key = line.hasPrefix("(The caller pressed the keys ") ? line.dropFirst(29).prefix(1) : ""
            guard !key.isEmpty || !line.hasPrefix("(") else { return }
            silences = 0
            let words = line.lowercased()
            let isYes = key == "1" || words.contains("yes")
            switch step {
            case .reason:
                let spoken = reasons.first { words.contains($0.0) }?.1
                guard let found = keys[String(key)] ?? spoken else { return }
                (reason, step) = (found, .day)
            case .day:
                guard let found = days.first(where: { words.contains($0.lowercased()) }) else { return }
                (day, step) = (found, .isRight)
            case .isRight: step = isYes ? .mayText : .day
            case .mayText: step = .decided(isAgreed: isYes)
            case .decided: break
            }
        }

        /// - Parameter results: of tools, so far.
        func answer(afterResults results: Int) -> FakeChatReply {
            switch step {
            case .reason where silences == 1:
                .say("You can say check-up, cleaning or toothache, or press 1, 2 or 3.")
            case .reason where silences > 1:
                .say("For a check-up press 1, for a cleaning press 2, for a toothache press 3.")
            case .reason: .say(ScriptedDentist.greeting)
            case .day: .say("Right, \(reason). Which day and time would suit you?")
            case .isRight: .say("\(day), for \(reason). Is that right?")
            case .mayText:
                .say(
                    "Great. May Bright Smile Dental send you one text message to confirm this booking? "
                        + "Please say yes or no.")
            case .decided(let isAgreed): close(isAgreed, afterResults: results)
            }
        }

        private var text: String {
            "Bright Smile Dental: you are booked for \(reason) on \(day.prefix(3)) at the time agreed."
        }

        /// What is agreed is recorded and done before it is spoken of.
        private func close(_ isAgreed: Bool, afterResults results: Int) -> FakeChatReply {
            switch (results, isAgreed) {
            case (0, _):
                .call(
                    "record_consent", #"{"purpose":"transactional_in_call","granted":\#(isAgreed)}"#,
                    id: "call_consent")
            case (1, true): .call("send_sms", #"{"message":"\#(text)"}"#, id: "call_text")
            case (_, true): .goodbye("Done, your confirmation is on its way by text. Goodbye.")
            case (_, false): .goodbye("No problem, no text. Your reference is A 4 7. Goodbye.")
            }
        }
    }
}

extension FakeChatReply {
    /// Words, and the end of the call with them.
    fileprivate static func goodbye(_ words: String) -> FakeChatReply {
        FakeChatReply([
            .text(words), .wholeCall(index: 0, id: "call_end", name: "end_call", arguments: "{}"),
            .finish("tool_calls"),
        ])
    }
}
