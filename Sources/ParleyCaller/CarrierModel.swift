import ParleyCore

/// The telephone network between a media stream and the caller's ear, as Twilio behaves.
///
/// Media queues up and plays strictly in order and in real time. A mark comes back when everything sent before it has
/// been played, at once if nothing is queued. `clear` empties the queue and returns all outstanding marks at once.
/// Positions are samples since the stream began. Source: Twilio Media Streams, "WebSocket messages".
public struct CarrierModel: Sendable {
    public let sampleRate: Int
    /// Audio beyond this much queue is dropped and counted. Twilio's own limit is not documented; ten minutes is
    /// more than any reply.
    public static let deepestQueueSeconds = 600

    private struct Stretch {
        var start: Int
        var samples: [Int16]
        var end: Int { start + samples.count }
    }
    private var queue: [Stretch] = []
    private var marks: [(name: String, due: Int)] = []
    private var end = 0
    public private(set) var droppedSamples = 0

    public init(sampleRate: Int) { self.sampleRate = sampleRate }

    /// When the audio queued so far has been played; in the past when the queue is dry.
    public var playsUntil: CallTime { time(of: end) }
    public var outstandingMarks: Int { marks.count }

    /// Puts media at the end of the queue.
    /// - Returns: when its first sample will be heard.
    @discardableResult
    public mutating func enqueue(_ samples: [Int16], at now: CallTime) -> CallTime {
        let start = max(end, position(at: now))
        guard start + samples.count - position(at: now) <= Self.deepestQueueSeconds * sampleRate else {
            droppedSamples += samples.count
            return time(of: start)
        }
        if !samples.isEmpty { queue.append(Stretch(start: start, samples: samples)) }
        end = start + samples.count
        return time(of: start)
    }

    /// Notes a mark. It is due when all audio before it has been played. At most 1 024 are kept; the oldest is
    /// forgotten.
    public mutating func mark(_ name: String, at now: CallTime) {
        if marks.count >= 1_024 { marks.removeFirst() }
        marks.append((name, max(end, position(at: now))))
    }

    /// Drops what has not been played.
    /// - Returns: all outstanding marks, in order; they go back at once.
    public mutating func clear(at now: CallTime) -> [String] {
        let here = position(at: now)
        queue.removeAll { $0.start >= here }
        if let last = queue.indices.last, queue[last].end > here {
            queue[last].samples.removeLast(queue[last].end - here)
        }
        end = min(end, here)
        let names = marks.map(\.name)
        marks.removeAll()
        return names
    }

    /// When the next mark is due.
    public var nextMark: CallTime? { marks.first.map { time(of: $0.due) } }

    /// Takes the marks that playout has reached, in order.
    public mutating func takeMarks(at now: CallTime) -> [String] {
        let reached = marks.prefix { time(of: $0.due) <= now }.map(\.name)
        marks.removeFirst(reached.count)
        return reached
    }

    /// What the caller heard in these samples of time, silence where nothing played. Each stretch is taken once, in
    /// order;
    /// it must lie in the past.
    public mutating func takeHeard(_ range: Range<Int>) -> [Int16] {
        var heard = [Int16](repeating: 0, count: range.count)
        for stretch in queue {
            let from = max(stretch.start, range.lowerBound)
            let to = min(stretch.end, range.upperBound)
            guard from < to else { continue }
            for index in from..<to { heard[index - range.lowerBound] = stretch.samples[index - stretch.start] }
        }
        queue.removeAll { $0.end <= range.upperBound }
        return heard
    }

    func position(at now: CallTime) -> Int {
        // Rounded up: what arrives within a sample is heard from the next one.
        max(0, Int((now.nanoseconds / 1_000 * Int64(sampleRate) + 999_999) / 1_000_000))
    }

    func time(of position: Int) -> CallTime {
        // Rounded up, so that the time of a position is never before the position is reached.
        CallTime(nanoseconds: (Int64(position) * 1_000_000_000 + Int64(sampleRate) - 1) / Int64(sampleRate))
    }
}
