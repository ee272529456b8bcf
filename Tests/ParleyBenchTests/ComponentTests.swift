import Testing

@testable import ParleyBench

@Suite("Component benchmarks")
struct ComponentTests {
    @Test("Each component does what it says, and is measured", arguments: Components.all.map { $0.name })
    func measures(name: String) throws {
        let component = try #require(Components.all.first { $0.name == name })
        let measured = component.measure(rounds: 2, milliseconds: 1)
        #expect(measured.name == name && measured.operations > 0)
        #expect(measured.nanoseconds.count == 2 && measured.best > 0 && measured.best <= measured.median)
    }

    @Test("Names are told apart, also as beginnings")
    func names() { #expect(Set(Components.all.map { $0.name }).count == Components.all.count) }

    @Test("What is done for every frame may not ask for memory; what is not, may")
    func bounds() {
        func measured(_ name: String, isOnFramePath: Bool, allocations: UInt64?) -> Measurement {
            Measurement(
                name: name, operation: "something", isOnFramePath: isOnFramePath, nanoseconds: [10, 12, 19],
                allocations: allocations, operations: 100)
        }
        let report = ComponentReport([
            measured("frame", isOnFramePath: true, allocations: 100),
            measured("quiet", isOnFramePath: true, allocations: 0),
            measured("event", isOnFramePath: false, allocations: 250),
            measured("uncounted", isOnFramePath: true, allocations: nil),
        ])
        #expect(report.broken.map(\.name) == ["frame"])
        #expect(
            report.table == """
                component    ns  median  allocations  one operation
                frame      10.0    12.0     1.0 FAIL  something
                quiet      10.0    12.0            0  something
                event      10.0    12.0          2.5  something
                uncounted  10.0    12.0            -  something

                """)
    }
}
