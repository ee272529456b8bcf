import ParleyAgents
import ParleyCore
import ParleyLedger
import ParleyMessaging
import ParleyWire

/// One simulated call, all of it from one seed: the real call, flow, consent gate and decisions between a simulated caller,
/// carrier, engines and disk, on a clock that jumps from one thing to the next.
struct World: ~Copyable {
    /// What goes over the line to the call.
    enum Upward {
        case audio(SoundPool.Sound, number: Int, word: String?)
        case digit(Digit)
        case mark(Mark)
        case stop
    }
    /// What goes to the carrier.
    enum Downward {
        case frame(FrameTag)
        case mark(Mark)
        case clear
    }

    static let longest = CallTime.seconds(180)
    private static let mediaTimeout = CallTime.seconds(10)
    /// After the end, for what still comes.
    private static let aftermath = CallTime.seconds(15)

    let seed: UInt64
    let plan: FaultPlan
    private let settings: CallSettings
    private let callID: String

    private var call: Call
    private var outlet = Outlet()
    private(set) var now = CallTime.zero
    private var queue = EventQueue<Happening>()

    private var caller: CallerScript
    private var callerFrame = CallTime.frame
    private var framesSpoken = 0
    private var clauseTexts: [FrameTag.Source: String] = [:]
    private var isGone = false

    private var up: FaultyLine<Upward>
    private var down: FaultyLine<Downward>
    private var marks: LyingMarks<Mark>
    private var moments: [(index: Int, trigger: FaultTrigger)]
    private var playout = CarrierPlayout()
    private var readsFrom = CallTime.zero
    private var tracker = SequenceTracker()
    private var isDropped = false
    private var lastMessage = CallTime.zero

    private var faults: EngineFaults
    private var recognizer: SimulatedRecognizer
    private var voice: SimulatedVoice
    private var agent: SimulatedAgent
    private var ledger: SimulatedLedger
    /// What the last frames held, newest last: the recogniser is given some of them late.
    private var words: [String?] = Array(repeating: nil, count: 16)
    /// The event loop does nothing until then.
    private var blockedUntil = CallTime.zero
    private var nextBlock = CallTime.zero
    private var isKilled = false
    private var ended: CallTime?

    private(set) var promises: Promises
    private(set) var past = RecentPast()
    private(set) var fillers = 0

    /// - Parameter isRecorded: whether `capsule` is wanted afterwards.
    init(seed: UInt64, flows: SimulatedFlows, isRecorded: Bool = false) {
        self.seed = seed
        plan = FaultPlan(seed: seed)
        var random = SplitMix64(seed: seed, stream: 0x301D)
        var settings = CallSettings(format: .telephone)
        settings.clearReturnsMarks = random.chance(0.75)
        settings.phrases = SimulatedPhrases.all
        self.settings = settings
        callID = "call-\(seed)"
        call = Call(settings: settings)
        if isRecorded {
            var header = CapsuleHeader()
            header["call"] = callID
            header["provider"] = "simulated"
            outlet.recorder = CapsuleRecorder(header: header, settings: settings)
        }
        caller = CallerScript(seed: seed)
        up = FaultyLine(plan.carrier, way: .toServer)
        down = FaultyLine(plan.carrier, way: .toCaller)
        marks = LyingMarks(plan.carrier)
        moments = plan.carrier.triggers { kind in
            switch kind {
            case .drop, .slowReader, .keys: true
            default: false
            }
        }
        faults = EngineFaults(plan.engines, seed: seed)
        recognizer = SimulatedRecognizer(seed: seed)
        voice = SimulatedVoice(seed: seed)
        let facts = CallFacts(
            callID: callID, from: SimulatedLedger.caller, to: "", parameters: [:],
            wallClock: SimulatedLedger.wallClock)
        // One call in four is a booking, which ends by itself; the others go on for as long as the caller likes.
        agent = SimulatedAgent(flows.flows[random.below(4) == 0 ? 0 : 1], facts, seed: seed)
        ledger = SimulatedLedger(seed: seed, call: callID)
        promises = Promises(plan, settings: settings)
    }

    // MARK: Running

    /// Plays the call to its end, and a little beyond.
    mutating func run() {
        let start = CallStart(
            id: callID, provider: "simulated", providerCall: "", stream: "", caller: SimulatedLedger.caller, called: "",
            agent: "flow", startedAt: Int64(SimulatedLedger.wallClock * 1_000))
        ledger.record(.callStarted(start), at: now, into: &queue)
        give(.started)
        while promises.violation == nil, let next = nextMoment, next <= horizon {
            now = max(now, next)
            pass()
        }
        if promises.violation == nil { conclude() }
    }

