import Foundation
import ParleyCore
import Testing

@Suite("Frames")
struct FramePackerTests {
    @Test("Chunks of any size become whole frames in order, the last filled up with silence")
    func anyChunks() {
        let seed: UInt64 = 4_711
        var random = SeededRandom(seed: seed)
        let sound = (0..<5_003).map { Int16(truncatingIfNeeded: $0 + 1) }
        for largest in [1, 7, 159, 160, 161, 320, 2_000] {
            var packer = FramePacker(samplesPerFrame: 160)
            var frames: [[Int16]] = []
            var taken = 0
            while taken < sound.count {
                let count = min(random.below(largest + 1), sound.count - taken)
                packer.append(sound.span.extracting(taken..<taken + count)) { frames.append(copy($0)) }
                taken += count
                #expect(frames.count == taken / 160 && packer.pending == taken % 160, "seed \(seed)")
            }
            packer.flush { frames.append(copy($0)) }
            packer.flush { _ in Issue.record("nothing waits after a flush") }
            #expect(frames.count == 32)
            #expect(frames.allSatisfy { $0.count == 160 })
            #expect(Array(frames.joined()) == sound + [Int16](repeating: 0, count: 32 * 160 - sound.count))
        }
    }

    @Test("What a frame throws comes out, and the packer goes on with what comes next")
    func throwing() {
        var packer = FramePacker(samplesPerFrame: 2)
        let sound: [Int16] = [1, 2, 3, 4, 5]
        #expect(throws: CodecError.self) {
            try packer.append(sound.span) { _ throws(CodecError) in throw CodecError(code: 1, description: "no") }
        }
        var frames: [[Int16]] = []
        packer.append(sound.span.extracting(first: 3)) { frames.append(copy($0)) }
        packer.reset()
        packer.append(sound.span.extracting(last: 2)) { frames.append(copy($0)) }
        #expect(frames == [[1, 2], [4, 5]])
    }

    @Test("Levels count from overload")
    func levels() {
        #expect(Level.dBFS([Int16](repeating: 0, count: 160).span) == -127)
        #expect(Level.dBFS([Int16]().span) == -127)
        #expect(Level.dBFS([Int16](repeating: -32_768, count: 160).span).magnitude < 1e-4)
        let full = Tone.samples(1_000, rate: 8_000, count: 160, amplitude: 32_767)
        #expect((Level.dBFS(full.span) + 3.0103).magnitude < 1e-3)
        #expect((Level.dBFS([Int16](repeating: 1, count: 9).span) + 90.309).magnitude < 1e-3)
    }

    @Test(
        "Eight samples at a time or one by one, the level is the same to the last bit",
        arguments: [1, 7, 8, 159, 160, 320])
    func levelsExactly(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        for range in [Int16.min...Int16.min, Int16.min...Int16.max, -40...40] {
            let samples = (0..<count).map { _ in Int16.random(in: range, using: &random) }
            let squares = samples.reduce(Int64(0)) { $0 + Int64($1) * Int64($1) }
            let level =
                squares == 0
                ? Level.silence : Math.fastLog2(Float(squares) / (Float(count) * 1_073_741_824)) * 3.010_299_9
            #expect(Level.dBFS(samples.span) == level)
        }
    }
}

private func copy(_ span: Span<Int16>) -> [Int16] { span.indices.map { span[$0] } }
