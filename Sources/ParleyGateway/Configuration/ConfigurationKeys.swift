/// Every key of the configuration file with its default. Nothing else in the gateway writes a default.
public enum Keys {
    // MARK: Where the gateway listens
    public static let insecure = ConfigurationKey.flag(
        "insecure", false,
        "Accept calls that prove nothing. Binds loopback only, serves direct loopback peers only; implied where there is "
            + "no configuration file.")
    public static let host = ConfigurationKey.text(
        "server.host", "127.0.0.1", "address or host name", "Where to listen.", check: notEmpty)
    public static let port = ConfigurationKey.text(
        "server.port", "8080", "port, 0 to 65535",
        "The one port for HTTP and WebSocket; 0 takes a free one and tells it.",
        check: { text in
            Quantity.wholeNumber(text).map { $0 <= 65_535 } == true
                ? nil : ConfigurationProblem("`\(text.prefix(64))` is not a port", mend: "write a number up to 65535")
        })
    public static let publicURL = ConfigurationKey.text(
        "server.public_url", "", "https URL",
        "The address that providers use, exactly: their signatures are over it. Never derived from a request.",
        check: publicAddress)
    public static let certificate = ConfigurationKey.text(
        "server.tls.certificate", "", "file", "PEM file with the certificate chain; TLS is on where it is set.")
    public static let certificateKey = ConfigurationKey.text(
        "server.tls.key", "", "file", "PEM file with the certificate's private key.")
    public static let tlsHandshakeTimeout = ConfigurationKey.duration(
        "tls.handshake_timeout", .seconds(5), .milliseconds(100)...(.seconds(60)), "Over it the connection is closed.")
    public static let trustedProxies = ConfigurationKey.networks(
        "trusted_proxies", "Peers whose X-Forwarded-For is believed, for `conn.per_ip`.")

    // MARK: Limits of the WebSocket
    public static let maxFrameBytes = ConfigurationKey.size(
        "ws.max_frame_bytes", 64 << 10, 1 << 10...32 << 20, "One frame's payload; over it the socket closes with 1009.")
    public static let maxMessageBytes = ConfigurationKey.size(
        "ws.max_message_bytes", 64 << 10, 1 << 10...32 << 20, "One message over all fragments; over it: 1009.")
    public static let maxFragments = ConfigurationKey.count(
        "ws.max_fragments", 64, 1...100_000, "Fragments a message, empty ones too; over it: 1009.")
    public static let maxBufferedIn = ConfigurationKey.size(
        "ws.max_buffered_in", 256 << 10, 1 << 10...64 << 20,
        "Received and not yet taken, a connection: an unfinished message is all there is, so it bounds `ws.max_message_bytes`."
    )
    public static let outHighWater = ConfigurationKey.size(
        "ws.out_high_water", 64 << 10, 4 << 10...16 << 20, "Unsent bytes at which audio is no longer produced.")
    public static let outHard = ConfigurationKey.size(
        "ws.out_hard", 1 << 20, 16 << 10...64 << 20, "Unsent bytes at which the peer counts as slow and is dropped.")
    public static let slowPeerTimeout = ConfigurationKey.duration(
        "ws.slow_peer_timeout", .seconds(5), .milliseconds(100)...(.seconds(60)),
        "Above the high water for this long: the peer counts as slow and is dropped.")
    public static let controlRate = ConfigurationKey.count(
        "ws.control_rate", 20, 1...10_000, "Control messages a second (ping, pong); over it: 1008.")
    public static let controlBurst = ConfigurationKey.count(
        "ws.control_burst", 100, 1...100_000, "Control messages at once.")
    public static let messageRate = ConfigurationKey.count(
        "ws.message_rate", 200, 1...100_000, "Messages a second; over it: 1008.")
    public static let messageBurst = ConfigurationKey.count(
        "ws.message_burst", 1_000, 1...1_000_000, "Messages at once.")
    public static let startTimeout = ConfigurationKey.duration(
        "ws.start_timeout", .seconds(10), .milliseconds(100)...(.seconds(60)),
        "From the upgrade to the provider's start message; over it: 1008.")
    public static let mediaTimeout = ConfigurationKey.duration(
        "ws.media_timeout", .seconds(10), .milliseconds(100)...(.seconds(600)),
        "No message for this long: a probing ping. For three times as long: the call ends, 1001.")
    public static let pingInterval = ConfigurationKey.duration(
        "ws.ping_interval", .seconds(20), .milliseconds(100)...(.seconds(600)), "How often a peer is pinged.")
    public static let pongTimeout = ConfigurationKey.duration(
        "ws.pong_timeout", .seconds(20), .milliseconds(100)...(.seconds(600)), "A ping unanswered for this long: 1011.")
    public static let closeTimeout = ConfigurationKey.duration(
        "ws.close_timeout", .seconds(5), .milliseconds(100)...(.seconds(60)),
        "The wait for the peer's close frame, and of the peer's end of TCP; then the connection is dropped.")

