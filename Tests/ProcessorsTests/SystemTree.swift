import Foundation
import SystemPackage
import TestSupport

/// Folders `proc` and `sys` as a machine has them.
struct SystemTree {
    private let directory: TemporaryDirectory

    init(_ files: [String: String]) throws {
        directory = try TemporaryDirectory()
        for (path, text) in files {
            let file = root.appending(path)
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: URL(filePath: file.string))
        }
    }

    private var root: FilePath { directory.path }

    /// Reads something below its root, as long as it is there.
    func read<Value>(_ body: (FilePath) -> Value) -> Value {
        withExtendedLifetime(directory) { body(root) }
    }

    /// What `cpu_capacity` says, by processor.
    static func capacities(_ values: [Int]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: values.enumerated().map {
                ("sys/devices/system/cpu/cpu\($0)/cpu_capacity", "\($1)")
            })
    }
}
