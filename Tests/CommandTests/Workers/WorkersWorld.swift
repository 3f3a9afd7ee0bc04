import Foundation
import RemoteWork
import SystemPackage
import TestSupport

/// A library, a database with a queue, and machines that help.
final class WorkersWorld: Sendable {
    let sandbox: Sandbox
    let database: TestDatabase

    /// Makes them; nothing runs yet but the database.
    ///
    /// `settings` are further environment of every program; the database listens at `port` on all addresses, or on its
    /// socket alone.
    init(_ settings: [String: String] = [:], port: Int? = nil) throws {
        database = try TestDatabase(port: port, address: "*")
        try QueueSetup.run(database.address(), daemons: ["nas"], workers: ["attic"])
        sandbox = try Sandbox(settings)
    }

    /// The queue, as the daemon reaches it.
    var queue: String { database.address(as: "nas") }

    func daemon() throws -> RunningProgram {
        try sandbox.watch(settings: ["VIGNETTE_WORKERS_QUEUE": queue])
    }

    func worker(
        _ name: String, address: String? = nil, settings: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(
            sandbox.launch(
                [
                    "work", "--name", ProgramArgument(name), "--queue",
                    ProgramArgument(address ?? database.address(as: "attic")),
                ], settings: settings))
    }

    func write(_ numbers: Range<Int>) throws {
        for number in numbers {
            try sandbox.write(
                PictureFactory.png(number), to: FilePath("\(number % 7)/\(number).png"))
        }
    }

    /// Waits until the daemon knows of machines that can help, which it logs as information: before, a fast one may
    /// have described everything by itself.
    func waitForHelp(of daemon: RunningProgram) async throws {
        try await eventually("the daemon knows of others") {
            daemon.errors.text.contains("there to help")
        }
    }

    /// Waits until all is described.
    func settle(_ count: Int, within bound: Duration = .seconds(240)) async throws {
        var text = ""
        try await eventually(
            "\(count) are described: \(text)", within: bound, every: .milliseconds(300)
        ) {
            // Its owner may not have made it yet.
            guard let status = try? await sandbox.status() else { return false }
            text = "\(status)"
            return status.isAtRest && status.described == count
        }
    }

    /// Lets a machine do something on a thread of its own until it ends.
    func machine(
        _ name: String,
        _ body: @escaping @Sendable (WorkerSession, WorkerSession.Identity, [String]) throws -> Void
    ) -> Machine {
        Machine(address: database.address(as: "attic"), name: name, body)
    }

    /// A worker that a test plays: connects, says that it can do everything, and does `body` again and again.
    final class Machine: @unchecked Sendable {
        // The flag is read and written under `lock`.
        private let lock = NSLock()
        private var isOver = false
        private var turns = 0

        init(
            address: String, name: String,
            _ body:
                @escaping @Sendable (WorkerSession, WorkerSession.Identity, [String]) throws -> Void
        ) {
            Thread { [self] in
                while !over {
                    do {
                        let session = try WorkerSession(address, bell: Bell())
                        let me = try session.enlist(name: name, program: "test", model: "any@any")
                        while !over {
                            let keys = try session.recipes(me).map(\.key)
                            try session.declare(keys, me)
                            try body(session, me, keys)
                            lock.withLock { turns += 1 }
                            usleep(50_000)
                        }
                    } catch {
                        usleep(100_000)
                    }
                }
            }.start()
        }

        /// How often it has done it.
        var count: Int { lock.withLock { turns } }
        private var over: Bool { lock.withLock { isOver } }
        func end() { lock.withLock { isOver = true } }
        deinit { end() }
    }
}
