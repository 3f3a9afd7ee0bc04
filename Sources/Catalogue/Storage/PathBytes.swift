import Foundation
import SystemPackage

/// Paths as the catalogue stores them: bytes, since a name need not be text.
///
/// A directory below a root is stored with a slash before and behind: `/` is the root itself,
/// `/2024/july/` a folder. What lies in a directory or anywhere below it is then one range of
/// bytes, `/2024/` up to but not including `/20240` (`0` follows `/`), which the index answers
/// exactly, whatever bytes the names hold, and never takes `/2024.old/` for `/2024/`.
enum PathBytes {
    /// The stored form of a directory, given relative to its root.
    static func directory(_ path: FilePath) throws(CatalogueError) -> Data {
        try check(path)
        guard !path.isEmpty else { return Data([slash]) }
        return Data([slash]) + bytes(path) + Data([slash])
    }

    /// The end, not included, of the range that begins with `directory` and holds all below it.
    static func end(of directory: Data) -> Data {
        directory.dropLast() + Data([slash + 1])
    }

    /// The stored form of a file's directory and its name, given its path relative to its root.
    static func split(_ path: FilePath) throws(CatalogueError) -> (directory: Data, name: Data) {
        try check(path)
        guard let name = path.lastComponent else {
            throw .invalid(reason: "\"\(path)\" is no file below a root")
        }
        return (try directory(path.removingLastComponent()), bytes(name))
    }

    /// The path relative to its root of a stored directory, with a name in it if one is given.
    static func path(_ directory: Data, _ name: Data = Data()) -> FilePath {
        path(directory.dropFirst() + name)
    }

    /// The first component below `directory` of the stored directory `below`, which is inside it.
    static func component(of below: Data, under directory: Data) -> Data {
        below.dropFirst(directory.count).prefix { $0 != slash }
    }

    /// The bytes of any path.
    static func bytes(_ path: FilePath) -> Data {
        path.withPlatformString { Data(bytes: $0, count: strlen($0)) }
    }

    /// The bytes of a name.
    static func bytes(_ name: FilePath.Component) -> Data {
        name.withPlatformString { Data(bytes: $0, count: strlen($0)) }
    }

    /// The path that has these bytes.
    static func path(_ bytes: Data) -> FilePath {
        FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    private static let slash = UInt8(ascii: "/")

    private static func check(_ path: FilePath) throws(CatalogueError) {
        guard path.isRelative, path.components.allSatisfy({ $0.kind == .regular }) else {
            throw .invalid(reason: "\"\(path)\" is no path below a root")
        }
    }
}
