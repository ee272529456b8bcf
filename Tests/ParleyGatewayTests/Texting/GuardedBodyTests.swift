import Dispatch
import NIOCore
import NIOPosix
import ParleyMessaging
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("A body that asks before it leaves", .timeLimit(.minutes(5)))
struct GuardedBodyTests {
    private let steps = Collected<String>()

    private func body(_ leave: Leave, says answer: Bool?) -> GuardedBody {
        let steps = steps
        let departure = answer.map { answer in
            ProviderClient.Departure(
                mayLeave: {
                    steps.add(["look"])
                    return answer
                }, written: { steps.add(["written"]) })
        }
        return GuardedBody(
            bytes: Array("abc".utf8), leave: leave, departure: departure, passed: { steps.add(["passed"]) })
    }

    @Test("A yes: one piece, and what follows it is told once it is out")
    func yes() async throws {
        let leave = Leave()
        var pieces = body(leave, says: true).makeAsyncIterator()
        #expect(try await pieces.next() == ByteBuffer(string: "abc"))
        #expect(steps.all == ["look"])
        #expect(try await pieces.next() == nil)
        #expect(steps.all == ["look", "passed", "written"])
        #expect(leave.end() == .given)
    }

    @Test("A no: not a byte")
    func no() async throws {
        let leave = Leave()
        var pieces = body(leave, says: false).makeAsyncIterator()
        await #expect(throws: GuardedBody.Withheld.self) { try await pieces.next() }
        #expect(steps.all == ["look"])
        #expect(leave.end() == .withheld)
    }

    @Test("A yes that comes when the request is over: not a byte")
    func late() async throws {
        let leave = Leave()
        var pieces = body(leave, says: true).makeAsyncIterator()
        #expect(leave.end() == .ended)
        await #expect(throws: GuardedBody.Withheld.self) { try await pieces.next() }
        #expect(leave.end() == .ended)
    }

    @Test("A body of no text leaves unasked")
    func unasked() async throws {
        let leave = Leave()
        var pieces = body(leave, says: nil).makeAsyncIterator()
        #expect(try await pieces.next() == ByteBuffer(string: "abc"))
        #expect(try await pieces.next() == nil)
        #expect(steps.all.isEmpty)
    }

    @Test("Nobody is told that a body is written while it waits for its loop")
    func barrier() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let provider = try await TestProvider.start { _ in .answer(201) }
        let client = ProviderClient(loop: loop)
        let steps = steps
        let outcome = await client.carry(
            HTTPCall(method: "POST", url: provider.base, body: [0x61]), within: .seconds(30),
            departure: ProviderClient.Departure(
                mayLeave: {
                    // The loop stands still when the body is given to it, and goes on when its writer has had its time.
                    let goesOn = DispatchSemaphore(value: 0)
                    loop.execute {
                        goesOn.wait()
                        steps.add(["goes on"])
                    }
                    Task {
                        for _ in 0..<1_000 { await Task.yield() }
                        goesOn.signal()
                    }
                    return true
                }, written: { steps.add(["written"]) }))
        if case .answer = outcome {} else { Issue.record("\(outcome)") }
        #expect(steps.all == ["goes on", "written"])
        await client.shutdown()
        try await group.shutdownGracefully()
        await provider.stop()
    }
}
