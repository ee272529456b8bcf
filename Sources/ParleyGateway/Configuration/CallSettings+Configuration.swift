import ParleyCore

extension CallSettings {
    /// How a configuration wants calls to behave, and the phrases that need no engine.
    public init(_ configuration: Configuration, format: LegFormat, phrases: PhraseBook) {
        self.init(format: format)
        endpoint.usual = CallTime(configuration[Keys.hangover])
        pauseAfter = CallTime(configuration[Keys.pause])
        bargeInAfter = CallTime(configuration[Keys.bargeInAfter])
        bargeInConfirmedAfter = CallTime(configuration[Keys.bargeInConfirmedAfter])
        minimumInterruption = CallTime(configuration[Keys.minimumInterruption])
        noSpeechAfter = CallTime(configuration[Keys.noSpeechAfter])
        reprompts = configuration[Keys.reprompts]
        interDigit = CallTime(configuration[Keys.interDigit])
        fillerAfter = CallTime(configuration[Keys.fillerAfter])
        sayAgainAfter = CallTime(configuration[Keys.sayAgainAfter])
        transferTo = configuration[Keys.transferTo]
        endpoint.maximumTurn = CallTime(configuration[Keys.maxTurn])
        lead = CallTime(configuration[Keys.playoutLead])
        self.phrases = phrases.phrases(in: format)
    }
}
