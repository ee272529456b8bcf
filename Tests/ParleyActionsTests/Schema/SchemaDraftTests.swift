import Testing

@testable import ParleyActions

@Suite("A value that is only partly known, and its schema")
struct SchemaDraftTests {
    private static let booking = """
        {"type": "object", "required": ["day", "guests"], "properties": {
          "day": {"type": "string", "format": "date"}, "guests": {"type": "integer", "minimum": 1},
          "kind": {"enum": [1, 2]}, "size": {"enum": ["small", 3]}, "note": {"type": "string", "default": "none"},
          "names": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
          "who": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}}
        """

    private func faults(_ members: [String: ValueDraft]) throws -> [String] {
        try schema(Self.booking).faults(in: .object(members)).map { "\($0.place): \($0.text(of: "book"))" }
    }

    private static let good: [String: ValueDraft] = ["day": .text, "guests": .known(.number(.init(2)))]

    @Test("What may fit has no fault, however much of it is open")
    func fits() throws {
        #expect(try faults(Self.good) == [])
        var more = Self.good
        more["day"] = .known(.string("2026-12-01"))
        more["size"] = .text
        more["names"] = .list([.text, .known(.string("Ann"))])
        more["who"] = .object(["id": .known(.number(.init(7)))])
        #expect(try faults(more) == [])
        #expect(try schema("{}").faults(in: .text) == [])
        let open = #"{"type": "object", "additionalProperties": {"type": "string"}}"#
        #expect(try schema(open).faults(in: .object(["x": .text])) == [])
    }

    @Test("Every parameter that cannot fit is told, each once, with its place")
    func all() throws {
        #expect(
            try faults([
                "guests": .text, "kind": .text, "nam": .text, "who": .object(["x": .text]),
                "names": .list([.text, .known(.string("Anne")), .known(.boolean(true))]),
            ]) == [
                "day: day is missing", "guests: guests must be a whole number", "kind: kind must be one of 1, 2",
                "names[1]: names[1] is longer than 3 characters", "names[2]: names[2] must be text",
                "who.id: who.id is missing", "who.x: an unknown parameter was given; who.x takes id",
                "nam: an unknown parameter was given; nam takes day, guests, kind, names, note, size, who",
            ])
    }

    @Test(
        "What is known is held against all of its rules",
        arguments: [
            ("day", ValueDraft.known(.string("tomorrow")), "day: day must be a date as 2026-07-14"),
            ("day", .known(.number(.init(1))), "day: day must be text"),
            ("guests", .known(.number(.init(0))), "guests: guests must be at least 1"),
            ("guests", .object([:]), "guests: guests must be a whole number"),
            ("day", .list([]), "day: day must be text"),
            ("size", .known(.string("tiny")), "size: size must be one of small, 3"),
            (
                "names", .list([.known(.string("A")), .known(.string("B")), .known(.string("C"))]),
                "names: names must have at most 2 entries"
            ),
        ])
    func known(name: String, value: ValueDraft, fault: String) throws {
        #expect(try faults(Self.good.merging([name: value]) { $1 }) == [fault])
    }
}
