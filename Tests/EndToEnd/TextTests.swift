import FakeProvider
import Foundation
import ParleyLedger
import ParleyMessaging
import Testing

@Suite("Texts through a running gateway", .timeLimit(.minutes(5)))
struct TextTests {
    private static let hook = TextBench.publicURL + "/hooks/twilio/sms"

    private func running(
        _ bench: TextBench, agent: String = "instant", _ body: (Gatekeeper) async throws -> Void
    ) async throws {
        let gateway = try Gatekeeper(
            ledger: bench.ledger, settings: bench.settings, environment: bench.environment, agent: agent)
        bench.provider.route(TextBench.publicURL, toPort: try await gateway.port())
        do {
            try await body(gateway)
        } catch {
            await gateway.stopped()
            throw error
        }
        await gateway.stopped()
        await bench.provider.stop()
        bench.remove()
    }

    private func inbound(_ bench: TextBench, _ body: String, id: String, from: String = "+12125550123") async -> Int? {
        await bench.provider.inbound(
            .twilio, from: from, to: TextBench.sender, body: body, id: id, url: Self.hook)?.status
    }

    @Test("An event sends one text, however often it comes; its delivery comes back into the record")
    func event() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await bench.agreedCall()
        try await running(bench) { _ in
            let event = bench.event("e1", arguments: #"{"amount":"$12.50"}"#)
            let answers = await provider.post(event, copies: 100)
            #expect(answers.allSatisfy { $0?.status == 200 })
            // Another event about the same fact.
            let same = await provider.post(bench.event("e2", arguments: #"{"amount":"$12.50"}"#))
            #expect(same?.text.contains("said_before") == true)
            let text = try #require(try await provider.taken(1).first)
            #expect(text.body == "Bright Smile Dental: Thank you, we received $12.50. Reply STOP to opt out")
            #expect(text.to == "+12125550123")
            try await provider.wait(for: "delivery") {
                $0.reports.contains { $0.status == .delivered && $0.answer == 200 }
            }
            try await provider.quiet(for: .milliseconds(300))
            #expect(provider.received.count == 1)
            #expect(try LedgerReader(path: bench.ledger).messages().map(\.state) == ["delivered"])
            // The same id for something else, another's signature, an old one, a flipped bit.
            #expect(await provider.post(bench.event("e1", arguments: #"{"amount":"$99"}"#))?.status == 409)
            var forged = bench.event("e3", arguments: #"{"amount":"$1"}"#)
            forged.body[20] ^= 1
            #expect(await provider.post(forged)?.status == 403)
            #expect(await provider.post(bench.event("e4", call: "NOBODY", arguments: "{}"))?.status == 404)
            #expect(await provider.post(bench.event("e5", "stocks_fell", arguments: "{}"))?.status == 422)
        }
    }

    @Test("Without consent an event sends nothing and says why; a call without events sends nothing")
    func noConsent() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await bench.agreedCall()
        try await running(bench) { _ in
            #expect(await inbound(bench, "STOP", id: "SM1") == 200)
            let answer = await provider.post(bench.event("e1", arguments: #"{"amount":"$1"}"#))
            #expect(answer?.text.contains("opted_out") == true)
            let confirmation = try #require(try await provider.taken(1).first)
            #expect(confirmation.body.contains("opted out"))
            try await provider.quiet(for: .milliseconds(300))
            #expect(provider.received.count == 1)
        }
    }

    @Test("STOP is confirmed once, HELP is answered also then, START opens the door again")
    func keywords() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await running(bench) { _ in
            for (index, word) in ["STOP", "stop", "STOP"].enumerated() {
                #expect(await inbound(bench, word, id: "SMs\(index)") == 200)
            }
            _ = try await provider.taken(1)
            #expect(await inbound(bench, "HELP", id: "SMh") == 200)
            let help = try await provider.taken(2)
            #expect(help[1].body.contains("Msg & data rates may apply"))
            #expect(await inbound(bench, "START", id: "SMt") == 200)
            _ = try await provider.taken(3)
            try await provider.quiet(for: .milliseconds(300))
            #expect(provider.received.count == 3)
            let chain = try LedgerReader(path: bench.ledger).consentChain("+12125550123")
            #expect(!chain.isOptedOut)
            #expect(chain.optOuts.count == 3)
            #expect(chain.consents.contains { $0.purpose == "informational" && $0.means == "keyword" })
        }
    }

    @Test("The same inbound text a hundred times at once is one; a flipped bit, another's signature are refused")
    func replayed() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await running(bench) { _ in
            let request = provider.raw(
                .twilio, from: "+12125550123", to: TextBench.sender, body: "HELP", id: "SM7", url: Self.hook)
            let answers = await provider.post(request, copies: 100)
            #expect(answers.allSatisfy { $0?.status == 200 })
            _ = try await provider.taken(1)
            try await provider.quiet(for: .milliseconds(300))
            #expect(provider.received.count == 1)
            var accepted = 0
            for bit in stride(from: 0, to: request.bits(of: .body), by: 7) {
                guard let flipped = request.flipping(bit: bit, of: .body) else { continue }
                // "%2B" and "%2b" are one value to the signature: then it is the text that came already.
                let status = await provider.post(flipped)?.status
                #expect(status == 403 || status == 200, "bit \(bit) of the body")
                accepted += status == 200 ? 1 : 0
            }
            #expect(accepted < 3)
            try await provider.quiet(for: .milliseconds(300))
            #expect(provider.received.count == 1)
        }
    }

    @Test("A booking by text: questions in any order, yes confirms, a time moves it, C asks for it to be cancelled")
    func booking() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await running(bench, agent: "sample") { _ in
            func said(_ words: String, _ number: Int) async throws -> String {
                #expect(await inbound(bench, words, id: "SMb\(number)") == 200)
                return try await provider.taken(number)[number - 1].body
            }
            let which = try await said("Hi, I need a cleaning", 1)
            #expect(which.contains("day"))
            let read = try await said("next Tuesday at 3pm", 2)
            #expect(read.contains("YES"))
            let confirmed = try await said("yes", 3)
            #expect(confirmed.contains("Confirmed"))
            let moved = try await said("actually 4pm", 4)
            #expect(moved.contains("4"))
            let again = try await said("Y", 5)
            #expect(again.contains("Confirmed"))
            let cancelled = try await said("C", 6)
            #expect(cancelled.lowercased().contains("cancel"))
            let record = try #require(try LedgerReader(path: bench.ledger).conversation("+12125550123"))
            let steps = record.lines.filter { $0.kind == "thread" && $0.what.hasPrefix("booking") }.map(\.what)
            #expect(
                steps == [
                    "booking: proposed", "booking: confirmed", "booking: change_requested", "booking: confirmed",
                    "booking: cancel_requested",
                ])
        }
    }

