import ArgumentParser
import Foundation
import ParleyGateway
import ParleyLedger

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The record of calls and messages.",
        subcommands: [Calls.self, OneCall.self, Messages.self])

    struct Common: ParsableArguments {
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The ledger's file, in place of ledger.path.")
        var ledger: String?
        @Flag(help: "JSON instead of text.")
        var json = false
        @Flag(help: "Whole telephone numbers.")
        var reveal = false

        func read(_ work: (LedgerReader) throws -> String) throws {
            let path = try ledger ?? options.load()[Keys.ledgerPath]
            do {
                let text = try work(try LedgerReader(path: path))
                Standard.output.write(text.hasSuffix("\n") ? text : text + "\n")
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
        }
    }

    struct Calls: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The latest calls.")
        @OptionGroup var common: Common
        @Option(help: "How many.")
        var limit = 50

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader in
                let calls = try reader.calls(limit: limit)
                return common.json
                    ? try LedgerReport.callsJSON(calls, reveal: common.reveal)
                    : LedgerReport.calls(calls, reveal: common.reveal)
            }
        }
    }

    struct OneCall: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "call",
            abstract: "One call: what was said and heard, the waterfall of each turn, consent, texts.")
        @OptionGroup var common: Common
        @Argument(help: "The call's id; `last` for the latest.")
        var id: String

        func run() async throws {
            try common.read { reader in
                let known = id == "last" ? try reader.calls(limit: 1).first?.id : id
                guard let known, let call = try reader.call(known) else {
                    throw Refused("ledger call: there is no call \(id); `parley ledger calls` lists them", code: 1)
                }
                return common.json
                    ? try LedgerReport.callJSON(call, reveal: common.reveal)
                    : LedgerReport.call(call, reveal: common.reveal)
            }
        }
    }

    struct Messages: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The latest text messages.")
        @OptionGroup var common: Common
        @Option(help: "How many.")
        var limit = 50

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader in
                let messages = try reader.messages(limit: limit)
                return common.json
                    ? try LedgerReport.messagesJSON(messages, reveal: common.reveal)
                    : LedgerReport.messages(messages, reveal: common.reveal)
            }
        }
    }
}
