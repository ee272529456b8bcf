import ArgumentParser
import Foundation
import Logging
import ParleyGateway

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway.",
        discussion: """
            Without --config it runs the embedded defaults: the embedded recogniser and voice, the sample flow, a ledger in \
            parley.sqlite, texts written to the ledger only; on loopback, for callers on this machine.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Where to listen, in place of server.host.")
    var host: String?
    @Option(parsing: .unconditional, help: "The port, in place of server.port: 0 to 65535; 0 takes a free one.")
    var port: Int?
    @Option(help: "The ledger's file, in place of ledger.path.")
    var ledger: String?
    @Option(help: "The flow file, in place of agent.flow.")
    var flow: String?
    @Option(help: ArgumentHelp("A WebSocket echo for conformance suites, as 127.0.0.1:PORT.", visibility: .hidden))
    var conformance: String?

    func run() async throws {
        let configuration = try self.configuration()
        do {
            try await GatewayProgram.serve(
                configuration, conformance: try echo(), onListening: { Self.greet(configuration, port: $0) })
        } catch let error as StartError {
            throw Refused(error.description)
        }
    }

    private func configuration() throws -> Configuration {
        if let port, !(0...65_535).contains(port) { throw Refused("--port \(port): must be 0 to 65535") }
        var configuration = try options.load()
        let overrides: [(String, String?, String)] = [
            ("server.host", host, "--host"), ("server.port", port.map(String.init), "--port"),
            ("ledger.path", ledger, "--ledger"), ("agent.flow", flow, "--flow"),
        ]
        do throws(ConfigurationErrors) {
            for (key, value, option) in overrides {
                guard let value else { continue }
                configuration = try configuration.setting(key, to: value, option: option)
            }
        } catch {
            throw Refused(error.description)
        }
        try Refused.folder(configuration[Keys.ledgerPath], for: ledger == nil ? "ledger.path" : "--ledger")
        return configuration
    }

    private func echo() throws -> (host: String, port: Int)? {
        guard let conformance else { return nil }
        guard let colon = conformance.lastIndex(of: ":"),
            let port = Int(conformance[conformance.index(after: colon)...])
        else {
            throw Refused("--conformance \(conformance): write 127.0.0.1:PORT")
        }
        return (String(conformance[..<colon]), port)
    }

    /// The first thing a person needs is where to go.
    private static func greet(_ configuration: Configuration, port: Int) {
        guard configuration.logLevel <= .info else { return }
        let scheme = configuration[Keys.certificate].isEmpty ? "" : "s"
        let place = "\(configuration[Keys.host]):\(port)"
        let health = "Health:        http\(scheme)://\(place)/health/ready   Metrics: /metrics\n"
        // A gateway that asks for proof takes calls from its provider only.
        guard configuration[Keys.insecure] else { return Standard.output.write(health) }
        let sample = "Fixtures/books-a-cleaning"
        let caller = FileManager.default.fileExists(atPath: sample) ? "--fixture \(sample)" : "--audio YOURS.wav"
        Standard.output.write(
            """
            Talk to it:    http\(scheme)://\(place)/talk
            Call it:       \(CommandLine.arguments[0]) call ws\(scheme)://\(place)/media/twilio \(caller)
            \(health)
            """)
    }
}
