import ParleyCore

/// The caller's audio of turns that are not settled, so that it can be fed again. Places count samples from the call's start.
struct KeptAudio: Sendable {
    private var samples: [Int16] = []
    /// Where the first sample kept stands...
    private(set) var start = 0
    private let capacity: Int
    /// What is dropped at once where it is full: moving the rest costs more than a frame is worth.
    private let lump: Int

    /// - Parameter kept: all that is held at most.
    init(sampleRate: Int, kept: CallTime) {
        capacity = max(1, Int(Int64(sampleRate) * kept.nanoseconds / 1_000_000_000))
        lump = max(1, min(sampleRate, capacity / 2))
    }

    /// ...and where the next one will.
    var end: Int { start + samples.count }

    mutating func append(_ audio: Span<Int16>) {
        audio.withUnsafeBufferPointer { samples.append(contentsOf: $0) }
        guard samples.count > capacity else { return }
        let dropped = max(lump, samples.count - capacity)
        drop(before: start + dropped)
    }

    /// Where nothing is left, its memory is given back: a call is silent for most of its time.
    mutating func drop(before place: Int) {
        let count = min(max(0, place - start), samples.count)
        start += count
        if count == samples.count { samples = [] } else if count > 0 { samples.removeFirst(count) }
    }

    /// Lends what is kept of a stretch, in pieces of 20 ms and a shorter last one.
    func lend(_ range: Range<Int>, samplesPerFrame: Int, to body: (Span<Int16>) -> Void) {
        samples.withUnsafeBufferPointer { samples in
            var place = max(range.lowerBound, start) - start
            let end = min(range.upperBound - start, samples.count)
            while place < end {
                let next = min(place + samplesPerFrame, end)
                body(UnsafeBufferPointer(rebasing: samples[place..<next]).span)
                place = next
            }
        }
    }
}
