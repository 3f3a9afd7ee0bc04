import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Folders and what a catalogue says of them, held against each other.
struct TreeTruth {
    /// A watched folder.
    struct Folder {
        /// Where the test can read it.
        var tree: FilePath
        /// Where the daemon watches it.
        var root: FilePath
    }

    let folders: [Folder]
    /// The pictures of which whole files are made.
    let pictures: Set<Data>

    /// What the watching rules make files of the catalogue, read from the tree itself, with the names
    /// that the daemon sees.
    var mediaFiles: Set<FilePath> {
        Set(
            folders.flatMap { folder in
                FileTree.walk(folder.tree)
                    .filter { $0.type == S_IFREG && Self.isMedia($0.path) }
                    .map { Self.moved($0.path, from: folder.tree, to: folder.root) }
            })
    }

    /// Whether the catalogue has just the files that are there.
    func agrees(with reader: CatalogueReader) throws -> Bool {
        try Set(reader.files().map(\.path)) == mediaFiles
    }

    /// Holds that the catalogue, which is at rest, says what is there.
    ///
    /// - Parameters:
    ///   - reader: Looks at the catalogue.
    ///   - failures: Whether a whole picture may have failed with this reason.
    /// - Returns: How many files are whole pictures.
    /// - Throws: When the catalogue cannot be read.
    @discardableResult
    func check(
        _ reader: CatalogueReader, failures: (String) -> Bool = { _ in false }
    ) throws -> Int {
        let files = try reader.files()
        let known = Set(files.map(\.path))
        let present = mediaFiles
        #expect(known.subtracting(present).isEmpty, "left over in the catalogue")
        #expect(present.subtracting(known).isEmpty, "lost from the catalogue")
        #expect(known.count == files.count)
        #expect(files.filter(\.isMissing).isEmpty)
        let unfinished = files.filter {
            !($0.state == "done" && $0.isDescribed) && !($0.state == "failed" && $0.error != nil)
        }
        #expect(unfinished.isEmpty)
        #expect(try reader.leased() == 0, "in nobody's hands")

        // The bytes decide which files are the same picture, and whether they are one at all.
        var assets: [Data: Set<Int64>] = [:]
        var whole = 0
        for file in files {
            guard let data = bytes(of: file.path) else { continue }
            if file.state == "done" { assets[data, default: []].insert(file.asset ?? -1) }
            guard pictures.contains(data) else { continue }
            whole += 1
            #expect(
                file.state == "done" || failures(file.error ?? ""),
                "a valid picture failed: \(file)")
        }
        #expect(assets.values.filter { $0.count != 1 || $0.contains(-1) }.isEmpty)
        return whole
    }

    private func bytes(of path: FilePath) -> Data? {
        for folder in folders where path.starts(with: folder.root) {
            let place = Self.moved(path, from: folder.root, to: folder.tree)
            if let data = try? Data(exactly: place) { return data }
        }
        return nil
    }

    private static func moved(
        _ path: FilePath, from old: FilePath, to new: FilePath
    ) -> FilePath {
        var rest = path
        guard old != new, rest.removePrefix(old) else { return path }
        return new.pushing(rest)
    }

    private static func isMedia(_ path: FilePath) -> Bool {
        guard let name = path.lastComponent?.string, !name.hasPrefix(".") else { return false }
        return ["png", "bmp"].contains((path.extension ?? "").lowercased())
    }
}
