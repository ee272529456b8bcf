/// One thing that happened, as a capsule's record holds it. Numbers of cases are the format's: new ones get new numbers, old
/// ones are never used again.
extension CallEvent {
    func append(to out: inout [UInt8]) {
        switch self {
        case .started: out.append(1)
        case .digit(let digit): out += [2, digit.rawValue]
        case .mark(let mark):
            out.append(3)
            out.append(varint: mark.generation.number)
            out.append(varint: mark.index)
        case .stopped: out.append(4)
        case .lost(let reason):
            out.append(5)
            out.append(text: reason.rawValue)
        case .recognizer(let answer):
            out.append(6)
            answer.append(to: &out)
        case .reply(let generation, let part):
            out.append(7)
            out.append(varint: generation.number)
            part.append(to: &out)
        case .synthesizer(let answer):
            out.append(8)
            answer.append(to: &out)
        case .action(let result):
            out.append(9)
            out.append(varint: result.number)
            switch result.outcome {
            case .committed: out.append(0)
            case .refused(let why):
                out.append(1)
                out.append(text: why)
            case .failed(let why):
                out.append(2)
                out.append(text: why)
            case .answered(let values):
                out.append(3)
                out.append(text: values)
            }
        case .opinions(let willCome): out += [10, willCome ? 1 : 0]
        case .opinion(let frame, let odds):
            out.append(11)
            out.append(varint: frame)
            out.append(fixed: odds.bitPattern)
        case .deadline: out.append(12)
        case .nudge: out.append(13)
        case .engine(let news):
            out.append(14)
            for text in [news.role.rawValue, news.engine, news.kind.rawValue, news.detail] { out.append(text: text) }
        }
    }

    init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        switch try cursor.octet() {
        case 1: self = .started
        case 2:
            guard let digit = Digit(rawValue: try cursor.octet()) else { throw .unknown("a key") }
            self = .digit(digit)
        case 3: self = .mark(Mark(generation: Generation(try cursor.whole()), index: try cursor.whole()))
        case 4: self = .stopped
        case 5:
            guard let reason = EndReason(rawValue: try cursor.text()) else { throw .unknown("an end reason") }
            self = .lost(reason)
        case 6: self = .recognizer(try RecognizerAnswer(from: &cursor))
        case 7: self = .reply(Generation(try cursor.whole()), try ReplyPart(from: &cursor))
        case 8: self = .synthesizer(try SynthesizerAnswer(from: &cursor))
        case 9:
            let number: UInt32 = try cursor.whole()
            let outcome: ActionResult.Outcome
            switch try cursor.octet() {
            case 0: outcome = .committed
            case 1: outcome = .refused(try cursor.text())
            case 2: outcome = .failed(try cursor.text())
            case 3: outcome = .answered(try cursor.text())
            default: throw .unknown("an action's outcome")
            }
            self = .action(ActionResult(number: number, outcome: outcome))
        case 10: self = .opinions(try cursor.flag())
        case 11:
            let frame: Int = try cursor.whole()
            let odds = Float(bitPattern: try cursor.fixed())
            guard odds.isFinite else { throw .number }
            self = .opinion(frame: frame, odds: odds)
        case 12: self = .deadline
        case 13: self = .nudge
        case 14:
            guard let role = EngineRole(rawValue: try cursor.text()) else { throw .unknown("an engine's role") }
            let engine = try cursor.text()
            guard let kind = EngineNews.Kind(rawValue: try cursor.text()) else { throw .unknown("engine news") }
            self = .engine(EngineNews(role, engine, kind, detail: try cursor.text()))
        case let other: throw .unknown("event \(other)")
        }
    }
}

extension RecognizerAnswer {
    fileprivate func append(to out: inout [UInt8]) {
        switch self {
        case .partial(let turn, let text):
            out.append(1)
            out.append(varint: turn.number)
            out.append(text: text)
        case .final(let turn, let text):
            out.append(2)
            out.append(varint: turn.number)
            out.append(text: text)
        case .failed(let turn):
            out.append(3)
            out.append(varint: turn.number)
        }
    }

