import FakeEngines
import Foundation
import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleyAgents

@Suite(
    "Small applications in Python",
    .enabled(
        if: PythonApplication.interpreter != nil,
        "SKIPPED: PARLEY_ENGINE_PYTHON is not set, so no application in Python was called (scripts/engine-python.sh)"))
struct RelayPythonTests {
    @Test(
        "One that was written from the protocol's documentation greets, books, and ends the call; its handshake was signed"
    )
    func books() async throws {
        let application = try await PythonApplication.dentist(["--secret", "s3cret", "--url", "ws://127.0.0.1:PORT/"])
        defer { application.stop() }
        let line = try RelayLine("ws://127.0.0.1:\(application.port)/", key: Secret("s3cret"))
        line.ask(1, .opening)
        try await line.nudges.first(1)
        line.ask(2, .nudged)
        #expect(try await line.words(2).hasPrefix("Thank you for calling Bright Smile Dental. "))
        line.ask(3, .said("I need a cleaning."))
        #expect(try await line.words(3).hasPrefix("A cleaning. Which day"))
        line.ask(4, .said("Tuesday at three in the afternoon."))
        #expect(
            try await line.words(4) == "That is a cleaning on Tuesday at 3 in the afternoon. Is that right?")
        line.ask(5, .said("Yes, that's right."))
        #expect(try await line.words(5).hasPrefix("May Bright Smile Dental send you one text message"))
        line.ask(6, .said("Yes, please."))
        #expect(try await line.words(6) == "Thank you. Your confirmation is on its way by text. Goodbye.")
        let booked = #"{"reason": "cleaning", "day": "tuesday", "hour": 15, "text": true}"#
        try await line.parts.first { $0.part == .set("handoff_data", booked) }
        #expect(try await application.lines.at(1).hasSuffix(#""day": "tuesday", "hour": 15, "text": true}"#))
        await line.shutDown()
    }

    @Test("The one on the page answers, takes keys, is cut off, and ends the call")
    func page() async throws {
        let code = try #require(try RelayPages.blocks("python", of: "connect-your-application.md").first)
        #expect(code.contains("8099"))
        let application = try await PythonApplication(code: code.replacingOccurrences(of: "8099", with: "0"))
        defer { application.stop() }
        let line = try RelayLine("ws://127.0.0.1:\(application.port)/") { $0.detectsKeys = true }
        line.ask(1, .opening)
        try await line.nudges.first(1)
        line.ask(2, .nudged)
        #expect(try await line.words(2) == "Hello, you have reached the salon's assistant. What can I do for you?")
        line.ask(3, .said("When are you open?"))
        #expect(try await line.words(3) == "We are open from nine to six, Monday to Saturday.")
        line.bargeIn(3, heard: "We are open")
        line.ask(4, .keyed("5"))
        #expect(try await line.words(4) == "You pressed 5.")
        #expect(try await application.lines.at(2) == "cut off after: We are open")
        line.ask(5, .said("Thanks, goodbye."))
        #expect(try await line.words(5) == "Goodbye.")
        try await line.parts.first { $0.part == .set("handoff_data", #"{"reason": "goodbye"}"#) }
        await line.shutDown()
    }
}
