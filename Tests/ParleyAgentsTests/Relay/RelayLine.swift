import FakeEngines
import NIOCore
import ParleyCore
import ParleyNetwork

@testable import ParleyAgents

/// A call of the agent's over real sockets: asks, and records what it is answered.
final class RelayLine: Sendable {
    struct Part: Sendable, CustomStringConvertible {
        var generation: UInt32
        var part: ReplyPart

        var description: String { "\(generation) \(part)" }
    }

    let parts = FakeRecord<Part>()
    let nudges = FakeRecord<Bool>()
    let news = FakeRecord<EngineNews>()
    private let client = HTTPStreamClient()
    private let session: any AgentSession

    init(_ url: String, key: Secret? = nil, _ change: (inout RelaySettings) -> Void = { _ in }) throws {
        var settings = RelaySettings(name: "app", address: try NetworkAddress(url, schemes: [.ws]), url: url) { _ in nil
        }
        settings.key = key
        change(&settings)
        session = RelayAgent(settings, client: client).start(RelayScript.facts) { [parts] generation, part in
            parts.append(Part(generation: generation.number, part: part))
        }
        session.attend(
            AgentLine(nudge: { [nudges] in nudges.append(true) }, news: { [news] in news.append($0) }))
    }

    func ask(_ generation: UInt32, _ cause: AgentRequest.Cause) {
        session.ask(AgentRequest(generation: Generation(generation), turn: TurnID(generation), cause: cause))
    }

    /// The caller cuts in.
    func bargeIn(_ generation: UInt32, heard: String) {
        session.noted(.bargeIn(.confirmed))
        session.cancel(Generation(generation))
        session.noted(
            .agentTurn(
                AgentTurn(
                    generation: Generation(generation), heard: heard, unheard: "more", began: .zero,
                    ended: .milliseconds(910))))
    }

    func note(_ note: CallNote) { session.noted(note) }

    /// All words of a reply, once it is whole.
    func words(_ generation: UInt32) async throws -> String {
        let all = try await parts.wait(for: "the end of reply \(generation)") { parts in
            parts.contains { $0.generation == generation && ($0.part == .done || $0.part == .failed) }
        }
        return all.filter { $0.generation == generation }.map { part in
            if case .text(let text) = part.part { text } else { part.part == .failed ? "(failed)" : "" }
        }.joined()
    }

    /// What a reply was, without how the caller may interrupt it.
    func reply(_ generation: UInt32) async throws -> [ReplyPart] {
        _ = try await words(generation)
        return parts.all.filter { $0.generation == generation }.map(\.part).filter {
            if case .expect = $0 { false } else { true }
        }
    }

    func end(_ reason: EndReason = .callerHungUp) { session.ended(reason) }

    func shutDown() async {
        end()
        await client.shutDown()
    }
}
