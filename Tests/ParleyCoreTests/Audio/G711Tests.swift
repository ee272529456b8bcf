import ParleyCore
import Testing

@Suite("G.711")
struct G711Tests {
    /// protocols.md 0.2.
    @Test(
        "Mu-law octets sound as the standard's table says",
        arguments: [
            (0x00, -32_124), (0x01, -31_100), (0x0F, -16_764), (0x10, -15_996), (0x7E, -8), (0x7F, 0),
            (0x80, 32_124), (0x8F, 16_764), (0xD5, 716), (0xFE, 8), (0xFF, 0),
        ])
    func muLawVectors(octet: Int, sample: Int) {
        #expect(Int(MuLaw.decode(UInt8(octet))) == sample)
    }

    @Test(
        "A-law octets sound as the standard's table says",
        arguments: [
            (0x55, -8), (0xD5, 8), (0x2A, -32_256), (0xAA, 32_256), (0x00, -5_504), (0x80, 5_504),
        ])
    func aLawVectors(octet: Int, sample: Int) {
        #expect(Int(ALaw.decode(UInt8(octet))) == sample)
    }

    @Test("Every mu-law octet decodes as G.711 table 2 defines it")
    func muLawDefinition() {
        for (number, step) in muLawSteps.enumerated() {
            let positive = UInt8(0xFF - number)
            #expect(Int(MuLaw.decode(positive)) == step.value)
            #expect(Int(MuLaw.decode(positive & 0x7F)) == -step.value)
        }
    }

    @Test("Every sample gets the mu-law code whose decision values enclose it")
    func muLawDecisions() {
        var number = 0
        var wrong: [Int] = []
        for sample in 0...32_767 {
            while number < 127, sample >= muLawSteps[number].upTo { number += 1 }
            if MuLaw.encode(Int16(sample)) != UInt8(0xFF - number) { wrong.append(sample) }
            if sample > 0, MuLaw.encode(Int16(-sample)) != UInt8(0x7F - number) { wrong.append(-sample) }
        }
        #expect(wrong == [])
        #expect(MuLaw.encode(.min) == 0x00)
        #expect(MuLaw.encode(0) == MuLaw.silence)
    }

    @Test("Every A-law octet decodes as G.711 table 1 defines it")
    func aLawDefinition() {
        for (number, step) in aLawSteps.enumerated() {
            let positive = UInt8(0x80 | number) ^ 0x55
            #expect(Int(ALaw.decode(positive)) == step.value)
            #expect(Int(ALaw.decode(positive ^ 0x80)) == -step.value)
        }
    }

    @Test("Every sample gets the A-law code whose decision values enclose it")
    func aLawDecisions() {
        var number = 0
        var wrong: [Int] = []
        for sample in 0...32_767 {
            while number < 127, sample >= aLawSteps[number].upTo { number += 1 }
            if ALaw.encode(Int16(sample)) != UInt8(0x80 | number) ^ 0x55 { wrong.append(sample) }
            if ALaw.encode(Int16(~sample)) != UInt8(number) ^ 0x55 { wrong.append(~sample) }
        }
        #expect(wrong == [])
        #expect(ALaw.encode(0) == ALaw.silence)
    }

    @Test("Decoding and coding again gives the same octet; only mu-law's minus zero becomes zero")
    func roundTrips() {
        for octet in UInt8.min...UInt8.max {
            #expect(MuLaw.encode(MuLaw.decode(octet)) == (octet == 0x7F ? 0xFF : octet))
            #expect(ALaw.encode(ALaw.decode(octet)) == octet)
        }
    }

    @Test("A louder sample never sounds quieter")
    func monotonic() {
        var last = (mu: Int16.min, a: Int16.min)
        var wrong: [Int16] = []
        for sample in Int16.min...Int16.max {
            let now = (mu: MuLaw.decode(MuLaw.encode(sample)), a: ALaw.decode(ALaw.encode(sample)))
            if now.mu < last.mu || now.a < last.a { wrong.append(sample) }
            last = now
        }
        #expect(wrong == [])
    }

    @Test("Stretches are coded as their samples are one by one")
    func stretches() {
        let samples = (0..<500).map { Int16(truncatingIfNeeded: $0 &* 7_919) }
        var mu: [UInt8] = [1]
        var a: [UInt8] = []
        MuLaw.encode(samples.span, appendingTo: &mu)
        ALaw.encode(samples.span, appendingTo: &a)
        #expect(mu == [1] + samples.map { MuLaw.encode($0) })
        #expect(a == samples.map { ALaw.encode($0) })

        var octets = [UInt8](repeating: 0, count: 500)
        var span = octets.mutableSpan
        ALaw.encode(samples.span, into: &span)
        #expect(octets == a)
        span = octets.mutableSpan
        MuLaw.encode(samples.span, into: &span)
        #expect(octets == Array(mu.dropFirst()))

        var heard: [Int16] = []
        MuLaw.decode(octets.span, appendingTo: &heard)
        #expect(heard == octets.map { MuLaw.decode($0) })
        ALaw.decode(a.span, appendingTo: &heard)
        #expect(heard.suffix(500) == a.map { ALaw.decode($0) }[...])

        var frame = [Int16](repeating: 99, count: 501)
        var room = frame.mutableSpan
        MuLaw.decode(octets.span, into: &room)
        #expect(frame == octets.map { MuLaw.decode($0) } + [99])
        room = frame.mutableSpan
        ALaw.decode(a.span, into: &room)
        #expect(frame == a.map { ALaw.decode($0) } + [99])
    }
}

/// One line of the standard's tables: the value a code sounds as, and the decision value that ends its interval.
private struct Step {
    var value: Int
    var upTo: Int
}

/// G.711 table 2, from its text: eight segments of 16 intervals whose width doubles from 2 to 256; the first interval
/// has half a width, and a code's value is the middle of its interval (0 for the first). 14 bits, here times 4.
private let muLawSteps: [Step] = {
    var steps = [Step(value: 0, upTo: 4)]
    var decision = 1
    for number in 1..<128 {
        let width = 2 << (number / 16)
        steps.append(Step(value: 4 * (decision + width / 2), upTo: 4 * (decision + width)))
        decision += width
    }
    return steps
}()

/// G.711 table 1: 32 intervals of width 2, then six segments of 16 whose width doubles from 4 to 128; a code's value is
/// the middle of its interval. 13 bits with the sign, here times 8.
private let aLawSteps: [Step] = {
    var steps: [Step] = []
    var decision = 0
    for number in 0..<128 {
        let width = number < 32 ? 2 : 2 << (number / 16 - 1)
        steps.append(Step(value: 8 * (decision + width / 2), upTo: 8 * (decision + width)))
        decision += width
    }
    return steps
}()
