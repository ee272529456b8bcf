import ParleyCore
import ParleyOpus
import ParleySpeech
import Synchronization

/// The recorded phrases, in every form that a leg has asked for. They need no engine, so a caller is never left in silence.
public final class PhraseBook: Sendable {
    private let recordings: [Phrase: SpeechChunk]
    private let coded = Mutex<[LegFormat: [Phrase: SpeechAudio]]>([:])

    /// The phrases that are built in.
    ///
    /// - Throws: `StartError` for a recording that is missing or damaged: the gateway must not start without its last resort.
    public init() throws(StartError) {
        let files: [Phrase: [UInt8]] = [
            .oneMoment: PackageResources.one_moment_wav, .sayAgain: PackageResources.say_again_wav,
            .noSpeechGoodbye: PackageResources.no_speech_goodbye_wav,
            .transferring: PackageResources.transferring_wav, .cannotContinue: PackageResources.cannot_continue_wav,
        ]
        var recordings: [Phrase: SpeechChunk] = [:]
        for phrase in Phrase.allCases {
            do throws(WAVError) {
                let wav = try WAV(files[phrase] ?? [])
                recordings[phrase] = SpeechChunk(samples: wav.mono, sampleRate: wav.sampleRate)
            } catch {
                throw StartError("the recorded phrase \(phrase.rawValue) cannot be played: \(error); build again")
            }
        }
        self.recordings = recordings
    }

    /// All phrases in a leg's format, coded once for each format.
    func phrases(in format: LegFormat) -> [Phrase: SpeechAudio] {
        coded.withLock { coded in
            if let known = coded[format] { return known }
            var phrases: [Phrase: SpeechAudio] = [:]
            for (phrase, recording) in recordings {
                phrases[phrase] = try? LegCodec.encode(recording, in: format)
            }
            coded[format] = phrases
            return phrases
        }
    }
}

/// Which encoder a leg's audio needs.
enum LegCodec {
    /// 24 kbit/s of voice with room for a lost packet; complexity 5 is where more is no longer heard.
    static let opusSettings = OpusSettings()

    static func makeEncoder(_ format: LegFormat) throws(CodecError) -> any FrameEncoder {
        if format.codec == .opus { return try OpusEncoder(sampleRate: format.sampleRate, settings: opusSettings) }
        guard let encoder = LegEncoder(format) else {
            throw CodecError(code: -1, description: "no encoder for \(format.codec) at \(format.sampleRate)")
        }
        return encoder
    }

    /// A whole recording at once.
    static func encode(_ chunk: SpeechChunk, in format: LegFormat) throws(CodecError) -> SpeechAudio? {
        var encoder = try SpeechEncoder(format: format) { () throws(CodecError) in try makeEncoder(format) }
        let parts = [try encoder.encode(chunk), try encoder.finish()].compactMap { $0 }
        return SpeechAudio(joining: parts)
    }
}
