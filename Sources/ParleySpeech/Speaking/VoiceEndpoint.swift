import ParleyNetwork

/// Where a voice's server is, and what its upgrade holds.
struct VoiceEndpoint: Sendable {
    var address: NetworkAddress
    /// They may hold credentials.
    var headers: [(name: String, value: Secret)] = []
    /// For `wss`.
    var trust: TLSTrust?
}
