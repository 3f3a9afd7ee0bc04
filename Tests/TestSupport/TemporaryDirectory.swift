import Foundation
public import SystemPackage

/// A folder of a test's own, removed with everything in it when the object goes.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: FilePath

    /// Makes an empty folder with a name of its own below the system's temporary folder.
    public init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "vignette-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path(percentEncoded: false))
    }

    deinit {
        FileTree.remove(path)
    }
}
