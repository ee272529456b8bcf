#if LocalSpeech
import Foundation
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleySpeechLocal

/// A copy of an engines directory that may be spoilt: big files are links until they are.
private struct EnginesCopy: ~Copyable {
    let path: String

    init(of original: String) throws {
        path = NSTemporaryDirectory() + "parley-engines-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let names = try #require(FileManager.default.enumerator(atPath: original)).compactMap { $0 as? String }
        for name in names {
            var isDirectory = ObjCBool(false)
            _ = FileManager.default.fileExists(atPath: original + "/" + name, isDirectory: &isDirectory)
            if isDirectory.boolValue {
                try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
            } else {
                try FileManager.default.createSymbolicLink(
                    atPath: path + "/" + name, withDestinationPath: original + "/" + name)
            }
        }
    }

    func replace(_ file: String, with data: Data) throws {
        try FileManager.default.removeItem(atPath: path + "/" + file)
        try data.write(to: URL(fileURLWithPath: path + "/" + file))
    }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: path + "/" + file) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Engine files")
struct EngineFilesTests {
    @Test("Without a directory the gateway has a voice, no ears, and one line that says the mend")
    func noDirectory() {
        let threads = EngineThreads(count: 1)
        let engines = LocalSpeech.load(directory: "/nowhere/engines", threads: threads)
        threads.shutDown()
        #expect(engines.recognizer == nil)
        #expect(engines.synthesizer?.name == "flite")
        #expect(
            engines.report.lines.map(\.description) == [
                "flite: voice slt",
                "moonshine: there is no directory /nowhere/engines; run scripts/engines.sh /nowhere/engines",
            ])
        #expect(engines.report.isUsable("flite") && !engines.report.isUsable("moonshine"))
    }

    @Test("Sums are read as sha256sum writes them; other lines are passed over")
    func sums() {
        let sum = String(repeating: "ab", count: 32)
        #expect(EngineFiles.parse("\(sum)  a/b c.txt\nrubbish\n\n") == ["a/b c.txt": sum])
    }

    @Test("A directory without sums, or one that does not name a file, is not trusted")
    func untrusted() throws {
        let path = NSTemporaryDirectory() + "parley-engines-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(
            EngineFiles(directory: path).fault(in: .library)
                == "\(path)/SHA256SUMS cannot be read; run scripts/engines.sh \(path)")
        try Data().write(to: URL(fileURLWithPath: path + "/SHA256SUMS"))
        #expect(
            EngineFiles(directory: path).fault(in: .library)
                == "\(path)/SHA256SUMS does not name lib/libonnxruntime.so; run scripts/engines.sh \(path)")
        #expect(
            EngineFiles(directory: path).fault(in: .joe)
                == "not installed; run scripts/engines.sh \(path) without --no-joe")
    }

    @Test("A sum that differs in its last file byte is a fault")
    func sha256() throws {
        let path = NSTemporaryDirectory() + "parley-sum-\(UUID().uuidString)"
        try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        // FIPS 180-4's own example.
        #expect(EngineFiles.sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(EngineFiles.sha256(path + ".none") == nil)
    }

    @Test(
        "A missing, truncated or wrongly encoded file is named, and nothing is loaded from it",
        .enabled(if: InstalledEngines.areThere),
        arguments: ["missing", "truncated", "tokens"])
    func spoilt(kind: String) throws {
        let copy = try EnginesCopy(of: InstalledEngines.directory)
        let file: String
        switch kind {
        case "missing":
            file = "moonshine/decoder.ort"
            try copy.remove(file)
        case "truncated":
            file = "moonshine/encoder.ort"
            let whole = try Data(contentsOf: URL(fileURLWithPath: InstalledEngines.directory + "/" + file))
            try copy.replace(file, with: whole.prefix(1_000_000))
        default:
            // Loading these would end the process.
            file = "moonshine/tokens.txt"
            try copy.replace(file, with: Data("<unk> 0\n".utf8))
        }
        let threads = EngineThreads(count: 1)
        let engines = LocalSpeech.load(directory: copy.path, threads: threads)
        threads.shutDown()
        #expect(engines.recognizer == nil && engines.synthesizer != nil)
        let line = try #require(engines.report.lines.last)
        let fault = kind == "missing" ? "is missing" : "is damaged"
        #expect(
            line.description
                == "moonshine: \(copy.path)/\(file) \(fault); remove \(copy.path) and run scripts/engines.sh \(copy.path)"
        )
    }

    @Test("A spoilt voice leaves the call to flite, with a line", .enabled(if: InstalledEngines.haveJoe))
    func spoiltJoe() throws {
        let copy = try EnginesCopy(of: InstalledEngines.directory)
        try copy.replace("joe/model.onnx", with: Data("not a model".utf8))
        let told = Told()
        let threads = EngineThreads(count: 1)
        let engines = LocalSpeech.load(directory: copy.path, voice: .joe, threads: threads) {
            told.tell($0.description)
        }
        let line = told.wait()
        threads.shutDown()
        #expect(engines.recognizer != nil)
        #expect((engines.synthesizer as? PiperSynthesizer)?.isLoaded == false)
        #expect(line.hasPrefix("joe: \(copy.path)/joe/model.onnx is damaged;"))
        #expect(line.hasSuffix("flite speaks instead"))
    }

    @Test("The report of a whole directory says that all is usable", .enabled(if: InstalledEngines.haveJoe))
    func inspect() {
        let report = LocalSpeech.inspect(directory: InstalledEngines.directory)
        #expect(report.lines.map(\.engine) == ["flite", "moonshine", "joe", "silero"])
        #expect(report.lines.allSatisfy { $0.isUsable })
    }
}

/// One line from another thread.
private final class Told: Sendable {
    private let line = Mutex("")
    private let semaphore = DispatchSemaphore(value: 0)
    func tell(_ line: String) {
        self.line.withLock { $0 = line }
        semaphore.signal()
    }
    func wait() -> String {
        semaphore.wait()
        return line.withLock { $0 }
    }
}
#endif
