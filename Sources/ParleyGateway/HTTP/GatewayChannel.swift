import HummingbirdCore
import Logging
import NIOCore

/// How one accepted connection is set up and served: the door first, then HTTP by the server's own loop or a media socket.
struct GatewayChannel: HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let entered: EventLoopFuture<Entered>
    }

    let responder: HTTPChannelHandler.Responder
    let policy: DoorPolicy

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // A media message has some 400 octets, and a call keeps what its largest read so far needed: NIO begins with 2,048.
            let reads = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 65_536)
            try channel.syncOptions?.setOption(.recvAllocator, value: reads)
            let entered = channel.eventLoop.makePromise(of: Entered.self)
            try channel.pipeline.syncOperations.addHandler(Door(policy: policy, entered: entered))
            return Value(channel: channel, entered: entered.futureResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.entered.get() {
            case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
            case .socket, .refused:
                try await withTaskCancellationHandler {
                    try await value.channel.closeFuture.get()
                } onCancel: {
                    value.channel.close(promise: nil)
                }
            }
        } catch {
            logger.debug("a connection ended early")
        }
    }
}
