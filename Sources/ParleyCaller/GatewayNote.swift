import FoundationEssentials

/// What a Parley gateway tells a watching caller about a call as it goes. Other servers send none.
///
/// Unknown kinds are ignored; absent fields are empty: a newer gateway must not break an older caller.
public enum GatewayNote: Equatable, Sendable {
    case call(id: String)
    case floor(String)
    case partial(turn: Int, text: String)
    case callerTurn(CallReport.HeardCaller)
    case agentTurn(CallReport.HeardAgent)
    case answered(CallReport.Waterfall)
    /// `paused`, `confirmed` or `resumed`.
    case bargeIn(String)
    /// A canned phrase bridged a wait; it is not an answer.
    case bridged(phrase: String)
    case variable(name: String, value: String)
    case consent(CallReport.Consent)
    case message(CallReport.Message)
    case action(name: String, outcome: String)
    case ended(reason: String)

    /// Reads one note from its JSON: the object itself, or one that holds it under `note`. `nil`: not a note we know.
    public init?(json: [UInt8]) {
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(json)) else { return nil }
        let fields = envelope.note ?? envelope.fields
        guard let kind = fields.kind else { return nil }
        switch kind {
        case "call": self = .call(id: fields.id ?? "")
        case "floor": self = .floor(fields.floor ?? "")
        case "partial": self = .partial(turn: fields.turn ?? 0, text: fields.text ?? "")
        case "caller_turn":
            self = .callerTurn(
                .init(
                    turn: fields.turn ?? 0, text: fields.text ?? "", isKeyed: fields.keyed ?? false,
                    isBackchannel: fields.backchannel ?? false, beganMS: fields.began_ms, endedMS: fields.ended_ms))
        case "agent_turn":
            self = .agentTurn(
                .init(
                    generation: fields.generation ?? 0, heard: fields.heard ?? "", unheard: fields.unheard ?? "",
                    wasCut: fields.cut ?? false, beganMS: fields.began_ms, endedMS: fields.ended_ms))
        case "answered":
            self = .answered(
                .init(
                    turn: fields.turn ?? 0, generation: fields.generation ?? 0, lastVoicedMS: fields.last_voiced_ms,
                    pausedMS: fields.paused_ms, endpointMS: fields.endpoint_ms, finalMS: fields.final_ms,
                    askedMS: fields.asked_ms, firstTextMS: fields.first_text_ms, firstClauseMS: fields.first_clause_ms,
                    firstAudioMS: fields.first_audio_ms, firstFrameMS: fields.first_frame_ms, edgeMS: fields.edge_ms))
        case "barge_in": self = .bargeIn(fields.state ?? "")
        case "bridged": self = .bridged(phrase: fields.phrase ?? "")
        case "variable": self = .variable(name: fields.name ?? "", value: fields.value ?? "")
        case "consent":
            self = .consent(
                .init(purpose: fields.purpose ?? "", isGranted: fields.granted ?? false, wording: fields.wording ?? ""))
        case "message":
            self = .message(
                .init(
                    to: fields.to ?? "", body: fields.body ?? "", state: fields.state ?? "",
                    segments: fields.segments ?? 0))
        case "action": self = .action(name: fields.name ?? "", outcome: fields.outcome ?? "")
        case "ended": self = .ended(reason: fields.reason ?? "")
        default: return nil
        }
    }

    private struct Envelope: Decodable {
        var note: Fields?
        var fields: Fields

        enum Key: CodingKey { case note }

        init(from decoder: any Decoder) throws {
            note = try? decoder.container(keyedBy: Key.self).decode(Fields.self, forKey: .note)
            fields = try Fields(from: decoder)
        }
    }

    /// Every field that any kind has, each lenient: one of another type counts as absent.
    private struct Fields: Decodable {
        var kind, id, floor, text, heard, unheard, state, phrase, name, value, purpose, wording, to, body, outcome,
            reason: String?
        var keyed, backchannel, cut, granted: Bool?
        var turn, generation, segments: Int?
        var began_ms, ended_ms, last_voiced_ms, paused_ms, endpoint_ms, final_ms, asked_ms, first_text_ms,
            first_clause_ms, first_audio_ms, first_frame_ms, edge_ms: Double?

        enum CodingKeys: String, CodingKey {
            case kind, id, floor, text, heard, unheard, state, phrase, name, value, purpose, wording, to, body, outcome
            case reason, keyed, backchannel, cut, granted, turn, generation, segments, began_ms, ended_ms,
                last_voiced_ms
            case paused_ms, endpoint_ms, final_ms, asked_ms, first_text_ms, first_clause_ms, first_audio_ms
            case first_frame_ms, edge_ms
        }

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            func string(_ key: CodingKeys) -> String? { try? box.decode(String.self, forKey: key) }
            func bool(_ key: CodingKeys) -> Bool? { try? box.decode(Bool.self, forKey: key) }
            func int(_ key: CodingKeys) -> Int? { try? box.decode(Int.self, forKey: key) }
            func number(_ key: CodingKeys) -> Double? { try? box.decode(Double.self, forKey: key) }
            kind = string(.kind)
            id = string(.id)
            floor = string(.floor)
            text = string(.text)
            heard = string(.heard)
            unheard = string(.unheard)
            state = string(.state)
            phrase = string(.phrase)
            name = string(.name)
            value = string(.value)
            purpose = string(.purpose)
            wording = string(.wording)
            to = string(.to)
            body = string(.body)
            outcome = string(.outcome)
            reason = string(.reason)
            keyed = bool(.keyed)
            backchannel = bool(.backchannel)
            cut = bool(.cut)
            granted = bool(.granted)
            turn = int(.turn)
            generation = int(.generation)
            segments = int(.segments)
            began_ms = number(.began_ms)
            ended_ms = number(.ended_ms)
            last_voiced_ms = number(.last_voiced_ms)
            paused_ms = number(.paused_ms)
            endpoint_ms = number(.endpoint_ms)
            final_ms = number(.final_ms)
            asked_ms = number(.asked_ms)
            first_text_ms = number(.first_text_ms)
            first_clause_ms = number(.first_clause_ms)
            first_audio_ms = number(.first_audio_ms)
            first_frame_ms = number(.first_frame_ms)
            edge_ms = number(.edge_ms)
        }
    }
}