    // MARK: Limits of HTTP and of connections
    public static let headerBytes = ConfigurationKey.size(
        "http.header_bytes", 16 << 10, 1 << 10...256 << 10, "One request's head; over it: 431.")
    public static let headerFields = ConfigurationKey.count(
        "http.header_fields", 64, 8...1_000, "Header fields a request; over it: 431.")
    public static let headerLine = ConfigurationKey.size(
        "http.header_line", 8 << 10, 256...64 << 10, "One line of the head; over it: 431.")
    public static let bodyBytes = ConfigurationKey.size(
        "http.body_bytes", 256 << 10, 1 << 10...16 << 20, "A webhook's body; over it: 413.")
    public static let headerTimeout = ConfigurationKey.duration(
        "http.header_timeout", .seconds(10), .milliseconds(100)...(.seconds(60)), "For the whole head, not idle: 408.")
    public static let bodyTimeout = ConfigurationKey.duration(
        "http.body_timeout", .seconds(15), .milliseconds(100)...(.seconds(120)), "For the whole body, not idle: 408.")
    public static let maxConnections = ConfigurationKey.count(
        "conn.max", 10_000, 1...1_000_000, "Connections; over it: 503 with Retry-After.")
    public static let connectionsPerIP = ConfigurationKey.count(
        "conn.per_ip", 512, 1...1_000_000, "Connections from one address; over it: 503.")
    public static let preAuthConnections = ConfigurationKey.count(
        "conn.pre_auth", 256, 1...1_000_000, "Connections that have not yet proved who they are; over it: 503.")
    public static let maxCalls = ConfigurationKey.count(
        "calls.max", 200, 1...100_000, "Calls at once; at 90 % of it new ones are refused with 503.")
    public static let longestLoopLag = ConfigurationKey.duration(
        "calls.max_loop_lag", .milliseconds(50), .milliseconds(5)...(.seconds(10)),
        "New calls are refused with 503 while an event loop has been this late for two seconds. Calls that are up go on."
    )
    public static let longestEngineWait = ConfigurationKey.duration(
        "calls.max_engine_wait", .milliseconds(500), .milliseconds(50)...(.seconds(60)),
        "New calls are refused with 503 for some seconds after a caller's words or a reply's first clause waited this long for an engine."
    )
    public static let longestClauseWait = ConfigurationKey.duration(
        "calls.max_clause_wait", .seconds(1), .milliseconds(50)...(.seconds(60)),
        "The same for a later clause of a reply: it has time while the one before is played, and behind that the caller hears a gap."
    )

    // MARK: The conversation
    public static let hangover = ConfigurationKey.duration(
        "turn.hangover", .milliseconds(500), .milliseconds(100)...(.seconds(5)),
        "Silence after the caller's last voiced frame before the turn has ended, where the words do not tell.")
    public static let pause = ConfigurationKey.duration(
        "turn.pause", .milliseconds(180), .milliseconds(20)...(.seconds(2)),
        "Silence after which the recogniser decodes what it has, in case the turn ends.")
    public static let bargeInAfter = ConfigurationKey.duration(
        "turn.barge_in_after", .milliseconds(280), .milliseconds(20)...(.seconds(2)),
        "Doubtful speech over the agent before the agent falls silent; a clear voice stops it at once.")
    public static let bargeInConfirmedAfter = ConfigurationKey.duration(
        "turn.barge_in_confirmed_after", .milliseconds(700), .milliseconds(20)...(.seconds(5)),
        "The caller's speech over the agent that takes the turn without waiting for words.")
    public static let minimumInterruption = ConfigurationKey.duration(
        "turn.minimum_interruption", .milliseconds(600), .milliseconds(20)...(.seconds(2)),
        "Voiced speech over the agent below this takes the turn only by a word such as `stop` or `no`.")
    public static let noSpeechAfter = ConfigurationKey.duration(
        "turn.no_speech_after", .seconds(7), .milliseconds(500)...(.seconds(60)),
        "Silence of the caller before the agent asks again.")
    public static let reprompts = ConfigurationKey.count(
        "turn.reprompts", 2, 1...10, "How often a silent caller is asked again before the goodbye.")
    public static let interDigit = ConfigurationKey.duration(
        "turn.inter_digit", .seconds(3), .milliseconds(500)...(.seconds(30)),
        "Wait for the next key before the keys so far are the answer.")
    public static let fillerAfter = ConfigurationKey.duration(
        "turn.filler_after", .milliseconds(1_500), .milliseconds(200)...(.seconds(3)),
        "Wait for the reply before a filler is spoken.")
    public static let sayAgainAfter = ConfigurationKey.duration(
        "turn.say_again_after", .milliseconds(2_500), .milliseconds(500)...(.seconds(10)),
        "Wait for the reply, after the filler, before the caller is asked to say it again; the second time: `turn.transfer_to`, or a goodbye."
    )
    public static let transferTo = ConfigurationKey.text(
        "turn.transfer_to", "", "name of a transfer target",
        "Where a call goes when its engines or its agent have failed twice in a row; empty: it ends with a goodbye.")
    public static let preemptive = ConfigurationKey.flag(
        "turn.preemptive", false,
        "Whether a model is asked when the caller pauses, before the turn has surely ended. Its reply is ready sooner, and "
            + "costs again where the caller goes on.")
    public static let maxTurn = ConfigurationKey.duration(
        "turn.max_turn", .seconds(30), .seconds(5)...(.seconds(600)), "The longest turn of the caller.")
    public static let playoutLead = ConfigurationKey.duration(
        "playout.lead", .milliseconds(200), .milliseconds(40)...(.milliseconds(400)),
        "How far ahead of real time audio is sent.")

