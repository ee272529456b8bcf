import ArgumentParser
import ParleyBench

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what Parley costs.", subcommands: [ComponentsCommand.self])

    struct ComponentsCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "components",
            abstract: "What each piece of a frame's way costs: CPU time, and requests for memory.",
            discussion: """
                Times are of this machine and this moment, and are told, not judged. Requests for memory are exact, and \
                counted where Bench/allocations.c is preloaded, as `make bench-components` does. Exit 1 where a piece \
                that is done for every frame makes one.
                """)

        @Argument(help: ArgumentHelp("Only these: their names, or the beginnings of them.", valueName: "component"))
        var names: [String] = []
        @Option(help: "Rounds; the quickest and the middle one are told.")
        var rounds = 7
        @Option(help: ArgumentHelp("Also write all rounds there, as JSON.", valueName: "file"))
        var json: String?

        func validate() throws {
            guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds \(rounds): 1 to 1000") }
        }

        func run() throws {
            for name in names where !Components.all.contains(where: { $0.name.hasPrefix(name) }) {
                let all = Components.all.map { $0.name }.joined(separator: ", ")
                throw Refused("\(name): is no component; there are \(all)")
            }
            let chosen = Components.all.filter { component in
                names.isEmpty || names.contains { component.name.hasPrefix($0) }
            }
            let report = ComponentReport(chosen.map { $0.measure(rounds: rounds) })
            Standard.output.write(report.table)
            if let json { try Refused.writing(try report.json(), to: json, for: "--json") }
            for broken in report.broken {
                Standard.error.write("parley: \(broken.name) asks for memory, and is done for every frame\n")
            }
            if !report.broken.isEmpty { throw ExitCode(1) }
        }
    }
}
