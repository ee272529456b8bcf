import ParleyCore

/// What `parley call` was asked to do.
public struct CallOptions: Sendable {
    /// Whose wire format is spoken.
    public enum Provider: String, Sendable, CaseIterable {
        case twilio, native
    }

    public var url: String
    /// Fixture folders, played one after another; or else `audio`.
    public var fixtures: [String] = []
    /// One WAV of any rate, said once.
    public var audio: String?
    /// When `audio` is said.
    public var say = CallScript.Cue.afterQuiet(.milliseconds(600))
    /// How often everything is played.
    public var repeats = 1

    public var provider = Provider.twilio
    public var codec = LegFormat.Codec.mulaw
    /// Samples a second of the native dialect's audio: 8 000 or 16 000. Twilio's is 8 000.
    public var sampleRate = 16_000
    /// Sent with the opening request.
    public var headers: [(name: String, value: String)] = []
    /// Custom parameters of the start message.
    public var parameters: [String: String] = [:]
    /// Twilio's id of the call, in the start message; made up for each call where `nil`.
    public var callSID: String?
    /// The caller's number; a fixture's own where `nil`.
    public var from: String?
    /// A Parley gateway on the same machine is asked for notes of the call.
    public var wantsNotes = true
    /// Per cent of the caller's audio messages that are lost on the way. Native dialect only.
    public var dropPercent = 0.0
    /// What the caller hears comes back on the caller's line; `nil`: nothing does.
    public var echo: EchoPath?
    /// What the carrier does wrong; `nil`: nothing.
    public var faults: FaultFile?
    /// What is lost, and all other faults, follow from this number alone; the faults' own, or else 1, where `nil`.
    public var seed: UInt64?

    /// A stereo WAV of the (last) call: caller left, agent as heard right.
    public var record: String?
    /// Everything that the server sent in the (last) call, as a `WireRecording`.
    public var recordWire: String?
    /// Where the report goes, as JSON.
    public var json: String?
    /// A file of certificates (PEM) to trust instead of the system's.
    public var ca: String?

    /// Bounds in milliseconds on the edge latency over all calls.
    public var edgeP50: Double?
    public var edgeP95: Double?
    /// Only the verdicts and, once at the end, the latencies: neither conversation nor waterfalls.
    public var isQuiet = false

    public init(url: String) { self.url = url }

    var format: LegFormat {
        provider == .twilio ? .telephone : LegFormat(codec: codec, sampleRate: sampleRate)
    }

    /// The faults of the call of this number, from 1: with the seed, and then with the next ones.
    func carrierFaults(call number: Int) -> CarrierFaults {
        var faults = faults?.faults ?? []
        if dropPercent > 0 { faults.append(Fault(.loss, chance: dropPercent / 100, way: .toServer)) }
        return CarrierFaults(seed: (seed ?? self.faults?.seed ?? 1) &+ UInt64(number - 1), faults)
    }

    func check() throws(CallError) {
        if fixtures.isEmpty == (audio == nil) {
            throw .usage("say what the caller plays: either --audio FILE.wav or --fixture FOLDER")
        }
        guard (1...10_000).contains(repeats) else { throw .usage("--repeat \(repeats): must be 1 to 10000") }
        switch (provider, codec) {
        case (.twilio, .mulaw), (.native, .linear16), (.native, .opus): break
        case (.twilio, _): throw .usage("--codec \(codec.rawValue): Twilio streams are mulaw; try --provider native")
        case (.native, .mulaw): throw .usage("--codec mulaw: the native dialect speaks linear16 and opus")
        }
        guard sampleRate == 8_000 || sampleRate == 16_000 else {
            throw .usage("--rate \(sampleRate): must be 8000 or 16000")
        }
        if let callSID {
            guard provider == .twilio else { throw .usage("--call-sid: the native dialect has none; it is Twilio's") }
            guard (1...64).contains(callSID.utf8.count), callSID.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .usage("--call-sid '\(callSID)': must be 1 to 64 visible ASCII characters")
            }
        }
        if ca != nil, try !MediaURL(url).isSecure {
            throw .usage("--ca: there are no certificates on ws://; it goes with wss://")
        }
        for (option, bound) in [("--edge-p50", edgeP50), ("--edge-p95", edgeP95)] {
            guard let bound else { continue }
            guard bound > 0, bound.isFinite else { throw .usage("\(option) \(bound): must be more than 0 ms") }
        }
        guard (0...100).contains(dropPercent) else { throw .usage("--drop \(dropPercent): must be 0 to 100 per cent") }
        guard dropPercent == 0 || provider == .native else {
            throw .usage("--drop: a telephone provider's stream loses nothing on TCP; it goes with --provider native")
        }
        do throws(CallScriptError) {
            let isTwilio = provider == .twilio
            try faults?.check(hasCallIDs: isTwilio, hasBase64: isTwilio, hasNumbers: isTwilio || codec == .opus)
        } catch {
            throw .script(error)
        }
        for header in headers {
            let isName = !header.name.isEmpty && header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
            let isValue = header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            guard isName, isValue else {
                throw .usage("--header '\(header.name): ...': write 'Name: value' on one line")
            }
        }
    }
}
