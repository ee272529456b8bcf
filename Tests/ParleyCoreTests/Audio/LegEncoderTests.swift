import ParleyCore
import Testing

@Suite("Coding for a leg")
struct LegEncoderTests {
    let frame = (0..<160).map { Int16(truncatingIfNeeded: $0 * 409 - 32_000) }

    @Test("Mu-law legs get one octet a sample, after what is there")
    func muLaw() throws {
        var encoder = try #require(LegEncoder(.telephone))
        var out: [UInt8] = [7]
        try encoder.encode(frame.span, into: &out)
        #expect(out == [7] + frame.map { MuLaw.encode($0) })
    }

    @Test("Linear legs get little-endian samples")
    func linear() throws {
        var encoder = try #require(LegEncoder(LegFormat(codec: .linear16, sampleRate: 8_000)))
        var out: [UInt8] = []
        try encoder.encode(frame.span, into: &out)
        #expect(out == frame.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }

    @Test("A frame of another length is refused, and nothing is written")
    func wrongLength() throws {
        var encoder = try #require(LegEncoder(LegFormat(codec: .linear16, sampleRate: 16_000)))
        var out: [UInt8] = []
        #expect(throws: CodecError.wrongFrameLength(160, expected: 320)) { try encoder.encode(frame.span, into: &out) }
        #expect(out == [])
    }

    @Test("Opus is coded elsewhere")
    func opus() {
        #expect(LegEncoder(LegFormat(codec: .opus, sampleRate: 16_000)) == nil)
    }
}
