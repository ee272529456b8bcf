import Testing

@testable import ParleyCore

@Suite("Keys that stand twice in YAML")
struct YAMLDuplicatesTests {
    @Test("Are told in the same way, whatever order the parser has them in")
    func order() {
        for found in [["b", "a"], ["a", "b"], ["a", "b", "a"]] {
            let duplicates = YAMLDuplicates(found, line: 3)
            #expect(duplicates.names == ["a", "b"] && duplicates.line == 3)
        }
    }

    @Test("Where one is a list or a mapping, whose line the parser gives is chance, and it is not told")
    func nameless() {
        for found in [["<uncovertable>", "a", "<uncovertable>"], ["a", "<uncovertable>"]] {
            let duplicates = YAMLDuplicates(found, line: 3)
            #expect(duplicates.names == ["a", "a list or mapping as a key"] && duplicates.line == nil)
        }
    }
}
