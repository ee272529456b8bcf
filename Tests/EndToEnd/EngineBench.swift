import Foundation
import Logging
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleyLedger
import ParleySpeech

/// A gateway in this process with an engines file of its own, and callers.
struct EngineBench {
    let folder: URL
    private let configuration: Configuration
    private let environment: [String: String]

    /// - Parameters:
    ///   - engines: the text of the engines file.
    ///   - settings: lines of the configuration, besides.
    ///   - keys: what the engines file names, by variable of the environment.
    init(engines: String, settings: String = "", keys: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-engines-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        environment = keys
        let file = folder.appending(path: "engines.yaml").path
        try engines.write(toFile: file, atomically: true, encoding: .utf8)
        configuration = try Configuration.parse(
            "insecure: true\nledger: {path: \"\(folder.path)/parley.sqlite\"}\nserver: {port: 0}\n"
                + "vad: {second_opinion: \"off\"}\nengines: {file: \"\(file)\"}\n\(settings)",
            file: "test", environment: [:])
    }

    var ledger: String { folder.path + "/parley.sqlite" }

    /// Serves while the body runs.
    ///
    /// - Parameter callsEndWithin: calls that are still up then are ended by the gateway, within this time, as by a second
    ///   signal; `nil`: they go on to their own end.
    func serve<Result: Sendable>(
        agent: (any Agent)? = nil, registry: NetworkEngines = .builtIn, callsEndWithin: Duration? = nil,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let process = try GatewayProcess(
            configuration: configuration, agent: agent, engines: registry, environment: environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onListening: { told.yield($0) })
        let serving = Task { try await process.runUntilStopped() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CancellationError() }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(port))
        } catch {
            result = .failure(error)
        }
        if let callsEndWithin { process.gateway.endCalls(within: callsEndWithin) }
        await process.gateway.stop()
        try await serving.value
        return try result.get()
    }

    /// A fixture's caller.
    ///
    /// - Parameter record: where the call's sound is written, as a WAV of the caller and the agent.
    func call(_ fixture: String, port: Int, record: String? = nil) async throws -> CallOutcome.Run {
        var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
        options.fixtures = [Self.fixture(fixture)]
        options.record = record
        guard let run = try await ParleyCall.run(options, output: { _ in }).runs.first else {
            throw CancellationError()
        }
        return run
    }

    static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
    }

    /// All fixtures with `PARLEY_ENGINE_FIXTURES=all`, else the one that is named.
    static func fixtures(else one: String) -> [String] {
        guard ProcessInfo.processInfo.environment["PARLEY_ENGINE_FIXTURES"] == "all" else { return [one] }
        return [
            "books-a-cleaning", "barges-in", "goes-silent", "mhm-and-cough", "noisy-line", "refuses-the-text",
            "uses-keys",
        ]
    }

    /// What a fixture's caller says, turn by turn.
    static func lines(_ name: String) throws -> [String] {
        let text = try String(contentsOfFile: fixture(name) + "/call.yaml", encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            guard let start = line.firstRange(of: "text: \"")?.upperBound, let end = line.lastIndex(of: "\"") else {
                return nil
            }
            // A noise stands in brackets: it is no line.
            return line[start] == "(" ? nil : String(line[start..<end])
        }
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
