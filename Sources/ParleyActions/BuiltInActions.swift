extension ActionRegistry {
    /// What every agent may do: record the caller's consent to be texted, and send the text.
    public static let builtIn = ActionRegistry()
}

extension ActionSchema {
    /// In every registry, whatever else is in it.
    public static let builtIn = [recordConsent, sendText]

    /// What the caller answered when asked for consent to be texted. `answer` and `how` are what the agent made of it; for a
    /// consent that was granted the ledger looks for the "yes" itself, in the words or the key of the turn that asked for
    /// the action. Left out, the number is the call's contact and the channel the first of the configuration.
    ///
    /// `granted` left out means true. It has no `default`, nor has anything else here: what is filled in would change
    /// the arguments' canonical spelling, and with it the keys of older rows.
    public static let recordConsent = ActionSchema(
        "record_consent",
        "Records the caller's answer to whether they may be texted. Ask first; a no is recorded too.",
        arguments: JSONSchema(
            builtIn: """
                {"type": "object", "properties": {
                  "granted": {"type": "boolean", "description": "False for a no. Left out: true."},
                  "purpose": {"enum": ["transactional_in_call", "informational", "marketing"]},
                  "wording": {"type": "string", "maxLength": 1000,
                    "description": "The question as it was put. Left out: what the caller heard last."},
                  "wording_version": {"type": "string", "maxLength": 64},
                  "language": {"type": "string", "maxLength": 35, "description": "Of the question, as en-US."},
                  "answer": {"type": "string", "maxLength": 4000},
                  "how": {"enum": ["spoken", "key"]},
                  "channel": {"type": "string", "maxLength": 64,
                    "description": "Which channel may text. Left out: the first."},
                  "number": {"type": "string", "format": "e164",
                    "description": "Which number may be texted. Left out: the caller's."}
                }}
                """))

    /// One text message to the call's contact. Sender, sender's name and footer come from the channel.
    public static let sendText = ActionSchema(
        "send_sms",
        "Sends one text message to the caller, who must have agreed to it.",
        arguments: JSONSchema(
            builtIn: """
                {"type": "object", "required": ["message"], "properties": {
                  "message": {"type": "string", "maxLength": 1530,
                    "description": "The text, without greeting or sender."},
                  "recipient": {"enum": ["contact"]},
                  "purpose": {"enum": ["transactional_in_call", "informational", "marketing"]},
                  "channel": {"type": "string", "maxLength": 64, "description": "Left out: the first."}
                }}
                """))
}
