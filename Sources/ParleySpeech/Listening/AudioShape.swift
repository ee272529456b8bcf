import ParleyCore

/// In what form audio goes to an engine.
package struct AudioShape: Equatable, Sendable {
    package var encoding: AudioEncoding
    /// Samples a second.
    package var rate: Int

    package init(_ encoding: AudioEncoding, rate: Int) {
        self.encoding = encoding
        self.rate = rate
    }

    /// The form that loses nothing of a leg's sound, where the engine has one.
    ///
    /// - Parameter legRate: 8 000 or 16 000. An 8 kHz leg is a telephone's: its samples are mu-law, decoded.
    package init(for capabilities: RecognizerCapabilities, legRate: Int) {
        if legRate == 8_000, capabilities.encodings.contains(.mulaw), capabilities.rates.contains(8_000) {
            self.init(.mulaw, rate: 8_000)
        } else {
            let enough = capabilities.rates.filter { $0 >= legRate }.min()
            self.init(.pcm16, rate: enough ?? capabilities.rates.max() ?? legRate)
        }
    }

    /// Octets of one second.
    package var octetsPerSecond: Int { encoding == .mulaw ? rate : 2 * rate }

    package func length(of octets: Int) -> CallTime {
        CallTime(nanoseconds: Int64(octets) * 1_000_000_000 / Int64(octetsPerSecond))
    }
}
