import Foundation
import NIOCore
import NIOHTTP1

/// Keeps what comes in, byte for byte, until it is taken with a request.
final class RawBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private(set) var bytes: [UInt8] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Array(unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
    }

    func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}

/// Hands each whole request to the provider, in the order of their last bytes.
final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPServerRequestFull

    private let raw: RawBytes
    private let provider: any RequestTaker
    private var connection = 0

    init(_ raw: RawBytes, _ provider: any RequestTaker) {
        self.raw = raw
        self.provider = provider
    }

    func channelActive(context: ChannelHandlerContext) {
        connection = provider.opened(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let request = unwrapInboundIn(data)
        provider.take(
            ProviderRequest(
                method: request.head.method.rawValue, target: request.head.uri, headers: request.head.headers,
                body: request.body.map { Array($0.readableBytesView) } ?? [], isKeepAlive: request.head.isKeepAlive,
                raw: raw.take(), connection: connection, arrivedNanoseconds: NIODeadline.now().uptimeNanoseconds,
                arrivedAt: Int64(Date().timeIntervalSince1970 * 1_000)),
            from: context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        provider.closed(context.channel, torn: raw.take())
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Who takes requests. Called on the connection's loop; must not block.
protocol RequestTaker: Sendable {
    /// - Returns: the connection's number.
    func opened(_ channel: any Channel) -> Int
    func take(_ request: ProviderRequest, from channel: any Channel)
    /// - Parameter torn: what came of a request that was not whole.
    func closed(_ channel: any Channel, torn: [UInt8])
}
