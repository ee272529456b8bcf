import Foundation
import NIOCore
import NIOPosix

/// Plays many callers at once against a running server, and writes down what happened and when.
///
/// Open loop: each call has its own place in the grid of 20 ms, and sends its frames when they are due whatever the server does.
/// Where the generator itself comes late, times count from when a frame was due.
public struct LoadGenerator {
    public var url: LoadURL
    public var name: String
    public var calls: Int
    /// Calls begin evenly over so many seconds...
    public var ramp: Double
    /// ...what follows for so long is not counted...
    public var warmUp: Double
    /// ...and this is.
    public var seconds: Double
    public var seed: UInt64
    public var lines: CallerLines
    /// Whether another caller comes in the place of one whose conversation the server has ended, so that as many go on talking.
    public var redials: Bool
    /// The server's process, for its CPU time and memory.
    public var pid: Int?
    public var allocations: String?

    public init(
        url: LoadURL, name: String, calls: Int, ramp: Double, warmUp: Double, seconds: Double, seed: UInt64,
        lines: CallerLines, redials: Bool = false, pid: Int?, allocations: String?
    ) {
        self.url = url
        self.name = name
        self.calls = calls
        self.ramp = ramp
        self.warmUp = warmUp
        self.seconds = seconds
        self.seed = seed
        self.lines = lines
        self.redials = redials
        self.pid = pid
        self.allocations = allocations
    }

    public func run() throws(LoadError) -> LoadRun {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let address: SocketAddress
        do { address = try SocketAddress.makeAddressResolvingHost(url.host, port: url.port) } catch {
            throw LoadError("\(url.host): \(error)")
        }
        let probe = pid.map { ServerProbe(pid: $0, allocations: allocations) }
        if let probe, probe.sample() == nil { throw LoadError("--pid \(probe.pid): there is no such process") }
        let loop = group.next()
        let promise = loop.makePromise(of: LoadRun.self)
        loop.execute { [self] in
            let schedule = Schedule(self, address: address, probe: probe, loop: loop) { promise.succeed($0) }
            schedule.begin()
        }
        do { return try promise.futureResult.wait() } catch { throw LoadError("\(error)") }
    }

