import FoundationEssentials
import NIOCore
import NIOPosix
import ParleyCore
import ParleyNetwork
import ParleyWire

/// What all calls of one command came to.
public struct CallOutcome: Sendable {
    public struct Run: Sendable {
        public var report: CallReport
        public var findings: [Finding]

        public init(report: CallReport, findings: [Finding]) {
            self.report = report
            self.findings = findings
        }
    }
    public var runs: [Run]
    /// Bounds on latency that were not kept.
    public var exceeded: [String] = []

    public init(runs: [Run]) { self.runs = runs }

    public var isAsExpected: Bool { runs.allSatisfy(\.findings.isEmpty) && exceeded.isEmpty }
    /// 0: all as expected; 1: not. (2 is for errors, which are thrown.)
    public var exitCode: Int32 { isAsExpected ? 0 : 1 }

    public var edge: LatencySummary? { LatencySummary(runs.flatMap(\.report.edges)) }
    public var ear: LatencySummary? { LatencySummary(runs.flatMap(\.report.ears)) }
    public var bargeIn: LatencySummary? { LatencySummary(runs.flatMap(\.report.bargeIns)) }
}

/// Plays a caller against a media-stream server.
public enum ParleyCall {
    /// Plays everything that was asked for, one call after another.
    ///
    /// - Parameter output: takes one line at a time, from any thread.
    /// - Throws: `CallError`, when a call could not be made at all.
    public static func run(
        _ options: CallOptions, output: @escaping @Sendable (String) -> Void
    ) async throws(CallError) -> CallOutcome {
        try options.check()
        let url = try MediaURL(options.url)
        var prepared: [PreparedCall] = []
        if let audio = options.audio {
            prepared.append(try PreparedCall(audio: audio, options: options))
        }
        for folder in options.fixtures { prepared.append(try PreparedCall(folder: folder, options: options)) }

        var outcome = CallOutcome(runs: [])
        var last: (sent: [Int16], heard: [Int16]) = ([], [])
        let total = options.repeats * prepared.count
        for _ in 0..<options.repeats {
            for call in prepared {
                let number = outcome.runs.count + 1
                if total > 1 { output("--- call \(number) of \(total): \(call.script.name)") }
                let finished = try await place(call, url, options, number: number, output)
                let findings = call.script.expect.check(finished.report)
                show(finished.report, findings, options, output)
                outcome.runs.append(.init(report: finished.report, findings: findings))
                last = (finished.sent, finished.heard)
            }
        }
        judge(&outcome, options, output)
        if let path = options.record {
            let wav = WAV(sampleRate: options.format.sampleRate, left: last.sent, right: last.heard)
            try write(wav.bytes(), to: path, "--record")
        }
        if let path = options.json { try write(json(outcome), to: path, "--json") }
        return outcome
    }

    private static func place(
        _ call: PreparedCall, _ url: MediaURL, _ options: CallOptions, number: Int,
        _ output: @escaping @Sendable (String) -> Void
    ) async throws(CallError) -> CallDriver.Finished {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let done = loop.makePromise(of: CallDriver.Finished.self)
        let isQuiet = options.isQuiet
        let faults = options.carrierFaults(call: number)
        let limits = WebSocketReceiver.Limits(maxFrameBytes: 1 << 20, maxMessageBytes: 1 << 20)
        let recording = try recording(options, on: loop)
        do {
            _ = try await Dialing.connect(
                url, headers: options.headers, ca: options.ca, limits: limits, on: loop
            ) {
                var machine = CallerMachine(
                    script: call.script, audio: call.audio, background: call.background,
                    echo: options.echo, sampleRate: options.format.sampleRate)
                machine.report.url = options.url
                machine.report.provider = options.provider.rawValue
                machine.report.codec = options.format.codec.rawValue
                var codec = try LegCodec(format: options.format)
                let silence = try codec.encode([Int16](repeating: 0, count: options.format.samplesPerFrame))
                let peer = peer(for: call.script, options)
                return CallDriver(
                    machine: machine,
                    carrier: FaultCarrier(faults, peer: peer, second: sameCall(as: peer), silence: silence),
                    codec: try LegCodec(format: options.format), recording: recording?.value, loop: loop,
                    dial: { second in
                        Task {
                            do {
                                _ = try await Dialing.connect(
                                    url, headers: options.headers, ca: options.ca, limits: limits, on: loop
                                ) { second.value }
                            } catch {
                                loop.execute { second.value.failed(error) }
                            }
                        }
                    },
                    show: { entry in if !isQuiet { output(entry.description) } }, done: done)
            }
        } catch let error as CallError {
            done.fail(error)
        } catch {
            done.fail(CallError.connection("no call was made: \(error)"))
        }
        var finished: CallDriver.Finished
        do { finished = try await done.futureResult.get() } catch let error as CallError { throw error } catch {
            throw .connection("\(error)")
        }
        if case .refused(let problem) = finished.ending { throw .connection("\(options.url): \(problem)") }
        if finished.isRecordingCutOff { throw WireFile.full(options.recordWire ?? "") }
        report(finished, options.faults, seed: faults.seed, drops: options.dropPercent > 0, into: &finished.report)
        return finished
    }

