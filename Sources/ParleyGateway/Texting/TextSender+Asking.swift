import ParleyMessaging

/// Asks a provider about a text whose answer was lost.
extension TextSender {
    /// Nothing is reported of a question that brought no answer: it is due again.
    func ask(_ query: OutboxQuery) async {
        defer { asked() }
        guard let answer = await answer(to: query) else { return }
        do {
            tell(try await store.answered(answer, to: query, now: now()))
        } catch {
            report(error, "answered")
        }
    }

    private func answer(to query: OutboxQuery) async -> QueryAnswer? {
        guard let channel = channels[query.channel], let format = channel.format,
            let call = format.query(for: query.text, sender: channel.address, since: query.since)
        else { return .cannotTell }
        guard case .answer(let answer) = await client.carry(call, within: .milliseconds(rules.attemptMS)) else {
            return nil
        }
        let found = format.found(
            in: answer, text: query.text, sender: channel.address, since: query.since, known: query.known)
        return QueryAnswer(found, status: answer.status)
    }
}
