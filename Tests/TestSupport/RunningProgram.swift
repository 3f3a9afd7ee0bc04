import Dispatch
import Foundation
public import Glibc
import Synchronization
import SystemPackage

/// A program that a test has started; it ends with this object at the latest, and is always reaped.
public final class RunningProgram: Sendable {
    /// The process id.
    public let processID: pid_t
    /// What it writes to standard output.
    public let output: OutputCollector
    /// What it writes to standard error.
    public let errors: OutputCollector
    private let command: String
    private let process: Process
    /// How long the readers may take to reach the end of what an ended program wrote; on a machine at work they wait
    /// for their turn.
    private static let patience: Duration = .seconds(10)

    /// The program did not end in time.
    public struct StillRunning: Error, CustomStringConvertible {
        /// Which program, and what it wrote.
        public let description: String
    }

    /// Starts a program.
    ///
    /// - Throws: `ProgramLaunch.Failure`.
    public init(_ launch: ProgramLaunch) throws {
        let (output, errors) = (try OutputCollector(), try OutputCollector())
        (self.output, self.errors) = (output, errors)
        // Once the program has them, its ends alone keep the connections open.
        defer {
            close(output.writeEnd)
            close(errors.writeEnd)
        }
        let words = launch.arguments.map { String(decoding: $0.bytes, as: UTF8.self) }
        command = ([launch.executable.lastComponent?.string ?? "?"] + words).joined(separator: " ")
        processID = try launch.spawn(output: output.writeEnd, errors: errors.writeEnd)
        process = Process(id: processID)
        process.reapOnThread()
    }

    deinit {
        process.signal(SIGKILL)
    }

    /// Whether it runs, or is stopped by a signal.
    public var isRunning: Bool { process.ending == nil }

    /// Sends a signal; nothing happens once it has ended.
    public func send(_ signal: Int32) {
        process.signal(signal)
    }

    /// Waits for the end, without blocking a thread.
    ///
    /// - Parameter bound: How long to wait before the program is killed and the test fails.
    /// - Returns: What it has left.
    /// - Throws: `StillRunning`.
    public func result(within bound: Duration = .seconds(120)) async throws -> ProgramResult {
        let deadline = ContinuousClock.now + bound
        while true {
            // A child of the program may hold them open; what it writes is not waited for.
            if let ending = process.ending {
                try await collectRest()
                return ProgramResult(
                    command: command, ending: ending, output: output.data, errors: errors.data)
            }
            if ContinuousClock.now > deadline {
                let written = "\(output.text.suffix(2000))\n\(errors.text.suffix(4000))"
                process.signal(SIGKILL)
                throw StillRunning(description: "\(command) still runs after \(bound)\n\(written)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for the end on the calling thread, for tests that are not asynchronous.
    ///
    /// - Returns: What it has left.
    public func waitForResult() -> ProgramResult {
        let ending = process.waitForEnding()
        let deadline = ContinuousClock.now + Self.patience
        while !(output.isComplete && errors.isComplete), ContinuousClock.now < deadline {
            usleep(200)
        }
        return ProgramResult(
            command: command, ending: ending, output: output.data, errors: errors.data)
    }

    /// Asks it to end and waits for that.
    ///
    /// - Parameters:
    ///   - signal: How to ask.
    ///   - bound: How long to wait before the program is killed and the test fails.
    /// - Returns: What it has left.
    /// - Throws: `StillRunning`.
    public func stop(_ signal: Int32 = SIGTERM, within bound: Duration = .seconds(60))
        async throws -> ProgramResult
    {
        send(signal)
        return try await result(within: bound)
    }

    /// Lets the readers reach the end of what the program wrote.
    private func collectRest() async throws {
        let deadline = ContinuousClock.now + Self.patience
        while !(output.isComplete && errors.isComplete), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// The kernel's side of it: a signal never reaches a process that merely has the same id.
    private final class Process: Sendable {
        private let id: pid_t
        private let state = Mutex<ProgramEnding?>(nil)
        private let ended = DispatchSemaphore(value: 0)

        init(id: pid_t) { self.id = id }

        var ending: ProgramEnding? { state.withLock { $0 } }

        func waitForEnding() -> ProgramEnding {
            while true {
                if let ending { return ending }
                ended.wait()
                // For the next who waits.
                ended.signal()
            }
        }

        func signal(_ number: Int32) {
            state.withLock { ending in
                if ending == nil { kill(id, number) }
            }
        }

        func reapOnThread() {
            let thread = Thread { [self] in reap() }
            thread.name = "reaper"
            thread.start()
        }

        private func reap() {
            var information = siginfo_t()
            // The process stays a zombie, and so its id stays its own, until the state is locked.
            while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0 {
                guard errno == EINTR else { break }
            }
            state.withLock { ending in
                var status: Int32 = 0
                waitpid(id, &status, 0)
                let signal = status & 0x7F
                ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            }
            ended.signal()
        }
    }
}
