import Foundation
import ParleyCaller
import ParleyCore
import ParleyReplay
import Synchronization
import Testing

@Suite("A call that is recorded", .timeLimit(.minutes(2)))
struct RecordingTests {
    @Test("Its capsule gives the same outputs each time, to the octet; with one frame changed it does not")
    func replays() async throws {
        let octets = try await Self.record("capsules: all").whole
        let first = try CapsuleReplay.run(octets)
        #expect(first.isTheSame, "\(String(describing: first.difference))")
        #expect(first.isWhole && first.damage == nil)
        #expect(first.frames > 100)
        #expect(first.header["provider"] == "twilio")
        for _ in 0..<20 { #expect(try CapsuleReplay.run(octets).hash == first.hash) }

        // A caller who is silent where this one spoke.
        let silent = try Self.silenced(octets)
        let changed = try CapsuleReplay.run(silent)
        #expect(changed.hash != first.hash)
        let difference = try #require(changed.difference)
        #expect(difference.recorded != difference.replayed)
        #expect(difference.description.contains("first difference at"))
    }

    @Test("With `capsule.redact` no voice and no word reaches the disk, and what was decided is replayed")
    func redacted() async throws {
        let octets = try await Self.record("capsules: all", folder: ", redact: true").whole
        let report = try CapsuleReplay.run(octets)
        #expect(report.isTheSame, "\(String(describing: report.difference))")
        #expect(report.isWhole && report.header.isRedacted && report.header["from"] == nil)
        #expect(report.frames > 100)
        var reader = try CapsuleReader(octets)
        while let record = reader.next() {
            if case .heard = record { Issue.record("a frame of the caller is in it") }
        }
        #expect(throws: CallError.self) { _ = try Rehearsal(try RecordedCall(octets)) }
    }

    @Test("With `capsules: failed` a call that ends well leaves no capsule")
    func failedAlone() async throws {
        #expect(try await Self.record("capsules: failed").files.isEmpty)
    }

    @Test("Without a word about it nothing is recorded")
    func offByDefault() async throws {
        #expect(try await Self.record("").files.isEmpty)
    }

    @Test("kill -9 in the middle of a call: what is there replays to that point")
    func killed() async throws {
        let octets = try await Self.record("capsules: failed", killing: true).whole
        let report = try CapsuleReplay.run(octets)
        #expect(report.isTheSame, "\(String(describing: report.difference))")
        #expect(!report.isWhole)
        #expect(report.inputs > 50)
    }

    @Test("Played again with a longer hangover, the answer comes later by that")
    func whatIf() async throws {
        let call = try RecordedCall(try await Self.record("capsules: all").whole)
        let rehearsal = try Rehearsal(call)
        #expect(try rehearsal.changes(setting: call.settings) == [])
        var settings = call.settings
        #expect(settings.set("turn.hangover", to: "700ms") == nil)
        #expect(settings.set("endpoint.shortest", to: "700ms") == nil)
        let changes = try rehearsal.changes(setting: settings)
        let end = try #require(changes.first { $0.what == "the caller's turn ends" })
        #expect(end.kind == .moved)
        // Ten frames later; those of a live call come when they come, on a busy machine several at once.
        #expect((1...600).contains(end.byMS ?? 0))
    }

    // MARK: One recorded call

    struct Recording {
        var files: [[UInt8]]
        /// The one capsule there is.
        var whole: [UInt8] { get throws { try #require(files.count == 1 ? files.first : nil) } }
    }

    /// A caller says something to a gateway with instant engines, and hangs up after the answer.
    private static func record(_ configuration: String, folder more: String = "", killing: Bool = false) async throws
        -> Recording
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-capsule-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let wav = folder.appending(path: "caller.wav").path
        try Data(CallerVoice.wav()).write(to: URL(fileURLWithPath: wav))
        let capsules = folder.appending(path: "capsules").path
        let gateway = try Gatekeeper(
            ledger: folder.appending(path: "ledger.sqlite").path,
            settings: configuration + "\n" + "capsule: {directory: \"\(capsules)\"\(more)}")
        defer { gateway.kill() }
        var options = CallOptions(url: "ws://127.0.0.1:\(try await gateway.port())/media/twilio")
        options.audio = wav
        options.say = .at(.milliseconds(500))
        let hasAnswered = Atomic(false)
        _ = try? await ParleyCall.run(options) { line in
            guard killing, line.contains("understood"), !hasAnswered.exchange(true, ordering: .relaxed) else { return }
            gateway.kill()
        }
        if !killing { gateway.stop() }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: capsules)) ?? []
        return Recording(
            files: try names.map { Array(try Data(contentsOf: URL(fileURLWithPath: capsules + "/" + $0))) })
    }

    /// The same call as a capsule of a caller who says nothing: each frame's record is written anew.
    private static func silenced(_ octets: [UInt8]) throws -> [UInt8] {
        var reader = try CapsuleReader(octets)
        var recorder = CapsuleRecorder(header: reader.header, settings: reader.settings)
        while let record = reader.next() {
            switch record {
            case .heard(_, let time):
                recorder.hear([Int16](repeating: 0, count: 160).span, at: time)
                recorder.finish()
            case .event(let event, let time):
                recorder.handle(event, at: time)
                recorder.finish()
            case .judged, .phrase, .outputs, .hash, .end: break
            }
        }
        return recorder.take()
    }
}