    /// The calls in the order of their places, and the one timer that sends what is due. On its loop alone.
    fileprivate final class Schedule {
        let plan: LoadGenerator
        let address: SocketAddress
        let probe: ServerProbe?
        let loop: any EventLoop
        let done: (LoadRun) -> Void
        let origin = NIODeadline.now()
        var calls: [LoadCall?]
        /// What those showed whose places others have taken.
        var past: [LoadLog] = []
        /// How many have followed each other in a place.
        var followers: [Int: Int] = [:]
        /// Where each call is in the grid, in nanoseconds, rising.
        let phases: [Int64]
        /// Which call has that place.
        let order: [Int]
        var place = 0
        var round: Int64 = 0
        var begun = 0
        var first: Reading?
        var second: Reading?
        static let frame: Int64 = 20_000_000
        /// The grid of sending, in nanoseconds: half of what lies between two calls, so that a server gets frames one by one. Of many
        /// calls one is due every few us, and a timer for each would be most of the work: there some go together.
        var grain: Int64 { plan.calls > 200 ? 500_000 : min(500_000, Self.frame / Int64(2 * plan.calls)) }

        struct Reading {
            var at: Int64
            var server: ServerProbe.Sample?
            var own: Int64
            var sent: Int
            var received: Int
        }

        init(
            _ plan: LoadGenerator, address: SocketAddress, probe: ServerProbe?, loop: any EventLoop,
            done: @escaping (LoadRun) -> Void
        ) {
            self.plan = plan
            self.address = address
            self.probe = probe
            self.loop = loop
            self.done = done
            calls = Array(repeating: nil, count: plan.calls)
            // The golden ratio spreads any number of calls evenly.
            func phase(_ call: Int) -> Int64 {
                Int64((Double(call) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1) * Double(Self.frame))
            }
            order = (0..<plan.calls).sorted { phase($0) < phase($1) }
            phases = order.map(phase)
        }

        private var opens: Int64 { Int64((plan.ramp + plan.warmUp) * 1e9) }
        private var closes: Int64 { opens + Int64(plan.seconds * 1e9) }
        private var now: Int64 { (NIODeadline.now() - origin).nanoseconds }

        func begin() { tick() }

        private func tick() {
            let now = now
            while begun < plan.calls, Int64(plan.ramp * 1e9 * Double(begun) / Double(plan.calls)) <= now {
                connect(begun)
                begun += 1
            }
            if first == nil, now >= opens { first = read(now) }
            if second == nil, now >= closes {
                second = read(now)
                hangUp(now)
                loop.assumeIsolated().scheduleTask(in: .seconds(2)) { self.finish() }
                return
            }
            while true {
                let due = round * Self.frame + phases[place]
                guard due <= now else { break }
                if let call = calls[order[place]] {
                    if call.isLive {
                        call.sendFrame(due: due, at: self.now)
                    } else if plan.redials, call.wasHungUpOn {
                        past.append(call.meter.log)
                        followers[order[place], default: 0] += 1
                        connect(order[place])
                    }
                }
                place += 1
                if place == order.count { (place, round) = (0, round + 1) }
            }
            let next = max(round * Self.frame + phases[place], now + grain)
            loop.assumeIsolated().scheduleTask(deadline: origin + .nanoseconds(next)) { self.tick() }
        }

        /// A caller who was never here takes this place.
        private func connect(_ place: Int) {
            let call = LoadCall(
                number: place + plan.calls * (followers[place] ?? 0), url: plan.url, lines: plan.lines, seed: plan.seed,
                mayBeHungUpOn: plan.redials, isFollower: followers[place] != nil, origin: origin)
            calls[place] = call
            let bound = NIOLoopBound(call, eventLoop: loop)
            ClientBootstrap(group: loop)
                .connectTimeout(.seconds(10))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(bound.value)
                    }
                }
                .connect(to: address)
                .whenFailure { bound.value.fail("\($0)") }
        }

        private func hangUp(_ now: Int64) { for case let call? in calls { call.hangUp(at: now) } }

        private func read(_ now: Int64) -> Reading {
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let seconds = Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            let own = seconds * 1_000_000_000 + Int64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1_000
            let logs = past + calls.compactMap { $0?.meter.log }
            return Reading(
                at: now, server: probe?.sample(), own: own, sent: logs.reduce(0) { $0 + $1.framesSent },
                received: logs.reduce(0) { $0 + $1.framesReceived })
        }

        private func finish() {
            guard let first, let second else { return }
            let logs =
                past
                + calls.compactMap { call -> LoadLog? in
                    call?.fail("did not end")
                    return call?.meter.log
                }
            done(LoadRun(plan, logs, window: first.at..<second.at, first: first, second: second))
        }
    }
}

extension LoadRun {
    fileprivate init(
        _ plan: LoadGenerator, _ logs: [LoadLog], window: Range<Int64>, first: LoadGenerator.Schedule.Reading,
        second: LoadGenerator.Schedule.Reading
    ) {
        self.init(name: plan.name, calls: plan.calls, window: Double(window.upperBound - window.lowerBound) / 1e9)
        conversations = logs.count
        framesSent = second.sent - first.sent
        framesReceived = second.received - first.received
        ownCPU = second.own - first.own
        server = first.server.flatMap { before in
            second.server.map { after -> Server in
                let asked: UInt64? =
                    if let some = before.allocations, let all = after.allocations { all - some } else { nil }
                return Server(
                    cpu: after.cpu - before.cpu, memory: after.memory, threadsChanged: before.threads != after.threads,
                    allocations: asked)
            }
        }
        for log in logs {
            framesOfAll += log.framesSent + log.framesReceived
            for (measure, values) in log.offsets {
                // Connections are made before the window.
                let counted = measure == .connect ? values : values.filter { window.contains($0.at) }
                offsets[measure.rawValue, default: []] += counted.map { Double($0.value / 1_000) / 1_000 }
            }
            for turn in log.turns where window.contains(turn.at) {
                switch turn.outcome {
                case .answered: turns.answered += 1
                case .missed: turns.missed += 1
                case .talkedOver: turns.talkedOver += 1
                }
                if let wasCleared = turn.interruption {
                    turns.interruptions += 1
                    if !wasCleared { turns.notCleared += 1 }
                }
            }
            turns.strayClears += log.strayClears
            for violation in log.violations { violations[violation, default: 0] += 1 }
            if let failure = log.failure { failures[failure, default: 0] += 1 }
        }
    }
}
