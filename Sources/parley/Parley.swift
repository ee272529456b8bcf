import ArgumentParser
import Foundation
import ParleyGateway

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A realtime voice gateway for telephone agents.",
        discussion: "Start here: `parley serve`, then open the address it prints, or `parley call` it.",
        version: ParleyVersion.current,
        subcommands: [
            Serve.self, PlaceCall.self, LedgerCommand.self, Texts.self, Doctor.self, VoiceActivityCommand.self,
            Say.self,
            Replay.self, Simulate.self, Bench.self, JudgeCommand.self, Study.self,
            ConformanceClientCommand.self,
        ])

    static func main() async {
        secureDescriptors()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as Refused {
            Standard.error.write("parley: \(error.line)\n")
            _exit(error.code)
        } catch let error as ExitCode {
            exit(withError: error)
        } catch  where exitCode(for: error) == .validationFailure {
            // Bad usage is 2 here, as everywhere in this contract; ArgumentParser's own is 64.
            Standard.error.write(fullMessage(for: error) + "\n")
            _exit(2)
        } catch {
            exit(withError: error)
        }
    }
}

/// A reader that leaves is an error of one write, not the end of the process; and no file or socket may become descriptor 0,
/// 1 or 2, or output would go into it.
private func secureDescriptors() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in 0...2 where fcntl(Int32(descriptor), F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
}

/// A command that could not do what it was asked: one line, and 1 (the thing checked is not so) or 2 (bad usage or
/// configuration).
struct Refused: Error {
    var line: String
    var code: Int32

    init(_ line: String, code: Int32 = 2) {
        self.line = line
        self.code = code
    }

    /// Where a file belongs, a folder is the likeliest slip, and its readers would only say that they cannot read it.
    static func folder(_ path: String, for name: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return }
        throw Refused("\(name): \(path) is a folder; name the file in it")
    }
}

/// The process's outputs, unbuffered: lines appear as they are written, also into a pipe.
enum Standard {
    struct Output: Sendable {
        fileprivate let descriptor: Int32
        func write(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                var rest = UnsafeRawBufferPointer(bytes)
                while let base = rest.baseAddress, !rest.isEmpty {
                    let count = Glibc.write(descriptor, base, rest.count)
                    guard count > 0 else { return }
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                }
            }
        }
    }
    static let output = Output(descriptor: 1)
    static let error = Output(descriptor: 2)
}

/// `--config` and what overrides it.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "The configuration file; without it the embedded defaults, on loopback only.")
    var config: String?

    func load() throws -> Configuration {
        guard let config else { return .embedded }
        try Refused.folder(config, for: "--config")
        do throws(ConfigurationErrors) {
            return try Configuration.load(path: config)
        } catch {
            throw Refused(error.description)
        }
    }
}
