import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("The sound of one clause")
struct ClauseSoundTests {
    private static let samples: [Int16] = [1, -2, 300, .min, .max, 0, -1]
    private static let octets = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }

    @Test("An odd byte waits for its other half, however the sound is cut", arguments: [1, 2, 3, 5, 14])
    func odd(size: Int) throws {
        var sound = ClauseSound(VoiceFormat(.pcm16, rate: 24_000))
        var heard: [Int16] = []
        for start in stride(from: 0, to: Self.octets.count, by: size) {
            let chunk = try sound.chunk(Array(Self.octets[start..<min(start + size, Self.octets.count)]))
            #expect(chunk.map { $0.sampleRate == 24_000 && $0.mulaw == nil && !$0.samples.isEmpty } != false)
            heard += chunk?.samples ?? []
        }
        #expect(heard == Self.samples)
        #expect(sound.samples == 7)
        #expect(try sound.chunk([9]) == nil)
    }

    @Test("Mu-law stays as it came")
    func mulaw() throws {
        var sound = ClauseSound(.telephone)
        let chunk = try #require(try sound.chunk([0x00, 0x7F, 0xFF]))
        #expect(chunk.mulaw == [0x00, 0x7F, 0xFF])
        #expect(chunk.samples == [-32_124, 0, 0])
        #expect(chunk.sampleRate == 8_000 && chunk.sampleCount == 3)
    }

    @Test("A server may declare its rate before the sound, and no other after it")
    func rates() throws {
        var sound = ClauseSound(VoiceFormat(.pcm16, rate: 22_050))
        for rate in [0, -1, 7_999, 200_000, .max] {
            #expect(throws: VoiceFault.self) { try sound.change(to: VoiceFormat(.pcm16, rate: rate)) }
        }
        #expect(throws: VoiceFault.self) { try sound.change(to: VoiceFormat(.mulaw, rate: 16_000)) }
        try sound.change(to: VoiceFormat(.pcm16, rate: 16_000))
        #expect(try sound.chunk([1, 0])?.sampleRate == 16_000)
        try sound.change(to: VoiceFormat(.pcm16, rate: 16_000))
        #expect(throws: VoiceFault.self) { try sound.change(to: VoiceFormat(.pcm16, rate: 24_000)) }
    }

    @Test("A chunk of mu-law that is changed is a linear one from then on")
    func changed() {
        var chunk = SpeechChunk(mulaw: [0xFF, 0x00])
        chunk.samples.append(7)
        #expect(chunk.samples == [0, -32_124, 7])
        #expect(chunk.mulaw == nil && chunk.sampleCount == 3)
    }
}