    /// Made on the call's loop, and there alone.
    private static func recording(
        _ options: CallOptions, on loop: any EventLoop
    ) throws(CallError) -> NIOLoopBoundBox<WireFile>? {
        guard let path = options.recordWire else { return nil }
        let file = try WireFile(path: path)
        return NIOLoopBoundBox.makeBoxSendingValue(file, eventLoop: loop)
    }

    private static func report(
        _ finished: CallDriver.Finished, _ file: FaultFile?, seed: UInt64, drops: Bool, into report: inout CallReport
    ) {
        // `--drop` is the last fault of the list.
        if drops { report.packetsDropped = finished.fired.last ?? 0 }
        guard let file else { return }
        var faults = FaultReport(seed: seed)
        for (index, fault) in file.faults.enumerated() {
            faults.entries.append(.init(fault: fault.kind.name, line: file.lines[index], fired: finished.fired[index]))
        }
        faults.overflow = finished.overflow
        faults.secondStreams = finished.secondEndings
        report.faults = faults
    }

    static func peer(for script: CallScript, _ options: CallOptions) -> any PeerDialect {
        var parameters = options.parameters
        if options.wantsNotes { parameters["parley.notes"] = parameters["parley.notes"] ?? "1" }
        let from = options.from ?? script.caller ?? ""
        guard options.provider == .twilio else {
            return NativePeer(format: options.format, from: from, parameters: parameters)
        }
        // Twilio's start message has no caller; servers get it as a parameter from their own TwiML.
        if !from.isEmpty { parameters["from"] = parameters["from"] ?? from }
        return TwilioPeer(
            streamID: sid("MZ"), callID: options.callSID ?? sid("CA"), accountID: sid("AC"),
            parameters: parameters)
    }

    /// Another stream of the same call; `nil` where the dialect has no ids of calls.
    static func sameCall(as peer: any PeerDialect) -> TwilioPeer? {
        guard let peer = peer as? TwilioPeer else { return nil }
        return TwilioPeer(
            streamID: sid("MZ"), callID: peer.callID, accountID: peer.accountID, parameters: peer.parameters)
    }