    private var horizon: CallTime { ended.map { $0 + Self.aftermath } ?? Self.longest + Self.aftermath }

    /// When something happens next.
    private var nextMoment: CallTime? {
        var next = served(queue.nextDue)
        func consider(_ time: CallTime?) {
            guard let time else { return }
            next = next.map { min($0, time) } ?? time
        }
        if ended == nil {
            consider(callerFrame)
            consider(served(call.nextDeadline))
            consider(served(up.nextDeadline))
            consider(max(down.nextDeadline ?? CallTime(nanoseconds: .max), readsFrom))
            consider(playout.nextEnd)
        }
        return next
    }

    /// The event loop gets to it when it is free.
    private func served(_ time: CallTime?) -> CallTime? { time.map { max($0, blockedUntil) } }

    private mutating func pass() {
        if ended == nil {
            while now >= readsFrom, let item = down.take(at: now) { arrive(item) }
            while let item = playout.take(at: now) { play(item) }
            while now >= blockedUntil, let item = up.take(at: now, in: situations) { serve(item) }
        }
        while now >= blockedUntil, let happening = queue.take(at: now) { happen(happening) }
        guard ended == nil else { return }
        if now >= blockedUntil, let due = call.nextDeadline, now >= due { give(.deadline) }
        guard ended == nil, now >= callerFrame else { return }
        speakFrame()
        if ended == nil { passFaults() }
    }

    // MARK: The call

    private mutating func give(_ event: CallEvent) {
        outlet.recorder?.handle(event, at: now)
        past.add(event, at: now)
        promises.see(.input(event), at: now)
        call.handle(event, at: now, into: &outlet)
        outlet.recorder?.finish()
        settle()
    }

    private mutating func hear(_ sound: SoundPool.Sound, number: Int, word: String?) {
        words.removeFirst()
        words.append(word)
        SoundPool.shared.lend(sound, number) { samples in
            outlet.recorder?.hear(samples, at: now)
            call.hear(samples, at: now, into: &outlet)
            outlet.recorder?.finish()
        }
        settle()
    }

    var digest: UInt64 { outlet.hash.value }

    /// All that the call was told, where it is recorded; up to the end, or to where a promise was broken.
    var capsule: [UInt8] {
        var recorder = outlet.recorder
        if ended != nil { recorder?.end() }
        return recorder?.take() ?? []
    }

    /// Carries out what the call did.
    private mutating func settle() {
        if outlet.fed > 0 {
            for word in words.suffix(outlet.fed) { recognizer.feed(word, at: now, into: &queue) }
            outlet.fed = 0
        }
        let steps = outlet.take()
        for step in steps {
            switch step {
            case .frame(let tag):
                promises.see(.sent(tag), at: now)
                down.put(.frame(tag), isAudio: true, at: now, in: situations)
            case .effect(let effect):
                outlet.hash.add(line: "\(now.nanoseconds) \(effect.line)")
                past.add(effect, at: now)
                promises.see(.effect(effect), at: now)
                carryOut(effect)
            }
        }
        outlet.giveBack(steps)
        promises.see(.settled(deadline: call.nextDeadline, load: call.load), at: now)
    }

    private mutating func carryOut(_ effect: CallEffect) {
        switch effect {
        case .clear: down.put(.clear, isAudio: false, at: now, in: situations)
        case .mark(let mark): down.put(.mark(mark), isAudio: false, at: now, in: situations)
        case .pauseTurn(let turn): recognizer.pause(turn, at: now, into: &queue)
        case .finishTurn(let turn): recognizer.finish(turn, at: now, faults: &faults, into: &queue)
        case .cancelTurn(let turn): recognizer.cancel(turn)
        case .ask(let request): agent.ask(request, at: now, faults: &faults, into: &queue)
        case .cancelReply(let generation): agent.cancel(generation, isRetracted: false, in: &queue)
        case .retractReply(let generation): agent.cancel(generation, isRetracted: true, in: &queue)
        case .tellAgent(_, let invocation, let outcome):
            agent.finished(invocation, outcome, at: now, faults: &faults, into: &queue)
        case .speak(let generation, let clause, let text):
            clauseTexts[.reply(generation, clause: clause)] = text
            voice.speak(text, generation, clause: clause, at: now, faults: &faults, into: &queue)
        // Tones and files are the shell's; here a voice hums them.
        case .sound(let generation, let clause, _):
            clauseTexts[.reply(generation, clause: clause)] = ""
            voice.speak("hm", generation, clause: clause, at: now, faults: &faults, into: &queue)
        case .cancelSpeech(let generation): voice.cancel(generation, at: now, faults: &faults, in: &queue)
        case .run(let invocation): ledger.commit(invocation, at: now, into: &queue)
        case .note(let note):
            if case .bridged = note { fillers += 1 }
            ledger.record(.note(call: callID, at: now, note), at: now, into: &queue)
        case .transfer: break
        case .end(let reason):
            ended = now
            ledger.record(.callEnded(call: callID, at: Int64(now.milliseconds), reason), at: now, into: &queue)
        }
    }

