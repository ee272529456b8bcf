import NIOCore
import ParleyCore
import ParleyNetwork

/// Carries a session's clauses over connections that are opened ahead of their need. Confined to its event loop.
///
/// One connection serves many clauses, or one each and the next is opened when it is taken: as the dialect has room. A
/// connection that is lost while nothing is under way is made again, after a pause that doubles from 250 ms to 5 s.
final class LinkCarrier<Dialect: VoiceDialect>: VoiceCarrier {
    private typealias Link = VoiceLink<Dialect>

    /// A connection that stood for so long was a good one.
    private static var goodTime: CallTime { .seconds(10) }

    private let desk: ClauseDesk
    private let endpoint: VoiceEndpoint
    private let makeDialect: @Sendable () -> Dialect
    private let spare: Int
    private var links: [Link] = []
    private var backoff = Backoff()
    /// No connection is made ahead before.
    private var notBefore = CallTime.zero
    private var alarm: Scheduled<Void>?
    private var isClosed = false

    init(_ endpoint: VoiceEndpoint, desk: ClauseDesk, makeDialect: @escaping @Sendable () -> Dialect) {
        self.endpoint = endpoint
        self.desk = desk
        self.makeDialect = makeDialect
        spare = makeDialect().spare
    }

    /// Connects ahead of the first clause.
    func warmUp() { keepReady(at: .onLoop) }

    func send(_ order: ClauseQueue.Order, at now: CallTime) {
        let link =
            links.first { $0.isOpen && $0.room(at: now) > 0 } ?? links.first { $0.room(at: now) > 0 } ?? open()
        link.speak(order, at: now)
        keepReady(at: now)
    }

    func cancel(_ ids: [Int]) {
        let now = CallTime.onLoop
        for link in links where !link.cancel(ids, at: now) { end(link) }
        keepReady(at: now)
    }

    func close() {
        isClosed = true
        alarm?.cancel()
        for link in links { link.close() }
        links = []
    }

    // MARK: From the connections

    func opened(_ link: VoiceLink<Dialect>) { keepReady(at: .onLoop) }

    func take(_ news: [VoiceNews], from link: VoiceLink<Dialect>) {
        let now = CallTime.onLoop
        for piece in news where links.contains(where: { $0 === link }) { take(piece, from: link, at: now) }
        if link.isUsedUp { end(link) }
        desk.work()
        keepReady(at: now)
    }

    private func take(_ news: VoiceNews, from link: VoiceLink<Dialect>, at now: CallTime) {
        switch news {
        case .format(let id, _), .audio(let id, _), .words(let id, _):
            guard link.isUnderWay(id) else { return }
            if !desk.take(news, at: now), !link.cancel([id], at: now) { end(link) }
        case .done(let id), .failed(let id, _):
            guard link.isUnderWay(id) else { return }
            link.ended(id)
            backoff.reset()
            _ = desk.take(news, at: now)
        case .broken(let fault): giveUp(link, fault, at: now)
        case .garbage:
            guard link.addGarbage(at: now) else { return }
            giveUp(link, VoiceFault("it sends what its protocol does not have"), at: now)
        }
    }

    func closed(_ link: VoiceLink<Dialect>, _ reason: String) {
        let now = CallTime.onLoop
        links.removeAll { $0 === link }
        if let opened = link.openedAt, opened + Self.goodTime <= now { backoff.reset() }
        wait(from: now)
        for id in link.underWay {
            if link.isOpen {
                desk.lost(id, .lost(reason))
            } else {
                _ = desk.take(.failed(id, .lost(reason)), at: now)
            }
        }
        desk.work()
        keepReady(at: now)
    }

    private func giveUp(_ link: VoiceLink<Dialect>, _ fault: VoiceFault, at now: CallTime) {
        for id in link.underWay { _ = desk.take(.failed(id, fault), at: now) }
        end(link)
        wait(from: now)
    }

    private func end(_ link: VoiceLink<Dialect>) {
        links.removeAll { $0 === link }
        link.close()
    }

    // MARK: Ahead of need

    private func open() -> VoiceLink<Dialect> {
        let link = Link(makeDialect(), owner: self, on: desk.loop)
        links.append(link)
        link.connect(endpoint)
        return link
    }

    private func wait(from now: CallTime) { notBefore = now + backoff.wait() }

    private func keepReady(at now: CallTime) {
        guard !isClosed, links.reduce(0, { $0 + $1.room(at: now) }) < spare else { return }
        guard notBefore > now else {
            _ = open()
            return
        }
        guard alarm == nil else { return }
        alarm = desk.loop.assumeIsolated().scheduleTask(in: .nanoseconds((notBefore - now).nanoseconds)) { [self] in
            alarm = nil
            keepReady(at: .onLoop)
        }
    }
}