    fileprivate init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        let kind = try cursor.octet()
        let turn = TurnID(try cursor.whole())
        switch kind {
        case 1: self = .partial(turn, try cursor.text())
        case 2: self = .final(turn, try cursor.text())
        case 3: self = .failed(turn)
        default: throw .unknown("recogniser answer \(kind)")
        }
    }
}

extension ReplyPart {
    fileprivate func append(to out: inout [UInt8]) {
        switch self {
        case .text(let text):
            out.append(1)
            out.append(text: text)
        case .action(let request):
            out.append(2)
            out.append(text: request.name)
            out.append(text: request.arguments)
        case .set(let name, let value):
            out.append(3)
            out.append(text: name)
            out.append(text: value)
        case .expect(let expectation):
            out.append(4)
            expectation.append(to: &out)
        case .end: out.append(5)
        case .transfer(let target):
            out.append(6)
            out.append(text: target)
        case .done: out.append(7)
        case .failed: out.append(8)
        case .sound(.keys(let keys)):
            out.append(9)
            out.append(text: keys)
        case .sound(.file(let address, let times)):
            out.append(10)
            out.append(text: address)
            out.append(varint: UInt64(clamping: times))
        case .drop: out.append(11)
        }
    }

    fileprivate init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        switch try cursor.octet() {
        case 1: self = .text(try cursor.text())
        case 2: self = .action(ActionRequest(name: try cursor.text(), arguments: try cursor.text()))
        case 3: self = .set(try cursor.text(), try cursor.text())
        case 4: self = .expect(try Expectation(from: &cursor))
        case 5: self = .end
        case 6: self = .transfer(try cursor.text())
        case 7: self = .done
        case 8: self = .failed
        case 9: self = .sound(.keys(try cursor.text()))
        case 10: self = .sound(.file(try cursor.text(), times: try cursor.whole()))
        case 11: self = .drop
        case let other: throw .unknown("reply part \(other)")
        }
    }
}

extension Expectation {
    /// Set beside the kind of interruption: `takesEachKey`.
    private static let eachKey: UInt8 = 0x80

    fileprivate func append(to out: inout [UInt8]) {
        out.append(varint: UInt64(clamping: digits))
        let each: UInt8 = takesEachKey ? Self.eachKey : 0
        switch interruption {
        case .always: out.append(each | 0)
        case .never: out.append(each | 1)
        case .after(let time):
            out.append(each | 2)
            out.append(time: time)
        }
        if let hangover {
            out.append(1)
            out.append(time: hangover)
        } else {
            out.append(0)
        }
        answer.append(to: &out)
    }

    fileprivate init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        let digits: Int = try cursor.whole()
        let interruption: Interruption
        let octet = try cursor.octet()
        switch octet & ~Self.eachKey {
        case 0: interruption = .always
        case 1: interruption = .never
        case 2: interruption = .after(try cursor.time())
        case let other: throw .unknown("interruption \(other)")
        }
        let hangover = try cursor.flag() ? try cursor.time() : nil
        self.init(
            digits: digits, takesEachKey: octet & Self.eachKey != 0, interruption: interruption, hangover: hangover,
            answer: try AnswerKind(from: &cursor))
    }
}

extension AnswerKind {
    fileprivate func append(to out: inout [UInt8]) {
        switch self {
        case .open: out.append(1)
        case .yesNo: out.append(2)
        case .confirmation: out.append(3)
        case .choice(let words):
            out.append(4)
            out.append(varint: words.count)
            for word in words { out.append(text: word) }
        case .digits(let range):
            out.append(5)
            out.append(varint: range.lowerBound)
            out.append(varint: range.upperBound)
        case .phone(let count):
            out.append(6)
            out.append(varint: count)
        case .date: out.append(7)
        case .time: out.append(8)
        case .dateTime: out.append(9)
        case .freeText: out.append(10)
        }
    }

