import ParleyCore
import ParleyWire

/// What a transcription session of OpenAI Realtime, or of a server that speaks as it does, is set to.
struct TranscriptionSession: Sendable {
    /// Which names the messages have.
    enum Dialect: String, Sendable, CaseIterable {
        /// Those of the released interface.
        case ga
        /// Those before it, which compatible servers may still have.
        case beta
    }

    var dialect = Dialect.ga
    var model: String
    var language: String?
    var prompt: String?
    var noiseReduction: String?
    var shape: AudioShape

    /// The message that begins the session. Turns are ended by this side.
    func update(eventID: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", dialect == .ga ? "session.update" : "transcription_session.update")
        json.field("event_id", eventID)
        json.key("session")
        json.beginObject()
        switch dialect {
        case .ga:
            json.field("type", "transcription")
            json.key("audio")
            json.beginObject()
            json.key("input")
            json.beginObject()
            json.key("format")
            json.beginObject()
            json.field("type", shape.encoding == .mulaw ? "audio/pcmu" : "audio/pcm")
            if shape.encoding == .pcm16 { json.field("rate", shape.rate) }
            json.endObject()
            json.key("transcription")
            writeTranscription(&json)
            json.key("turn_detection")
            json.null()
            if let noiseReduction { writeNoiseReduction(noiseReduction, key: "noise_reduction", &json) }
            json.endObject()
            json.endObject()
        case .beta:
            json.field("input_audio_format", shape.encoding == .mulaw ? "g711_ulaw" : "pcm16")
            json.key("input_audio_transcription")
            writeTranscription(&json)
            json.key("turn_detection")
            json.null()
            if let noiseReduction { writeNoiseReduction(noiseReduction, key: "input_audio_noise_reduction", &json) }
        }
        json.endObject()
        json.endObject()
        return json.bytes
    }

    private func writeTranscription(_ json: inout JSONWriter) {
        json.beginObject()
        json.field("model", model)
        if let language { json.field("language", language) }
        if let prompt { json.field("prompt", prompt) }
        json.endObject()
    }

    private func writeNoiseReduction(_ kind: String, key: String, _ json: inout JSONWriter) {
        json.key(key)
        json.beginObject()
        json.field("type", kind)
        json.endObject()
    }
}