    // MARK: Engines and agent
    public static let recognizer = ConfigurationKey.choice(
        "speech.recognizer", "moonshine", ["moonshine", "instant"],
        "What turns the caller's speech to text.")
    public static let voice = ConfigurationKey.choice(
        "speech.voice", "joe", ["joe", "slt", "rms", "awb", "kal16", "instant"],
        "The agent's voice. `slt` (flite) speaks where `joe` (Piper) is not installed.")
    public static let secondOpinion = ConfigurationKey.choice(
        "vad.second_opinion", "auto", ["off", "auto", "on"],
        "A network beside the detector says who speaks: `auto` while less than half of the cores are busy.")
    public static let enginesDirectory = ConfigurationKey.text(
        "speech.engines_directory", "", "folder", "Where the engines' files are; empty: where the setup puts them.")
    public static let speechThreads = ConfigurationKey.count(
        "speech.threads", 2, 1...64, "Threads that recognise and synthesise.")
    public static let speechMemory = ConfigurationKey.size(
        "speech.memory", 16 << 20, 1 << 10...1 << 30,
        "What the embedded voice has said in two calls is kept, up to this size, and said again without an engine. 1KiB keeps nothing."
    )
    public static let enginesFile = ConfigurationKey.text(
        "engines.file", "", "file",
        "Recognisers, voices and agents over the network, for each role those that stand in for one another; empty: the "
            + "embedded ones.")
    public static let agentFlow = ConfigurationKey.text(
        "agent.flow", "sample", "file, `sample` or `instant`",
        "The flow that decides the replies; `sample` is the dentist's booking, `instant` answers every turn at once.",
        check: notEmpty)
    public static let ledgerPath = ConfigurationKey.text(
        "ledger.path", "parley.sqlite", "file", "The record of calls and messages.", check: notEmpty)
    public static let smsSender = ConfigurationKey.text(
        "sms.sender", "", "name or number",
        "Who a text message is from, and who consent to text is given to; empty: the name in the flow.")
    public static let smsProvider = ConfigurationKey.choice(
        "sms.provider", "record_only", ["record_only"],
        "What sends text messages; `record_only` writes them to the ledger.")

    public static let messagingFile = ConfigurationKey.text(
        "messaging.file", "", "file",
        "Channels that text, the texts that agents may send, and their rules; empty: texts are written to the ledger "
            + "and go no further.")

    // MARK: Recordings of calls
    public static let capsules = ConfigurationKey.choice(
        "capsules", "off", ["off", "failed", "all"],
        "Whose inputs are recorded, voices and words included, so that `parley replay` can give them to it again: `failed` keeps "
            + "calls in which an engine failed, nobody spoke or the line was lost.")
    public static let capsuleDirectory = ConfigurationKey.text(
        "capsule.directory", "capsules", "folder", "Where they are written, a file a call.", check: notEmpty)
    public static let capsuleKeep = ConfigurationKey.duration(
        "capsule.keep", .seconds(30 * 86_400), .seconds(60)...(.seconds(366 * 86_400)),
        "Capsules older than this are removed, every hour.")

    public static let capsuleRedact = ConfigurationKey.flag(
        "capsule.redact", false,
        "Whether voices and words are left out of them: what the call decided, and when, is still replayed.")

