import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A WAV file as it comes")
struct WAVStreamTests {
    private static let samples = (0..<400).map { Int16($0 * 50 - 10_000) }
    private static let octets = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }

    private struct Heard: Equatable {
        var formats: [VoiceFormat] = []
        var sound: [UInt8] = []
    }

    private func read(_ file: [UInt8], pieces: Int) throws -> Heard {
        var stream = WAVStream()
        var heard = Heard()
        for start in stride(from: 0, to: file.count, by: pieces) {
            let (format, sound) = try file[start..<min(start + pieces, file.count)].withUnsafeBytes {
                try stream.take($0)
            }
            if let format { heard.formats.append(format) }
            heard.sound += sound
        }
        return heard
    }

    /// With the sound's length, and the file's, as a server writes them that does not know them yet.
    private func streamed(_ size: UInt32) -> [UInt8] {
        var file = WAV(sampleRate: 24_000, samples: Self.samples).bytes()
        for place in [4, 40] {
            for byte in 0..<4 { file[place + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
        }
        return file
    }

    @Test("The head is read however the file is cut", arguments: [1, 3, 44, 45, 10_000])
    func pieces(size: Int) throws {
        let expected = Heard(formats: [VoiceFormat(.pcm16, rate: 24_000)], sound: Self.octets)
        let file = WAV(sampleRate: 24_000, samples: Self.samples).bytes()
        #expect(try read(file, pieces: size) == expected)
        // What follows the sound is none.
        #expect(try read(file + Array("LIST".utf8) + [4, 0, 0, 0, 1, 2, 3, 4], pieces: size) == expected)
    }

    @Test("A length that was not known means: to the end", arguments: [0, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32])
    func streamedSize(size: UInt32) throws {
        let heard = try read(streamed(size), pieces: 7)
        #expect(heard == Heard(formats: [VoiceFormat(.pcm16, rate: 24_000)], sound: Self.octets))
    }

    @Test("Chunks before the format and mu-law are understood")
    func otherHeads() throws {
        let mulaw = WAV(sampleRate: 8_000, samples: [0, 1_000]).bytes(.mulaw)
        let heard = try read(mulaw, pieces: 5)
        #expect(heard.formats == [.telephone])
        #expect(heard.sound == [0xFF, MuLaw.encode(1_000)])
        let file = WAV(sampleRate: 16_000, samples: [5]).bytes()
        let odd = Array(file[..<12]) + Array("JUNK".utf8) + [3, 0, 0, 0, 9, 9, 9, 0] + Array(file[12...])
        #expect(try read(odd, pieces: 1) == Heard(formats: [VoiceFormat(.pcm16, rate: 16_000)], sound: [5, 0]))
    }

    @Test("What is no such file is refused at once")
    func refused() {
        let stereo = WAV(sampleRate: 8_000, left: [1], right: [2]).bytes()
        var deep = WAV(sampleRate: 8_000, samples: [1]).bytes()
        deep[34] = 24
        let noFormat = Array("RIFF\0\0\0\0WAVEdata\0\0\0\0".utf8)
        for file in [Array("ID3".utf8), Array("RIFF\0\0\0\0AVI ".utf8), stereo, deep, noFormat] {
            #expect(throws: VoiceFault.self) { try read(file, pieces: 1) }
        }
        let endless = Array("RIFF\0\0\0\0WAVEJUNK".utf8) + [0xFF, 0xFF, 0xFF, 0x7F]
        #expect(throws: VoiceFault.self) {
            try read(endless + [UInt8](repeating: 0, count: 70_000), pieces: 1_000)
        }
    }
}
