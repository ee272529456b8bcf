import ParleyCore
import ParleyOpus
import Testing

@Suite("Opus")
struct OpusTests {
    static let rates = [8_000, 16_000, 24_000, 48_000]

    /// Speech is coded to sound right, not to be equal, so the figure is modest; silence in its place would give 0 dB.
    @Test(
        "Speech comes back as it was, at every rate and frame length", arguments: rates, [25, 50, 100, 200, 400, 600])
    func roundTrip(rate: Int, tenthsOfMilliseconds length: Int) throws {
        let frame = rate * length / 10_000
        let sound = Voice.samples(rate: rate, seconds: 1.2)
        // Short frames cost more.
        let encoder = try OpusEncoder(
            sampleRate: rate, settings: OpusSettings(application: .audio, bitrate: length < 100 ? 128_000 : 64_000))
        let decoder = try OpusDecoder(sampleRate: rate)
        var heard: [Int16] = []
        var packet: [UInt8] = []
        for start in stride(from: 0, through: sound.count - frame, by: frame) {
            packet.removeAll(keepingCapacity: true)
            try encoder.encodePacket(sound.span.extracting(start..<start + frame), into: &packet)
            #expect(try decoder.sampleCount(of: packet.span) == frame)
            #expect(try decoder.decode(packet.span, appendingTo: &heard) == frame)
        }
        #expect(heard.count == sound.count / frame * frame)
        let delay = encoder.lookahead
        let quality = Voice.signalToNoise(
            sound, heard, over: rate / 5..<rate, delays: delay - 3 * rate / 8_000...delay + 3 * rate / 8_000)
        #expect(quality > 18, "\(quality) dB")
    }

    @Test("At 24 kbit/s a voice takes 3 000 octets a second, and is still that voice", arguments: [8_000, 16_000])
    func voice(rate: Int) throws {
        let sound = Voice.samples(rate: rate, seconds: 2)
        let packets = try coded(sound, rate: rate, OpusSettings())
        #expect(packets.count == 100)
        #expect(packets.reduce(0) { $0 + $1.count } <= 6_300)
        let heard = try played(packets, rate: rate)
        #expect(Voice.signalToNoise(sound, heard, over: rate / 2..<rate * 3 / 2, delays: 0...rate / 50) > 12)
    }

    /// A guess cannot have the waveform, but it can sound alike.
    @Test("A lost frame is concealed by something that sounds like it, where silence does not")
    func concealment() throws {
        let sound = Voice.samples(rate: 16_000, seconds: 3)
        let packets = try coded(sound, rate: 16_000, OpusSettings())
        let whole = try played(packets, rate: 16_000)
        let concealed = try played(packets, rate: 16_000, losing: isLost)
        #expect(concealed.count == whole.count)
        let lost = (0..<packets.count).filter(isLost).map { $0 * 320..<($0 + 1) * 320 }
        let silence = [Int16](repeating: 0, count: 320)[...]
        let distance = lost.map { Voice.bandDistance(whole[$0], concealed[$0]) }.reduce(0, +) / Double(lost.count)
        let silent = lost.map { Voice.bandDistance(whole[$0], silence) }.reduce(0, +) / Double(lost.count)
        #expect(distance < silent / 3, "\(distance) dB from the voice, silence \(silent) dB")
    }

