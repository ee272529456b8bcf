/// A request to a fake model that was right.
public struct FakeChatRequest: Sendable {
    /// Of the right ones, from 0.
    public let number: Int
    /// Of the server, from 0.
    public let connection: Int
    /// Of all requests, from 0: what `server.abandoned` counts by.
    public let serverNumber: Int
    public let json: FakeJSON

    public var messages: [FakeJSON] { json["messages"]?.array ?? [] }
    public var roles: [String] { messages.compactMap { $0["role"]?.string } }
    public var model: String { json["model"]?.string ?? "" }
    public var toolNames: [String] { json["tools"]?.array?.compactMap { $0["function"]?["name"]?.string } ?? [] }
    public var wantsUsage: Bool { json["stream_options"]?["include_usage"]?.bool == true }

    /// The content of the last message of a role.
    public func last(_ role: String) -> String? {
        messages.last { $0["role"]?.string == role }?["content"]?.string
    }
}
