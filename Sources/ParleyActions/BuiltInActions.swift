extension ActionRegistry {
    /// What every agent may do: record the caller's consent to be texted, and send the text.
    public static let builtIn = ActionRegistry([.recordConsent, .sendText])
}

extension ActionSchema {
    /// What the caller answered when asked for consent to be texted. `answer` and `how` are what the agent made of it; for a
    /// consent that was granted the ledger looks for the "yes" itself, in the words or the key of the turn that asked for
    /// the action. The number is the call's contact, the sender is the configured one: neither is a parameter.
    public static let recordConsent = ActionSchema(
        "record_consent",
        [
            // Left out: true. False is kept as a decision, and withdraws what was granted earlier in the call.
            Parameter("granted", .boolean),
            Parameter("purpose", .oneOf(["transactional_in_call", "informational", "marketing"])),
            // As it was put to the caller; without it, what the caller heard last is taken.
            Parameter("wording", .text(limit: 1_000)),
            Parameter("wording_version", .text(limit: 64)),
            Parameter("language", .text(limit: 35)),
            Parameter("answer", .text(limit: 4_000)),
            Parameter("how", .oneOf(["spoken", "key"])),
        ])

    /// One text message to the call's contact. Sender, sender's name and footer come from the configuration.
    public static let sendText = ActionSchema(
        "send_sms",
        [
            Parameter("message", .text(limit: 1_530), isRequired: true),
            Parameter("recipient", .oneOf(["contact"])),
            Parameter("purpose", .oneOf(["transactional_in_call", "informational", "marketing"])),
        ])
}
