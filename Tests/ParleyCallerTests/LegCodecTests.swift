import ParleyCore
import Testing

@testable import ParleyCaller

@Suite("The caller's codec")
struct LegCodecTests {
    private func round(_ format: LegFormat, _ frames: [[Int16]]) throws -> [Int16] {
        var codec = try LegCodec(format: format)
        return try frames.flatMap { frame in
            return try codec.decode(try codec.encode(frame))
        }
    }

    @Test("Linear samples come back as they went, mu-law ones within its step, silence as 0xFF")
    func plain() throws {
        let frame = (0..<160).map { Int16($0 * 100 - 8_000) }
        #expect(try round(LegFormat(codec: .linear16, sampleRate: 8_000), [frame]) == frame)
        let coarse = try round(.telephone, [frame])
        #expect(zip(frame, coarse).allSatisfy { abs(Int($0) - Int($1)) <= 256 })
        var codec = try LegCodec(format: .telephone)
        #expect(try codec.encode(VirtualCall.quiet(20)) == [UInt8](repeating: 0xFF, count: 160))
    }

    @Test("Opus at 16 kHz gives a frame for a frame, as loud as it was, in about 24 kbit/s")
    func opus() throws {
        let format = LegFormat(codec: .opus, sampleRate: 16_000)
        let tone = (0..<320).map { Int16($0 % 32 < 16 ? 6_000 : -6_000) }
        let back = try round(format, Array(repeating: tone, count: 50))
        #expect(back.count == 16_000)
        #expect(abs(FrameLevel.dBFS(back[8_000...]) - FrameLevel.dBFS(tone[...])) < 2)
        var codec = try LegCodec(format: format)
        var bytes = 0
        for _ in 0..<50 { bytes += try codec.encode(tone).count }
        #expect((1_500...4_500).contains(bytes))
    }
}
