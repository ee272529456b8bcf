import Testing

@testable import FakeEngines

@Suite("What a fake voice makes of a clause")
struct ClausePlanTests {
    private func plan(text: String = "Sure.", clause: Int = 0, _ faults: FakeVoiceFault..., at rate: Int = 8_000)
        -> ClausePlan
    {
        ClausePlan(
            text, clause: clause, shape: SoundShape(encoding: .pcm16, rate: rate), script: FakeVoiceScript(),
            faults: faults)
    }

    private func bytes(_ plan: ClausePlan) -> [UInt8] {
        plan.steps.flatMap { if case .sound(let piece) = $0 { piece.bytes } else { [] as [UInt8] } }
    }

    /// A letter a step.
    private func picture(_ plan: ClausePlan) -> String {
        plan.steps.map { step in
            switch step {
            case .pause: "p"
            case .sound: "s"
            case .garbage: "g"
            case .huge: "h"
            case .fail: "f"
            case .stall: "w"
            case .drop: "d"
            case .close: "c"
            case .end: "e"
            }
        }.joined()
    }

    @Test("60 ms a character, whatever the spaces around, in pieces of 60 ms")
    func length() {
        #expect(picture(plan(text: " Sure. ")) == "ssssse")
        #expect(bytes(plan(text: " Sure. ")).count == 4_800)
        #expect(picture(plan(text: "")) == "e")
    }

    @Test("Each clause has its pitch, at every rate and in every piece", arguments: [8_000, 16_000, 22_050, 24_000])
    func pitch(rate: Int) throws {
        for clause in 0..<10 {
            let samples = try #require(FakeAudio.pcm16.decode(bytes(plan(clause: clause, at: rate))))
            #expect(FakeSound.pitch(of: samples, rate: rate) == FakeSound.pitches[clause % 8])
            #expect(samples.max() ?? 0 <= 8_000)
        }
    }

    @Test("Mu-law and A-law are within a step of the samples")
    func companding() throws {
        let samples = (0..<2_000).map { Int16(truncatingIfNeeded: $0 * 33 - 32_768) }
        for (written, read) in [(FakeEncoding.mulaw, FakeAudio.mulaw), (.alaw, .alaw)] {
            let back = try #require(read.decode(written.bytes(samples)))
            for (sample, heard) in zip(samples, back) {
                let difference: Int = abs(Int(sample) - Int(heard))
                let step: Int = abs(Int(sample)) / 16 + 132
                #expect(difference <= step, "\(written) of \(sample)")
            }
        }
    }

    @Test("Faults are where they are aimed at")
    func faults() {
        #expect(picture(plan(.stalls(after: 2))) == "ssw")
        #expect(picture(plan(.drops(after: 0))) == "d")
        #expect(picture(plan(.closes(1_011, after: 9))) == "sssssc")
        #expect(picture(plan(.fails(after: 1))) == "sf")
        #expect(picture(plan(.endsEarly(after: 3))) == "ssse")
        #expect(picture(plan(.garbage(.cutJSON, after: 1))) == "sgsssse")
        #expect(picture(plan(.huge(after: 5))) == "ssssshe")
        #expect(picture(plan(.endsTwice)) == "sssssee")
        #expect(picture(plan(.late(.seconds(1)))) == "pssssse")
        #expect(picture(plan(.endless)) == "sssss")
        #expect(plan(.endless).isEndless)
        #expect(picture(plan(.stalls(after: 1), .soundAfterCancel(2))) == "sw")
    }

    @Test("Pieces that split samples hold the same bytes, and all but the last end in the middle of one")
    func split() {
        let split = plan(.splitsSamples)
        #expect(bytes(split) == bytes(plan()))
        let sizes: [Int] = split.steps.compactMap { if case .sound(let piece) = $0 { piece.bytes.count } else { nil } }
        #expect(sizes == [961, 960, 960, 960, 959])
    }

    @Test("A wrong rate has its own samples; noise is at full scale")
    func wrong() throws {
        #expect(bytes(plan(.wrongRate(16_000))).count == 9_600)
        #expect(plan(.wrongRate(16_000)).shape.rate == 16_000)
        let noise = try #require(FakeAudio.pcm16.decode(bytes(plan(.noise))))
        #expect(noise.allSatisfy { $0 == .max || $0 == .min })
        #expect(Set(noise).count == 2)
    }

    @Test("A fault is for its clause or its connection alone")
    func aims() {
        let script = FakeVoiceScript().with(.endsTwice, .clause(1)).with(.noise, .connection(2)).with(.endless)
        #expect(script.faults(connection: 0, clause: 0) == [.endless])
        #expect(script.faults(connection: 0, clause: 1) == [.endsTwice, .endless])
        #expect(script.faults(connection: 2, clause: 1) == [.endsTwice, .noise, .endless])
        #expect(script.faults(connection: 1, clause: nil) == [.endless])
    }
}
