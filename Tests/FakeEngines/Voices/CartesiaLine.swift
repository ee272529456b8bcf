/// One connection to the fake of Cartesia.
struct CartesiaLine: Sendable {
    private let socket: FakeWebSocket
    private let rules: CartesiaRules
    private let book: FakeVoiceBook

    init(_ socket: FakeWebSocket, _ rules: CartesiaRules, _ book: FakeVoiceBook) {
        self.socket = socket
        self.rules = rules
        self.book = book
    }

    func serve() async {
        var contexts: [String: CartesiaContext] = [:]
        while let message = await socket.next() {
            do throws(CartesiaRules.Refusal) {
                switch try rules.message(message) {
                case .cancel(let id):
                    guard let context = contexts[id] else {
                        throw CartesiaRules.Refusal(context: id, message: "the context does not exist")
                    }
                    context.cancel()
                case .input(let input):
                    let context = contexts[input.context] ?? CartesiaContext(input, socket, book)
                    contexts[input.context] = context
                    try context.take(input)
                }
            } catch {
                book.violation(socket.number, error.message)
                await socket.send(error.event.text)
            }
        }
        for context in contexts.values { context.end() }
    }
}
