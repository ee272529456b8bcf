import FakeEngines
import Foundation
import NIOCore
import NIOPosix
import ParleyCaller
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleyGateway

/// What an engine's adapter adds of its own: the fakes think for 0 ms, 50 calls talk at once, in real time, through the
/// engine as a gateway has it. `scripts/engine-latency.sh` prints the table.
@Suite(
    "What adapters add", .serialized, .timeLimit(.minutes(10)),
    .enabled(if: ProcessInfo.processInfo.environment["PARLEY_ENGINE_LATENCY"] != nil))
struct EngineLatencyTests {
    /// `all`, or the names of some.
    private static let wanted = ProcessInfo.processInfo.environment["PARLEY_ENGINE_LATENCY"] ?? ""
    private static func chosen(_ engines: [String]) -> [String] {
        let names = wanted.split(separator: " ").map(String.init)
        return names == ["all"] ? engines : engines.filter { names.contains($0) }
    }

    private static let calls = 50
    private static let turns = 8
    private static let bound = 5.0

    private static func setup(_ text: String, _ keys: [String: String]) throws -> EngineSetup {
        try EnginesFile.parse(text, file: "test", environment: keys)
    }

    /// - Returns: the 99th percentile, in milliseconds.
    private static func report(_ what: String, _ times: [Double]) -> Double {
        let sorted = times.sorted()
        func at(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] }
        func ms(_ value: Double) -> String { String(format: "%.2f", value) }
        print(
            "| \(what) | \(sorted.count) | \(ms(at(0.5))) | \(ms(at(0.95))) | \(ms(at(0.99))) | \(ms(sorted.last ?? 0)) |"
        )
        return at(0.99)
    }

    @Test(
        "A recogniser's final, from the end of the turn",
        arguments: chosen(["deepgram", "assemblyai", "openai", "openai_transcriptions", "vosk", "wyoming"]))
    func finals(_ engine: String) async throws {
        let lines = Array(repeating: "Tuesday at three, please.", count: Self.calls * Self.turns)
        let ears = try await FakeEars(engine, lines: lines, numbering: .connection)
        let fleet = try EngineFleet(try Self.setup("recognizers:\n\(ears.entry)\n", ears.keys))
        let recognizer = try #require(fleet.recognizer(embedded: nil))
        let talkers = (0..<Self.calls).map { Talker(number: $0, turns: Self.turns) }
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for talker in talkers { group.addTask { try await talker.run(recognizer).get() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(times.count == Self.calls * Self.turns)
        #expect(ears.violations.isEmpty, "\(ears.violations.prefix(3))")
        #expect(Self.report("recogniser \(engine), final", times) <= Self.bound)
        await ears.stop()
    }

    @Test(
        "A voice's first sound, from the request",
        arguments: chosen(["deepgram", "elevenlabs", "cartesia", "openai", "wyoming"]))
    func sounds(_ engine: String) async throws {
        let mouth = try await FakeMouth(engine, isPaced: true)
        let fleet = try EngineFleet(try Self.setup("voices:\n\(mouth.entry)\n", mouth.keys))
        let voice = try #require(fleet.synthesizer(embedded: nil))
        let speakers = (0..<Self.calls).map { Speaker(number: $0, clauses: Self.turns) }
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for speaker in speakers { group.addTask { try await speaker.run(voice).get() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(times.count == Self.calls * Self.turns)
        #expect(mouth.violations.isEmpty, "\(mouth.violations.prefix(3))")
        #expect(Self.report("voice \(engine), first sound", times) <= Self.bound)
        await mouth.stop()
    }
}

/// Takes the times of one call, on the call's own event loop.
private class Stopwatch: @unchecked Sendable {
    // Everything but the answers happens on the loop; what those touch is behind the lock.
    let loop: any EventLoop
    fileprivate let promise: EventLoopPromise<[Double]>
    private let state = Mutex((since: NIODeadline?.none, times: [Double]()))

    init() {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        promise = loop.makePromise()
    }

    func begin() { state.withLock { $0.since = .now() } }

    /// - Returns: whether this was the first answer since `begin`.
    func end() -> Bool {
        let now = NIODeadline.now()
        return state.withLock { state in
            guard let since = state.since else { return false }
            state.times.append(Double((now - since).nanoseconds) / 1_000_000)
            state.since = nil
            return true
        }
    }

    var times: [Double] { state.withLock { $0.times } }
}

/// Speaks for 1.2 s, ends the turn, waits for its words and then 0.5 s, and so on.
private final class Talker: Stopwatch, @unchecked Sendable {
    private static let voiced = (0..<160).map { Int16($0 % 40 < 20 ? 6_000 : -6_000) }
    private static let silence = [Int16](repeating: 0, count: 160)
    private let number: Int
    private let turns: Int
    private var session: (any RecognizerSession)?
    private var frame = 0
    private var turn = 1

    init(number: Int, turns: Int) {
        self.number = number
        self.turns = turns
    }

    func run(_ recognizer: any SpeechRecognizer) -> EventLoopFuture<[Double]> {
        loop.execute { [self] in
            do {
                session = try recognizer.start(sampleRate: 8_000) { [self] answer in
                    switch answer {
                    case .final: if end() { loop.execute { self.next() } }
                    case .failed: promise.fail(CancellationError())
                    default: break
                    }
                }
            } catch { return promise.fail(error) }
            // Calls do not begin together.
            let first = TimeAmount.milliseconds(500 + Int64(number) * 37)
            loop.scheduleRepeatedTask(initialDelay: first, delay: .milliseconds(20)) { [self] task in
                guard turn <= turns else {
                    task.cancel()
                    return finish()
                }
                tick()
            }
        }
        return promise.futureResult
    }

    private func tick() {
        guard frame >= 0 else { return frame += 1 }
        guard frame < 85 else { return }
        session?.feed(frame < 60 ? Self.voiced.span : Self.silence.span)
        frame += 1
        guard frame == 85 else { return }
        begin()
        session?.finish(TurnID(UInt32(turn)))
    }

    private func next() {
        turn += 1
        frame = -25
    }

    private func finish() {
        session?.close()
        promise.succeed(times)
    }
}

/// Has a clause spoken every 1.5 s.
private final class Speaker: Stopwatch, @unchecked Sendable {
    private let number: Int
    private let clauses: Int
    private var session: (any SynthesizerSession)?
    private var spoken = 0

    init(number: Int, clauses: Int) {
        self.number = number
        self.clauses = clauses
    }

    func run(_ voice: any SpeechSynthesizer) -> EventLoopFuture<[Double]> {
        loop.execute { [self] in
            do {
                session = try voice.start { [self] answer in
                    switch answer {
                    case .chunk: _ = end()
                    case .failed(_, _, let error): promise.fail(error)
                    case .done: break
                    }
                }
            } catch { return promise.fail(error) }
            let first = TimeAmount.milliseconds(500 + Int64(number) * 37)
            loop.scheduleRepeatedTask(initialDelay: first, delay: .milliseconds(1_500)) { [self] task in
                guard spoken < clauses else {
                    task.cancel()
                    session?.close()
                    return promise.succeed(times)
                }
                spoken += 1
                begin()
                session?.speak(
                    "One moment please, let me look.", generation: Generation(UInt32(spoken)), clause: 1)
            }
        }
        return promise.futureResult
    }
}
