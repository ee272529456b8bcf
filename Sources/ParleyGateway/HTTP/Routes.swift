import Foundation
import NIOCore

/// What the gateway's HTTP side asks of the rest: filled in by whoever composes the process.
public struct Routes: Sendable {
    /// What is not ready, in words for an operator, without names of people or calls; empty when all is.
    public var notReady: @Sendable () -> [String] = { [] }
    /// More parameters for the media stream of a call that is being answered.
    public var answering: @Sendable ([FormField]) async -> [(name: String, value: String)] = { _ in [] }
    /// A call's or a stream's status callback, signature checked.
    public var status: @Sendable ([FormField]) async -> Void = { _ in }
    /// The latest calls as a JSON document.
    public var calls: @Sendable (_ limit: Int) async -> Data? = { _ in nil }
    /// One call as a JSON document; nil where it is not known. The id has been checked to be one of ours in form.
    public var call: @Sendable (String) async -> Data? = { _ in nil }
    /// Texts that come in, reports on ours, events; `nil` where nothing of that is served.
    var texts: TextDesk?
    /// Brings up to date what is only looked up when somebody asks.
    var beforeMetrics: @Sendable () async -> Void = {}
    /// Where a short link leads; `nil`: nowhere.
    var link: @Sendable (String) async -> LinkTarget? = { _ in nil }
    /// The page at `/talk` and what it loads.
    public var talk: [StaticFile] = []

    public init() {}
}

/// A file that is part of the program, as it is sent.
public struct StaticFile: Sendable {
    /// Where it is asked for, from the root.
    public var path: String
    public var contentType: String
    public var bytes: [UInt8]

    public init(path: String, contentType: String, bytes: [UInt8]) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
    }
}