    // MARK: The line

    /// What holds, for the faults that wait for it.
    private var situations: [Fault.Situation] {
        plan.count == 0 ? [] : playout.isSounding(at: now) ? [.agentSpeaks] : caller.isAudible ? [.callerSpeaks] : []
    }

    private mutating func serve(_ item: Upward) {
        guard ended == nil else { return }
        lastMessage = now
        switch item {
        case .digit(let digit): give(.digit(digit))
        case .mark(let mark): give(.mark(mark))
        case .stop: give(.stopped)
        case .audio(let sound, let number, let word):
            switch tracker.take(sequence: number, timestamp: number * 20, length: 20) {
            case .duplicate: break
            case .gap(let milliseconds):
                for hole in 0..<milliseconds / 20 where ended == nil { hear(.quiet, number: hole, word: nil) }
                if ended == nil { hear(sound, number: number, word: word) }
            case .inOrder, .resync: hear(sound, number: number, word: word)
            }
        }
    }

    private mutating func arrive(_ item: Downward) {
        switch item {
        case .frame(let tag): playout.play(tag, at: now)
        case .mark(let mark):
            if marks.received(mark, at: now, in: situations) { send(.mark(mark)) }
            playout.keep(mark, at: now)
        case .clear:
            let obedience = marks.clear(at: now, in: situations)
            guard obedience != .ignore else { return }
            let dropped = playout.clear(at: now)
            guard obedience == .obey, settings.clearReturnsMarks else { return }
            for mark in dropped { reach(mark) }
        }
    }

    private mutating func play(_ item: CarrierPlayout.Item) {
        switch item {
        case .frame(let tag):
            promises.see(.heard(tag), at: now)
            lastHeard = tag.source
        case .mark(let mark): reach(mark)
        case .clear: break
        }
    }
    private var lastHeard: FrameTag.Source?

    private mutating func reach(_ mark: Mark) {
        for (answer, delay) in marks.reached(mark, at: now, in: situations) {
            guard case .mark(let name) = answer else {
                queue.put(.unknownMark, at: now + delay)
                continue
            }
            if delay > .zero { queue.put(.returnMark(name), at: now + delay) } else { send(.mark(name)) }
        }
    }

    private mutating func send(_ item: Upward) {
        guard !isDropped else { return }
        var isAudio = false
        if case .audio = item { isAudio = true }
        up.put(item, isAudio: isAudio, at: now, in: situations)
    }

    // MARK: The caller

    private mutating func speakFrame() {
        callerFrame += .frame
        let isSounding = playout.isSounding(at: now)
        let clause = lastHeard.flatMap { clauseTexts[$0] }
        lastHeard = nil
        caller.hear(isSounding: isSounding, clause: clause)
        let frame = caller.next()
        let tick = Sight.Tick(
            isSounding: isSounding, isCallerAudible: caller.isAudible || frame.key != nil, floor: call.floor)
        promises.see(.tick(tick), at: now)
        guard !isGone else { return }
        framesSpoken += 1
        send(.audio(frame.sound, number: framesSpoken, word: frame.word))
        if let key = frame.key { send(.digit(key)) }
        if frame.hangsUp || now >= Self.longest {
            isGone = true
            send(.stop)
        }
    }

    // MARK: What goes wrong at a moment

