import Foundation
import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("The page about Wyoming")
struct WyomingPageTests {
    /// Of what Parley sends: a type, and the fields of its data.
    private struct Row: Hashable {
        var type: String
        var fields: Set<String>
    }

    private static func page() throws -> String {
        let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs").standardized
        return try String(contentsOf: docs.appending(path: "engines/wyoming.md"), encoding: .utf8)
    }

    /// What stands between backticks.
    private static func code(_ cell: Substring) -> Set<String> {
        Set(
            cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { !$0.0.isMultiple(of: 2) }
                .map { String($0.1) })
    }

    private static func row(_ event: WyomingEvent) throws -> Row {
        guard !event.data.isEmpty else { return Row(type: event.type, fields: []) }
        let data = try JSONSerialization.jsonObject(with: Data(event.data)) as? [String: Any]
        return Row(type: event.type, fields: Set(try #require(data).keys))
    }

    private static func bytes(of line: DialectLine) -> [UInt8] {
        line.messages.flatMap { message in if case .binary(let octets) = message { octets } else { [UInt8]() } }
    }

    @Test("What Parley sends stands there with its fields, and nothing else does")
    func sent() throws {
        var line = DialectLine()
        var ears = WyomingDialect(rate: 16_000, model: "base", language: "en")
        ears.audio([1, 2], length: .milliseconds(60), of: 1, into: &line)
        ears.finish(1, quiet: .zero, into: &line)
        var bytes = Self.bytes(of: line)
        var mouth = WyomingVoiceDialect(.init(name: "alba", language: "en", speaker: "2"))
        for case .binary(let octets) in mouth.speak("Sure.", as: 1, at: .zero) { bytes += octets }
        var ping: [UInt8] = []
        WyomingEvent.append("ping", to: &ping)
        var answer = DialectLine()
        ping.withUnsafeBytes { ears.receive(binary: $0, into: &answer) }
        bytes += Self.bytes(of: answer)

        var reader = WyomingReader()
        bytes.withUnsafeBytes { reader.receive($0) }
        var events: Set<Row> = []
        while let event = try reader.next() { events.insert(try Self.row(event)) }

        let rows = try Self.page().split(separator: "\n").compactMap { line -> Row? in
            let cells = line.split(separator: "|")
            guard cells.count >= 4, cells[1] == " Parley ", let type = Self.code(cells[0]).first else { return nil }
            return Row(type: type, fields: Self.code(cells[2]))
        }
        #expect(Set(rows) == events)
        #expect(events.count == 6 && rows.count == 6)
    }

    @Test("Its example of a turn is as the code writes it")
    func turn() throws {
        var line = DialectLine()
        var ears = WyomingDialect(rate: 16_000, model: nil, language: "en")
        ears.audio([UInt8](repeating: 0, count: 1_920), length: .milliseconds(60), of: 1, into: &line)
        let written = String(decoding: Self.bytes(of: line).prefix { $0 != 0 }, as: UTF8.self)
        let shape = #"{"rate":16000,"width":2,"channels":1}"#
        #expect(written.hasSuffix("\n" + shape))
        #expect(try Self.page().contains("```text\n" + written.dropLast(shape.utf8.count)))
    }
}
