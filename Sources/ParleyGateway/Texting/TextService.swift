import Foundation
import Logging
import NIOCore
import ParleyAgents
import ParleyLedger
import ParleyMessaging
import Synchronization

/// Texts of one process: what it sends, what comes in, and what is told of both.
final class TextService: Sendable {
    let desk: TextDesk
    private let ledger: Ledger
    private let client: ProviderClient?
    private let sender: TextSender?
    private let logger: Logger

    /// - Parameters:
    ///   - bell: rung by the ledger when texts wait.
    ///   - publicURL: where providers reach us; empty asks for no reports.
    ///   - points: where a test may kill the process.
    /// - Throws: `StartError`, where a channel's credentials cannot be used.
    init(
        ledger: Ledger, agent: any Agent, directory: CallDirectory, bell: TextBell, publicURL: String,
        loop: any EventLoop, metrics: TextMetrics, points: @escaping @Sendable (FaultPoint) -> Void, logger: Logger
    ) throws(StartError) {
        let plan = ledger.messaging.plan
        let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) }
        var formats: [String: any ProviderFormat] = [:]
        var channels: [String: SendingChannel] = [:]
        for channel in plan.channels where channel.isCarried {
            do throws(ProviderFault) {
                guard let format = try plan.format(of: channel.name) else { continue }
                formats[channel.name] = format
                channels[channel.name] = SendingChannel(name: channel.name, address: channel.sender, format: format)
            } catch {
                throw StartError("messaging.file: channels.\(channel.name): \(error.mend)")
            }
        }
        let key: ProviderSecret
        do {
            key = try ledger.correlationKey()
        } catch {
            throw StartError("ledger.path: \(error)")
        }
        let departures = Departures(now: now)
        let tell: @Sendable ([OutboxNotice]) -> Void = { notices in
            for notice in notices { Self.tell(notice, directory, metrics, logger) }
        }
        self.ledger = ledger
        self.logger = logger
        desk = TextDesk(
            ledger: ledger, plan: plan, formats: formats, correlationKeys: [key], departures: departures,
            respond: Self.responder(agent, now: now), notices: tell, points: points, now: now, logger: logger)
        if channels.isEmpty {
            (client, sender) = (nil, nil)
        } else {
            let client = ProviderClient(loop: loop)
            let sender = TextSender(
                owner: ledger.process, store: ledger.outbox, channels: channels, rules: plan.outbox, client: client,
                correlationKey: key, callbackBase: publicURL, departures: departures, clock: now,
                random: { UInt64.random(in: .min ... .max) }, notices: tell, points: points, logger: logger)
            (self.client, self.sender) = (client, sender)
            bell.connect { sender.wake() }
        }
    }

    /// Sends until it is cancelled.
    func run() async {
        let keeping = Task { await keepHouse() }
        if let sender {
            await withTaskCancellationHandler {
                await sender.run()
            } onCancel: {
                keeping.cancel()
            }
            await client?.shutdown()
        } else {
            await withTaskCancellationHandler {
                await keeping.value
            } onCancel: {
                keeping.cancel()
            }
        }
    }

    /// Every minute: what came in and was not answered, as a process or the disk stopped in between. Every hour: what was kept
    /// long enough.
    private func keepHouse() async {
        for minute in 0... {
            do {
                let now = Int64(Date().timeIntervalSince1970 * 1_000)
                // At the start nobody else is at it; later, those of the last half minute are.
                let before = minute == 0 ? now : now - 30_000
                for question in try await ledger.unanswered(since: now - 3_600_000, before: before) {
                    desk.answer(question)
                }
                if minute % 60 == 0 { try await ledger.purge() }
            } catch {
                logger.error("texts could not be looked after", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(60)) } catch { return }
        }
    }

    /// Answers texts as the agent of calls does; a flow has a text side, other agents have none yet.
    private static func responder(
        _ agent: any Agent, now: @escaping @Sendable () -> Int64
    ) -> @Sendable (TextQuestion) async -> TextAnswer? {
        guard let flow = (agent as? FlowAgent)?.flow else { return { _ in nil } }
        let side = FlowTextSide(flow)
        return { question in
            let turn = side.answer(question.words, meaning: question.meaning, thread: question.thread, at: now())
            return TextAnswer(reply: turn.reply, events: turn.events)
        }
    }

    private static func tell(
        _ notice: OutboxNotice, _ directory: CallDirectory, _ metrics: TextMetrics, _ logger: Logger
    ) {
        switch notice.effect {
        case .alert(let alert):
            metrics.alert(alert)
            logger.error(
                "a text needs an operator",
                metadata: [
                    "alert": "\(alert.rawValue)", "message": "\(notice.message)", "channel": "\(notice.channel)",
                ])
        case .tellCall(let state):
            directory.tell(notice.call, TextNews(message: notice.message, state: state))
        case .pauseSender, .recordOptOut, .query: break
        }
    }
}

/// Rung by the ledger before there is a sender that hears it.
final class TextBell: Sendable {
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    func connect(_ listener: @escaping @Sendable () -> Void) { self.listener.withLock { $0 = listener } }
    func ring() { listener.withLock { $0 }?() }
}
