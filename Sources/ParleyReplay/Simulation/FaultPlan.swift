import ParleyCore

/// What goes wrong in one call: nothing in one seed of eight, one thing in half of them, two in the others.
struct FaultPlan: Equatable {
    /// The way there and back, which is no fault, and what the carrier does wrong.
    var carrier: CarrierFaults
    var engines: [EngineFault] = []
    /// How many kinds of faults there are.
    var count = 0

    /// What a line does that nobody would call a fault.
    static let ordinary = 2

    private enum Choice {
        case carrier(Fault)
        case engine(EngineFault)
    }

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed, stream: 0x91A)
        carrier = CarrierFaults(
            seed: seed,
            [
                Fault(.delay(random.milliseconds(5...80))),
                Fault(.jitter(random.milliseconds(0...15))),
            ])
        switch seed % 8 {
        case 0: count = 0
        case 1...4: count = 1
        default: count = 2
        }
        for _ in 0..<count { add(Self.choose(&random)) }
    }

    private mutating func add(_ choice: Choice) {
        switch choice {
        case .carrier(let fault): carrier.faults.append(fault)
        case .engine(let fault): engines.append(fault)
        }
    }

    private static func choose(_ random: inout SplitMix64) -> Choice {
        random.chance(0.4) ? .carrier(carrierFault(&random)) : .engine(engineFault(&random))
    }

    private static func engineFault(_ random: inout SplitMix64) -> EngineFault {
        let kind = EngineFault.Kind.allCases[random.below(EngineFault.Kind.allCases.count)]
        let isAlways = random.chance(0.5)
        let from = isAlways ? CallTime.zero : random.milliseconds(0...60_000)
        let to = isAlways ? CallTime.seconds(180) : from + random.milliseconds(5_000...60_000)
        return EngineFault(kind: kind, chance: random.pick([0.1, 0.3, 0.6, 1]), from: from, to: to)
    }

    private static func carrierFault(_ random: inout SplitMix64) -> Fault {
        let from = random.milliseconds(0...60_000)
        let window = random.chance(0.5) ? Fault.Timing.always : .during(from: from, to: from + .seconds(30))
        let often = Fault.Timing.every(random.milliseconds(3_000...20_000), from: .zero, to: nil)
        let way = random.pick(Fault.Way.allCases)
        let chance = random.pick([0.02, 0.1, 0.5, 1])
        return switch random.below(19) {
        case 0: Fault(.delay(random.milliseconds(100...400)), window, way: way)
        case 1: Fault(.jitter(random.milliseconds(20...300)), window, way: way)
        case 2, 3: Fault(.stall(random.milliseconds(200...2_000)), often, way: way)
        case 4: Fault(.silence, .at(random.milliseconds(1_000...90_000)), way: way)
        case 5: Fault(.drop, .at(random.milliseconds(1_000...120_000)))
        case 6: Fault(.slowReader(random.milliseconds(200...2_000)), often)
        case 7: Fault(.loss, window, chance: min(chance, 0.3), way: .toServer)
        case 8: Fault(.duplicate(1 + random.below(3)), window, chance: min(chance, 0.3), way: .toServer)
        case 9: Fault(.reorder(1 + random.below(6)), window, chance: min(chance, 0.3), way: .toServer)
        case 10: Fault(.marksEarly, window, chance: chance)
        case 11: Fault(.marksLate(random.milliseconds(50...3_000)), window, chance: chance)
        case 12: Fault(.marksNever, window, chance: chance)
        case 13: Fault(.marksTwice, window, chance: chance)
        case 14: Fault(.marksUnknown, window, chance: chance)
        case 15: Fault(.marksOutOfOrder, window, chance: chance)
        case 16: Fault(.clearIgnored, window, chance: chance)
        case 17: Fault(.clearKeepsMarks, window, chance: chance)
        default: Fault(.keys(keys(&random)), .at(random.milliseconds(1_000...60_000)), while: .agentSpeaks)
        }
    }

    /// An answer, or somebody who leans on the telephone.
    private static func keys(_ random: inout SplitMix64) -> [Digit] {
        random.chance(0.5) ? [.one, .two, .pound] : [Digit](repeating: .star, count: 100)
    }

    /// Names of what there is, as people read them.
    var names: [String] {
        carrier.faults.dropFirst(Self.ordinary).map(\.kind.name) + engines.map(\.kind.rawValue)
    }

    /// The carrier says or does something about playout that is not so, or cannot: what it proves proves nothing.
    var liesAboutPlayout: Bool {
        carrier.faults.contains { fault in
            switch fault.kind {
            case .marksEarly, .marksUnknown, .marksTwice, .marksOutOfOrder, .marksNever, .marksLate: true
            case .loss, .duplicate, .reorder: fault.way != .toServer
            case .silence, .slowReader, .stall: true
            default: false
            }
        }
    }
}