    // MARK: Running it
    public static let drainTimeout = ConfigurationKey.duration(
        "drain_timeout", .seconds(3_600), .seconds(1)...(.seconds(86_400)),
        "How long calls may go on after SIGTERM.")
    public static let drainDelay = ConfigurationKey.duration(
        "drain_delay", .seconds(5), .milliseconds(10)...(.seconds(60)),
        "From failing readiness to no longer accepting, while calls are up: time for balancers.")
    public static let metricsAllow = ConfigurationKey.networks(
        "metrics.allow", "Who may read `/metrics` besides direct loopback peers.")
    public static let consoleAllow = ConfigurationKey.networks(
        "console.allow", "Who may open `/talk`, `/` and `/api` besides direct loopback peers.")
    public static let logLevel = ConfigurationKey.choice(
        "log.level", "info", ["debug", "info", "notice", "warning", "error"], "What is logged.")
    public static let logFormat = ConfigurationKey.choice(
        "log.format", "plain", ["plain", "json"], "One line of text, or one JSON object a line.")

    // MARK: Twilio
    public static let twilioTokenVariable = ConfigurationKey.text(
        "twilio.auth_token_env", "", "name of an environment variable",
        "Holds the auth token; several, one a line or between commas, while one is being replaced.",
        check: { name in
            SecretSource.isVariable(name)
                ? nil
                : ConfigurationProblem(
                    "is not the name of an environment variable",
                    mend: "export the token, for example as TWILIO_AUTH_TOKEN, and write that name")
        })
    public static let twilioTokenFile = ConfigurationKey.text(
        "twilio.auth_token_file", "", "file, mode 0600", "Holds the auth token in place of the environment.")

    /// In the order of the reference.
    public static let all: [AnyConfigurationKey] = [
        insecure.erased, host.erased, port.erased, publicURL.erased, certificate.erased, certificateKey.erased,
        tlsHandshakeTimeout.erased, trustedProxies.erased,
        maxFrameBytes.erased, maxMessageBytes.erased, maxFragments.erased, maxBufferedIn.erased, outHighWater.erased,
        outHard.erased, slowPeerTimeout.erased, controlRate.erased, controlBurst.erased, messageRate.erased,
        messageBurst.erased, startTimeout.erased, mediaTimeout.erased, pingInterval.erased,
        pongTimeout.erased, closeTimeout.erased,
        headerBytes.erased, headerFields.erased, headerLine.erased, bodyBytes.erased,
        headerTimeout.erased, bodyTimeout.erased, maxConnections.erased, connectionsPerIP.erased,
        preAuthConnections.erased, maxCalls.erased, longestLoopLag.erased, longestEngineWait.erased,
        longestClauseWait.erased,
        hangover.erased, pause.erased, bargeInAfter.erased, bargeInConfirmedAfter.erased, minimumInterruption.erased,
        noSpeechAfter.erased,
        reprompts.erased, interDigit.erased, fillerAfter.erased, sayAgainAfter.erased, transferTo.erased,
        preemptive.erased, maxTurn.erased,
        playoutLead.erased,
        recognizer.erased, voice.erased, secondOpinion.erased, enginesDirectory.erased, speechThreads.erased,
        speechMemory.erased, enginesFile.erased,
        agentFlow.erased,
        ledgerPath.erased, smsSender.erased, smsProvider.erased, messagingFile.erased,
        capsules.erased, capsuleDirectory.erased, capsuleKeep.erased, capsuleRedact.erased,
        drainTimeout.erased, drainDelay.erased, metricsAllow.erased, consoleAllow.erased, logLevel.erased,
        logFormat.erased, twilioTokenVariable.erased, twilioTokenFile.erased,
    ]
}

@Sendable private func notEmpty(_ text: String) -> ConfigurationProblem? {
    text.isEmpty ? ConfigurationProblem("is empty", mend: "write a value, or leave the key out for the default") : nil
}

/// Scheme and authority, perhaps a path; what signatures are computed over must be unmistakable.
@Sendable private func publicAddress(_ text: String) -> ConfigurationProblem? {
    let mend = "write the address as providers use it, for example https://voice.example.org"
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
        return ConfigurationProblem("does not begin with https://", mend: mend)
    }
    let rest = text.dropFirst(scheme.count)
    guard let first = rest.first, first != "/", !rest.contains(where: { "?# \"<>".contains($0) }) else {
        return ConfigurationProblem("is not the plain address of a host", mend: mend)
    }
    return text.hasSuffix("/") ? ConfigurationProblem("ends in a slash", mend: "leave the last slash out") : nil
}