    @Test("A lost frame comes back from the packet after it, better than by concealment")
    func errorCorrection() throws {
        let sound = Voice.samples(rate: 16_000, seconds: 3)
        let settings = OpusSettings(bitrate: 32_000, hasErrorCorrection: true, expectedLoss: 20)
        let packets = try coded(sound, rate: 16_000, settings)
        let whole = try played(packets, rate: 16_000)
        let concealed = try played(packets, rate: 16_000, losing: isLost)
        let recovered = try played(packets, rate: 16_000, losing: isLost, recovering: true)
        #expect(recovered.count == whole.count)
        let better = lossQuality(recovered, of: whole) - lossQuality(concealed, of: whole)
        #expect(better > 3, "\(better) dB")

        // Without a copy in the packets there is nothing to recover.
        let plain = try coded(sound, rate: 16_000, OpusSettings(bitrate: 32_000))
        #expect(
            try played(plain, rate: 16_000, losing: isLost, recovering: true)
                == played(plain, rate: 16_000, losing: isLost))
    }

    @Test("After a gap of several packets the sound has its full length", arguments: [0, 1, 2, 5, -1, 1_000])
    func gaps(lost: Int) throws {
        let packets = try coded(Voice.samples(rate: 8_000, seconds: 0.4), rate: 8_000, OpusSettings())
        let decoder = try OpusDecoder(sampleRate: 8_000)
        let (first, next) = (packets[0], packets[9])
        var heard: [Int16] = []
        try decoder.decode(first.span, appendingTo: &heard)
        let count = try decoder.decode(next.span, afterLosing: lost, appendingTo: &heard)
        #expect(count == (min(max(lost, 0), 250) + 1) * 160)
        #expect(heard.count == 160 + count)
    }

    @Test("The same sound after a reset gives the same packets, and the same packets the same sound")
    func reset() throws {
        let sound = Voice.samples(rate: 16_000, seconds: 0.5)
        let encoder = try OpusEncoder(sampleRate: 16_000)
        let decoder = try OpusDecoder(sampleRate: 16_000)
        var packets: [[[UInt8]]] = []
        var heard: [[Int16]] = []
        for _ in 0..<2 {
            var run: [[UInt8]] = []
            var samples: [Int16] = []
            for start in stride(from: 0, to: sound.count, by: 320) {
                var packet: [UInt8] = []
                try encoder.encode(sound.span.extracting(start..<start + 320), into: &packet)
                try decoder.decode(packet.span, appendingTo: &samples)
                run.append(packet)
            }
            packets.append(run)
            heard.append(samples)
            encoder.reset()
            decoder.reset()
        }
        #expect(packets[0] == packets[1])
        #expect(heard[0] == heard[1])
    }

    @Test("Silence costs next to nothing with DTX")
    func discontinuous() throws {
        let silence = [Int16](repeating: 0, count: 16_000 * 2)
        let packets = try coded(silence, rate: 16_000, OpusSettings(isDiscontinuous: true))
        #expect(packets.suffix(50).filter { $0.count <= 2 }.count >= 40)
        #expect(try played(packets, rate: 16_000).count == silence.count)
    }

    @Test("Settings can change between frames, and change the size of packets")
    func changingSettings() throws {
        let sound = Voice.samples(rate: 16_000, seconds: 2)
        let encoder = try OpusEncoder(sampleRate: 16_000, settings: OpusSettings(bitrate: 12_000))
        var sizes = [0, 0]
        for half in 0..<2 {
            for start in stride(from: half * 16_000, to: (half + 1) * 16_000, by: 320) {
                var packet: [UInt8] = []
                try encoder.encode(sound.span.extracting(start..<start + 320), into: &packet)
                sizes[half] += packet.count
            }
            try encoder.apply(OpusSettings(bitrate: 40_000))
        }
        #expect(encoder.settings.bitrate == 40_000)
        #expect(sizes[1] > 2 * sizes[0])
        #expect(throws: CodecError.self) { try encoder.apply(OpusSettings(application: .audio)) }
        encoder.reset()
        try encoder.apply(OpusSettings(application: .audio))
    }

    @Test(
        "What Opus cannot do is refused in words",
        arguments: [
            OpusSettings(bitrate: 5_999), OpusSettings(bitrate: 1_000_000), OpusSettings(complexity: 11),
            OpusSettings(complexity: -1), OpusSettings(complexity: .max), OpusSettings(expectedLoss: 101),
            OpusSettings(expectedLoss: -1), OpusSettings(bitrate: .min),
        ])
    func badSettings(settings: OpusSettings) throws {
        #expect(throws: CodecError.self) { try OpusEncoder(sampleRate: 16_000, settings: settings) }
    }

    @Test("Rates and frames that Opus does not have are refused")
    func badShapes() throws {
        for rate in [0, -1, 44_100, 22_050, .max] {
            #expect(throws: CodecError.self) { try OpusEncoder(sampleRate: rate) }
            #expect(throws: CodecError.self) { try OpusDecoder(sampleRate: rate) }
        }
        let encoder = try OpusEncoder(sampleRate: 16_000)
        let sound = [Int16](repeating: 0, count: 2_000)
        var out: [UInt8] = []
        for count in [0, 1, 39, 161, 480, 1_280, 2_000] {
            #expect(throws: CodecError.self) {
                try encoder.encodePacket(sound.span.extracting(first: count), into: &out)
            }
        }
        #expect(throws: CodecError.wrongFrameLength(160, expected: 320)) {
            try encoder.encode(sound.span.extracting(first: 160), into: &out)
        }
        #expect(out == [])
        let decoder = try OpusDecoder(sampleRate: 16_000)
        var heard: [Int16] = []
        for count in [0, -40, 1, 39, 41, 1_960, .max] {
            #expect(throws: CodecError.self) { try decoder.conceal(count, appendingTo: &heard) }
        }
        let nothing: [UInt8] = []
        #expect(throws: CodecError.self) { try decoder.decode(nothing.span, appendingTo: &heard) }
        let rubbish: [UInt8] = [0xFF]
        #expect(throws: CodecError.self) { try decoder.decode(rubbish.span, appendingTo: &heard) }
        #expect(throws: CodecError.self) { try decoder.decode(rubbish.span.extracting(first: 0), appendingTo: &heard) }
        #expect(throws: CodecError.self) { try decoder.recover(320, from: rubbish.span, appendingTo: &heard) }
        #expect(heard == [])
    }

    @Test("A packet of rubbish is an error or sound of the length it claims, never a crash", arguments: rates)
    func rubbish(rate: Int) throws {
        let seed = UInt64(rate)
        var random = SeededRandom(seed: seed)
        let good = try coded(Voice.samples(rate: rate, seconds: 0.4), rate: rate, OpusSettings())
        let decoder = try OpusDecoder(sampleRate: rate)
        var refused = 0
        var accepted = 0
        for _ in 0..<2_000 {
            var packet: [UInt8]
            switch random.below(4) {
            case 0:
                packet = (0..<random.below(80)).map { _ in UInt8(random.below(256)) }
            case 1:
                packet = good[random.below(good.count)]
                packet.removeLast(random.below(packet.count))
            case 2:
                packet = good[random.below(good.count)]
                for _ in 0...random.below(5) { packet[random.below(packet.count)] = UInt8(random.below(256)) }
            default:
                // Every table of contents, with frame counts and paddings of all kinds.
                packet = [UInt8(random.below(256)), UInt8(random.below(256)), 255, 254, UInt8(random.below(256))]
                packet += (0..<random.below(400)).map { _ in UInt8(random.below(256)) }
            }
            var heard: [Int16] = []
            do {
                let count = try decoder.decode(packet.span, afterLosing: random.below(3), appendingTo: &heard)
                #expect(heard.count == count && count <= rate * 360 / 1_000, "seed \(seed)")
                accepted += 1
            } catch {
                #expect(error.code < 0 && !error.description.isEmpty)
                refused += 1
            }
        }
        #expect(accepted > 100 && refused > 100, "the rubbish must be of both kinds")
        // And the decoder still works.
        decoder.reset()
        var heard: [Int16] = []
        for packet in good { try decoder.decode(packet.span, appendingTo: &heard) }
        #expect(heard == (try played(good, rate: rate)), "seed \(seed)")
    }

    @Test("Frames reuse the room they are given")
    func stableRoom() throws {
        let sound = Voice.samples(rate: 16_000, seconds: 4)
        let encoder = try OpusEncoder(sampleRate: 16_000)
        let decoder = try OpusDecoder(sampleRate: 16_000)
        var packet: [UInt8] = []
        packet.reserveCapacity(1_500)
        var heard: [Int16] = []
        heard.reserveCapacity(320)
        let packetRoom = packet.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        let soundRoom = heard.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        for start in stride(from: 0, to: sound.count, by: 320) {
            packet.removeAll(keepingCapacity: true)
            heard.removeAll(keepingCapacity: true)
            try encoder.encode(sound.span.extracting(start..<start + 320), into: &packet)
            try decoder.decode(packet.span, appendingTo: &heard)
        }
        #expect(packet.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } == packetRoom)
        #expect(heard.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } == soundRoom)
    }
}

