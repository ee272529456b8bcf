import ArgumentParser
import Foundation
import ParleyBench
import ParleyCaller

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what Parley costs.",
        subcommands: [ComponentsCommand.self, LoadCommand.self, ReportCommand.self])

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

    struct LoadCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "load",
            abstract: "Play many callers at once against a running server, and write down what happened and when.",
            discussion: """
                Open loop: every caller sends 20 ms of its own sound when it is due, whatever the server does; times count \
                from when a frame was due. `make bench` runs this against Parley and a C server by turns. For figures \
                give the server a core of its own (taskset), and look at `own`: how late the generator was.
                """)

        @Argument(help: ArgumentHelp("Where the server listens: ws://127.0.0.1:8080/media/twilio.", valueName: "url"))
        var url: String
        @Option(help: "How many callers at once, 1 to 10000.")
        var calls = 100
        @Option(help: "How long is measured, in seconds.")
        var seconds = 20.0
        @Option(help: "The callers begin evenly over so many seconds; by default 2 and one for each 200 of them.")
        var ramp: Double?
        @Option(help: "Seconds behind that which are not counted.")
        var warmUp = 4.0
        @Flag(help: "Where the server ends a conversation, another caller comes, so that as many go on talking.")
        var redial = false
        @Option(help: "The same seed, the same callers.")
        var seed: UInt64 = 1
        @Option(help: ArgumentHelp("The folder of WAV files that they say.", valueName: "folder"))
        var lines = "Fixtures/books-a-cleaning"
        @Option(help: ArgumentHelp("The server's process: its CPU time and memory are measured too.", valueName: "pid"))
        var pid: Int?
        @Option(
            help: ArgumentHelp("Where Bench/allocations.c counts the server's requests for memory.", valueName: "file"))
        var allocations: String?
        @Option(help: "What the run is called in reports and bounds.")
        var name = "server"
        @Option(help: ArgumentHelp("Write every offset there, as JSON, for `parley bench report`.", valueName: "file"))
        var out: String?

        func validate() throws {
            guard (1...10_000).contains(calls) else { throw ValidationError("--calls \(calls): 1 to 10000") }
            for (name, value) in [("seconds", seconds), ("warm-up", warmUp), ("ramp", ramp ?? 0)] {
                let least = name == "seconds" ? 1.0 : 0
                guard (least...3_600).contains(value) else {
                    throw ValidationError("--\(name) \(value): \(Int(least)) to 3600")
                }
            }
        }

        func run() throws {
            do throws(LoadError) {
                let run = try LoadGenerator(
                    url: try LoadURL(url), name: name, calls: calls, ramp: ramp ?? 2 + Double(calls) / 200,
                    warmUp: warmUp, seconds: seconds, seed: seed, lines: try CallerLines.load(folder: lines),
                    redials: redial, pid: pid,
                    allocations: allocations
                ).run()
                try out.map { path throws(LoadError) in try run.write(to: path) }
                Standard.output.write(LoadReport([run]).table)
                if run.failed + run.violated > 0 {
                    throw LoadError("calls failed, or the protocol was broken: see above")
                }
            } catch {
                throw Refused(error.description, code: 1)
            }
        }
    }

    struct ReportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "report",
            abstract: "Tell what runs of a load test measured, and judge it by bounds: exit 1 where one does not hold.")

        @Argument(help: ArgumentHelp("What `parley bench load --out` wrote.", valueName: "run"))
        var runs: [String]
        @Option(help: ArgumentHelp("The bounds, as Bench/slo.yaml.", valueName: "file"))
        var slo: String?
        @Option(help: ArgumentHelp("With --slo: also write the verdicts there, as JSON.", valueName: "file"))
        var json: String?
        @Option(help: ArgumentHelp("With --slo: also write the verdicts there, as JUnit XML.", valueName: "file"))
        var junit: String?
        @Option(
            help: ArgumentHelp(
                "Also write a page with plots there, one file that needs nothing else.", valueName: "file"))
        var html: String?
        @Option(
            help: ArgumentHelp("An earlier run to compare with, on that page; may be given again.", valueName: "run"))
        var against: [String] = []

        func validate() throws {
            guard against.isEmpty || html != nil else { throw ValidationError("--against goes with --html") }
            guard slo != nil || json ?? junit == nil else { throw ValidationError("--json and --junit go with --slo") }
        }

        func run() throws {
            let loaded: [LoadRun]
            let earlier: [LoadRun]
            let bounds: LoadBounds?
            do {
                loaded = try runs.map { try LoadRun.load($0) }
                earlier = try against.map { try LoadRun.load($0) }
                bounds = try slo.map { path in
                    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                        throw LoadError("--slo \(path): cannot be read")
                    }
                    return try LoadBounds.parse(text, file: path)
                }
            } catch {
                throw Refused("\(error)")
            }
            try Refused.outputs(
                [("--json", json), ("--junit", junit), ("--html", html)],
                keeping: runs + against + [slo].compactMap { $0 })
            Standard.output.write(LoadReport(loaded).table)
            let judged = bounds?.judge(loaded)
            if let html {
                let page = LoadPage(runs: loaded, earlier: earlier, verdicts: judged ?? [])
                try Refused.writing(page.html, to: html, for: "--html")
            }
            guard let verdicts = judged else { return }
            if let json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                try Refused.writing(
                    String(decoding: try encoder.encode(verdicts), as: UTF8.self) + "\n", to: json, for: "--json")
            }
            if let junit { try Refused.writing(verdicts.junit, to: junit, for: "--junit") }
            for verdict in verdicts { Standard.output.write(verdict.line + "\n") }
            if verdicts.contains(where: { !$0.holds }) { throw ExitCode(1) }
        }
    }
}
