import ParleyCore

/// The carrier's end of the line: plays what came, one frame after the other, and says when marks are reached.
struct CarrierPlayout {
    enum Item: Equatable, Sendable {
        case frame(FrameTag)
        case mark(Mark)
        case clear
    }

    private var queue: [(end: CallTime, item: Item)] = []
    private var head = 0
    /// When everything that is here will have been played.
    private(set) var end = CallTime.zero

    var nextEnd: CallTime? { head < queue.count ? queue[head].end : nil }

    func isSounding(at now: CallTime) -> Bool { end > now }

    mutating func play(_ tag: FrameTag, at now: CallTime) {
        end = max(end, now) + .frame
        queue.append((end, .frame(tag)))
    }

    mutating func keep(_ mark: Mark, at now: CallTime) { queue.append((max(end, now), .mark(mark))) }

    /// What has been played, or reached, by now.
    mutating func take(at now: CallTime) -> Item? {
        guard head < queue.count, queue[head].end <= now else { return nil }
        let item = queue[head].item
        head += 1
        if head == queue.count || head > 256 {
            queue.removeFirst(head)
            head = 0
        }
        return item
    }

    /// Drops what is not played.
    ///
    /// - Returns: the marks that were dropped with it.
    mutating func clear(at now: CallTime) -> [Mark] {
        let marks = queue[head...].compactMap { if case .mark(let mark) = $0.item { mark } else { nil } }
        queue.removeAll(keepingCapacity: true)
        head = 0
        end = now
        return marks
    }
}
