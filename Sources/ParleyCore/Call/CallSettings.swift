/// How a call behaves. Every default is here and shown by `parley doctor --effective`.
public struct CallSettings: Sendable {
    public var format: LegFormat
    /// The peer returns the marks that `clear` drops, as Twilio does. Where it does not, every mark is one that was played.
    public var clearReturnsMarks = true

    /// How much silence, from the end of the last voiced frame, ends the caller's turn after which words.
    public var endpoint = EndpointPolicy()
    /// Silence after which the recogniser is asked to decode, so that its final is ready when the turn ends.
    public var pauseAfter = CallTime.milliseconds(180)
    /// Speech over the agent, from its first voiced frame, that stops the agent's sound though the detector doubts it. A
    /// clear voice stops it at once.
    public var bargeInAfter = CallTime.milliseconds(280)
    /// Speech over the agent that takes the floor without waiting for words.
    public var bargeInConfirmedAfter = CallTime.milliseconds(700)
    /// Speech over the agent with less than this voiced takes the floor only by a word such as "stop" or "no".
    public var minimumInterruption = CallTime.milliseconds(600)
    /// Voiced audio below this is a click, not a turn.
    public var minimumSpeech = CallTime.milliseconds(100)
    /// Silence of the caller, after the agent has been heard, that brings a reprompt.
    public var noSpeechAfter = CallTime.seconds(7)
    /// Reprompts before the goodbye.
    public var reprompts = 2
    /// Between keys; then the keys so far are the answer.
    public var interDigit = CallTime.seconds(3)
    /// Dead air on the agent's side that brings a bridging phrase...
    public var fillerAfter = CallTime.milliseconds(1_500)
    /// ...and after that phrase, how long until the caller is asked to say it again.
    public var sayAgainAfter = CallTime.milliseconds(2_500)
    /// Where a call goes whose engines or agent have failed twice in a row: a name of a target; empty: it ends with a goodbye.
    public var transferTo = ""
    /// How far ahead of real time audio is handed to the provider; 400 ms at most.
    public var lead = CallTime.milliseconds(200)
    /// A clause is asked for while less than this waits to be sent.
    public var credit = CallTime.seconds(1)
    /// Recorded phrases, in the leg's codec. A phrase that is missing is passed over in silence.
    public var phrases: [Phrase: SpeechAudio] = [:]
    /// Their words, for the record.
    public static let wordsOfPhrases: [Phrase: String] = [
        .oneMoment: "One moment, please.",
        .sayAgain: "Sorry, please say that again.",
        .noSpeechGoodbye: "I did not hear anything. Goodbye.",
        .transferring: "Let me transfer you.",
        .cannotContinue: "I am sorry, we cannot continue. Goodbye.",
    ]

    public init(format: LegFormat) { self.format = format }
}
