import Testing

@testable import ParleyCore

@Test(
    "Hums keep the agent's floor; words take it; nods depend on whether a question is nearly out",
    arguments: [
        ("Mm-hmm.", false, true), ("mhm", true, true), ("Uh huh.", false, true), ("Hmm", false, true),
        ("Yeah.", false, true), ("Yeah.", true, false), ("Okay", false, true), ("okay", true, false),
        ("No.", false, false), ("Stop", false, false), ("Yes please", false, false), ("yeah but Tuesday", false, false),
        ("oh yeah okay right sure", false, false),
    ] as [(String, Bool, Bool)])
func backchannels(text: String, isNearEnd: Bool, keeps: Bool) {
    #expect(Backchannel.matches(text, isNearEnd: isNearEnd) == keeps)
}

@Test("Punctuation and blanks are no words", arguments: ["", " ", "...", "\n", "--"])
func empty(text: String) { #expect(Backchannel.isEmpty(text)) }
