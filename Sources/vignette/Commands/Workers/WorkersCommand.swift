import ArgumentParser
import Daemon
import Foundation
import RemoteWork

/// What has to do with the machines that help.
struct WorkersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers",
        abstract: "Show the machines that help to describe; make a queue ready for them.",
        discussion: """
            EXAMPLES
              vignette workers
              vignette workers --queue postgresql://vignette@nas.local/vignette --json
              vignette workers setup --queue postgresql://postgres@nas.local/vignette
            """,
        subcommands: [WorkersListCommand.self, WorkersSetupCommand.self],
        defaultSubcommand: WorkersListCommand.self)
}

/// Who is there, what each does, how fast, when it was last heard of.
struct WorkersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show who works for a queue.",
        discussion: """
            EXAMPLES
              vignette workers list
              vignette workers list --json
            """)

    @Option(help: "The queue, as a connection string of libpq; the configuration's if not given.")
    var queue: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let overview = try QueueOverview(try QueueAddress.find(queue, try common.settings()))
        if common.json {
            for worker in overview.workers { try JSONLine.write(worker) }
            return
        }
        var table = Table()
        table.add(
            "WORKER", "STATE", "HOLDS", "DONE", "FAILED", "S EACH", "LAST WORD", "MODEL", "VERSION",
            "DOING")
        for worker in overview.workers {
            table.add(
                worker.name,
                worker.state + (worker.isAble || worker.state == "gone" ? "" : ", lacks the model"),
                "\(worker.held)", "\(worker.done)", "\(worker.failed)",
                worker.secondsEach.map { String(format: "%.1f", $0) } ?? "-",
                "\(Int(max(overview.now.timeIntervalSince(worker.lastWord), 0))) s ago",
                worker.model,
                worker.program, worker.doing)
        }
        StandardOutput.write(table.text())
        StandardOutput.write(
            "\(overview.waiting) pictures wait, \(overview.held) are in hand, \(overview.answered) are "
                + "answered; \(overview.bytes >> 20) MiB in \(overview.place)\n")
    }
}

/// Makes tables, roles and rights.
struct WorkersSetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Make the tables, roles and rights of a queue in a PostgreSQL database.",
        discussion: """
            For somebody who may create roles in the database; running it again, or after an update, changes nothing that \
            lies in the queue. A login for the machine with the library and one for the others are enough; passwords are \
            given to them with psql's \\password.

            EXAMPLES
              vignette workers setup --queue postgresql://postgres@nas.local/vignette
              vignette workers setup --queue postgresql://postgres@nas.local/vignette --daemon vignette --worker attic
            """)

    @Option(
        help: "The database, as a connection string of libpq; the configuration's if not given.")
    var queue: String?

    @Option(
        name: .customLong("daemon"), help: "A login that may offer work; made if it is not there.")
    var daemons: [String] = []

    @Option(
        name: .customLong("worker"), help: "A login that may take work; made if it is not there.")
    var workers: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let address = try QueueAddress.find(queue, try common.settings())
        try QueueSetup.run(address, daemons: daemons, workers: workers)
        if common.json {
            try JSONLine.write(["version": QueueSchema.version])
        } else {
            StandardOutput.write("the queue is ready (version \(QueueSchema.version))\n")
        }
    }
}
