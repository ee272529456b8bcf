#if LocalSpeech
import ParleyCore
import ParleySpeech

/// Piper's "joe", with flite's front end: flite reads the text and says which phones, this voice says them.
///
/// A phrase at a time, as the model returns nothing before all of it is done: about 85 ms of work for a second of speech.
final class PiperVoice: ClauseVoice, @unchecked Sendable {
    let name = "joe"

    private let library: EngineLibrary
    private let handle: EngineLibrary.Handle
    private let reader: FliteVoice

    /// - Parameter files: whose parts `library` and `joe` have been checked.
    init(library: EngineLibrary, files: EngineFiles, reader: FliteVoice) throws(EngineError) {
        guard let handle = library.voice(model: files.path("joe/model.onnx"), tokens: files.path("joe/tokens.txt"))
        else {
            throw EngineError(
                engine: "joe", message: "the voice in \(files.directory)/joe does not load; the lines above say why")
        }
        self.library = library
        self.handle = handle
        self.reader = reader
    }

    deinit { library.free(voice: handle) }

    /// Milliseconds between two phrases of a clause, and after the last one.
    private static let pause = 160
    private static let tail = 120
    private static let lead = 20

    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError) {
        let phrases = PiperPhonemes.phrases(of: try reader.plan(text), text: text)
        /// Milliseconds of the clause handed over so far.
        var position = 0
        for (index, phrase) in phrases.enumerated() {
            guard let (samples, sampleRate) = library.speak(handle, phrase.scalars) else {
                throw EngineError(engine: name, message: "could not speak a phrase; the lines above say why")
            }
            let sound = Self.sound(in: samples, sampleRate: sampleRate)
            let isLast = index == phrases.count - 1
            let silence = (isLast ? Self.tail : Self.pause) * sampleRate / 1_000
            let lead = index == 0 ? min(sound.lowerBound, Self.lead * sampleRate / 1_000) : 0
            var chunk = SpeechChunk(samples: [], sampleRate: sampleRate)
            chunk.samples.reserveCapacity(lead + sound.count + silence)
            for sample in samples[(sound.lowerBound - lead)..<sound.upperBound] {
                chunk.samples.append(Int16(max(-32_768, min(32_767, sample * 32_767))))
            }
            chunk.samples.append(contentsOf: repeatElement(0, count: silence))
            // flite's share of the phrase, at this voice's pace (median error 119 ms).
            let begins = position + lead * 1_000 / sampleRate
            let length = Float(sound.count) * 1_000 / Float(sampleRate)
            let scale = phrase.end > phrase.start ? length / (phrase.end - phrase.start) : 0
            chunk.words = phrase.words.map { word in
                WordEnd(textEnd: word.textEnd, audioEnd: begins + Int((word.end - phrase.start) * scale))
            }
            position += chunk.samples.count * 1_000 / sampleRate
            guard receive(chunk) else { return }
        }
    }

    /// Where in the samples something can be heard: the model pads with silence of its own.
    private static func sound(in samples: [Float], sampleRate: Int) -> Range<Int> {
        let audible: Float = 0.006
        let frame = sampleRate / 100
        var first: Int?
        var last = 0
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + frame)
            var peak: Float = 0
            for index in start..<end { peak = max(peak, abs(samples[index])) }
            if peak > audible {
                first = first ?? start
                last = end
            }
            start = end
        }
        guard let first else { return 0..<samples.count }
        return first..<last
    }
}
#endif
