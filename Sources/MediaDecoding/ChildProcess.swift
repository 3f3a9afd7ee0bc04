import Glibc
import SystemPackage
import Synchronization

/// A process of ours that any thread may kill, without ever hitting another one.
///
/// A process number is free for reuse once it has been waited for. Killing and waiting therefore
/// happen under one lock, and nothing is killed after it was waited for.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It is unknown: it does not die, or somebody else waited for it.
        case unknown
    }

    let id: pid_t
    private let ending = Mutex<Ending?>(nil)

    init(id: pid_t) {
        self.id = id
    }

    /// Stops it at once; does nothing if it has been waited for.
    func kill() {
        ending.withLock { ending in
            guard ending == nil else { return }
            _ = Glibc.kill(id, SIGKILL)
        }
    }

    /// Waits until it is gone, for at most `seconds`: a process stuck in the kernel outlives even SIGKILL.
    func wait(seconds: Double) -> Ending {
        let deadline = Deadline(seconds: seconds)
        var pause: UInt32 = 200
        while true {
            if let ending = waitIfGone() { return ending }
            guard deadline.milliseconds > 0 else { return .unknown }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
    }

    /// How it ended; `nil` while it runs.
    private func waitIfGone() -> Ending? {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            let result = waitpid(id, &status, WNOHANG)
            if result == id {
                ending = Self.ending(status)
            } else if result < 0 && errno == ECHILD {
                ending = .unknown
            }
            return ending
        }
    }

    /// Takes `waitpid`'s status apart as `<sys/wait.h>` does, whose macros Swift does not see.
    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    }
}
