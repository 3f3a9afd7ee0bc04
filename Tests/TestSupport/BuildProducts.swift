import Foundation
public import SystemPackage

/// Where the programs that a test runs were built, and the checkout they were built from.
public enum BuildProducts {
    /// A program that should have been built beside the tests, and was not.
    public struct Missing: Error, CustomStringConvertible {
        /// What was looked for, and where.
        public let description: String
    }

    /// The folder of `Package.swift`.
    public static let checkout: FilePath = {
        var folder = FilePath(#filePath)
        // Tests/TestSupport/BuildProducts.swift
        for _ in 0..<3 { folder.removeLastComponent() }
        return folder
    }()

    /// The folder of the test bundle, which is the folder of the programs: whatever the
    /// configuration and the scratch path.
    public static let folder: FilePath = {
        let candidates = [
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            CommandLine.arguments.first, CommandLine.arguments.first { $0.hasSuffix(".xctest") },
        ]
        let folders = candidates.compactMap { $0 }.map { FilePath($0).removingLastComponent() }
        let holdsPrograms = { (folder: FilePath) in
            FileManager.default.isExecutableFile(atPath: folder.appending("vignette").string)
        }
        return folders.first(where: holdsPrograms) ?? checkout.appending(".build/debug")
    }()

    /// A program's path: in the folder that `VIGNETTE_PROGRAMS` names, where it is one of those that people run,
    /// or else beside the tests.
    ///
    /// - Throws: `Missing`.
    public static func program(_ name: String) throws -> FilePath {
        let other = ProcessInfo.processInfo.environment["VIGNETTE_PROGRAMS"] ?? ""
        let isForPeople = ["vignette", "vignette-decoder"].contains(name)
        let path = (isForPeople && !other.isEmpty ? FilePath(other) : folder).appending(name)
        guard FileManager.default.isExecutableFile(atPath: path.string) else {
            throw Missing(description: "no program \(path); run `swift build` first")
        }
        return path
    }
}
