import ParleyCore

@testable import ParleySpeech

/// A dialect, and what comes of each thing that it is told.
struct DialectRig<Dialect: RecognizerDialect> {
    var dialect: Dialect

    /// What was sent, as text; audio by its octets.
    private(set) var sent: [String] = []

    init(_ dialect: Dialect) { self.dialect = dialect }

    @discardableResult
    mutating func open() -> [DialectLine.Sign] { run { $0.open(into: &$1) } }

    @discardableResult
    mutating func feed(_ turn: Int, milliseconds: Int = 20, octets: [UInt8] = [1, 2]) -> [DialectLine.Sign] {
        run { $0.audio(octets, length: .milliseconds(milliseconds), of: turn, into: &$1) }
    }

    mutating func pause(_ turn: Int) -> [DialectLine.Sign] { run { $0.pause(turn, into: &$1) } }
    mutating func finish(_ turn: Int, quiet: Int = 0) -> [DialectLine.Sign] {
        run { $0.finish(turn, quiet: .milliseconds(quiet), into: &$1) }
    }
    mutating func cancel(_ turn: Int) -> [DialectLine.Sign] { run { $0.cancel(turn, into: &$1) } }
    mutating func conclude(_ turn: Int) -> [DialectLine.Sign] { run { $0.conclude(turn, into: &$1) } }
    mutating func keepAlive() -> [DialectLine.Sign] { run { $0.keepAlive(into: &$1) } }
    mutating func end() -> [DialectLine.Sign] { run { $0.end(into: &$1) } }

    mutating func hear(_ text: String) -> [DialectLine.Sign] { hear(Array(text.utf8), isText: true) }

    mutating func hear(_ bytes: [UInt8], isText: Bool = false) -> [DialectLine.Sign] {
        run { dialect, line in
            bytes.withUnsafeBytes {
                if isText { dialect.receive(text: $0, into: &line) } else { dialect.receive(binary: $0, into: &line) }
            }
        }
    }

    /// What was sent since this was last asked.
    mutating func takeSent() -> [String] {
        defer { sent = [] }
        return sent
    }

    private mutating func run(_ act: (inout Dialect, inout DialectLine) -> Void) -> [DialectLine.Sign] {
        var line = DialectLine()
        act(&dialect, &line)
        sent += line.messages.map { message in
            switch message {
            case .text(let text): String(decoding: text, as: UTF8.self)
            case .binary(let octets): "\(octets)"
            }
        }
        return line.signs
    }
}

/// Messages that no protocol has.
enum Rubbish {
    static let texts = [
        "", "{", "[]", "7", "\"x\"", "null", "<html>502</html>", "{}", #"{"type":7}"#, #"{"a":1,"a":2}"#,
        String(repeating: "[", count: 10_000),
    ]
}
