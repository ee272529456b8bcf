import Foundation
import ParleyCore
import Testing

@Suite("Commands and the files that they are given", .timeLimit(.minutes(1)))
final class CommandTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "parley-command-\(UUID().uuidString)")
    private let capsule: [UInt8]

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        capsule = Self.recorded()
        try Data(capsule).write(to: folder.appending(path: "a.capsule"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A call in which nobody speaks.
    private static func recorded() -> [UInt8] {
        struct Outlet: CallEffectSink {
            var recorder: CapsuleRecorder
            mutating func play(_ frame: Span<UInt8>) { recorder.play(frame) }
            mutating func feed(_ samples: Span<Int16>) {}
            mutating func perform(_ effect: CallEffect) { recorder.perform(effect) }
        }
        let settings = CallSettings(format: .telephone)
        var header = CapsuleHeader()
        header["call"] = "A"
        var call = Call(settings: settings)
        var outlet = Outlet(recorder: CapsuleRecorder(header: header, settings: settings))
        func tell(_ event: CallEvent, at now: CallTime) {
            outlet.recorder.handle(event, at: now)
            call.handle(event, at: now, into: &outlet)
            outlet.recorder.finish()
        }
        tell(.started, at: .zero)
        let silence = [Int16](repeating: 0, count: 160)
        for frame in 1...100 {
            let now = CallTime.milliseconds(frame * 20)
            outlet.recorder.hear(silence.span, at: now)
            call.hear(silence.span, at: now, into: &outlet)
            outlet.recorder.finish()
        }
        tell(.stopped, at: .milliseconds(2_020))
        outlet.recorder.end()
        return outlet.recorder.take()
    }

    /// Runs a line of the shell in the folder, `parley` being the binary.
    private func run(_ line: String) throws -> (code: Int32, output: String, errors: String) {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sh")
        child.arguments = ["-c", "parley() { '\(try Gatekeeper.binary().path)' \"$@\"; }; \(line)"]
        child.currentDirectoryURL = folder
        let (output, errors) = (Pipe(), Pipe())
        child.standardOutput = output
        child.standardError = errors
        try child.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complained = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        return (child.terminationStatus, said, complained)
    }

    private func contents(_ name: String) -> [UInt8] {
        (FileManager.default.contents(atPath: folder.appending(path: name).path)).map(Array.init) ?? []
    }

    @Test(
        "No output is written over what is read, by whatever name, nor over another output",
        arguments: [
            "--redacted a.capsule", "--report a.capsule", "--junit ./a.capsule", "--report link",
            "--report x --junit x",
        ])
    func notOver(options: String) throws {
        let result = try run("ln -s a.capsule link; parley replay a.capsule \(options)")
        #expect(result.code == 2 && result.errors.contains("by this command"), "\(result)")
        #expect(contents("a.capsule") == capsule)
    }

    @Test("A report replaces a file, for its owner alone, follows a link, and goes into a pipe")
    func outputs() throws {
        let file = try run(
            "touch r.html; chmod 644 r.html; ln -s r.html l.html; parley replay a.capsule --report l.html >&2; stat -c %a r.html"
        )
        #expect(file.code == 0 && file.output == "600\n", "\(file)")
        #expect(String(decoding: contents("r.html"), as: UTF8.self).hasPrefix("<!doctype html>"))
        let pipe = try run("mkfifo p; cat p >got & parley replay a.capsule --report p >&2; wait; test -p p")
        #expect(pipe.code == 0, "\(pipe)")
        #expect(String(decoding: contents("got"), as: UTF8.self).hasSuffix("</html>\n"))
    }

    @Test("What is not there keeps nothing else from being replayed")
    func missing() throws {
        let result = try run("parley replay nowhere a.capsule")
        #expect(result.code == 2 && result.errors.contains("nowhere: there is no such file"))
        #expect(result.output.contains("ok   a.capsule"))
    }

    @Test("The detector alone hears the same; of a damaged capsule that is told")
    func heard() throws {
        let whole = try run("parley vad a.capsule")
        #expect(whole.code == 0 && whole.output.contains("every frame as in the call"), "\(whole)")
        let cut = try run("head -c 9000 a.capsule >cut.capsule; parley vad cut.capsule")
        #expect(cut.code == 1 && cut.errors.contains("cut.capsule: damaged at octet"), "\(cut)")
    }

    @Test("No fixture is made of a damaged capsule, nor of another call's; of one that breaks off that is told")
    func export() throws {
        let damaged = try run(
            "mkdir d; head -c 9000 a.capsule >d/A.capsule; "
                + "parley ledger export A --capsules d --fixture f")
        #expect(damaged.code == 2 && damaged.errors.contains("damaged"), "\(damaged)")
        let other = try run("mkdir o; cp a.capsule o/B.capsule; parley ledger export B --capsules o --fixture f")
        #expect(other.code == 2 && other.errors.contains("another call"), "\(other)")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "f").path))
        let right = try run("mkdir r; cp a.capsule r/A.capsule; parley ledger export A --capsules r --fixture f")
        #expect(right.code == 0 && right.errors.isEmpty, "\(right)")
    }
}
