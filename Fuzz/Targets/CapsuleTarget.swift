import ParleyCore

/// A capsule, and the call that it is replayed to. The input is what stands in a file's records: the checksums are put around it, so
/// that the fuzzer gets past them. An odd first byte means that the rest is the file as it is.
enum CapsuleTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        guard let first = input.first else { return }
        let octets = first & 1 == 1 ? Array(input.dropFirst()) : file(input.dropFirst())
        let whole = read(octets)
        try require(read(octets) == whole, "the same file read twice is not the same")
        for length in stride(from: 0, to: octets.count, by: max(1, octets.count / 7)) {
            let cut = read(Array(octets[..<length]))
            try require(whole.starts(with: cut), "cut at \(length) it holds what the whole does not")
        }
        try PeakMemory.require("a capsule", ofBytes: octets.count * 8) { _ = read(octets) }
        try require(replay(octets) == replay(octets), "the same inputs twice have two outcomes")
        guard let redacted = try? CapsuleRedaction.redact(octets) else { return }
        try require(
            read(redacted).allSatisfy { if case .heard = $0 { false } else { true } },
            "a voice is left in what was redacted")
        try require(replay(redacted) == replay(redacted), "what was redacted has two outcomes")
    }

    /// Records of a call over a telephone line: a length, then kind, time and body.
    private static func file(_ input: ArraySlice<UInt8>) -> [UInt8] {
        var recorder = CapsuleRecorder(header: CapsuleHeader(), settings: CallSettings(format: .telephone))
        var octets = recorder.take()
        var rest = input
        while let length = rest.popFirst() {
            octets += CapsuleFormat.record(Array(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
        }
        return octets
    }

    private static func read(_ octets: [UInt8]) -> [CapsuleRecord] {
        guard var reader = try? CapsuleReader(octets) else { return [] }
        var records: [CapsuleRecord] = []
        while let record = reader.next() { records.append(record) }
        return records
    }

    /// Whatever order things come in, a call takes it.
    private static func replay(_ octets: [UInt8]) -> OutputHash {
        var outlet = Outlet()
        guard var reader = try? CapsuleReader(octets) else { return outlet.hash }
        var call = Call(settings: reader.settings)
        while let record = reader.next() {
            switch record {
            case .heard(let samples, let time): call.hear(samples.span, at: time, into: &outlet)
            case .judged(let activity, let isNoisy, let time):
                call.hear(activity, isNoisy: isNoisy, at: time, into: &outlet)
            case .event(let event, let time): call.handle(event, at: time, into: &outlet)
            case .phrase, .outputs, .hash, .end: break
            }
        }
        return outlet.hash
    }

    private struct Outlet: CallEffectSink {
        var hash = OutputHash()
        mutating func play(_ frame: Span<UInt8>) { hash.add(frame: frame) }
        mutating func feed(_ samples: Span<Int16>) {}
        mutating func perform(_ effect: CallEffect) { hash.add(line: effect.line) }
    }
}
