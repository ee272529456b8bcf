import ParleyCore

/// A number for everything that a call did, in order and with its time: two runs that differ anywhere differ in it.
struct EffectDigest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    private mutating func add(_ number: UInt64) {
        // As SplitMix64 mixes: one step a word.
        var mixed = (value ^ number) &* 0xBF58_476D_1CE4_E5B9
        mixed ^= mixed >> 29
        value = mixed &* 0x94D0_49BB_1331_11EB ^ mixed >> 32
    }

    private mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

    private mutating func add(_ text: String) {
        add(text.utf8.count)
        for byte in text.utf8 { add(UInt64(byte)) }
    }

    mutating func add(_ tag: FrameTag, at now: CallTime) {
        add(UInt64(bitPattern: now.nanoseconds))
        switch tag.source {
        case .reply(let generation, let clause):
            add(1)
            add(UInt64(generation.number))
            add(clause)
        case .phrase(let phrase):
            add(2)
            add(phrase.rawValue)
        }
        add(tag.frame)
    }

    mutating func add(_ effect: CallEffect, at now: CallTime) {
        add(UInt64(bitPattern: now.nanoseconds))
        switch effect {
        case .clear: add(10)
        case .mark(let mark): add(11, mark.generation.number, mark.index)
        case .pauseTurn(let turn): add(12, turn.number)
        case .finishTurn(let turn): add(13, turn.number)
        case .cancelTurn(let turn): add(14, turn.number)
        case .ask(let request):
            add(15, request.generation.number, request.turn.number)
            add("\(request.cause)")
            add(request.heard)
        case .cancelReply(let generation): add(16, generation.number)
        case .retractReply(let generation): add(17, generation.number)
        case .tellAgent(let generation, let invocation, let outcome):
            add(18, generation.number, invocation.number)
            add("\(outcome)")
        case .speak(let generation, let clause, let text):
            add(19, generation.number, UInt32(clause))
            add(text)
        case .cancelSpeech(let generation): add(20, generation.number)
        case .run(let invocation):
            add(21, invocation.number, invocation.generation.number)
            add(invocation.request.name)
            add(invocation.request.arguments)
        case .note(let note): add(note)
        case .transfer(let target):
            add(22)
            add(target)
        case .end(let reason):
            add(23)
            add(reason.rawValue)
        }
    }

    private mutating func add(_ kind: UInt64, _ first: UInt32, _ second: UInt32 = 0) {
        add(kind)
        add(UInt64(first) << 32 | UInt64(second))
    }

    private mutating func add(_ note: CallNote) {
        add(UInt64(30))
        switch note {
        case .floor(let floor): add(floor.rawValue)
        case .partial(let turn, let text):
            add(31, turn.number)
            add(text)
        case .callerTurn(let turn):
            add(32, turn.turn.number, turn.isBackchannel ? 1 : 0)
            add(turn.text)
        case .agentTurn(let turn):
            add(33, turn.generation.number)
            add(turn.heard)
            add(turn.unheard)
        case .answered(let waterfall): add(34, waterfall.turn.number, waterfall.generation.number)
        case .bargeIn(let state): add(state.rawValue)
        case .bridged(let phrase): add(phrase.rawValue)
        case .variable(let name, let value):
            add(name)
            add(value)
        case .dropped(let kind): add(kind.rawValue)
        }
    }
}