    private static func sid(_ prefix: String) -> String {
        let digits = (0..<2).map { _ in
            let hex = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - hex.count) + hex
        }
        return prefix + digits.joined()
    }

    // MARK: Afterwards

    package static func show(
        _ report: CallReport, _ findings: [Finding], _ options: CallOptions, _ output: (String) -> Void
    ) {
        if !options.isQuiet {
            output("")
            CallSummary.lines(of: report).forEach(output)
            output(CallSummary.latency("edge", report.edges))
            output(CallSummary.latency("ear ", report.ears))
        }
        if let faults = report.faults { output(faults.summary) }
        for finding in findings { output("NOT AS EXPECTED  \(report.name): \(finding)") }
        if findings.isEmpty, options.audio == nil { output("as expected  \(report.name)") }
    }

    private static func judge(_ outcome: inout CallOutcome, _ options: CallOptions, _ output: (String) -> Void) {
        let (count, missed) = (outcome.runs.count, outcome.runs.count { !$0.findings.isEmpty })
        if count > 1 || options.isQuiet {
            output("=== \(count) call\(count == 1 ? "" : "s"), \(missed) not as expected")
            output(CallSummary.latency("edge", outcome.runs.flatMap(\.report.edges)))
            output(CallSummary.latency("ear ", outcome.runs.flatMap(\.report.ears)))
            output(CallSummary.latency("barge-in", outcome.runs.flatMap(\.report.bargeIns)))
        }
        for (name, bound, found) in [
            ("p50", options.edgeP50, outcome.edge?.p50), ("p95", options.edgeP95, outcome.edge?.p95),
        ] {
            guard let bound else { continue }
            if let found, found <= bound { continue }
            let words = found.map { "\(CallSummary.whole($0)) ms" } ?? "not measured: no line was answered"
            outcome.exceeded.append("edge \(name) is \(words), bound \(CallSummary.whole(bound)) ms")
        }
        for line in outcome.exceeded { output("TOO SLOW  \(line)") }
    }

    private struct JSONReport: Codable {
        struct Call: Codable {
            var report: CallReport
            var findings: [String]
            /// In milliseconds, of the turns that have one.
            var edges, ears, bargeIns: [Double]
        }
        var calls: [Call]
        var edge: LatencySummary?
        var ear: LatencySummary?
        var bargeIn: LatencySummary?
        var exceeded: [String]
        var isAsExpected: Bool
    }

    package static func json(_ outcome: CallOutcome) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let report = JSONReport(
            calls: outcome.runs.map { run in
                .init(
                    report: run.report, findings: run.findings.map(\.description), edges: run.report.edges,
                    ears: run.report.ears, bargeIns: run.report.bargeIns)
            },
            edge: outcome.edge, ear: outcome.ear, bargeIn: outcome.bargeIn, exceeded: outcome.exceeded,
            isAsExpected: outcome.isAsExpected)
        // Strings, numbers and lists alone: encoding cannot fail but for a number that is not finite, which none is.
        return (try? encoder.encode(report)).map(Array.init) ?? []
    }

    /// The calls in what `json` wrote. Everything that expectations look at is in them.
    static func reports(json: [UInt8]) throws -> [CallReport] {
        try JSONDecoder().decode(JSONReport.self, from: Data(json)).calls.map(\.report)
    }

    /// Judges calls that were played before by the expectations of a fixture, whose calls they need not be.
    ///
    /// - Parameters:
    ///   - path: what `--json` wrote.
    ///   - output: takes a line for each finding, or one for a call that has none.
    /// - Throws: `CallError`, when report or fixture cannot be read.
    public static func judge(
        saved path: String, by folder: String, output: (String) -> Void
    ) throws(CallError) -> CallOutcome {
        let script: CallScript
        do { script = try CallScript.load(folder: folder) } catch { throw .script(error) }
        guard let data = FileManager.default.contents(atPath: path), let reports = try? reports(json: Array(data)),
            !reports.isEmpty
        else { throw .usage("\(path): this is no report of calls, as --json writes it") }
        let runs = reports.map { CallOutcome.Run(report: $0, findings: script.expect.check($0)) }
        for run in runs {
            let name = "\(run.report.name) by \(script.name)"
            for finding in run.findings { output("NOT AS EXPECTED  \(name): \(finding)") }
            if run.findings.isEmpty { output("as expected  \(name)") }
        }
        return CallOutcome(runs: runs)
    }

    private static func write(_ bytes: [UInt8], to path: String, _ option: String) throws(CallError) {
        do { try Data(bytes).write(to: URL(filePath: path)) } catch {
            throw .usage("\(option) \(path): cannot be written; is its folder there?")
        }
    }
}
