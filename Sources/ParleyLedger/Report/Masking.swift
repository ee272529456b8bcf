import ParleyMessaging

// Records as they may be shown to whoever did not ask for whole numbers.

extension CallSummary {
    public func masked() -> CallSummary {
        var copy = self
        copy.caller = PhoneNumber.masked(caller)
        copy.called = PhoneNumber.masked(called)
        return copy
    }
}

extension MessageRecord {
    public func masked() -> MessageRecord {
        var copy = self
        copy.recipient = PhoneNumber.masked(recipient)
        if sender.hasPrefix("+") { copy.sender = PhoneNumber.masked(sender) }
        return copy
    }
}

extension ConsentRecord {
    public func masked() -> ConsentRecord {
        var copy = self
        copy.number = PhoneNumber.masked(number)
        if sender.hasPrefix("+") { copy.sender = PhoneNumber.masked(sender) }
        return copy
    }
}

extension CallRecord {
    /// Numbers in the columns; what was said stays as it was said.
    public func masked() -> CallRecord {
        var copy = self
        copy.call = call.masked()
        copy.consents = consents.map { $0.masked() }
        copy.messages = messages.map { $0.masked() }
        return copy
    }
}
