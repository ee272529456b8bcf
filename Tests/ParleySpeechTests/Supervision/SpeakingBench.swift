import NIOCore
import NIOEmbedded
import ParleyCore

@testable import ParleySpeech

/// A call that is spoken to by supervised voices, in virtual time.
struct SpeakingBench {
    let loop: EmbeddedEventLoop
    let record: Record<SpeechAnswer>
    let health: [EngineHealth]
    let session: any SynthesizerSession

    init(
        _ voices: [WordVoice], on loop: EmbeddedEventLoop, health: [EngineHealth]? = nil,
        patience: VoicePatience = VoicePatience()
    ) {
        let health = health ?? voices.map { EngineHealth(.voice, $0.name) }
        let record = Record<SpeechAnswer>(on: loop)
        self.loop = loop
        self.health = health
        self.record = record
        let members: [SupervisedVoice.Member] = zip(voices, health).map { ($0.0, $0.1) }
        session = SupervisedVoice(members, patience: patience, on: loop).start(
            answer: { record.add($0) }, news: { record.add($0) })
        loop.run()
    }

    func speak(_ text: String, _ generation: UInt32 = 1, clause: Int = 1) {
        session.speak(text, generation: Generation(generation), clause: clause)
        loop.run()
    }

    /// `1250 done 1`, `2400 failed 2`: milliseconds and the clause.
    var ends: [String] {
        record.answers.compactMap { entry in
            switch entry.answer {
            case .chunk: nil
            case .done(_, let clause): "\(entry.at.milliseconds) done \(clause)"
            case .failed(_, let clause, _): "\(entry.at.milliseconds) failed \(clause)"
            }
        }
    }

    func chunks(of clause: Int) -> [SpeechChunk] {
        record.answers.compactMap { entry in
            if case .chunk(_, clause, let chunk) = entry.answer { chunk } else { nil }
        }
    }

    /// What the caller hears of a clause: `w1 w2~ w2`.
    func heard(_ clause: Int = 1) -> String { MarkedSpeech.words(in: chunks(of: clause)).text }

    /// When each of a clause's chunks with sound came, in milliseconds.
    func times(of clause: Int = 1) -> [Int] {
        record.answers.compactMap { entry in
            if case .chunk(_, clause, let chunk) = entry.answer, !chunk.samples.isEmpty {
                entry.at.milliseconds
            } else {
                nil
            }
        }
    }

    /// Whether each word that was told ends in the text and in the sound where it was told to.
    func toldWordsFit(_ text: String, clause: Int = 1) -> Bool {
        let chunks = chunks(of: clause)
        let told = chunks.flatMap(\.words)
        let ends = MarkedSpeech.words(in: chunks).ends
        return told == told.sorted { $0.textEnd < $1.textEnd }
            && told.allSatisfy { word in
                let said =
                    String(decoding: text.utf8.prefix(word.textEnd), as: UTF8.self).split(separator: " ").last ?? ""
                return ends.contains { abs($0.at - word.audioEnd) <= 1 && String($0.word) == said.filter(\.isNumber) }
            }
    }
}
