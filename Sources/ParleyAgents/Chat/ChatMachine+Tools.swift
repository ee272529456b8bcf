import ParleyActions
import ParleyCore
import ParleyWire

/// How the machine takes a model's tool calls: each known and whole one is done once, and anything else not at all.
extension ChatMachine {
    /// - Parameter isWhole: the answer ended by itself; else its calls may be cut.
    mutating func run(_ calls: [ModelCall], isWhole: Bool, at now: CallTime) {
        guard let reply else { return }
        var isNext = false
        var hasRejected = false
        var isSilent = true
        for call in calls {
            do throws(ToolRejection) {
                guard reply.offersTools, book.admits(reply.turn) else {
                    throw ToolRejection(text: "too_many_tools: none may be called now")
                }
                book.count(reply.turn)
                guard isWhole else { throw ToolRejection(text: "cut_off: the call did not end") }
                let tool = try settings.tools.check(call)
                if case .pressKeys = tool.deed {} else { isSilent = false }
                carryOut(tool, in: reply, isNext: isNext)
            } catch {
                hasRejected = true
                reject(call.name, error.text)
                memory.call(
                    ToolResult.name(call.name), "{}", isNext: isNext, result: ToolResult.text(rejection: error.text))
            }
            isNext = true
        }
        self.reply?.stage = .acting
        // It was told that there are none: it will not be talked out of it.
        guard reply.offersTools else { return giveUp() }
        if hasRejected {
            // One try to mend it; after that it has to answer in words.
            if reply.hasRepaired { self.reply?.mayUseTools = false }
            self.reply?.hasRepaired = true
        }
        if isSilent, !hasRejected { return finishReply() }
        goOn(at: now)
    }

    private mutating func carryOut(_ tool: CheckedTool, in reply: Reply, isNext: Bool) {
        if let known = book.index(of: tool, in: reply.turn) {
            let call = memory.call(tool.name, tool.arguments, isNext: isNext, result: book.deeds[known].result)
            book.addCall(call, to: known)
            effects.append(news(.toolRepeated, ToolResult.name(tool.name)))
            return
        }
        let result = tool.deed == .action ? nil : ToolResult.done
        let call = memory.call(tool.name, tool.arguments, isNext: isNext, result: result)
        book.add(
            ToolBook.Deed(
                turn: reply.turn, generation: reply.generation, name: tool.name, arguments: tool.arguments,
                isAction: tool.deed == .action, calls: [call], result: result))
        switch tool.deed {
        case .action:
            let request = ActionRequest(name: tool.name, arguments: tool.arguments)
            effects.append(.reply(reply.generation, .action(request)))
        case .endCall: self.reply?.farewell = .end
        case .transfer(let target): self.reply?.farewell = .transfer(target)
        case .pressKeys(let keys): effects.append(.reply(reply.generation, .sound(.keys(keys))))
        }
    }

    /// All results are there: the model speaks of them, unless it took its leave already.
    mutating func goOn(at now: CallTime) {
        guard let reply, !book.isWaiting(in: reply.turn) else { return }
        if reply.farewell != nil {
            if !reply.said.isEmpty { return finishReply() }
            self.reply?.mayUseTools = false
        }
        self.reply?.askedAt = now
        self.reply?.hasRetried = false
        self.reply?.goesOn = false
        send(at: now)
    }

    mutating func reject(_ tool: String, _ why: String) {
        effects.append(news(.toolRejected, "\(ToolResult.name(tool)) \(why)"))
    }
}

/// What a model is told of its calls: a JSON object with a `status`.
enum ToolResult {
    static let done = #"{"status":"done"}"#

    static func text(_ outcome: ActionResult.Outcome) -> String {
        switch outcome {
        case .committed: done
        // The values are JSON already.
        case .answered(let values): #"{"status":"done","result":"# + values + "}"
        case .refused(let reason): object("refused", reason)
        case .failed(let reason): object("failed", reason)
        }
    }

    static func text(rejection: String) -> String { object("rejected", rejection) }

    /// A name as a model made it up: what cannot stand in a tool's name is let fall.
    static func name(_ name: String) -> String {
        let letters = name.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
        }
        return letters.isEmpty ? "unknown" : String(String.UnicodeScalarView(letters.prefix(64)))
    }

    private static func object(_ status: String, _ reason: String) -> String {
        var out = JSONWriter()
        out.beginObject()
        out.field("status", status)
        out.field("reason", reason)
        out.endObject()
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
