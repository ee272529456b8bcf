import NIOCore
import NIOPosix
import ParleyWire
import ParleyNetwork

/// Drives a WebSocket fuzzing server (Autobahn's protocol for clients under test): asks for the number of cases,
/// echoes in
/// each, asks for the reports.
public enum ConformanceClient {
    /// 16 MiB messages and 65 536 fragments are among the cases.
    private static let limits = WebSocketReceiver.Limits(
        maxFrameBytes: 32 << 20, maxMessageBytes: 32 << 20, maxFragments: 70_000)

    /// - Parameter url: of the server, `ws://host:port`.
    /// - Returns: how many cases were run. Verdicts are the server's.
    @discardableResult
    public static func run(url: String, agent: String = "parley") async throws(CallError) -> Int {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let answer = try await echo(base + "/getCaseCount", echoes: false)
        guard let text = answer, let count = Int(text) else {
            throw .connection("\(base)/getCaseCount: answered `\(answer ?? "nothing")`, not a number")
        }
        for number in 1...max(1, count) where count > 0 {
            // A refused or broken connection is that case's result, not ours to judge.
            _ = try? await echo("\(base)/runCase?case=\(number)&agent=\(agent)", echoes: true)
        }
        _ = try await echo("\(base)/updateReports?agent=\(agent)", echoes: false)
        return count
    }

    /// Opens one connection, and stays until it is closed.
    /// - Returns: the first text message.
    private static func echo(_ address: String, echoes: Bool) async throws(CallError) -> String? {
        let url = try MediaURL(address)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let done = loop.makePromise(of: String?.self)
        do {
            _ = try await Dialing.connect(url, ca: nil, limits: limits, on: loop) {
                EchoUser(echoes: echoes, done: done)
            }
        } catch {
            done.fail(error)
        }
        do { return try await done.futureResult.get() } catch let error as CallError { throw error } catch {
            throw .connection("\(error)")
        }
    }

    /// Sends every message back. Confined to its event loop.
    private final class EchoUser: WebSocketClientUser {
        private let echoes: Bool
        private let done: EventLoopPromise<String?>
        private var socket: WebSocketClient?
        private var first: String?

        init(echoes: Bool, done: EventLoopPromise<String?>) {
            self.echoes = echoes
            self.done = done
        }

        func opened(_ socket: WebSocketClient) { self.socket = socket }

        func text(_ message: UnsafeRawBufferPointer) {
            if echoes {
                socket?.send(.text, message)
            } else if first == nil {
                first = String(decoding: message, as: UTF8.self)
            }
        }

        func binary(_ message: UnsafeRawBufferPointer) { if echoes { socket?.send(.binary, message) } }

        func closed(_ ending: WebSocketEnding) {
            if case .refused(let problem) = ending {
                done.fail(CallError.connection(problem))
            } else {
                done.succeed(first)
            }
        }
    }
}
