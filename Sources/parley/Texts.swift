import ArgumentParser
import Foundation
import ParleyActions
import ParleyGateway
import ParleyLedger
import ParleyMessaging

struct Texts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms", abstract: "Text messages: look before, settle after.",
        subcommands: [
            Preview.self, Retry.self, Drop.self, Resume.self, ConsentCommand.self, OptOutCommand.self, Done.self,
        ])

    struct Common: ParsableArguments {
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The ledger's file, in place of ledger.path.")
        var ledger: String?

        func messaging() throws -> Ledger.Messaging {
            let configuration = try options.load()
            do {
                return try GatewayProcess.messaging(
                    configuration, try GatewayProcess.agent(configuration[Keys.agentFlow]))
            } catch let error as StartError {
                throw Refused(error.description)
            }
        }

        func path() throws -> String { try ledger ?? options.load()[Keys.ledgerPath] }

        func operate<Value>(_ work: (LedgerOperator) throws -> Value) throws -> Value {
            let ledger = LedgerOperator(path: try path(), messaging: try messaging(), now: Texts.now)
            do {
                return try work(ledger)
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
        }
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    static func number(_ text: String) throws -> PhoneNumber {
        do {
            return try PhoneNumber(text)
        } catch {
            throw Refused("\(text): is no number that can be texted (\(error.rawValue)); write it as +12125550123")
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What an action's text would say, how it is billed, and what the gate says of it now.",
            discussion: "Nothing is sent or written. Exit 1 where the text would be refused.")
        @OptionGroup var common: Common
        @Argument(help: "The action, as in messaging.file.")
        var action: String
        @Option(name: .customLong("set"), help: ArgumentHelp("A parameter.", valueName: "key=value"))
        var parameters: [String] = []
        @Option(name: .customLong("variable"), help: ArgumentHelp("What the call would know.", valueName: "key=value"))
        var variables: [String] = []
        @Option(help: "Whom it would go to: the gate is asked.")
        var to: String?
        @Option(help: "In which call: consent given in a call counts for that call alone.")
        var call: String = ""

        func run() async throws {
            let messaging = try common.messaging()
            let values = try Self.pairs(variables, "--variable")
            let arguments = JSON.object(try Self.pairs(parameters, "--set").mapValues(Self.value)).canonical
            let preview: TextPreview
            do throws(ActionRefusal) {
                preview = try TextPreview(
                    action: action, arguments: arguments, variables: values,
                    number: to, messaging: messaging)
            } catch {
                let known = messaging.registry.names.joined(separator: ", ")
                let hint = error.rule == .unknownAction ? "; known here: \(known)" : ""
                throw Refused("sms preview \(action): \(error.text)\(hint)", code: 1)
            }
            var out = ""
            if preview.refusal.isEmpty {
                let segments = preview.segments
                out += preview.body + "\n\n"
                out += "channel   \(preview.channel)\n"
                out += "billed    \(segments.count) part\(segments.count == 1 ? "" : "s"), \(segments.units) "
                out += segments.encoding == .gsm7 ? "characters of GSM-7\n" : "units of UCS-2\n"
                for finding in preview.findings { out += "\(finding.level.rawValue)   \(finding.sentence)\n" }
            } else {
                out += "refused   \(preview.refusal)\n"
            }
            let verdict = try to.map { try gate($0, messaging) }
            if let verdict { out += "gate      \(verdict)\n" }
            Standard.output.write(out)
            let isAllowed = verdict.map { $0 == "allowed" || $0.hasPrefix("quiet hours") } ?? true
            if !isAllowed || !preview.refusal.isEmpty || preview.findings.contains(where: { $0.level == .error }) {
                throw ExitCode(1)
            }
        }

        private func gate(_ to: String, _ messaging: Ledger.Messaging) throws -> String {
            do {
                return try LedgerReader(path: try common.path()).gate(
                    number: try Texts.number(to), action: action, call: call, messaging: messaging, now: Texts.now)
            } catch LedgerFault.missing {
                return "no_consent (there is no ledger yet)"
            } catch let fault as LedgerFault {
                throw Refused("\(fault)")
            }
        }

        private static func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
            var pairs: [String: String] = [:]
            for text in texts {
                guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                    throw Refused("\(option) \(text): write key=value")
                }
                pairs[String(text[..<sign])] = String(text[text.index(after: sign)...])
            }
            return pairs
        }

        /// Numbers, true and false as JSON has them; everything else is text.
        private static func value(_ text: String) -> JSON {
            guard let json = try? JSON(parsing: text, maxBytes: 4_096, maxDepth: 8) else { return .string(text) }
            if case .null = json { return .string(text) }
            return json
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a dead letter, or a text that is held as unknown, once more: the gate is asked again.")
        @OptionGroup var common: Common
        @Argument(help: "The text's id, as `parley ledger messages` lists it.")
        var id: String

        func run() async throws {
            guard try common.operate({ try $0.retry(id) }) else {
                throw Refused("sms retry \(id): there is no such text that is dead or held as unknown", code: 1)
            }
            Standard.output.write("\(id) waits to be sent again\n")
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a text up that has not been sent.")
        @OptionGroup var common: Common
        @Argument(help: "The text's id, as `parley ledger messages` lists it.")
        var id: String

        func run() async throws {
            guard try common.operate({ try $0.drop(id) }) else {
                throw Refused(
                    "sms drop \(id): there is no such text that waits, is dead or is held as unknown", code: 1)
            }
            Standard.output.write("\(id) will not be sent\n")
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a channel send again that was paused over wrong credentials or a missing registration.")
        @OptionGroup var common: Common
        @Argument(help: "The channel, as in messaging.file.")
        var channel: String

        func run() async throws {
            guard try common.operate({ try $0.resume(channel) }) else {
                throw Refused("sms resume \(channel): it is not paused", code: 1)
            }
            Standard.output.write("\(channel) sends again\n")
        }
    }

    struct ConsentCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consent",
            abstract: "Write down that somebody agreed elsewhere, on paper or on the web, to informational texts.")
        @OptionGroup var common: Common
        @Argument(help: "Their number, as +12125550123.")
        var number: String
        @Option(help: "The channel, as in messaging.file; left out: the first.")
        var channel: String = ""
        @Option(help: "What they agreed to, word for word.")
        var wording: String
        @Option(help: "Where the proof is: a form's number, a page and a time.")
        var proof: String

        func run() async throws {
            guard !wording.isEmpty, !proof.isEmpty else {
                throw Refused("sms consent: --wording and --proof say something")
            }
            let number = try Texts.number(number)
            let id = try common.operate {
                try $0.consent(number, channel: channel, wording: wording, answer: proof)
            }
            guard let id else { throw Refused("sms consent: there is no channel \(channel)") }
            Standard.output.write("\(number) may be sent informational texts: consent \(id)\n")
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a conversation away that waited for a person (`parley ledger conversations --waiting`).")
        @OptionGroup var common: Common
        @Argument(help: "The customer's number, as +12125550123.")
        var number: String

        func run() async throws {
            let number = try Texts.number(number)
            guard try common.operate({ try $0.done(number) }) else {
                throw Refused("sms done: nothing is on record of \(number)", code: 1)
            }
            Standard.output.write("the conversation with \(number) is put away\n")
        }
    }

    struct OptOutCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "opt-out",
            abstract: "Write down that somebody wants no texts; --lift: that they want them again.")
        @OptionGroup var common: Common
        @Argument(help: "Their number, as +12125550123.")
        var number: String
        @Flag(help: "They asked for texts again, or what was held for review was no opt-out.")
        var lift = false

        func run() async throws {
            let number = try Texts.number(number)
            try common.operate { lift ? try $0.liftOptOuts(number) : try $0.optOut(number) }
            Standard.output.write(
                lift ? "\(number) may be texted again, where they agreed to it\n" : "\(number) gets no texts\n")
        }
    }
}
