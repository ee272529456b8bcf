import Crypto

/// Ids in the protocol's shape (two letters and 32 hexadecimal digits) made from ours: the same call has the same ones.
struct RelayIdentifiers: Equatable, Sendable {
    let account: String
    let call: String
    private let id: String

    /// - Parameters:
    ///   - name: the application's, in the configuration.
    ///   - callID: our own id of the call.
    init(name: String, callID: String) {
        id = callID
        account = Self.make("AC", of: "account " + name)
        call = Self.make("CA", of: "call " + callID)
    }

    /// - Parameter number: of the session within the call, from 1.
    func session(_ number: Int) -> String { Self.make("VX", of: "session \(number) " + id) }

    private static func make(_ letters: String, of text: String) -> String {
        letters
            + SHA256.hash(data: Array(text.utf8)).prefix(16).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
    }
}
