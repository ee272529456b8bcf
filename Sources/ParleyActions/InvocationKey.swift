import Crypto
import ParleyCore

/// What makes an action happen once: the same action, with the same arguments, in the same turn of the same call, has
/// the same key, however often it is asked for.
///
/// SHA-256 over the fields, each behind its length, so that no two lists of fields meet; 64 hexadecimal digits.
public struct InvocationKey: Hashable, Sendable {
    public let text: String

    public init(call: String, turn: TurnID, action: CheckedAction) {
        self.init(fields: ["action", call, String(turn.number), action.name, action.canonical])
    }

    /// The key of a request that was refused unread: over its bytes as they came.
    public init(call: String, turn: TurnID, refused request: ActionRequest) {
        self.init(fields: ["refused", call, String(turn.number), request.name, request.arguments])
    }

    /// The key of one text message: what the action was, to whom, and what it says.
    public init(invocation: InvocationKey, recipient: String, body: String) {
        self.init(fields: ["message", invocation.text, recipient, body])
    }

    /// The key of what an event from outside brings about.
    public init(event: String, call: String) { self.init(fields: ["event", call, event]) }

    /// The same whenever it is asked for in a call: what makes one fact one text.
    public static func fact(call: String, action: CheckedAction) -> InvocationKey {
        InvocationKey(fields: ["fact", call, action.name, action.canonical])
    }

    private init(fields: [String]) {
        var hash = SHA256()
        for field in fields {
            let bytes = Array(field.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes)
        }
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in hash.finalize() {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        text = String(decoding: hex, as: UTF8.self)
    }
}
