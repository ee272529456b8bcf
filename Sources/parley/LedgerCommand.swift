import ArgumentParser
import Foundation
import ParleyGateway
import ParleyLedger

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The record of calls and messages.",
        subcommands: [Calls.self, OneCall.self, Messages.self, Export.self])

    private static func noCalls(_ path: String) -> String {
        "the ledger \(path) has no calls yet; make one with `parley call`, or on the page /talk, while `parley serve` runs"
    }

    struct Common: ParsableArguments {
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The ledger's file, in place of ledger.path.")
        var ledger: String?
        @Flag(help: "JSON instead of text.")
        var json = false
        @Flag(help: "Whole telephone numbers.")
        var reveal = false

        /// - Parameter work: from the reader and the ledger's path, what is printed.
        func read(_ work: (LedgerReader, String) throws -> String) throws {
            let path = try ledger ?? options.load()[Keys.ledgerPath]
            try Refused.folder(path, for: ledger == nil ? "ledger.path" : "--ledger")
            do {
                let text = try work(try LedgerReader(path: path), path)
                Standard.output.write(text.hasSuffix("\n") ? text : text + "\n")
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
        }
    }

    struct Calls: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The latest calls.")
        @OptionGroup var common: Common
        @Option(parsing: .unconditional, help: "How many, at least 1.")
        var limit = 50

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader, path in
                let calls = try reader.calls(limit: limit)
                if calls.isEmpty, !common.json { return "ledger calls: \(LedgerCommand.noCalls(path))" }
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
            try common.read { reader, path in
                let latest = try reader.calls(limit: 1).first?.id
                guard let latest else { throw Refused("ledger call: \(LedgerCommand.noCalls(path))", code: 1) }
                guard let call = try reader.call(id == "last" ? latest : id) else {
                    throw Refused("ledger call: there is no call \(id); `parley ledger calls` lists them", code: 1)
                }
                return common.json
                    ? try LedgerReport.callJSON(call, reveal: common.reveal)
                    : LedgerReport.call(call, reveal: common.reveal)
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a fixture of a recorded call, for `parley replay`.",
            discussion: "The call has to have a capsule: set `capsules: all` or `failed` before it is made.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The ledger's file, in place of ledger.path.")
        var ledger: String?
        @Option(help: "The folder with the capsules, in place of capsule.directory.")
        var capsules: String?
        @Option(help: ArgumentHelp("The fixture's folder; it must not be there yet.", valueName: "dir"))
        var fixture: String
        @Argument(help: "The call's id; `last` for the latest.")
        var id: String

        func run() async throws {
            let configuration = try options.load()
            let call = id == "last" ? try latest(ledger ?? configuration[Keys.ledgerPath]) : id
            guard call.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
                throw Refused("ledger export: \(id) is no call's id; `parley ledger calls` lists them")
            }
            let folder = capsules ?? configuration[Keys.capsuleDirectory]
            let path = folder + "/" + call + ".capsule"
            guard FileManager.default.fileExists(atPath: path) else {
                throw Refused(
                    "ledger export: there is no capsule of call \(call) in \(folder); calls are recorded while "
                        + "`capsules: all` or `failed` is set; --config or --capsules names another folder", code: 1)
            }
            try FixtureFolder.write(capsule: path, of: call, to: fixture)
        }

        private func latest(_ path: String) throws -> String {
            do {
                guard let call = try LedgerReader(path: path).calls(limit: 1).first else {
                    throw Refused("ledger export: \(LedgerCommand.noCalls(path))", code: 1)
                }
                return call.id
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
        }
    }

    struct Messages: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The latest text messages.")
        @OptionGroup var common: Common
        @Option(parsing: .unconditional, help: "How many, at least 1.")
        var limit = 50

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader, path in
                let messages = try reader.messages(limit: limit)
                if messages.isEmpty, !common.json {
                    return "ledger messages: the ledger \(path) has no text messages yet; "
                        + "one is written when a caller agrees to it"
                }
                return common.json
                    ? try LedgerReport.messagesJSON(messages, reveal: common.reveal)
                    : LedgerReport.messages(messages, reveal: common.reveal)
            }
        }
    }
}
