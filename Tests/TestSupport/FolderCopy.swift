import Foundation
public import SystemPackage

/// A copy of a folder that a test may change.
public struct FolderCopy: Sendable {
    private let temporary: TemporaryDirectory
    /// The copy.
    public var path: FilePath { temporary.path.appending("copy") }

    /// Copies a folder with everything in it, so that it may be written to.
    public init(_ folder: FilePath) throws {
        temporary = try TemporaryDirectory()
        try FileManager.default.copyItem(
            atPath: folder.string, toPath: temporary.path.appending("copy").string)
    }
}
