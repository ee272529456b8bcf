import Synchronization

/// Whether a clause is still wanted.
final class ClauseTicket: Sendable {
    private struct State {
        var isWanted = true
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    var isWanted: Bool { state.withLock { $0.isWanted } }

    func cancel() {
        let waiters = state.withLock { state in
            state.isWanted = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func cancelled() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isWanted { state.waiters.append(continuation) }
                return !state.isWanted
            }
            if isOver { continuation.resume() }
        }
    }
}

/// How a protocol says what a clause is made of. `false`: nobody takes it any more.
protocol ClauseWriter: Sendable {
    func sound(_ piece: SoundPiece) async -> Bool
    func garbage(_ kind: FakeVoiceGarbage) async -> Bool
    func huge() async -> Bool
    /// Tells of a fault of the server's, and what follows from it.
    func fail() async
    func drop() async
    func close(_ code: UInt16) async
    func end() async
}

extension ClausePlan {
    /// Speaks the clause.
    func perform(_ ticket: ClauseTicket, on writer: some ClauseWriter) async -> FakeClauseEnding {
        let start = ContinuousClock.now
        var afterCancel = piecesAfterCancel
        var round = 0
        while true {
            for step in steps {
                if !ticket.isWanted {
                    guard case .sound = step, afterCancel > 0 else {
                        if afterCancel == 0 { return .cancelled }
                        continue
                    }
                    afterCancel -= 1
                }
                switch step {
                case .pause(let time): if round == 0 { await FakeLoop.delay(time) }
                case .sound(let piece):
                    guard await writer.sound(piece) else { return .gone }
                    guard isPaced else { break }
                    let played = Duration.milliseconds(piece.end + round * length)
                    await FakeLoop.delay(played - (ContinuousClock.now - start))
                case .garbage(let kind): guard await writer.garbage(kind) else { return .gone }
                case .huge: guard await writer.huge() else { return .gone }
                case .fail:
                    await writer.fail()
                    return .broken
                case .stall:
                    await ticket.cancelled()
                    return await stale(afterCancel, writer)
                case .drop:
                    await writer.drop()
                    return .broken
                case .close(let code):
                    await writer.close(code)
                    return .broken
                case .end: await writer.end()
                }
            }
            guard isEndless else { return ticket.isWanted ? .ended : .cancelled }
            // A clause without sound, for ever, would never let go of the thread.
            guard length > 0 else {
                await ticket.cancelled()
                return .cancelled
            }
            round += 1
            // A client that reads as fast as this writes would never be read from: its cancel neither.
            await FakeLoop.delay(.milliseconds(1))
        }
    }

    private var length: Int {
        steps.reduce(0) { if case .sound(let piece) = $1 { max($0, piece.end) } else { $0 } }
    }

    /// What still comes of a clause that had stalled when it was cancelled: the pieces that it has, over and over.
    private func stale(_ pieces: Int, _ writer: some ClauseWriter) async -> FakeClauseEnding {
        let sound = steps.compactMap { if case .sound(let piece) = $0 { piece } else { nil } }
        guard !sound.isEmpty else { return .cancelled }
        for count in 0..<pieces {
            guard await writer.sound(sound[count % sound.count]) else { return .gone }
        }
        return .cancelled
    }
}
