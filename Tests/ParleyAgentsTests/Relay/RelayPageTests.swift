import Testing

@testable import ParleyAgents

@Suite("The messages that the pages show")
struct RelayPageTests {
    private static let setup = RelaySetup(
        session: "VX4f3e2d1c0b9a88776655443322110000", account: "AC0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        call: "CA99aabbccddeeff00112233445566778899", from: "+15550100001", to: "+15550100002", isAgain: false,
        parameters: ["branch": "main"])
    /// What Parley sends, as the page has it, in its order.
    private static let notices: [RelayNotice] = [
        .setup(setup),
        .prompt("I need a", language: "en-US", isLast: false),
        .prompt("I need a cleaning.", language: "en-US", isLast: true),
        .dtmf("5"),
        .interrupt(heard: "Your appointment is on", milliseconds: 684),
        .info("clientSpeaking", "on", at: 1_795_212_345_678),
        .info("agentSpeaking", "off", at: 1_795_212_349_001),
        .info("tokensPlayed", "Your appointment is on", at: nil),
        .info(
            RelayMachine.answeredByPlatform,
            #"{"voicePrompt":"Are you a robot?","answer":"Yes, I am an automated assistant, not a person."}"#,
            at: 1_795_212_351_200),
        .error(#"Invalid message received, code: 64107, {"type":"txt"}"#),
    ]

    @Test("Each that Parley sends stands there as the code writes it")
    func sent() throws {
        let page = try RelayPages.messages(of: "connect-your-application.md", below: "## 3. What Parley sends")
        let code = Self.notices.map { String(decoding: $0.json, as: UTF8.self) }
        #expect(page == code)
        #expect(Set(Self.notices.map(Self.type)) == ["setup", "prompt", "dtmf", "interrupt", "info", "error"])
    }

    @Test("Each that Parley reads stands there, and is read")
    func read() throws {
        let page = try RelayPages.messages(of: "connect-your-application.md", below: "## 4. What Parley reads")
        let read = try page.map { try #require(Self.read($0), "\($0)") }
        #expect(Set(read.map(Self.type)) == ["text", "play", "sendDigits", "language", "end"])
        #expect(
            read.first == .text("Sure, ", isLast: false, language: nil, RelayMessage.Manner())
                && read.last == .end(handoff: #"{"reason":"caller asked"}"#))
    }

    @Test("The call in between is one of such messages, to either side")
    func sequence() throws {
        let block = try #require(
            try RelayPages.blocks("text", of: "agents/relay.md").first { $0.contains("app    -> ") })
        for line in block.split(separator: "\n") {
            let message = String(line.drop { $0 != "{" })
            if line.hasPrefix("app    -> ") {
                #expect(Self.read(message) != nil, "\(line)")
            } else if line.hasPrefix("Parley -> ") {
                let types = Self.notices.map(Self.type)
                #expect(types.contains { message.hasPrefix(#"{"type":"\#($0)""#) }, "\(line)")
            }
        }
        #expect(block.contains(#"app    -> {"type":"end""#) && block.contains(#"Parley -> {"type":"setup""#))
    }

    private static func read(_ message: String) -> RelayMessage? {
        Array(message.utf8).withUnsafeBytes { RelayMessage.read($0) }
    }

    private static func type(_ notice: RelayNotice) -> String {
        switch notice {
        case .setup: "setup"
        case .prompt: "prompt"
        case .dtmf: "dtmf"
        case .interrupt: "interrupt"
        case .info: "info"
        case .error: "error"
        }
    }

    private static func type(_ message: RelayMessage) -> String {
        switch message {
        case .text: "text"
        case .play: "play"
        case .sendDigits: "sendDigits"
        case .language: "language"
        case .end: "end"
        }
    }
}
