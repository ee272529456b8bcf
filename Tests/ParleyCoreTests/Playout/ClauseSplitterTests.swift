import Testing

@testable import ParleyCore

@Suite("Clauses")
struct ClauseSplitterTests {
    @Test(
        "A reply is spoken in clauses, the first one short",
        arguments: [
            (
                ["Great, I have Tuesday at three. Is that right?"],
                ["Great,", "I have Tuesday at three.", "Is that right?"]
            ),
            (["Hel", "lo. How", " are you?"], ["Hello.", "How are you?"]),
            (
                ["At 3:30 p.m. we close. Dr. Lee is out today, sorry. Bye."],
                ["At 3:30 p.m. we close.", "Dr. Lee is out today, sorry.", "Bye."]
            ),
            (["no full stop"], ["no full stop"]),
            (["  ", "...", "\n\n"], []),
            (["One moment.\nIt is sent."], ["One moment.", "It is sent."]),
        ] as [([String], [String])])
    func splits(pieces: [String], clauses: [String]) {
        var splitter = ClauseSplitter()
        var found: [String] = []
        for piece in pieces {
            splitter.append(piece)
            while case .clause(let clause)? = splitter.next() { found.append(clause) }
        }
        splitter.finish()
        while case .clause(let clause)? = splitter.next() { found.append(clause) }
        #expect(found == clauses)
        #expect(splitter.rest == "")
    }

    @Test("However the text is cut on its way, its clauses carry all of its words")
    func losesNothing() {
        let text =
            "Thank you, Ms. Smith. I have a cleaning on Tuesday the 24th, at 3:30 p.m.; shall I book it? "
            + String(repeating: "and so on and on ", count: 40)
        for size in 1...40 {
            var splitter = ClauseSplitter()
            var words: [Substring] = []
            var clauses: [String] = []
            var rest = Substring(text)
            while !rest.isEmpty {
                splitter.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
                while case .clause(let clause)? = splitter.next() { clauses.append(clause) }
            }
            splitter.finish()
            while case .clause(let clause)? = splitter.next() { clauses.append(clause) }
            for clause in clauses { words += clause.split(separator: " ").map { Substring(String($0)) } }
            #expect(words == text.split(separator: " "))
            #expect(clauses.allSatisfy { $0.count <= 220 })
        }
    }
}