    @Test("STOP while a hundred texts wait: nothing leaves once it is answered")
    func stopRace() async throws {
        // Each answer takes its time, so that most texts still wait when STOP comes.
        let provider = try await FakeProvider.start(script: ProviderScript(.accept.after(.milliseconds(200))))
        let bench = try TextBench(provider)
        try await bench.agreedCall()
        try await running(bench) { _ in
            for number in 0..<100 {
                let event = bench.event("e\(number)", arguments: #"{"amount":"$\#(number).00"}"#)
                #expect(await provider.post(event)?.status == 200)
                if number == 50 { _ = try await provider.receipts(1) }
            }
            #expect(await inbound(bench, "STOP", id: "SMstop") == 200)
            let atStop = provider.received.count
            try await provider.quiet(for: .seconds(1))
            let after = provider.received.dropFirst(atStop)
            // The confirmation alone.
            #expect(after.allSatisfy { $0.body.contains("opted out") })
            #expect(after.count <= 1)
            let states = Set(try LedgerReader(path: bench.ledger).messages(limit: 200).map(\.state))
            #expect(!states.contains("queued") && !states.contains("claimed"))
        }
    }

    @Test("What was erased is in no file, and the opt-out holds on")
    func erased() async throws {
        let canary = "Zanzibar"
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await bench.agreedCall()
        try await running(bench) { _ in
            _ = await provider.post(bench.event("e1", arguments: #"{"amount":"\#(canary)"}"#))
            _ = try await provider.taken(1)
            #expect(await inbound(bench, "Thanks, \(canary)", id: "SM1") == 200)
            #expect(await inbound(bench, "STOP", id: "SM2") == 200)
            let capsule = bench.folder.appending(path: "CALL1.capsule")
            try Data(canary.utf8).write(to: capsule)
            let erase = Process()
            erase.executableURL = try Gatekeeper.binary()
            erase.arguments = [
                "ledger", "erase", "--subject", "+12125550123", "--ledger", bench.ledger, "--capsules",
                bench.folder.path,
            ]
            erase.standardOutput = FileHandle.nullDevice
            let code = try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Int32, any Error>) in
                erase.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try erase.run() } catch { continuation.resume(throwing: error) }
            }
            #expect(code == 0)
            #expect(!FileManager.default.fileExists(atPath: capsule.path))
            for file in try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
            where file.hasPrefix("ledger.sqlite") && !file.hasSuffix(".yaml") {
                let bytes = try Data(contentsOf: bench.folder.appending(path: file))
                for word in [canary, "12125550123", "Yes, please"] {
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) is in \(file)")
                }
            }
            let answer = await provider.post(bench.event("e2", arguments: #"{"amount":"$1"}"#))
            #expect(answer?.text.contains("committed") == false)
            #expect(try LedgerReader(path: bench.ledger).consentChain("+12125550123").isOptedOut)
        }
    }
}