    private mutating func passFaults() {
        for index in moments.indices {
            guard moments[index].trigger.fire(at: now, in: situations) != nil else { continue }
            switch moments[index].trigger.fault.kind {
            case .drop:
                isDropped = true
                return give(.lost(.peerLost))
            case .slowReader(let time): readsFrom = now + time
            case .keys(let keys): for key in keys { send(.digit(key)) }
            default: break
            }
        }
        if now - lastMessage >= Self.mediaTimeout { return give(.lost(.mediaTimeout)) }
        guard now >= nextBlock else { return }
        nextBlock = now + .seconds(1)
        if faults.happens(.loopBlocked, at: now) { blockedUntil = now + .milliseconds(500) }
        if now > .seconds(5), faults.happens(.killed, at: now) { kill() }
    }

    /// The process is gone, and with it the call; a new one looks after what is on the disk.
    private mutating func kill() {
        isKilled = true
        ended = now
        ledger.kill()
        queue = EventQueue()
        promises.texts.restarted()
        handOver(ledger.recover(at: now))
    }

    private mutating func handOver(_ texts: [TextMessage]) {
        for text in texts {
            let isCovered = ledger.deliver(text, at: now, faults: &faults, into: &queue)
            promises.see(.textLeft(text, isCovered: isCovered), at: now)
        }
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .input(let event): if ended == nil { give(event) }
        case .receipt(let result): receive(result)
        case .returnMark(let mark): send(.mark(mark))
        case .unknownMark: break
        case .disk(let step):
            let texts = ledger.handle(step, at: now, faults: &faults, into: &queue)
            promises.texts.textsOnRecord = ledger.store.texts.count
            handOver(texts)
        }
    }

    private mutating func receive(_ result: ActionResult) {
        guard ended == nil else { return }
        if faults.happens(.actionNever, at: now) { return }
        let event = CallEvent.action(result)
        if faults.happens(.actionLate, at: now) { return queue.put(.input(event), at: now + .seconds(4)) }
        give(event)
        if ended == nil, faults.happens(.actionTwice, at: now) {
            queue.put(.input(event), at: now + .milliseconds(300))
        }
    }

    // MARK: The end

    private mutating func conclude() {
        if !isKilled, promises.end.reason == nil { promises.broken(OneEnd.name, "the call never ended", at: now) }
        let ends = ledger.store.calls[callID]?.ends
        // Killed before the first row was durable, a call was never acknowledged; on a disk that is still full rows wait.
        if let ends, ends.count > 1 || (ends.isEmpty && !ledger.isBehind) {
            promises.broken(OneEnd.name, "\(ends.count) ends on record: \(ends.map(\.rawValue))", at: now)
        }
        let rows = ledger.store.texts
        if rows.contains(where: { ledger.delivered[$0.message.key] == nil }) {
            promises.broken(TextsOnce.name, "a text that was taken on never left", at: now)
        }
        if Set(rows.map(\.message.key)).count != rows.count {
            promises.broken(TextsOnce.name, "a text was taken on twice", at: now)
        }
    }

    /// How often each fault happened, by name.
    var fired: [(name: String, count: Int)] {
        var counts = Array(repeating: 0, count: plan.carrier.faults.count)
        for (index, count) in up.fired + down.fired + marks.fired { counts[index] += count }
        for moment in moments { counts[moment.index] += moment.trigger.fired }
        return plan.carrier.faults.indices.dropFirst(FaultPlan.ordinary).map {
            (plan.carrier.faults[$0].kind.name, counts[$0])
        } + faults.faults.indices.map { (faults.faults[$0].kind.rawValue, faults.fired[$0]) }
    }

    var textsLeft: Int { ledger.delivered.values.reduce(0, +) }
}

/// Collects what one input brought about, in order.
private struct Outlet: CallEffectSink {
    enum Step {
        case frame(FrameTag)
        case effect(CallEffect)
    }
    private var steps: [Step] = []
    var fed = 0
    var recorder: CapsuleRecorder?
    /// Of all that the call did: frames, and effects with their times.
    var hash = OutputHash()

    mutating func play(_ frame: Span<UInt8>) {
        recorder?.play(frame)
        hash.add(frame: frame)
        steps.append(.frame(FrameTag(frame)))
    }
    mutating func feed(_ samples: Span<Int16>) { fed += 1 }
    mutating func perform(_ effect: CallEffect) {
        recorder?.perform(effect)
        steps.append(.effect(effect))
    }

    /// The steps, to be given back when they are carried out, so that their room is used again.
    mutating func take() -> [Step] {
        var taken: [Step] = []
        swap(&taken, &steps)
        return taken
    }

    mutating func giveBack(_ room: [Step]) {
        guard steps.isEmpty else { return }
        steps = room
        steps.removeAll(keepingCapacity: true)
    }
}
