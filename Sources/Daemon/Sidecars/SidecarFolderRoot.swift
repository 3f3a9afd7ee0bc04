import Catalogue
import FileSystem
import FolderWatching
import Foundation
import SystemPackage

/// The folder in which sidecars are kept apart from their pictures, which is watched as pictures' folders are.
public enum SidecarFolderRoot {
    /// The folders that are looked at, each with its root in the catalogue; last the sidecars', if there is one.
    ///
    /// - Throws: `SidecarFolderError`, `CatalogueError`.
    static func add(
        to settings: Settings, _ catalogue: Catalogue
    ) throws -> [(folder: WatchedRoot, root: Root)] {
        try prepare(settings)
        var watched = try settings.folders.map {
            (folder: WatchedRoot(path: $0), root: try catalogue.root(at: $0))
        }
        if let root = try catalogue.keepSidecars(in: settings.sidecarFolder) {
            watched.append((WatchedRoot(path: root.path, holdsOnlySidecars: true), root))
        }
        return watched
    }

    /// Makes sure that the folder of sidecars and the pictures' folders have nothing in common, and makes it where
    /// sidecars are written.
    ///
    /// - Parameters:
    ///   - settings: Where both are, and whether sidecars are written.
    ///   - isDryRun: Whether nothing is to be made.
    /// - Throws: `SidecarFolderError`.
    public static func prepare(
        _ settings: Settings, isDryRun: Bool = false
    ) throws(SidecarFolderError) {
        guard let folder = settings.sidecarFolder else { return }
        try check(folder, besides: settings.folders)
        guard settings.sidecarWriting != .never, !isDryRun else { return }
        // Where this is not possible, the folder is said to be out of reach like any other.
        try? FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: true)
    }

    static func check(
        _ folder: FilePath, besides folders: [FilePath]
    ) throws(SidecarFolderError) {
        let place = real(folder)
        for other in folders {
            let root = real(other)
            if place.starts(with: root) {
                throw SidecarFolderError(
                    "\(SettingKey.sidecarsFolder.rawValue) is \(folder), which lies in the watched folder "
                        + "\(other): choose one outside of all watched folders")
            }
            if root.starts(with: place) {
                throw SidecarFolderError(
                    "\(SettingKey.sidecarsFolder.rawValue) is \(folder), in which the watched folder "
                        + "\(other) lies: choose one that holds nothing else")
            }
        }
    }

    /// A path without links, as far as it is there.
    private static func real(_ path: FilePath) -> FilePath {
        var (there, rest) = (path.lexicallyNormalized(), [FilePath.Component]())
        while true {
            if let real = try? there.resolvingLinks() {
                return rest.reversed().reduce(into: real) { $0.append($1) }
            }
            guard let last = there.lastComponent else { return path.lexicallyNormalized() }
            rest.append(last)
            there.removeLastComponent()
        }
    }
}

/// Why a folder cannot hold sidecars.
public struct SidecarFolderError: Error, CustomStringConvertible, Equatable {
    /// One line that says what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
