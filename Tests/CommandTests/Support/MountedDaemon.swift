import SystemPackage
import TestSupport
import Testing

/// A daemon in a mount namespace of its own, and an image of a disk that comes and goes there.
struct MountedDaemon {
    let sandbox: Sandbox
    let daemon: RunningProgram
    /// Where the disk is mounted, below the sandbox's folder.
    private let point: String

    /// Starts the daemon on the sandbox's pictures, after commands that are run among its mounts.
    init(_ sandbox: Sandbox, diskAt point: String, prepare: String) throws {
        var launch = try sandbox.launch(
            sandbox.onCatalogue(["watch", ProgramArgument(sandbox.pictures)]))
        let script = "mount --make-rprivate /; \(prepare); exec \"$@\""
        launch.arguments =
            [
                "-m", "sh", "-ec", ProgramArgument(script), "sh",
                ProgramArgument(launch.executable),
            ]
            + launch.arguments
        launch.executable = "/usr/bin/unshare"
        self.sandbox = sandbox
        self.point = point
        daemon = try RunningProgram(launch)
    }

    /// Makes the image of a disk, with pictures of these numbers.
    static func makeDisk(in sandbox: Sandbox, pictures: [Int]) throws {
        for number in pictures {
            try PictureFactory.png(number).write(
                toExactly: sandbox.path.appending("disk-\(number).png"))
        }
        let result = try shell(
            """
            truncate -s 16M disk.img; mkfs.ext4 -q disk.img; mkdir disk
            unshare -m sh -ec 'mount --make-rprivate /; mount -o loop disk.img disk
                mv disk-*.png disk; umount disk'
            """, in: sandbox.path)
        try #require(result.status == 0, "\(result)")
    }

    /// Runs shell commands among the daemon's mounts, in the sandbox's folder.
    func run(_ commands: String) throws {
        let enter = "nsenter -m -t \(daemon.processID) sh -ec 'cd \"$1\"; \(commands)' sh \"$1\""
        let result = try shell(enter, [ProgramArgument(sandbox.path)])
        #expect(result.status == 0, "\(result)")
    }

    /// Mounts the disk.
    func mount() throws { try run("mount -o loop disk.img \(point)") }

    /// Unmounts the disk, as soon as nobody reads a file on it.
    func unmount() throws {
        try run(
            """
            for i in $(seq 3000); do umount \(point) 2>/dev/null && exit; sleep 0.01; done
            umount \(point)
            """)
    }

    /// Puts a picture on the disk.
    func add(_ number: Int) throws {
        let name = "disk-\(number).png"
        try PictureFactory.png(number).write(toExactly: sandbox.path.appending(name))
        try run("mv \(name) \(point)/")
    }
}
