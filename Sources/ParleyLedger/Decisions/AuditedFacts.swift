import Foundation
import ParleyActions
import ParleyMessaging

/// Notes every answer that a decision is made on, in order.
struct AuditedFacts<Base: ActionFacts>: ActionFacts {
    let base: Base
    let log: FactLog

    func receipt(of key: InvocationKey) throws -> ActionReceipt? { try base.receipt(of: key) }
    func call(_ id: String) throws -> CallOnRecord? { log.note(try base.call(id)) }
    func answer(in call: String, turn: UInt32) throws -> AnswerOnRecord? {
        log.note(try base.answer(in: call, turn: turn))
    }
    func heard(in call: String, before answer: AnswerOnRecord) throws -> String? {
        log.note(try base.heard(in: call, before: answer))
    }
    func variables(of call: String) throws -> [String: String] { log.note(try base.variables(of: call)) }
    func consents(for request: ConsentGate.Request) throws -> [Consent] { log.note(try base.consents(for: request)) }
    func optOuts(of number: String) throws -> [OptOut] { log.note(try base.optOuts(of: number)) }
    func counts(
        for request: ConsentGate.Request, caller: String, besides message: String
    ) throws -> FraudCaps.Counts {
        log.note(try base.counts(for: request, caller: caller, besides: message))
    }
    func text(of fact: String, in call: String) throws -> String? { log.note(try base.text(of: fact, in: call)) }
    func newestChannel(to number: String, since: Int64) throws -> String? {
        log.note(try base.newestChannel(to: number, since: since))
    }
    func lastHint(from channel: String, to number: String) throws -> Int64? {
        log.note(try base.lastHint(from: channel, to: number))
    }
    func isTranscript(_ words: String, of call: String) throws -> Bool {
        log.note(try base.isTranscript(words, of: call))
    }
}

/// The answers, each as JSON.
final class FactLog {
    private var entries: [String] = []

    func note<Value: Encodable>(_ value: Value) -> Value {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode([value])) ?? Data("[]".utf8)
        entries.append(String(decoding: data, as: UTF8.self))
        return value
    }

    /// A JSON array of arrays: each an answer, empty where it could not be written.
    var text: String { "[" + entries.joined(separator: ",") + "]" }
}

/// The answers that an earlier decision was made on, given again in their order.
public final class RecordedFacts: ActionFacts {
    /// The record does not answer what is asked now: it was made by other rules.
    public enum Fault: Error, Equatable, Sendable {
        case unreadable
        case runOut
        case other(index: Int)
    }
    private var entries: [Data]
    private var next = 0

    /// - Parameter inputs: as `DecidedAction.inputs` has them.
    public init(_ inputs: String) throws(Fault) {
        guard let values = try? JSONSerialization.jsonObject(with: Data(inputs.utf8)) as? [[Any]] else {
            throw .unreadable
        }
        entries = values.compactMap { try? JSONSerialization.data(withJSONObject: $0) }
    }

    private func take<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        guard next < entries.count else { throw Fault.runOut }
        defer { next += 1 }
        guard let value = try? JSONDecoder().decode([Value].self, from: entries[next]).first else {
            throw Fault.other(index: next)
        }
        return value
    }

    public func receipt(of key: InvocationKey) throws -> ActionReceipt? { nil }
    public func call(_ id: String) throws -> CallOnRecord? { try take() }
    public func answer(in call: String, turn: UInt32) throws -> AnswerOnRecord? { try take() }
    public func heard(in call: String, before answer: AnswerOnRecord) throws -> String? { try take() }
    public func variables(of call: String) throws -> [String: String] { try take() }
    public func consents(for request: ConsentGate.Request) throws -> [Consent] { try take() }
    public func optOuts(of number: String) throws -> [OptOut] { try take() }
    public func counts(
        for request: ConsentGate.Request, caller: String, besides message: String
    ) throws -> FraudCaps.Counts { try take() }
    public func text(of fact: String, in call: String) throws -> String? { try take() }
    public func newestChannel(to number: String, since: Int64) throws -> String? { try take() }
    public func lastHint(from channel: String, to number: String) throws -> Int64? { try take() }
    public func isTranscript(_ words: String, of call: String) throws -> Bool { try take() }
}
