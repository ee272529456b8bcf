import ParleyCore

/// The caller's turns on their way to the model: their sound, and the words that come back.
///
/// Keeps the sound of every turn whose words have not come, so that it can be sent again over a new connection.
struct RealtimeListening {
    /// A turn that is over and whose words have not come.
    struct Awaited {
        let turn: TurnID
        /// Mu-law.
        var audio: [UInt8]
        /// The server's name for it.
        var item: String?
        /// What has come of its words.
        var words = ""
        var due: CallTime
    }

    /// Sound goes out in messages of this length: 40 ms.
    private static let batch = 320
    /// Of a turn at most, in octets: 15 s.
    private static let longest = 120_000
    /// A server takes no turn shorter than 100 ms.
    private static let shortest = 800
    /// Words of a turn, in UTF-8 units.
    private static let mostWords = 4_000

    /// Of the turn going on.
    private var audio: [UInt8] = []
    /// Octets of it that the server has.
    private var sent = 0
    private(set) var awaited: [Awaited] = []
    private(set) var lastFinished = TurnID(0)
    /// In the order in which their items will be named; `nil`: cancelled since, and deleted when it is named.
    private var unnamed: [TurnID?] = []
    /// Octets of the turn going on that were dropped before the server had them.
    private(set) var lost = 0

    /// Nobody has been told the words yet.
    var nextDue: CallTime? { awaited.map(\.due).min() }

    /// - Returns: what is to be sent now; nothing where there is no connection.
    mutating func feed(_ samples: Span<Int16>, isOpen: Bool) -> [[UInt8]] {
        MuLaw.encode(samples, appendingTo: &audio)
        if audio.count > Self.longest + 8_000 {
            let dropped = audio.count - Self.longest
            audio.removeFirst(dropped)
            lost += max(0, dropped - sent)
            sent = max(0, sent - dropped)
        }
        return isOpen && audio.count - sent >= Self.batch ? flush() : []
    }

    /// What waits for a batch to be full.
    mutating func flush() -> [[UInt8]] {
        guard sent < audio.count else { return [] }
        defer { sent = audio.count }
        return [RealtimeMessages.append(Array(audio[sent...]))]
    }

    /// - Returns: what is to be sent; `nil` where the turn held no sound at all, and none will be asked for.
    mutating func finish(_ turn: TurnID, isOpen: Bool, due: CallTime) -> [[UInt8]]? {
        lastFinished = max(lastFinished, turn)
        defer { forget() }
        guard !audio.isEmpty else { return nil }
        if audio.count < Self.shortest {
            audio += [UInt8](repeating: MuLaw.silence, count: Self.shortest - audio.count)
        }
        let messages = isOpen ? flush() + [RealtimeMessages.commit(turn)] : []
        awaited.append(Awaited(turn: turn, audio: audio, due: due))
        if isOpen { unnamed.append(turn) }
        return messages
    }

    private mutating func forget() { (audio, sent, lost) = ([], 0, 0) }

    /// - Returns: what is to be sent.
    mutating func cancel(_ turn: TurnID, isOpen: Bool) -> [[UInt8]] {
        guard turn <= lastFinished else {
            defer { forget() }
            return isOpen && sent > 0 ? [RealtimeMessages.clear()] : []
        }
        guard let index = awaited.firstIndex(where: { $0.turn == turn }) else { return [] }
        let item = awaited.remove(at: index).item
        if let place = unnamed.firstIndex(of: turn) { unnamed[place] = nil }
        return item.map { [RealtimeMessages.delete(item: $0)] } ?? []
    }

    /// The server has named the oldest turn that it was given.
    ///
    /// - Returns: what is to be sent.
    mutating func committed(_ item: String) -> [[UInt8]] {
        guard !unnamed.isEmpty else { return [] }
        guard let turn = unnamed.removeFirst() else { return [RealtimeMessages.delete(item: item)] }
        if let index = awaited.firstIndex(where: { $0.turn == turn }) { awaited[index].item = item }
        return []
    }

    /// The server would not take the oldest turn that it was given.
    mutating func refused(_ turn: TurnID) -> Awaited? {
        if let place = unnamed.firstIndex(of: turn) { unnamed.remove(at: place) }
        return take { $0.turn == turn }
    }

    /// - Returns: the turn and its words so far.
    mutating func heard(_ words: String, of item: String) -> Awaited? {
        guard let index = awaited.firstIndex(where: { $0.item == item }),
            awaited[index].words.utf8.count + words.utf8.count <= Self.mostWords
        else { return nil }
        awaited[index].words += words
        return awaited[index]
    }

    /// Its words have come, or will not.
    mutating func settle(item: String) -> Awaited? { take { $0.item == item } }

    /// Its words are overdue.
    mutating func settle(dueBy now: CallTime) -> Awaited? { take { $0.due <= now } }

    private mutating func take(_ isIt: (Awaited) -> Bool) -> Awaited? {
        awaited.firstIndex(where: isIt).map { awaited.remove(at: $0) }
    }

    /// A new connection stands, which has heard nothing.
    ///
    /// - Returns: what is to be sent.
    mutating func reopen(due: CallTime) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        unnamed = []
        for index in awaited.indices {
            awaited[index].item = nil
            awaited[index].words = ""
            awaited[index].due = due
            messages.append(RealtimeMessages.append(awaited[index].audio))
            messages.append(RealtimeMessages.commit(awaited[index].turn))
            unnamed.append(awaited[index].turn)
        }
        sent = 0
        return messages + flush()
    }

    /// None will be answered.
    mutating func giveUp() -> [TurnID] {
        defer { (awaited, unnamed) = ([], []) }
        return awaited.map(\.turn)
    }

    /// As no connection stands, nothing is overdue.
    mutating func wait() {
        for index in awaited.indices { awaited[index].due = CallTime(nanoseconds: .max) }
        (unnamed, sent) = ([], 0)
    }
}
