import AsyncHTTPClient
import FakeEngines
import Foundation
import NIOCore
import ParleyCaller
import Testing

/// The keys of engines, in everything that a gateway writes or shows: its log, metrics, errors, capsules and ledger.
@Suite("Keys of engines stay secret", .timeLimit(.minutes(2)))
struct EngineKeyTests {
    /// What an engine that means harm does with the key that it was given: shows it in whatever it says.
    enum Peer: CaseIterable {
        /// Refuses, with the whole request in the refusal's headers and body.
        case refuses
        /// Lets the WebSocket open, says an error with the whole request in it, and closes with the key for a reason.
        case complains
    }

    /// A key for each engine, so that a leak names its way.
    private static let recognizers = ["deepgram", "assemblyai", "openai"]
    private static let voices = ["deepgram", "elevenlabs", "cartesia", "openai"]
    private static func key(_ engine: String, _ role: String) -> String { "cnry-\(role)-\(engine)-5f3a9b71" }
    private static func variable(_ engine: String, _ role: String) -> String { "CANARY_\(role)_\(engine)".uppercased() }

    /// An engines file in which all engines have one and the same server.
    private static func engines(port: Int, agent: String) -> (text: String, keys: [String: String]) {
        var keys: [String: String] = [:]
        func entry(_ engine: String, _ role: String, _ url: String, _ more: String = "") -> String {
            keys[variable(engine, role)] = key(engine, role)
            return "  - {engine: \(engine), url: \"\(url)\", key_env: \(variable(engine, role))\(more)}\n"
        }
        let (socket, http) = ("ws://127.0.0.1:\(port)", "http://127.0.0.1:\(port)")
        var text = "recognizers:\n"
        for engine in recognizers { text += entry(engine, "recognizer", socket + "/v1/listen") }
        text += "voices:\n"
        for engine in voices {
            let more =
                engine == "elevenlabs" || engine == "cartesia" ? ", voice: 5c0ffee3-0000-4000-8000-000000000001" : ""
            text += entry(engine, "voice", (engine == "openai" ? http : socket) + "/v1/speak", more)
        }
        text += "agents:\n"
        switch agent {
        case "chat": text += entry("chat", "agent", http + "/v1", ", model: gpt-x, greeting: Hello")
        case "relay": text += entry("relay", "agent", socket + "/relay", ", welcome_greeting: Hello")
        default: text += entry("openai_realtime", "agent", socket + "/v1/realtime")
        }
        return (text, keys)
    }

    @Test("In a call all of whose engines show them", arguments: Peer.allCases, ["chat", "relay", "openai_realtime"])
    func shown(_ peer: Peer, _ agent: String) async throws {
        let server = FakeWebSocketServer(
            upgrade: { request in
                let seen = Self.seen(request)
                guard peer == .refuses else { return .accept() }
                return .refuse(
                    status: 401, headers: [("dg-error", seen), ("x-error", seen), ("WWW-Authenticate", seen)],
                    body: #"{"error":{"message":"Incorrect API key provided: \#(seen)","type":"\#(seen)"}}"#)
            },
            handler: { socket in
                let seen = Self.seen(socket.upgrade)
                await socket.send(
                    #"{"type":"error","Error":"\#(seen)","error":{"message":"\#(seen)","code":"\#(seen)"},"#
                        + #""message":"\#(seen)","description":"\#(seen)"}"#)
                await socket.close(code: 1008, reason: String(seen.prefix(120)))
            })
        try await server.start()
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (engines, keys) = Self.engines(port: server.port, agent: agent)
        try engines.write(to: folder.appending(path: "engines.yaml"), atomically: true, encoding: .utf8)
        let gateway = try Gatekeeper(
            ledger: folder.appending(path: "ledger.sqlite").path,
            settings: """
                engines: {file: "\(folder.path)/engines.yaml"}
                capsules: all
                capsule: {directory: "\(folder.path)/capsules"}
                log: {level: debug}
                """, environment: keys, log: folder.appending(path: "log.txt").path)
        let port = try await gateway.port()
        let wav = folder.appending(path: "caller.wav").path
        try Data(CallerVoice.wav()).write(to: URL(fileURLWithPath: wav))
        var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
        options.audio = wav
        options.json = folder.appending(path: "report.json").path
        _ = try await ParleyCall.run(options) { _ in }
        let metrics = try await HTTPClient.shared.get(url: "http://127.0.0.1:\(port)/metrics").get()
        try Data(Array(try #require(metrics.body).readableBytesView)).write(to: folder.appending(path: "metrics.txt"))
        await gateway.stopped()
        await server.stop()

        // The peer was asked, and had a key to show: else nothing is shown by what follows.
        #expect(server.upgrades.all.contains { Self.seen($0).contains("cnry-") })
        let (files, leaks) = try Self.search(folder, for: keys.values.sorted())
        #expect(leaks.isEmpty, "\(leaks)")
        for name in ["ledger.sqlite", "log.txt", "metrics.txt", "report.json"] { #expect(files.contains(name)) }
        #expect(files.contains { $0.hasSuffix(".capsule") })
    }

    private static func seen(_ request: FakeUpgrade) -> String {
        String("\(request.target) \(request.headers)".filter { $0.isASCII && $0 != "\"" && $0 != "\\" })
    }

    /// - Returns: the files below a folder that are not empty, and `file: key` for each key in one of them.
    private static func search(_ folder: URL, for keys: [String]) throws -> (files: Set<String>, leaks: [String]) {
        var files: Set<String> = []
        var leaks: [String] = []
        let paths = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
        for path in paths {
            guard let data = FileManager.default.contents(atPath: folder.path + "/" + path), !data.isEmpty else {
                continue
            }
            files.insert(URL(fileURLWithPath: path).lastPathComponent)
            leaks += keys.filter { data.firstRange(of: Data($0.utf8)) != nil }.map { "\(path): \($0)" }
        }
        return (files, leaks)
    }
}
