import ParleyActions
import ParleyCore

/// What the model wants done: once, or not at all; what became of it is always told.
extension RealtimeMachine {
    /// The model has called a function, and its call is whole.
    mutating func called(_ call: RealtimeCalls.Asked, _ index: Int) {
        guard calls.isNew(call.id) else { return }
        switch replies[index].ending {
        // Its call goes with it.
        case .discarded: return
        case .cut:
            remember(call)
            return give(#"{"status":"not_run","reason":"the caller interrupted"}"#, to: call.id)
        case nil: break
        }
        if replies[index].isDraft { replies[index].heldCalls.append(call) } else { run(call, index) }
    }

    mutating func run(_ call: RealtimeCalls.Asked, _ index: Int) {
        guard let generation = replies[index].generation else { return }
        callCount += 1
        replies[index].calls += 1
        remember(call)
        guard replies[index].calls <= settings.bounds.callsPerTurn, callCount <= settings.bounds.callsPerCall else {
            return reject(call, "too many functions were called", index)
        }
        do throws(ActionRefusal) {
            let function = try RealtimeFunction(
                call.name, call.arguments, transferTargets: settings.transferTargets)
            if let function {
                replies[index].hasActed = true
                if case .pressKeys = function {
                    replies[index].mayBeSilent = true
                } else {
                    replies[index].isFarewell = true
                }
                tell(function.part, index)
                return give(#"{"status":"ok"}"#, to: call.id)
            }
            let checked = try settings.registry.check(ActionRequest(name: call.name, arguments: call.arguments))
            let key = RealtimeCalls.Key(turn: replies[index].turn, name: checked.name, arguments: checked.canonical)
            replies[index].hasActed = true
            let first = calls.first(key)
            calls.append(
                RealtimeCalls.Call(id: call.id, generation: generation, key: key, output: first?.output))
            guard let first else {
                return tell(.action(ActionRequest(name: checked.name, arguments: checked.canonical)), index)
            }
            // Asked for again: it happens once.
            if let output = first.output {
                give(output, to: call.id)
                replies[index].owesWords = true
            }
        } catch {
            reject(call, error.text, index)
        }
    }

    private mutating func reject(_ call: RealtimeCalls.Asked, _ why: String, _ index: Int) {
        tell(.agent, .toolRejected, why)
        give(JSON.object(["status": .string("rejected"), "reason": .string(why)]).canonical, to: call.id)
        replies[index].owesWords = true
    }

    private mutating func remember(_ call: RealtimeCalls.Asked) {
        let fits = call.arguments.utf8.count <= ActionRegistry.maxArgumentBytes
        memory.append(.call(id: call.id, name: call.name, arguments: fits ? call.arguments : "{}"))
    }

    private mutating func give(_ output: String, to call: String) {
        memory.append(.output(id: call, output))
        send([RealtimeMessages.output(of: call, output)])
    }

    /// What became of an action; told to the model also when the caller has moved on.
    mutating func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome, at now: CallTime) {
        let answered = calls.finish(
            invocation.generation, name: invocation.request.name, arguments: invocation.request.arguments,
            output: Self.output(outcome))
        for call in answered {
            give(Self.output(outcome), to: call.id)
            guard let index = index(of: call.generation), replies[index].ending == nil else { continue }
            replies[index].owesWords = true
            goOn(index)
        }
        pump(at: now)
    }

    private static func output(_ outcome: ActionResult.Outcome) -> String {
        switch outcome {
        case .committed: #"{"status":"committed"}"#
        // The values are JSON already.
        case .answered(let values): #"{"status":"committed","result":"# + values + "}"
        case .refused(let why): JSON.object(["status": .string("refused"), "reason": .string(why)]).canonical
        case .failed(let why): JSON.object(["status": .string("failed"), "reason": .string(why)]).canonical
        }
    }
}
