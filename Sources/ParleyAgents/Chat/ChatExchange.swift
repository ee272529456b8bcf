import ParleyCore
import ParleyNetwork

/// One request's answer, from bytes to what the machine is told. Confined to its event loop.
final class ChatExchange: HTTPStreamUser {
    private let id: UInt32
    private let desk: ChatDesk
    private var parser = EventStreamParser()
    private var stream = ChatStream()
    private var hasHead = false

    init(_ id: UInt32, _ desk: ChatDesk) {
        self.id = id
        self.desk = desk
    }

    func head(status: Int, headers: [(name: String, value: String)]) {
        hasHead = true
        guard !(200..<300).contains(status) else { return }
        let seconds = headers.first { $0.name.lowercased() == "retry-after" }.flatMap { Double($0.value) }
        // A date, or a time beyond reason, is no better than none.
        let wait = seconds.flatMap { (0...86_400).contains($0) ? CallTime.seconds($0) : nil }
        // What the server says beside it may repeat the key.
        desk.fail(id, .status(status, retryAfter: wait))
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        read { parser, take throws(EventStreamParser.TooLong) in try parser.feed(piece, take) }
    }

    func ended(_ problem: String?) {
        if let problem {
            return desk.fail(id, hasHead ? .broken(problem) : .unreachable(problem))
        }
        read { parser, take throws(EventStreamParser.TooLong) in try parser.finish(take) }
        do throws(ChatStreamFault) {
            for event in try stream.finish() { desk.take(.stream(id, event)) }
        } catch {
            desk.fail(id, .broken(error.text))
        }
        desk.ended(id, stream.usage)
    }

    private func read(
        _ body: (inout EventStreamParser, (UnsafeRawBufferPointer) -> Void) throws(EventStreamParser.TooLong) -> Void
    ) {
        var fault: ChatStreamFault?
        do throws(EventStreamParser.TooLong) {
            try body(&parser) { data in
                guard fault == nil else { return }
                do throws(ChatStreamFault) {
                    for event in try stream.take(data) { desk.take(.stream(id, event)) }
                } catch {
                    fault = error
                }
            }
        } catch {
            fault = fault ?? .malformed
        }
        if let fault { desk.fail(id, .broken(fault.text)) }
    }
}
