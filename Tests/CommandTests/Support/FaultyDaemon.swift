import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A daemon that watches folders by way of a file system which fails and makes inode numbers up.
///
/// The test changes the folders themselves, behind the file system's back; so they are polled.
final class FaultyDaemon: Sendable {
    let sandbox: Sandbox
    let daemon: RunningProgram
    /// The watched folders, as the test and as the daemon see them.
    let folders: [TreeTruth.Folder]

    /// Mounts the file system in a mount namespace of the daemon's own and starts the daemon there.
    init(_ sandbox: Sandbox, folders names: [String]) throws {
        let source = sandbox.path.appending("source")
        let shown = sandbox.path.appending("shown")
        let folders = names.map {
            TreeTruth.Folder(tree: source.appending($0), root: shown.appending($0))
        }
        for path in folders.map(\.tree) + [shown] {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: true)
        }
        try Data("0".utf8).write(toExactly: sandbox.path.appending("control"))
        var launch = try sandbox.launch(
            sandbox.onCatalogue(["watch"] + folders.map { ProgramArgument($0.root) }))
        let script = """
            mount --make-rprivate /
            "$1" source shown control </dev/null >/dev/null 2>&1 & echo $! >process
            for i in $(seq 1000); do mountpoint -q shown && break; sleep 0.02; done
            shift; exec "$@"
            """
        launch.arguments =
            [
                "-m", "sh", "-ec", ProgramArgument(script), "sh",
                ProgramArgument(try BuildProducts.program("faulty-file-system")),
                ProgramArgument(launch.executable),
            ]
            + launch.arguments
        launch.executable = "/usr/bin/unshare"
        self.sandbox = sandbox
        self.folders = folders
        daemon = try RunningProgram(launch)
    }

    /// It holds the namespace, and with it its own mount, until it ends.
    deinit {
        let file = sandbox.path.appending("process").string
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
        daemon.send(SIGKILL)
        if let process, process > 1 { kill(process, SIGKILL) }
    }

    /// Lets one look in so many fail; none for 0.
    func failOneLook(in count: Int) throws {
        try Data("\(count)".utf8).write(toExactly: sandbox.path.appending("control"))
    }
}
