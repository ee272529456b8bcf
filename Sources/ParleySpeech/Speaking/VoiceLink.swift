import NIOCore
import ParleyCore
import ParleyNetwork

/// One connection to a voice's server, and the clauses that are under way on it. Confined to its event loop.
final class VoiceLink<Dialect: VoiceDialect>: EngineConnectionUser {
    private var dialect: Dialect
    private let loop: any EventLoop
    /// `nil`: nothing that still comes is of interest.
    private var owner: LinkCarrier<Dialect>?
    private var connection: EngineConnection?
    /// Given before the connection stood.
    private var waiting: [ClauseQueue.Order] = []
    private(set) var underWay: [Int] = []
    private(set) var openedAt: CallTime?
    private var garbage = PeerPatience()
    private var keepAlive: Scheduled<Void>?
    private var lastSent = CallTime.zero

    init(_ dialect: Dialect, owner: LinkCarrier<Dialect>, on loop: any EventLoop) {
        self.dialect = dialect
        self.owner = owner
        self.loop = loop
    }

    func connect(_ endpoint: VoiceEndpoint) {
        connection = EngineConnection(
            endpoint.address, headers: endpoint.headers.map { ($0.name, $0.value.revealed) }, trust: endpoint.trust,
            watch: .engine, on: loop, user: self)
    }

    var isOpen: Bool { openedAt != nil }
    /// It will never take another clause, and nothing is under way.
    var isUsedUp: Bool { dialect.isSpent && underWay.isEmpty }

    func room(at now: CallTime) -> Int { dialect.room(at: now) - waiting.count }

    func speak(_ order: ClauseQueue.Order, at now: CallTime) {
        underWay.append(order.id)
        guard isOpen else { return waiting.append(order) }
        send(dialect.speak(order.text, as: order.id, at: now))
    }

    /// - Returns: false where the connection has to end for that.
    func cancel(_ ids: [Int], at now: CallTime) -> Bool {
        waiting.removeAll { order in
            guard ids.contains(order.id) else { return false }
            underWay.removeAll { $0 == order.id }
            return true
        }
        let sent = underWay.filter { ids.contains($0) }
        guard !sent.isEmpty else { return true }
        underWay.removeAll { sent.contains($0) }
        guard let messages = dialect.cancel(sent, at: now) else { return false }
        send(messages)
        return true
    }

    func isUnderWay(_ id: Int) -> Bool { underWay.contains(id) }
    func ended(_ id: Int) { underWay.removeAll { $0 == id } }

    /// - Returns: whether it was too much.
    func addGarbage(at now: CallTime) -> Bool { garbage.isTooMuch(at: now) }

    /// Says goodbye and forgets the rest.
    func close() {
        if isOpen { send(dialect.goodbye) }
        forget()
        connection?.close()
    }

    private func forget() {
        owner = nil
        keepAlive?.cancel()
    }

    // MARK: The connection

    func opened() {
        guard let owner else { return }
        openedAt = .onLoop
        send(dialect.opened())
        for order in waiting { send(dialect.speak(order.text, as: order.id, at: .onLoop)) }
        waiting = []
        setKeepAlive()
        owner.opened(self)
    }

    func text(_ message: UnsafeRawBufferPointer) {
        var news: [VoiceNews] = []
        dialect.take(text: message, into: &news)
        owner?.take(news, from: self)
    }

    func binary(_ message: UnsafeRawBufferPointer) {
        var news: [VoiceNews] = []
        dialect.take(binary: message, into: &news)
        owner?.take(news, from: self)
    }

    func closed(_ reason: String) {
        let owner = owner
        forget()
        owner?.closed(self, reason)
    }

    private func send(_ messages: [VoiceMessage]) {
        for message in messages {
            switch message {
            case .text(let bytes): connection?.sendText(bytes)
            case .binary(let bytes): connection?.sendBinary(bytes)
            }
            lastSent = .onLoop
        }
    }

    private func setKeepAlive() {
        guard let every = dialect.keepAlive?.every else { return }
        keepAlive = loop.assumeIsolated().scheduleTask(in: .nanoseconds(every.nanoseconds)) { [self] in
            if let message = dialect.keepAlive?.message, lastSent + every <= .onLoop { send([message]) }
            setKeepAlive()
        }
    }
}
