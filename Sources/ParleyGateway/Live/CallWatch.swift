import ParleyCore
import ParleyWire

/// What a watcher of a live call is told: the browser leg, `parley call`, a test. Documented in docs/native-dialect.md.
enum CallWatch: Equatable, Sendable {
    case call(id: String)
    case note(CallNote)
    case consent(purpose: String, isGranted: Bool, wording: String)
    case message(to: String, body: String, state: String, segments: Int)
    case action(name: String, outcome: String)
    case ended(EndReason)

    /// Writes the note's fields into an object that is open; `false`: nobody needs to know, nothing was written.
    func write(to json: inout JSONWriter) -> Bool {
        switch self {
        case .call(let id):
            json.field("kind", "call")
            json.field("id", id)
        case .note(let note): return Self.write(note, to: &json)
        case .consent(let purpose, let isGranted, let wording):
            json.field("kind", "consent")
            json.field("purpose", purpose)
            json.field("granted", isGranted)
            json.field("wording", wording)
        case .message(let recipient, let body, let state, let segments):
            json.field("kind", "message")
            json.field("to", recipient)
            json.field("body", body)
            json.field("state", state)
            json.field("segments", segments)
        case .action(let name, let outcome):
            json.field("kind", "action")
            json.field("name", name)
            json.field("outcome", outcome)
        case .ended(let reason):
            json.field("kind", "ended")
            json.field("reason", reason.rawValue)
        }
        return true
    }

    private static func write(_ note: CallNote, to json: inout JSONWriter) -> Bool {
        switch note {
        case .floor(let floor):
            json.field("kind", "floor")
            json.field("floor", floor.rawValue)
        case .partial(let turn, let text):
            json.field("kind", "partial")
            json.field("turn", turn.number)
            json.field("text", text)
        case .callerTurn(let turn):
            json.field("kind", "caller_turn")
            json.field("turn", turn.turn.number)
            json.field("text", turn.text)
            json.field("keyed", turn.isKeyed)
            json.field("backchannel", turn.isBackchannel)
            json.field("began_ms", turn.began.milliseconds)
            json.field("ended_ms", turn.ended.milliseconds)
        case .agentTurn(let turn):
            json.field("kind", "agent_turn")
            json.field("generation", turn.generation.number)
            json.field("heard", turn.heard)
            json.field("unheard", turn.unheard)
            json.field("cut", turn.wasCut)
            if let word = turn.cutWord {
                json.field("cut_word", word.text)
                json.field("cut_word_phones", "\(word.phonesHeard) of \(word.phones)")
            }
            json.field("began_ms", turn.began.milliseconds)
            json.field("ended_ms", turn.ended.milliseconds)
        case .answered(let waterfall): write(waterfall, to: &json)
        case .bargeIn(let state):
            json.field("kind", "barge_in")
            json.field("state", state.rawValue)
        case .late(let role):
            json.field("kind", "late")
            json.field("role", role.rawValue)
        case .bridged(let phrase):
            json.field("kind", "bridged")
            json.field("phrase", phrase.rawValue)
        case .variable(let name, let value):
            json.field("kind", "variable")
            json.field("name", name)
            json.field("value", value)
        case .engine(let news):
            json.field("kind", "engine")
            json.field("role", news.role.rawValue)
            json.field("engine", news.engine)
            json.field("what", news.kind.rawValue)
            json.field("detail", news.detail)
        case .dropped: return false
        }
        return true
    }

    private static func write(_ waterfall: Waterfall, to json: inout JSONWriter) {
        json.field("kind", "answered")
        json.field("turn", waterfall.turn.number)
        json.field("generation", waterfall.generation.number)
        let stages: [(String, CallTime?)] = [
            ("last_voiced_ms", waterfall.lastVoiced), ("paused_ms", waterfall.paused),
            ("endpoint_ms", waterfall.endpoint), ("final_ms", waterfall.final), ("asked_ms", waterfall.asked),
            ("first_text_ms", waterfall.firstText), ("first_clause_ms", waterfall.firstClause),
            ("first_audio_ms", waterfall.firstAudio), ("first_frame_ms", waterfall.firstFrame),
            ("edge_ms", waterfall.edge),
        ]
        if let ending = waterfall.ending { json.field("ending", ending.rawValue) }
        for (name, time) in stages {
            guard let time else { continue }
            json.field(name, Double(time.nanoseconds / 1_000) / 1_000)
        }
    }
}
