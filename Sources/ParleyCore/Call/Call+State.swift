/// Where a call stands, for a person who wants to know why it did what it did.
extension Call {
    /// One line: who may speak, what the caller and the agent are doing, what is waited for.
    public var state: String {
        var words = ["floor \(floor.rawValue)"]
        switch listening {
        case .idle: words.append("nobody is speaking")
        case .turn(let turn):
            words.append(
                "turn \(turn.number) for \(speech.length.milliseconds) ms, voiced \(speech.voiced.milliseconds) ms, "
                    + "silent for \(speech.silence.milliseconds) ms")
            if speech.wasConfirmed { words.append("surely a voice") }
        }
        if let awaiting { words.append("waiting for the words of turn \(awaiting.number)") }
        switch replying {
        case .idle: break
        case .open(let generation): words.append("reply \(generation.number) is coming")
        case .closed(let generation): words.append("reply \(generation.number) is all here")
        }
        if book.isPaused {
            words.append("playout held")
        } else if book.isSpeaking {
            words.append("playing")
        }
        if let waitingSince { words.append("the caller has waited since \(waitingSince.milliseconds) ms") }
        if let quietSince { words.append("both silent since \(quietSince.milliseconds) ms") }
        if !keys.isEmpty { words.append("\(keys.utf8.count) keys") }
        if let endReason { words.append("ended: \(endReason.rawValue)") }
        return words.joined(separator: ", ")
    }
}
