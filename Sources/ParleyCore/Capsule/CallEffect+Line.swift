/// What a call did, each effect as one line of text: what capsules keep, and what a difference shows. All of the effect is in
/// its line, so that two effects are alike when their lines are.
extension CallEffect {
    public var line: String {
        switch self {
        case .clear: "clear"
        case .mark(let mark): "mark u\(mark.generation.number)-\(mark.index)"
        case .pauseTurn(let turn): "pause turn \(turn.number)"
        case .finishTurn(let turn): "finish turn \(turn.number)"
        case .cancelTurn(let turn): "cancel turn \(turn.number)"
        case .ask(let request): request.line
        case .cancelReply(let generation): "cancel reply \(generation.number)"
        case .retractReply(let generation): "retract reply \(generation.number)"
        case .tellAgent(let generation, let invocation, let outcome):
            "tell reply \(generation.number) of \(invocation.line): \(outcome.line)"
        case .speak(let generation, let clause, let text):
            "speak reply \(generation.number) clause \(clause) \(quoted(text))"
        case .sound(let generation, let clause, let sound):
            "sound reply \(generation.number) clause \(clause) \(sound.line)"
        case .cancelSpeech(let generation): "cancel speech of reply \(generation.number)"
        case .run(let invocation): "run \(invocation.line)"
        case .note(let note): "note \(note.line)"
        case .transfer(let target): "transfer \(quoted(target))"
        case .end(let reason): "end \(reason.rawValue)"
        }
    }
}

/// Between double quotes, with what would break a line escaped as in JSON.
func quoted(_ text: String) -> String {
    var line = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": line += "\\\""
        case "\\": line += "\\\\"
        case "\n": line += "\\n"
        case "\r": line += "\\r"
        case "\t": line += "\\t"
        case _
        where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.properties.isBidiControl
            || scalar.value == 0x2028 || scalar.value == 0x2029:
            let hex = String(scalar.value, radix: 16)
            line += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: line.unicodeScalars.append(scalar)
        }
    }
    return line + "\""
}

extension Sound {
    var line: String {
        switch self {
        case .keys(let keys): "keys \(quoted(keys))"
        case .file(let address, let times): "sound \(quoted(address)) \(times) times"
        }
    }
}

extension EngineNews {
    var line: String {
        "\(role.rawValue) \(quoted(engine)) \(kind.rawValue)" + (detail.isEmpty ? "" : " \(quoted(detail))")
    }
}

extension AgentRequest {
    fileprivate var line: String {
        let cause =
            switch cause {
            case .opening: "opening"
            case .said(let words): "said \(quoted(words))"
            case .keyed(let keys): "keyed \(quoted(keys))"
            case .silence(let count): "silence \(count)"
            case .nudged: "nudged"
            }
        return "ask reply \(generation.number) for turn \(turn.number) \(cause), heard \(quoted(heard))"
            + (wasCut ? " cut" : "")
    }
}

extension ActionInvocation {
    fileprivate var line: String {
        "action \(number) of reply \(generation.number) for turn \(turn.number) \(quoted(request.name)) \(quoted(request.arguments))"
    }
}

extension ActionResult.Outcome {
    fileprivate var line: String {
        switch self {
        case .committed: "committed"
        case .answered(let values): "answered \(quoted(values))"
        case .refused(let why): "refused \(quoted(why))"
        case .failed(let why): "failed \(quoted(why))"
        }
    }
}

extension CallTime {
    /// Milliseconds with all that there is behind the point.
    fileprivate var line: String {
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let sign = nanoseconds < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)ms" }
        let digits = String(rest)
        return "\(sign)\(whole).\(String(repeating: "0", count: 6 - digits.count))\(digits)ms"
    }
}

extension CallNote {
    fileprivate var line: String {
        switch self {
        case .floor(let floor): "floor \(floor.rawValue)"
        case .partial(let turn, let text): "partial of turn \(turn.number) \(quoted(text))"
        case .callerTurn(let turn):
            "caller turn \(turn.turn.number) \(quoted(turn.text))\(turn.isKeyed ? " keyed" : "")"
                + "\(turn.isBackchannel ? " backchannel" : "") \(turn.began.line) to \(turn.ended.line)"
        case .agentTurn(let turn):
            "agent turn of reply \(turn.generation.number) heard \(quoted(turn.heard)) unheard \(quoted(turn.unheard))"
                + (turn.cutWord.map { " cut in \(quoted($0.text)) after \($0.phonesHeard) of \($0.phones) phones" }
                    ?? "")
                + " \(turn.began.line) to \(turn.ended.line)"
        case .answered(let waterfall): waterfall.line
        case .bargeIn(let state): "barge-in \(state.rawValue)"
        case .late(let role): "late \(role.rawValue)"
        case .bridged(let phrase): "bridged \(phrase.rawValue)"
        case .variable(let name, let value): "variable \(quoted(name)) \(quoted(value))"
        case .dropped(let what): "dropped \(what.rawValue)"
        case .engine(let news): news.line
        }
    }
}

extension Waterfall {
    fileprivate var line: String {
        let stages: [(String, CallTime?)] = [
            ("last_voiced", lastVoiced), ("paused", paused), ("endpoint", endpoint), ("final", final), ("asked", asked),
            ("first_text", firstText), ("first_clause", firstClause), ("first_audio", firstAudio),
            ("first_frame", firstFrame),
        ]
        return "answered turn \(turn.number) with reply \(generation.number)"
            + (ending.map { " ending \($0.rawValue)" } ?? "")
            + stages.compactMap { stage in stage.1.map { " \(stage.0) \($0.line)" } }.joined()
    }
}