    fileprivate init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        switch try cursor.octet() {
        case 1: self = .open
        case 2: self = .yesNo
        case 3: self = .confirmation
        case 4:
            var words: [String] = []
            for _ in 0..<(try cursor.whole(UInt32.self)) { words.append(try cursor.text()) }
            self = .choice(words)
        case 5:
            let (least, most): (Int, Int) = (try cursor.whole(), try cursor.whole())
            guard least <= most else { throw .number }
            self = .digits(least...most)
        case 6: self = .phone(try cursor.whole())
        case 7: self = .date
        case 8: self = .time
        case 9: self = .dateTime
        case 10: self = .freeText
        case let other: throw .unknown("kind of answer \(other)")
        }
    }
}

extension SynthesizerAnswer {
    fileprivate func append(to out: inout [UInt8]) {
        func head(_ kind: UInt8, _ generation: Generation, _ clause: Int) {
            out.append(kind)
            out.append(varint: generation.number)
            out.append(varint: clause)
        }
        switch self {
        case .audio(let generation, let clause, let audio):
            head(1, generation, clause)
            audio.append(to: &out)
        case .done(let generation, let clause): head(2, generation, clause)
        case .failed(let generation, let clause): head(3, generation, clause)
        }
    }

    fileprivate init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        let kind = try cursor.octet()
        let generation = Generation(try cursor.whole())
        let clause: Int = try cursor.whole()
        switch kind {
        case 1: self = .audio(generation, clause: clause, try SpeechAudio(from: &cursor))
        case 2: self = .done(generation, clause: clause)
        case 3: self = .failed(generation, clause: clause)
        default: throw .unknown("synthesiser answer \(kind)")
        }
    }
}

extension SpeechAudio {
    func append(to out: inout [UInt8]) {
        out.append(varint: frameBytes)
        if frameBytes == 0 {
            out.append(varint: frameEnds.count)
            for end in frameEnds { out.append(varint: end) }
        }
        out.append(octets: payload)
        out.append(octets: reference)
        out.append(varint: words.count)
        for word in words {
            out.append(signed: Int64(word.textEnd))
            out.append(signed: Int64(word.audioEnd))
            out.append(varint: word.phoneEnds.count)
            for end in word.phoneEnds { out.append(signed: Int64(end)) }
        }
    }

    init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        let frameBytes: Int = try cursor.whole()
        var sizes: [Int] = []
        if frameBytes == 0 {
            var before = 0
            for _ in 0..<(try cursor.whole(UInt32.self)) {
                let end: Int = try cursor.whole()
                guard end > before else { throw .audio }
                sizes.append(end - before)
                before = end
            }
        }
        let payload = try cursor.slice()
        let reference = Array(try cursor.slice())
        var words: [WordEnd] = []
        for _ in 0..<(try cursor.whole(UInt32.self)) {
            var word = WordEnd(textEnd: try Self.place(&cursor), audioEnd: try Self.place(&cursor))
            for _ in 0..<(try cursor.whole(UInt32.self)) { word.phoneEnds.append(try Self.place(&cursor)) }
            words.append(word)
        }
        if frameBytes > 0 {
            guard payload.count % frameBytes == 0,
                reference.isEmpty || reference.count == payload.count / frameBytes * 160
            else { throw .audio }
            self.init(payload: Array(payload), frameBytes: frameBytes, reference: reference, words: words)
        } else {
            guard reference.count == sizes.count * 160, sizes.reduce(0, +) == payload.count else { throw .audio }
            var packets: [[UInt8]] = []
            var rest = payload
            for size in sizes {
                packets.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            self.init(packets: packets, reference: reference, words: words)
        }
    }

    /// A place in a text or in audio: none is beyond a day.
    private static func place(_ cursor: inout CapsuleCursor) throws(CapsuleError) -> Int {
        let place = try cursor.signed()
        guard (0...86_400_000).contains(place) else { throw .number }
        return Int(place)
    }

    /// Whether a call in this format can play it.
    func fits(_ format: LegFormat) -> Bool {
        switch format.codec {
        case .mulaw: frameBytes == 160 && reference.isEmpty
        case .linear16:
            frameBytes == format.samplesPerFrame * 2 && reference.count == frameCount * 160
        case .opus: frameBytes == 0
        }
    }
}
