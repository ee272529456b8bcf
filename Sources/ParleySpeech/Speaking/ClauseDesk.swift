import NIOCore
import ParleyCore

/// Takes clauses to a voice's server. All on the call's event loop.
protocol VoiceCarrier: AnyObject {
    func send(_ order: ClauseQueue.Order, at now: CallTime)
    /// What of these it has under way is not wanted.
    func cancel(_ ids: [Int])
    /// For good; nothing is told any more.
    func close()
}

/// Runs a session's queue of clauses: gives them to the carrier, and tells what comes back. Confined to the call's event loop.
final class ClauseDesk {
    let loop: any EventLoop
    private var queue: ClauseQueue
    private let answer: @Sendable (SpeechAnswer) -> Void
    private var carrier: (any VoiceCarrier)?
    private var isTelling = false
    private var alarm: Scheduled<Void>?
    private var alarmTime: CallTime?

    init(_ queue: ClauseQueue, on loop: any EventLoop, answer: @escaping @Sendable (SpeechAnswer) -> Void) {
        self.queue = queue
        self.loop = loop
        self.answer = answer
    }

    func use(_ carrier: any VoiceCarrier) { self.carrier = carrier }

    // MARK: From the call

    func speak(_ text: String, generation: Generation, clause: Int) {
        guard carrier != nil else { return }
        queue.add(text, generation: generation, clause: clause, at: .onLoop)
        work()
    }

    func cancel(_ generation: Generation) {
        carrier?.cancel(queue.cancel(generation))
        work()
    }

    func close() {
        alarm?.cancel()
        queue.removeAll()
        carrier?.close()
        carrier = nil
    }

    // MARK: From the carrier

    /// - Returns: false where the clause is over by this, and the server need not go on.
    func take(_ news: VoiceNews, at now: CallTime) -> Bool {
        switch news {
        case .format(let id, let format): return queue.take(format: format, of: id, at: now)
        case .audio(let id, let octets): return queue.take(audio: octets, of: id, at: now)
        case .words(let id, let words): queue.take(words: words, of: id, at: now)
        case .done(let id): queue.finish(id, at: now)
        case .failed(let id, let fault): queue.fail(id, fault)
        case .broken, .garbage: break
        }
        return true
    }

    /// A connection was lost with this under way.
    func lost(_ id: Int, _ fault: VoiceFault) { queue.retryOrFail(id, fault) }

    /// Does what has become possible: to be called when news has been taken.
    func work() {
        while let carrier, let order = queue.nextToSend(at: .onLoop) { carrier.send(order, at: .onLoop) }
        tell()
        setAlarm()
    }

    /// One at a time: whoever is told may speak, cancel or close from within.
    private func tell() {
        guard !isTelling else { return }
        isTelling = true
        while let next = queue.nextAnswer(at: .onLoop) { answer(next) }
        isTelling = false
    }

    private func setAlarm() {
        guard carrier != nil, alarmTime == nil, let time = queue.deadline else { return }
        alarmTime = time
        let left = time - .onLoop
        alarm = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, left.nanoseconds))) { [self] in
            alarmTime = nil
            if let id = queue.expire(at: .onLoop) { carrier?.cancel([id]) }
            work()
        }
    }
}

extension CallTime {
    /// By the event loops' clock.
    static var onLoop: CallTime { CallTime(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) }
}
