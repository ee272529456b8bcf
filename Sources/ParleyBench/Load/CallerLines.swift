import Foundation
import ParleyCore

/// What the callers of a load test say: lines of speech whose first and last 20 ms are known.
public struct CallerLines: Sendable {
    /// One line, as mu-law frames of 160 octets one after another: speech from the first frame to the last.
    struct Line: Sendable {
        let octets: [UInt8]
        var frames: Int { octets.count / 160 }
    }

    let lines: [Line]

    /// The speech of these folders' WAV files; of a file with a pause that a turn would end in, nothing.
    public static func load(folder: String) throws(LoadError) -> CallerLines {
        guard let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() else {
            throw LoadError(
                "--lines \(folder): there is no such folder here; name one with WAV files of what callers say")
        }
        var lines: [Line] = []
        for name in names where name.hasSuffix(".wav") {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            let samples: [Int16]
            do { samples = try WAV(Array(data)).mono(at: 8_000) } catch {
                throw LoadError("--lines \(folder)/\(name): \(error)")
            }
            if let line = line(of: samples) { lines.append(line) }
        }
        guard lines.count >= 2 else {
            throw LoadError(
                "--lines \(folder): holds \(lines.count) WAV files of speech without a pause of 140 ms; two are needed")
        }
        return CallerLines(lines: lines)
    }

    /// A turn ends after 200 ms of silence where load is measured.
    private static let longestPause = 14
    private static let window = 80

    /// Cut to its speech, by windows of 10 ms within 35 dB of the loudest.
    static func line(of samples: [Int16]) -> Line? {
        let powers = stride(from: 0, to: samples.count - window + 1, by: window).map { start in
            samples[start..<start + window].reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        guard let loudest = powers.max(), loudest > 0 else { return nil }
        let voiced = powers.indices.filter { powers[$0] > loudest * 3.16e-4 }
        guard let first = voiced.first, let last = voiced.last, last - first >= 50 else { return nil }
        guard zip(voiced, voiced.dropFirst()).allSatisfy({ $1 - $0 < longestPause }) else { return nil }
        var speech = Array(samples[first * window..<(last + 1) * window])
        speech += [Int16](repeating: 0, count: (160 - speech.count % 160) % 160)
        return Line(octets: speech.map { MuLaw.encode($0) })
    }
}

/// What one caller of a load test sends, frame by frame: no two calls send the same.
///
/// Lines in an order of the call's own, at a loudness of its own, over noise. Every second one follows 2.2 s after the one before,
/// while the four seconds of reply play: it cuts in. The others come when the reply is over.
struct CallerTrack {
    private let lines: CallerLines
    private var random: SplitMix64
    /// What each octet becomes at this call's loudness.
    private let loudness: [UInt8]
    private let noise: [UInt8]
    private var line = 0
    private var lineStart: Int
    private var count = 0
    private(set) var frame = 0

    /// Frames between two lines: over a reply, and where it only plays for its first half.
    private static let (over, under) = (275, 110)
    private static let spread = 25

    init(_ lines: CallerLines, seed: UInt64) {
        self.lines = lines
        var random = SplitMix64(seed: seed)
        let gain = Double.random(in: 0.6...1, using: &random)
        loudness = (0..<256).map { MuLaw.encode(Int16(Double(MuLaw.decode(UInt8($0))) * gain)) }
        noise = (0..<1_600).map { _ in MuLaw.encode(Int16.random(in: -12...12, using: &random)) }
        line = Int.random(in: lines.lines.indices, using: &random)
        lineStart = Self.over + Int.random(in: 0..<200, using: &random)
        self.random = random
    }

    /// What a frame is to what is measured.
    enum Place { case silence, first, speech, last }

    /// Writes the next frame over `octets`, 160 of them.
    mutating func next(into octets: inout [UInt8]) -> Place {
        defer { frame += 1 }
        let at = frame - lineStart
        guard at >= 0 else {
            let start = frame * 160 % 1_440
            for index in 0..<160 { octets[index] = noise[start + index] }
            return .silence
        }
        let speech = lines.lines[line]
        for index in 0..<160 { octets[index] = loudness[Int(speech.octets[at * 160 + index])] }
        guard at == speech.frames - 1 else { return at == 0 ? .first : .speech }
        count += 1
        line = Int.random(in: lines.lines.indices, using: &random)
        lineStart =
            frame + 1 + (count % 2 == 1 ? Self.under : Self.over) + Int.random(in: 0..<Self.spread, using: &random)
        return .last
    }
}
