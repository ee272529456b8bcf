import ParleyCore
import Testing

@testable import ParleyReplay

@Suite("What a detector alone hears in a capsule")
struct CapsuleHearingTests {
    @Test("Given what was played it makes of every frame what the call made of it")
    func alike() throws {
        let hearing = try CapsuleHearing(try Samples.bargesIn())
        #expect(hearing.activity.count > 1_000)
        #expect(hearing.activity.contains { $0.isConfirmed })
        #expect(hearing.difference == nil)
    }

    @Test("Not given it, it does not: the comparison can fail")
    func unlike() throws {
        let hearing = try CapsuleHearing(try Samples.bargesIn(), ignoresReference: true)
        #expect(hearing.difference != nil)
    }

    @Test("Without sound there is nothing to hear")
    func redacted() throws {
        let redacted = try CapsuleRedaction.redact(try Samples.bargesIn())
        #expect(throws: CapsuleError.unheard("it was redacted")) { try CapsuleHearing(redacted) }
        #expect(throws: CapsuleError.notACapsule) { try CapsuleHearing([1, 2, 3]) }
    }
}
