/// One way of a network, with its faults: messages are put in, and come out when, and as often, as the faults have it.
///
/// Order is kept but for `reorder`, as TCP keeps it: what is late holds up what follows. Without faults a message is due
/// at once. `delay`, `jitter`, `stall` and `silence` act on all messages; `loss`, `duplicate` and `reorder` on audio.
public struct FaultyLine<Item: Sendable>: Sendable {
    /// More messages than this do not wait: the newest are lost, and counted. Ten minutes of frames.
    public static var capacity: Int { 30_000 }
    /// For how long a message is held back so that others overtake it, where none comes.
    public static var longestHold: CallTime { .seconds(1) }

    private var triggers: [(index: Int, trigger: FaultTrigger)]
    /// What is on its way, and when each of it is due: two arrays, as a tuple of a generic type is slow to handle.
    private var queue: [Item] = []
    private var dues: [CallTime] = []
    /// Of `queue`: those before it are gone.
    private var head = 0
    /// Held back, each until so many messages of audio have overtaken it.
    private var held: [Item] = []
    private var holds: [(left: Int, until: CallTime)] = []
    private var lastDue = CallTime.zero
    private var blockedUntil = CallTime.zero
    public private(set) var isSilent = false
    /// Messages that found no room.
    public private(set) var overflow = 0

    public init(_ faults: CarrierFaults, way: Fault.Way) {
        triggers = faults.triggers(way: way) { kind in
            switch kind {
            case .delay, .jitter, .stall, .silence, .loss, .duplicate, .reorder: true
            default: false
            }
        }
    }

    /// How often each fault has happened, by its number in the list.
    public var fired: [(index: Int, count: Int)] { triggers.map { ($0.index, $0.trigger.fired) } }

    public var isEmpty: Bool { head == dues.count && holds.isEmpty }

    /// When `take` has something next; `nil` while the line is empty.
    public var nextDeadline: CallTime? {
        let first = head < dues.count ? dues[head] : nil
        let soonest = holds.reduce(first) { soonest, hold in min(soonest ?? hold.until, hold.until) }
        return soonest.map { max($0, blockedUntil) }
    }

    /// Puts a message in.
    ///
    /// - Parameter situations: those that hold, for the faults that wait for one.
    public mutating func put(
        _ item: Item, isAudio: Bool, at now: CallTime, in situations: [Fault.Situation] = []
    ) {
        advance(to: now, in: situations)
        guard !isSilent else { return }
        var (due, copies, heldBack, isLost) = (now, 1, 0, false)
        for index in triggers.indices {
            let kind = triggers[index].trigger.fault.kind
            let occasion = kind.occasion
            guard occasion == .message || (occasion == .audio && isAudio) else { continue }
            guard triggers[index].trigger.fire(at: now, in: situations) != nil else { continue }
            switch kind {
            case .delay(let time): due += time
            case .jitter(let longest): due += triggers[index].trigger.draw(upTo: longest)
            case .loss: isLost = true
            case .duplicate(let count): copies += count
            case .reorder(let count): heldBack = max(heldBack, count)
            default: break
            }
        }
        if !isLost {
            if heldBack > 0 {
                for _ in 0..<copies { hold(item, for: heldBack, at: now) }
            } else {
                for _ in 0..<copies { append(item, due: due) }
                if isAudio { overtake(at: due) }
            }
        }
    }

    /// The next message that is due; `nil` where none is.
    public mutating func take(at now: CallTime, in situations: [Fault.Situation] = []) -> Item? {
        advance(to: now, in: situations)
        if let index = holds.firstIndex(where: { $0.until <= now }) {
            append(held.remove(at: index), due: holds.remove(at: index).until)
        }
        guard now >= blockedUntil, head < dues.count, dues[head] <= now else { return nil }
        let item = queue[head]
        head += 1
        // Gone in one piece now and then, not one by one.
        if head == dues.count || head >= 1_024 {
            queue.removeFirst(head)
            dues.removeFirst(head)
            head = 0
        }
        return item
    }

    /// Everything at once: the line is given up.
    public mutating func takeAll() -> [Item] {
        defer {
            queue.removeAll()
            dues.removeAll()
            held.removeAll()
            holds.removeAll()
            head = 0
        }
        return queue[head...] + held
    }

    // MARK: Inside

    private mutating func advance(to now: CallTime, in situations: [Fault.Situation]) {
        for index in triggers.indices where triggers[index].trigger.fault.kind.occasion == .moment {
            guard let moment = triggers[index].trigger.fire(at: now, in: situations) else { continue }
            switch triggers[index].trigger.fault.kind {
            case .stall(let time): blockedUntil = max(blockedUntil, moment + time)
            case .silence:
                isSilent = true
                _ = takeAll()
            default: break
            }
        }
    }

    private mutating func append(_ item: Item, due: CallTime) {
        guard dues.count - head + holds.count < Self.capacity else {
            overflow += 1
            return
        }
        lastDue = max(lastDue, due)
        queue.append(item)
        dues.append(lastDue)
    }

    private mutating func hold(_ item: Item, for count: Int, at now: CallTime) {
        guard dues.count - head + holds.count < Self.capacity else {
            overflow += 1
            return
        }
        held.append(item)
        holds.append((count, now + Self.longestHold))
    }

    private mutating func overtake(at due: CallTime) {
        for index in holds.indices { holds[index].left -= 1 }
        while let index = holds.firstIndex(where: { $0.left <= 0 }) {
            holds.remove(at: index)
            append(held.remove(at: index), due: due)
        }
    }
}
