import NIOCore

/// The body of a request, which is written only if a question asked directly before its first byte is answered with yes.
///
/// It is asked for when the connection stands and the head of the request is on its way, and it is one piece: an answer of
/// no leaves the other end with a head that promises more than ever comes, and that is no request.
struct GuardedBody: AsyncSequence, Sendable {
    struct Withheld: Error {}

    let bytes: [UInt8]
    let leave: Leave
    /// `nil`: whatever it is, it leaves unasked.
    let departure: ProviderClient.Departure?
    /// Returns when bytes that were given to the connection are written.
    let passed: @Sendable () async -> Void

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: GuardedBody
        private var isGiven = false

        init(body: GuardedBody) { self.body = body }

        mutating func next() async throws -> ByteBuffer? {
            if isGiven {
                if let departure = body.departure {
                    await body.passed()
                    await departure.written()
                }
                return nil
            }
            if let departure = body.departure, await !departure.mayLeave() {
                body.leave.withhold()
                throw Withheld()
            }
            guard body.leave.give() else { throw Withheld() }
            isGiven = true
            return ByteBuffer(bytes: body.bytes)
        }
    }
}
