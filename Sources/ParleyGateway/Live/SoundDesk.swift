import Dispatch
import ParleyCore
import ParleySpeech

/// Makes the sounds that are no speech, off the event loop, and answers as a voice does.
struct SoundDesk: Sendable {
    let format: LegFormat
    let inbox: CallInbox

    func make(_ sound: Sound, _ generation: Generation, clause: Int) {
        DispatchQueue.global(qos: .userInitiated).async { [self] in
            guard let chunk = chunk(sound), let audio = try? LegCodec.encode(chunk, in: format) else {
                return inbox.deliver(.synthesizer(.failed(generation, clause: clause)))
            }
            inbox.deliver(.synthesizer(.audio(generation, clause: clause, audio)))
            inbox.deliver(.synthesizer(.done(generation, clause: clause)))
        }
    }

    private func chunk(_ sound: Sound) -> SpeechChunk? {
        switch sound {
        case .keys(let keys):
            KeyTones.samples(keys, sampleRate: format.sampleRate).map {
                SpeechChunk(samples: $0, sampleRate: format.sampleRate)
            }
        case .file: nil
        }
    }
}
