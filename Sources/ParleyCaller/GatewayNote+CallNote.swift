import ParleyCore

extension GatewayNote {
    /// What a watching caller reads on the wire of something a call noted; `nil` for what nobody is told.
    package init?(_ note: CallNote) {
        switch note {
        case .floor(let floor): self = .floor(floor.rawValue)
        case .partial(let turn, let text): self = .partial(turn: Int(turn.number), text: text)
        case .callerTurn(let turn):
            self = .callerTurn(
                .init(
                    turn: Int(turn.turn.number), text: turn.text, isKeyed: turn.isKeyed,
                    isBackchannel: turn.isBackchannel, beganMS: Double(turn.began.milliseconds),
                    endedMS: Double(turn.ended.milliseconds)))
        case .agentTurn(let turn):
            self = .agentTurn(
                .init(
                    generation: Int(turn.generation.number), heard: turn.heard, unheard: turn.unheard,
                    wasCut: turn.wasCut, beganMS: Double(turn.began.milliseconds),
                    endedMS: Double(turn.ended.milliseconds)))
        case .answered(let waterfall): self = .answered(.init(waterfall))
        case .bargeIn(let state): self = .bargeIn(state.rawValue)
        case .bridged(let phrase): self = .bridged(phrase: phrase.rawValue)
        case .variable(let name, let value): self = .variable(name: name, value: value)
        case .late, .dropped, .engine: return nil
        }
    }
}

extension CallReport.Waterfall {
    fileprivate init(_ waterfall: Waterfall) {
        func milliseconds(_ time: CallTime?) -> Double? { time.map { Double($0.nanoseconds / 1_000) / 1_000 } }
        self.init(
            turn: Int(waterfall.turn.number), generation: Int(waterfall.generation.number),
            lastVoicedMS: milliseconds(waterfall.lastVoiced), pausedMS: milliseconds(waterfall.paused),
            endpointMS: milliseconds(waterfall.endpoint), finalMS: milliseconds(waterfall.final),
            askedMS: milliseconds(waterfall.asked), firstTextMS: milliseconds(waterfall.firstText),
            firstClauseMS: milliseconds(waterfall.firstClause), firstAudioMS: milliseconds(waterfall.firstAudio),
            firstFrameMS: milliseconds(waterfall.firstFrame), edgeMS: milliseconds(waterfall.edge))
    }
}

extension CallReport.Consent {
    package init(purpose: String, granted: Bool, wording: String) {
        self.init(purpose: purpose, isGranted: granted, wording: wording)
    }
}

extension CallReport.Message {
    /// One that the ledger has taken on.
    package init(recordedTo recipient: String, body: String, segments: Int) {
        self.init(to: recipient, body: body, state: "recorded", segments: segments)
    }
}
