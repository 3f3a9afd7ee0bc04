import CMountNamespace
import Foundation
public import SystemPackage

/// A thread with mounts of its own, for tests that mount and unmount.
public enum MountNamespace {
    /// The mounts of the thread that opens it; `/proc/self` is about the process's first thread.
    public static let table: FilePath = "/proc/thread-self/mountinfo"

    /// What tests that are left out say.
    public static let requirement =
        "needs root and mount namespaces: run the tests as root to have them"

    /// Whether this machine and this user may have one.
    public static let isAvailable: Bool = {
        guard geteuid() == 0 else { return false }
        let result = try? shell("unshare -m true")
        return result?.status == 0
    }()

    /// Whether images of disks can be mounted.
    public static let hasDisks =
        isAvailable && FileManager.default.fileExists(atPath: "/dev/loop-control")
        && ((try? shell("command -v mkfs.ext4"))?.status == 0)

    /// Whether file systems can be served by programs.
    public static let hasUserSpace =
        isAvailable && FileManager.default.fileExists(atPath: "/dev/fuse")

    /// Runs a body on a thread with mounts of its own; threads and programs that it starts share them.
    ///
    /// - Throws: What the body throws; `Errno` when the mounts cannot be had.
    public static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await onThread {
            let problem = private_mounts()
            guard problem == 0 else { throw Errno(rawValue: problem) }
            return try body()
        }
    }
}
