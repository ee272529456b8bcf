import FoundationEssentials
import ParleyCore
import Testing

@testable import ParleyReplay

@Suite("What is said of what was replayed")
struct ReplayReportTests {
    private static func capsule() throws -> [UInt8] {
        try FixtureReplay.run(
            folder: Samples.fixtures + "/uses-keys", settings: Samples.settings(),
            engines: Samples.scripted(["Friday at nine in the morning."])
        ).capsule
    }

    @Test("One that cannot be replayed is an error of its own, and hides nothing of the others")
    func unplayable() throws {
        let fine = ReplayResult(
            path: "a.capsule", capsule: try CapsuleReplay.run(Self.capsule()), problems: [], took: .zero)
        let bad = ReplayResult(path: "b<c.capsule", kind: .capsule, unplayable: "is no capsule")
        let report = ReplayReport([fine, bad])
        #expect(report.summary == "1 replayed, 0 different, 1 cannot be")
        #expect(!report.isAsExpected && report.unplayable == 1)
        #expect(report.junit().contains(#"tests="2" failures="0" errors="1""#))
        #expect(report.junit().contains(#"name="b&lt;c.capsule""#))
        #expect(report.junit().contains(#"<error message="is no capsule">is no capsule</error>"#))
        #expect(ReplayReport([fine]).summary == "1 replayed, 0 different")
    }

    @Test("With another setting the changes are told to CI, too")
    func changes() throws {
        let call = try RecordedCall(try Self.capsule())
        var settings = call.settings
        for key in ["endpoint.shortest", "turn.hangover", "endpoint.fluent", "endpoint.longer"] {
            #expect(settings.set(key, to: "1500ms") == nil)
        }
        let changes = try Rehearsal(call).changes(setting: settings)
        try #require(!changes.isEmpty)
        let result = ReplayResult(path: "a.capsule", call, changes: changes, took: .zero)
        #expect(result.isAsExpected)
        let xml = ReplayReport([result]).junit()
        #expect(xml.contains("<system-out>"))
        #expect(changes.allSatisfy { xml.contains(Markup.escaped($0.line)) })
    }

    @Test("With another setting, too, a damaged capsule is told from a whole one")
    func damaged() throws {
        var octets = try Self.capsule()
        octets[octets.count / 2] ^= 0xFF
        let call = try RecordedCall(octets)
        let result = ReplayResult(path: "a.capsule", call, changes: [], took: .zero)
        #expect(!result.isAsExpected)
        #expect(result.problems.first?.hasPrefix("damaged at octet") == true)
    }

    @Test("A setting's name that is nearly right is told")
    func nearName() {
        var settings = CallSettings(format: .telephone)
        #expect(settings.set("turn.hangovr", to: "1s")?.contains("did you mean `turn.hangover`?") == true)
    }
}
