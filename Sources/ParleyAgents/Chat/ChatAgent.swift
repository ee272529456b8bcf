import Foundation
import NIOCore
import NIOPosix
import ParleyActions
import ParleyCore
import ParleyNetwork
import Synchronization

/// A chat model decides: any server that streams OpenAI's chat completions.
public final class ChatAgent: Agent {
    public let name = "chat"
    public let usesThreads = true
    public let takesGuesses = true
    let models: [ChatModel]
    /// As a request has them.
    let tools: String
    /// What comes of a request after that is of no use to anybody.
    let longestRequest: CallTime
    private let settings: ChatSettings
    private let script: ChatScript
    private let counted = Mutex(ChatChunk.Usage())

    init(models: [ChatModel], settings: ChatSettings, script: ChatScript) {
        self.models = models
        self.settings = settings
        self.script = script
        tools = settings.tools.json
        longestRequest = settings.times.turn + .seconds(2)
    }

    public func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        let (prompt, greeting, faults) = script.read(to: call)
        var settings = settings
        settings.greeting = greeting
        let machine = ChatMachine(settings, prompt: prompt, seed: UInt64.random(in: .min ... .max))
        let news = faults.map { EngineNews(.agent, settings.models[0], .failed, detail: $0.description) }
        return ChatSession(ChatDesk(machine, of: self, news: news, on: loop, answer: answer), on: loop)
    }

    /// Tokens as the servers counted them, of all calls of this process.
    public var usage: (promptTokens: Int, completionTokens: Int) {
        counted.withLock { ($0.promptTokens, $0.completionTokens) }
    }

    func count(_ usage: ChatChunk.Usage) {
        counted.withLock { total in
            total.promptTokens &+= usage.promptTokens
            total.completionTokens &+= usage.completionTokens
        }
    }

    /// Closes every connection. For the process's end.
    public func shutDown() async {
        for model in models { await model.client.shutDown() }
    }
}

/// Prompt and greeting, before they are filled with what is known of a call.
struct ChatScript: Sendable {
    var prompt: ParleyActions.Template
    var greeting: ParleyActions.Template?
    var persona: String?
    var zone = TimeZone.gmt

    /// - Returns: the system's message and the greeting. Where a template cannot be filled, the standard prompt, and no
    ///   greeting: a call is answered anyway.
    func read(to call: CallFacts) -> (prompt: String, greeting: String?, faults: [TemplateFault]) {
        let values = ChatPrompt.values(persona: persona, call: call, zone: zone)
        var faults: [TemplateFault] = []
        var system = ""
        do throws(TemplateFault) { system = try prompt.render(values) } catch {
            faults.append(error)
            system = (try? ParleyActions.Template(ChatPrompt.standard, name: "prompt").render(values)) ?? ""
        }
        var opening: String?
        do throws(TemplateFault) { opening = try greeting?.render(values) } catch { faults.append(error) }
        return (system + "\n\n" + ChatPrompt.rules, opening, faults)
    }
}