/// One packet in seven, the first ones spared.
private func isLost(_ index: Int) -> Bool { index > 3 && index % 7 == 0 }

private func coded(_ sound: [Int16], rate: Int, _ settings: OpusSettings) throws -> [[UInt8]] {
    let encoder = try OpusEncoder(sampleRate: rate, settings: settings)
    return try stride(from: 0, through: sound.count - rate / 50, by: rate / 50).map { start in
        var packet: [UInt8] = []
        try encoder.encode(sound.span.extracting(start..<start + rate / 50), into: &packet)
        return packet
    }
}

private func played(
    _ packets: [[UInt8]], rate: Int, losing isLost: (Int) -> Bool = { _ in false }, recovering: Bool = false
) throws -> [Int16] {
    let decoder = try OpusDecoder(sampleRate: rate)
    var heard: [Int16] = []
    var lost = 0
    for (index, packet) in packets.enumerated() {
        if isLost(index), index + 1 < packets.count {
            lost += 1
            continue
        }
        if recovering {
            try decoder.decode(packet.span, afterLosing: lost, appendingTo: &heard)
        } else {
            for _ in 0..<lost { try decoder.conceal(rate / 50, appendingTo: &heard) }
            try decoder.decode(packet.span, appendingTo: &heard)
        }
        lost = 0
    }
    return heard
}

/// Signal to noise in dB of the lost frames alone, at 16 kHz, against the sound without losses.
private func lossQuality(_ heard: [Int16], of whole: [Int16]) -> Double {
    let lost = (0..<whole.count / 320).filter(isLost).flatMap { $0 * 320..<($0 + 1) * 320 }
    let (wanted, got) = (lost.map { whole[$0] }, lost.map { heard[$0] })
    return Voice.signalToNoise(wanted, got, over: 0..<lost.count, delays: 0...0)
}
