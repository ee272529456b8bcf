import ArgumentParser
import Foundation
import ParleyGateway
import ParleyLedger
import ParleyMessaging

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The record of calls and messages.",
        subcommands: [
            Calls.self, OneCall.self, Messages.self, Consents.self, Conversation.self, Conversations.self, Export.self,
            Erase.self,
        ])

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
        @Flag(help: "Of the last 30 days, by action: how many arrived, and how many were answered.")
        var rates = false

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader, path in
                if rates {
                    let rates = try reader.textRates(now: Texts.now)
                    return common.json ? try LedgerReport.ratesJSON(rates) : LedgerReport.rates(rates)
                }
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

    struct Consents: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consent",
            abstract: "All that a number agreed to, with its evidence, and when it opted out.")
        @OptionGroup var common: Common
        @Argument(help: "The number, as +12125550123.")
        var number: String

        func run() async throws {
            try common.read { reader, _ in
                let chain = try reader.consentChain(number)
                return common.json
                    ? try LedgerReport.consentsJSON(chain, reveal: common.reveal)
                    : LedgerReport.consents(chain, reveal: common.reveal)
            }
        }
    }

    struct Conversation: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One contact's calls and texts, both ways, with consents and what was agreed, in order.")
        @OptionGroup var common: Common
        @Argument(help: "The number, as +12125550123, or the conversation's id.")
        var id: String

        func run() async throws {
            try common.read { reader, _ in
                guard let record = try reader.conversation(id) else {
                    throw Refused("ledger conversation: nothing is on record of \(id)", code: 1)
                }
                return common.json
                    ? try LedgerReport.conversationJSON(record, reveal: common.reveal)
                    : LedgerReport.conversation(record, reveal: common.reveal)
            }
        }
    }

    struct Conversations: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The latest conversations; --waiting: those in which a person has to read or do something.")
        @OptionGroup var common: Common
        @Option(parsing: .unconditional, help: "How many, at least 1.")
        var limit = 50
        @Flag(help: "Those that wait for a person of the business.")
        var waiting = false

        func run() async throws {
            guard limit > 0 else { throw Refused("--limit \(limit): must be at least 1") }
            try common.read { reader, _ in
                let records = try reader.conversations(state: waiting ? .waitingOnAgent : nil, limit: limit)
                return common.json
                    ? try LedgerReport.conversationsJSON(records, reveal: common.reveal)
                    : LedgerReport.conversations(records, reveal: common.reveal)
            }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a person or a call: words, numbers and recordings go; ids, times and opt-outs stay.",
            discussion: "There is no way back. Works beside a running gateway.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The ledger's file, in place of ledger.path.")
        var ledger: String?
        @Option(help: "The folder with the capsules, in place of capsule.directory.")
        var capsules: String?
        @Option(help: ArgumentHelp("A number, as +12125550123, or a call's id.", valueName: "number|call"))
        var subject: String

        func run() async throws {
            let configuration = try options.load()
            let path = ledger ?? configuration[Keys.ledgerPath]
            let isCall = subject.count == 26 && subject.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            guard isCall || (try? PhoneNumber(subject)) != nil || subject.wholeMatch(of: #/\+[0-9]{8,15}/#) != nil
            else {
                throw Refused("ledger erase: \(subject) is neither a number as +12125550123 nor a call's id")
            }
            let report: Erasure.Report
            do {
                report = try Erasure.erase(subject, in: path, now: Texts.now)
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
            let folder = capsules ?? configuration[Keys.capsuleDirectory]
            var recordings = 0
            for call in report.calls {
                let file = folder + "/" + call + ".capsule"
                guard FileManager.default.fileExists(atPath: file) else { continue }
                do {
                    try FileManager.default.removeItem(atPath: file)
                    recordings += 1
                } catch {
                    throw Refused("ledger erase: \(file) could not be removed (\(error)); remove it by hand", code: 1)
                }
            }
            var out = "erased: \(report.calls.count) calls, \(report.texts) texts, \(report.consents) consents, "
            out += "\(recordings) recordings\n"
            if report.isOptedOut { out += "their opt-out holds on\n" }
            Standard.output.write(out)
            if report.isLogBusy {
                throw Refused(
                    "ledger erase: another program reads the ledger, so its log may hold what was erased; run it again",
                    code: 1)
            }
        }
    }
}
