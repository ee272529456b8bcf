import ArgumentParser
import Foundation
import ParleyGateway
import ParleyLedger

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check configuration, flow, engines, ledger and port; exit 1 where something will not work.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The flow file, in place of agent.flow.")
    var flow: String?
    @Flag(help: "Print every key with its value and where it comes from.")
    var effective = false
    @Flag(help: ArgumentHelp("Print the configuration reference, as docs/configuration.md.", visibility: .hidden))
    var reference = false
    @Flag(help: ArgumentHelp("Print the tables of engines and their options, as in docs/engines.", visibility: .hidden))
    var engineReference = false

    func run() async throws {
        if reference { return Standard.output.write(Configuration.referenceMarkdown()) }
        if engineReference { return Standard.output.write(try EngineReference().markdown()) }
        var configuration = try options.load()
        if let flow {
            do throws(ConfigurationErrors) {
                configuration = try configuration.setting("agent.flow", to: flow, option: "--flow")
            } catch {
                throw Refused(error.description)
            }
        }
        if effective {
            for line in configuration.effective() {
                let key = line.key.padding(toLength: max(32, line.key.count), withPad: " ", startingAt: 0)
                let value = line.value.padding(toLength: max(24, line.value.count), withPad: " ", startingAt: 0)
                Standard.output.write("\(key) \(value) \(line.source)\n")
            }
            return
        }
        let findings = Checkup.run(configuration)
        for finding in findings { Standard.output.write("\(finding)\n") }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode(1) }
    }
}
