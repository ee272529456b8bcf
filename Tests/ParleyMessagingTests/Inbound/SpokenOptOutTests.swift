import Testing

@testable import ParleyMessaging

@Suite("Spoken opt-outs and refusals")
struct SpokenOptOutTests {
    @Test("A caller who wants no more texts is heard")
    func optOuts() { #expect(InboundCorpus.spokenOptOuts.filter { !SpokenOptOut.isOptOut($0) } == []) }

    @Test("Stop and cancel are said to the agent, and other turns are no opt-outs")
    func others() {
        #expect(InboundCorpus.spokenOthers.filter { SpokenOptOut.isOptOut($0) || SpokenOptOut.isUnsure($0) } == [])
    }

    @Test("A configured language's phrases count in a call; its single words do not")
    func languages() {
        let spanish = OptOutLanguages(tags: ["es"])
        #expect(SpokenOptOut.isOptOut("por favor no me manden más mensajes", languages: spanish))
        #expect(!SpokenOptOut.isOptOut("por favor no me manden más mensajes"))
        #expect(!SpokenOptOut.isOptOut("cancelar", languages: spanish))
        #expect(!SpokenOptOut.isOptOut("alto", languages: spanish))
    }

    @Test("A negated or questioned opt-out is unsure")
    func unsure() {
        for turn in ["please don't stop texting me", "did you stop texting me", "if i unsubscribe do i lose my slot"] {
            #expect(SpokenOptOut.isUnsure(turn))
            #expect(!SpokenOptOut.isOptOut(turn))
        }
    }

    @Test("A declared no is on record")
    func refusals() { #expect(InboundCorpus.refusals.filter { !TextRefusal.isRefusal($0) } == []) }

    @Test("What is not a clear no is no refusal")
    func notRefusals() { #expect(InboundCorpus.notRefusals.filter { TextRefusal.isRefusal($0) } == []) }

    @Test("No answer is both an explicit yes and a refusal")
    func disjoint() {
        for answer in InboundCorpus.refusals {
            #expect(ConsentAnswer(text: answer, isKeyed: false).means(language: "en") == nil)
        }
    }
}
