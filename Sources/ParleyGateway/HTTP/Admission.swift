import Metrics
import NIOCore
import Synchronization

/// Counts connections and calls, and turns away what is too much. One for the gateway, used from all its loops.
final class Admission: Sendable {
    struct Limits: Sendable {
        var connections: Int
        var perAddress: Int
        var preAuthentication: Int
        var calls: Int

        init(_ configuration: Configuration) {
            connections = configuration[Keys.maxConnections]
            perAddress = configuration[Keys.connectionsPerIP]
            preAuthentication = configuration[Keys.preAuthConnections]
            calls = configuration[Keys.maxCalls]
        }
    }

    fileprivate struct State {
        var connections = 0
        var preAuthentication = 0
        var byAddress: [String: Int] = [:]
        var calls: [ObjectIdentifier: any Channel] = [:]
        var trim = HeapTrim()
        var isDraining = false
    }

    private let limits: Limits
    private let metrics: GatewayMetrics
    private let state = Mutex(State())

    init(limits: Limits, metrics: GatewayMetrics) {
        self.limits = limits
        self.metrics = metrics
    }

    var isDraining: Bool { state.withLock { $0.isDraining } }
    var calls: Int { state.withLock { $0.calls.count } }
    var connections: Int { state.withLock { $0.connections } }

    func beginDraining() {
        state.withLock { $0.isDraining = true }
        metrics.draining.set(1)
    }

    /// A connection came. Give the place back with `leave`, also the address that `settle` may have put in its stead.
    func enter(address: String) -> Result<Place, Refused> {
        let refusal = state.withLock { state -> GatewayMetrics.Refusal? in
            if state.connections >= limits.connections { return .connections }
            if state.preAuthentication >= limits.preAuthentication { return .preAuthentication }
            if state.byAddress[address, default: 0] >= limits.perAddress { return .perAddress }
            state.connections += 1
            state.preAuthentication += 1
            state.byAddress[address, default: 0] += 1
            return nil
        }
        if let refusal {
            metrics.refused(refusal)
            return .failure(Refused(reason: refusal))
        }
        metrics.connectionsActive.increment()
        return .success(Place(admission: self, address: address))
    }

    struct Refused: Error { var reason: GatewayMetrics.Refusal }

    /// What one connection takes up. Loop-confined but for the counters, which are locked.
    final class Place {
        private let admission: Admission
        private var address: String
        private var isUnproved = true
        private var isHeld = true

        fileprivate init(admission: Admission, address: String) {
            self.admission = admission
            self.address = address
        }

        /// The peer is a trusted proxy and this is who it speaks for.
        ///
        /// - Returns: false where that address has too many connections already.
        func settle(address new: String) -> Bool {
            guard new != address else { return true }
            let isAllowed = admission.state.withLock { state in
                guard state.byAddress[new, default: 0] < admission.limits.perAddress else { return false }
                state.release(address)
                state.byAddress[new, default: 0] += 1
                return true
            }
            if isAllowed { address = new } else { admission.metrics.refused(.perAddress) }
            return isAllowed
        }

        /// The peer has proved who it is, or asked for something that anybody may have.
        func proved() {
            guard isUnproved else { return }
            isUnproved = false
            admission.state.withLock { $0.preAuthentication -= 1 }
        }

        func leave() {
            guard isHeld else { return }
            isHeld = false
            proved()
            admission.state.withLock { state in
                state.connections -= 1
                state.release(address)
            }
            admission.metrics.connectionsActive.decrement()
        }
    }

    /// At nine tenths of `calls.max` new ones are refused.
    private var ceiling: Int { max(1, limits.calls * 9 / 10) }

    var isFull: Bool { calls >= ceiling }

    /// A call's socket opens.
    func beginCall(on channel: any Channel) -> Bool {
        let ceiling = ceiling
        let isAllowed = state.withLock { state in
            guard state.calls.count < ceiling else { return false }
            state.calls[ObjectIdentifier(channel)] = channel
            state.trim.began(calls: state.calls.count)
            return true
        }
        guard isAllowed else { return false }
        metrics.callsActive.increment()
        return true
    }

    func endCall(on channel: any Channel) {
        let (wasThere, isTrimDue) = state.withLock { state in
            guard state.calls.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return (false, false) }
            return (true, state.trim.ended(calls: state.calls.count))
        }
        if wasThere { metrics.callsActive.decrement() }
        if isTrimDue { HeapTrim.perform() }
    }

    /// Ends every call politely, soon.
    func endCalls(within time: TimeAmount) {
        for channel in state.withLock({ Array($0.calls.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(EndCallsEvent(within: time))
        }
    }
}

extension Admission.State {
    fileprivate mutating func release(_ address: String) {
        let count = byAddress[address, default: 0] - 1
        byAddress[address] = count > 0 ? count : nil
    }
}
