import ParleyCore

/// Brings a turn's frames into an engine's form and into batches of its length.
package struct BatchEncoder: Sendable {
    package let shape: AudioShape
    private let batchOctets: Int
    private let shortestOctets: Int
    private var resampler: Resampler
    private var resampled: [Int16] = []
    private var octets: [UInt8] = []

    /// - Parameters:
    ///   - shortest: a shorter batch, at a turn's end, is filled up to it with silence.
    package init(_ shape: AudioShape, legRate: Int, batch: CallTime, shortest: CallTime = .zero) {
        self.shape = shape
        resampler = Resampler(from: legRate, to: shape.rate)
        let width = shape.encoding == .mulaw ? 1 : 2
        batchOctets = max(1, batch.milliseconds * shape.rate / 1_000) * width
        shortestOctets = shortest.milliseconds * shape.rate / 1_000 * width
    }

    /// Takes samples of a turn; `body` takes each batch that is whole by now.
    package mutating func append(_ samples: Span<Int16>, _ body: ([UInt8]) -> Void) {
        if resampler.inputRate == resampler.outputRate {
            Self.encode(samples, shape.encoding, to: &octets)
        } else {
            resampled.removeAll(keepingCapacity: true)
            resampler.process(samples, appendingTo: &resampled)
            let fresh = resampled
            Self.encode(fresh.span, shape.encoding, to: &octets)
        }
        while octets.count >= batchOctets {
            body(Array(octets[..<batchOctets]))
            octets.removeFirst(batchOctets)
        }
    }

    /// The turn has ended: the rest of it, if there is any.
    package mutating func finish() -> [UInt8]? {
        resampled.removeAll(keepingCapacity: true)
        resampler.flush(appendingTo: &resampled)
        let fresh = resampled
        Self.encode(fresh.span, shape.encoding, to: &octets)
        defer { octets.removeAll(keepingCapacity: true) }
        guard !octets.isEmpty else { return nil }
        let silence = shape.encoding == .mulaw ? MuLaw.silence : 0
        return octets + [UInt8](repeating: silence, count: max(0, shortestOctets - octets.count))
    }

    /// Forgets what has been taken and not given.
    package mutating func reset() {
        resampler.reset()
        octets.removeAll(keepingCapacity: true)
    }

    private static func encode(_ samples: Span<Int16>, _ encoding: AudioEncoding, to octets: inout [UInt8]) {
        switch encoding {
        case .mulaw: MuLaw.encode(samples, appendingTo: &octets)
        case .pcm16:
            for index in samples.indices {
                let sample = UInt16(bitPattern: samples[index])
                octets.append(UInt8(truncatingIfNeeded: sample))
                octets.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        }
    }
}
