import Foundation
import Logging
import ParleySpeech

/// A gateway's program, for one with engines of one's own: the two commands of `parley` that read the engines file, `serve`
/// and `doctor`. What the others do goes by the configuration and the ledger, whoever's engines they are.
public enum GatewayProgram {
    /// What a program was asked for: `[serve | doctor] [--config FILE]`.
    struct Request: Equatable {
        var isDoctor = false
        /// `nil`: the embedded defaults.
        var file: String?

        static let usage = "usage: [serve | doctor] [--config FILE]"

        init(_ arguments: [String]) throws(StartError) {
            var rest = arguments[...]
            switch rest.first {
            case "serve": rest.removeFirst()
            case "doctor":
                isDoctor = true
                rest.removeFirst()
            default: break
            }
            guard let option = rest.popFirst() else { return }
            guard option == "--config", let path = rest.popFirst(), rest.isEmpty else {
                throw StartError(Self.usage)
            }
            file = path
        }

        func configuration() throws(ConfigurationErrors) -> Configuration {
            guard let file else { return .embedded }
            return try Configuration.load(path: file)
        }
    }

    /// All of a program's `main.swift`. Ends the process: 0 for an end that was asked for, 1 where `doctor` found something
    /// that will not work, 2 where the gateway could not start, with the reason on standard error.
    ///
    /// - Parameters:
    ///   - engines: that the engines file can name: `.builtIn.adding(...)`.
    ///   - arguments: of the command line, without the program's name.
    public static func main(
        engines: NetworkEngines, arguments: [String] = Array(CommandLine.arguments.dropFirst())
    ) async -> Never {
        // A reader that leaves is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            let request = try Request(arguments)
            let configuration = try request.configuration()
            guard request.isDoctor else { try await serve(configuration, engines: engines) }
            let findings = Checkup.run(configuration, engines: engines)
            for finding in findings { print(finding) }
            exit(findings.allSatisfy(\.isGood) ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(2)
        }
    }

    /// Serves until SIGTERM or SIGINT, lets calls that are up go on to their end, and ends the process with 0.
    ///
    /// - Parameters:
    ///   - engines: that the engines file can name.
    ///   - conformance: where a WebSocket echo listens for conformance suites, besides; loopback only.
    ///   - onListening: told the port once connections are accepted.
    /// - Throws: `StartError` where it cannot start.
    public static func serve(
        _ configuration: Configuration, engines: NetworkEngines = .builtIn,
        conformance: (host: String, port: Int)? = nil,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) async throws -> Never {
        Cores.boundLoops()
        LoggingSystem.bootstrap { label in
            LineLogHandler(
                label: label, level: configuration.logLevel,
                form: LineLogHandler.Form(rawValue: configuration[Keys.logFormat]) ?? .plain)
        }
        let process = try GatewayProcess(
            configuration: configuration, engines: engines, conformance: conformance,
            logger: Logger(label: "parley"), onListening: onListening)
        try await process.run()
        LogSink.standardError.flush()
        // The ledger is closed. Not by way of the libraries' own tidying up: a model may still be loading on a thread.
        _exit(0)
    }
}
