import ParleyCore
import ParleyWire

/// Deepgram's Aura over a WebSocket: clauses one after another over one connection, each ended by `Flushed`.
///
/// A socket takes 20 `Flush` in 60 s and ignores those above it; so 18 are its room. `Clear` drops all that is under way. Sound
/// does not say what it belongs to: so the socket takes no clause until that is confirmed and nothing stale can be on its way.
struct AuraDialect: VoiceDialect {
    private static let flushes = 18
    private static let window = CallTime.seconds(60)
    /// From a `Clear` to the next clause, at the least.
    private static let rest = CallTime.seconds(1)

    private struct UnderWay: Sendable {
        var id: Int
        var isWanted = true
    }

    let format: VoiceFormat
    private var flushTimes: [CallTime] = []
    /// In the order of their sound.
    private var clauses: [UnderWay] = []
    private var clearedAt: CallTime?
    private var isClearConfirmed = true

    init(format: VoiceFormat) { self.format = format }

    /// Another socket stands before this one has no room left.
    var spare: Int { 2 }
    var goodbye: [VoiceMessage] { [.object { $0.field("type", "Close") }] }

    func room(at now: CallTime) -> Int {
        if let clearedAt, !isClearConfirmed || now < clearedAt + Self.rest { return 0 }
        return max(0, Self.flushes - flushTimes.count { $0 + Self.window > now })
    }

    mutating func speak(_ text: String, as id: Int, at now: CallTime) -> [VoiceMessage] {
        flushTimes.removeAll { $0 + Self.window <= now }
        flushTimes.append(now)
        clauses.append(UnderWay(id: id))
        return [
            .object { json in
                json.field("type", "Speak")
                json.field("text", text)
            },
            .object { $0.field("type", "Flush") },
        ]
    }

    mutating func cancel(_ ids: [Int], at now: CallTime) -> [VoiceMessage]? {
        for index in clauses.indices where ids.contains(clauses[index].id) { clauses[index].isWanted = false }
        // What is still wanted would be dropped with the rest: the rest is let pass unheard.
        guard !clauses.isEmpty, !clauses.contains(where: \.isWanted) else { return [] }
        clauses = []
        (clearedAt, isClearConfirmed) = (now, false)
        return [.object { $0.field("type", "Clear") }]
    }

    mutating func take(binary: UnsafeRawBufferPointer, into news: inout [VoiceNews]) {
        guard let first = clauses.first, first.isWanted else { return }
        news.append(.audio(first.id, Array(binary)))
    }

    mutating func take(text: UnsafeRawBufferPointer, into news: inout [VoiceNews]) {
        guard let message = AuraMessage(text) else { return news.append(.garbage) }
        switch message {
        case .flushed:
            guard !clauses.isEmpty else { return }
            let ended = clauses.removeFirst()
            if ended.isWanted { news.append(.done(ended.id)) }
        case .cleared: isClearConfirmed = true
        // A flush that is ignored is a clause that never ends.
        case .warning(let code, let said) where (code + said).lowercased().contains("flush"):
            news.append(.broken(VoiceFault("it warns: \(said)")))
        case .error(let said): news.append(.broken(VoiceFault(said)))
        case .warning, .other: break
        }
    }
}
