import Foundation
import Glibc
import SystemPackage
import TestSupport

/// Changes folders at random, the way people and programs do, and faster.
///
/// What the tree holds in the end is read from the tree; the lists here only serve to choose what
/// to change next, and forget what turns out to be gone.
struct TreeChurn {
    private var random: SeededGenerator
    private let roots: [FilePath]
    private var folders: [FilePath]
    private var files: [FilePath] = []
    private var serial = 0
    /// So many operations have been done.
    private(set) var operations = 0
    /// Different pictures there can be; a small number makes copies common.
    private let pictures: Int
    /// Beyond so many files, more are deleted than made.
    private static let manyFiles = 1200
    private static let manyFolders = 150

    /// Names that break programs that take paths for text, or for words of a shell.
    private static let oddNames: [[UInt8]] = [
        Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8), [0x66, 0xFF, 0xFE, 0x80],
        Array("two  spaces".utf8), Array("-rf".utf8), Array("line\nbreak".utf8),
        Array("tab\tbed".utf8), Array("quote'\"$(id)".utf8), Array("舟🛶".utf8),
        Array("%s%n\\".utf8), [UInt8](repeating: UInt8(ascii: "l"), count: 230), [0xC3, 0x28],
        Array("semi;colon&".utf8), Array("\u{202E}gpj".utf8),
    ]

    init(roots: [FilePath], pictures: Int, seed: UInt64) {
        random = SeededGenerator(seed: seed)
        self.roots = roots
        self.pictures = pictures
        folders = roots
    }

    /// One operation, whether or not it succeeds.
    mutating func step() {
        operations += 1
        if files.isEmpty { return create() }
        if files.count > Self.manyFiles && Bool.random(using: &random) { return delete() }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: create()
        case 22..<26: createUnderPartialName()
        case 26..<33: write(picture(), to: pickFile())
        case 33..<38: append()
        case 38..<40: truncate()
        case 40..<60: moveFile(to: newPath())
        case 60..<63: moveFile(to: pickFile())
        case 63..<77: delete()
        case 77..<83: copy()
        case 83..<87: link()
        case 87..<91: makeFolder()
        case 91..<94: moveFolder()
        case 94..<95: removeFolder()
        default: createOther()
        }
    }

    /// Makes at least so many events in the roots themselves, which are watched if anything is.
    mutating func storm(events: Int) {
        var made = 0
        while made < events {
            let root = roots[made % roots.count]
            serial += 1
            let path = root.appending("storm-\(serial).png")
            let target = root.appending("storm-\(serial) moved.png")
            write(picture(), to: path)
            rename(path, to: target)
            // Written, moved from, moved to; and deleted, but for a few.
            made += 3
            operations += 2
            if serial.isMultiple(of: 50) {
                files.append(target)
            } else {
                _ = target.withPlatformString { unlink($0) }
                made += 1
                operations += 1
            }
        }
    }

    // MARK: Files

    private mutating func create() {
        let path = newPath()
        write(picture(), to: path)
        files.append(path)
    }

    private mutating func createUnderPartialName() {
        let path = newPath()
        let partial = path.removingLastComponent().appending("download-\(serial).part")
        write(picture(), to: partial)
        rename(partial, to: path)
        files.append(path)
    }

    /// What is no picture by its name.
    private mutating func createOther() {
        let name =
            ["notes-\(serial).txt", ".hidden-\(serial).png", "x-\(serial).tmp"]
            .randomElement(using: &random) ?? "x"
        serial += 1
        write(picture(), to: pickFolder().appending(name))
    }

    private mutating func append() {
        let path = pickFile()
        guard let file = try? FileDescriptor.open(path, .writeOnly, options: .append) else {
            return forget(path)
        }
        defer { try? file.close() }
        _ = try? file.writeAll(Array("more".utf8))
    }

    private mutating func truncate() {
        let path = pickFile()
        let length = Int.random(in: 0..<200, using: &random)
        if path.withPlatformString({ Glibc.truncate($0, length) }) != 0 { forget(path) }
    }

    private mutating func moveFile(to target: FilePath) {
        let path = pickFile()
        if rename(path, to: target) {
            forget(path)
            files.append(target)
        } else {
            forget(path)
        }
    }

    private mutating func copy() {
        let path = pickFile()
        guard let data = try? Data(exactly: path) else { return forget(path) }
        let target = newPath()
        write(data, to: target)
        files.append(target)
    }

    private mutating func link() {
        let path = pickFile()
        let target = newPath()
        let result = path.withPlatformString { from in
            target.withPlatformString { Glibc.link(from, $0) }
        }
        if result == 0 { files.append(target) } else { forget(path) }
    }

    private mutating func delete() {
        let path = pickFile()
        _ = path.withPlatformString { unlink($0) }
        forget(path)
    }

    // MARK: Folders

    private mutating func makeFolder() {
        guard folders.count < Self.manyFolders else { return removeFolder() }
        // Nested at once, as `mkdir -p` and archives do, with a picture at the bottom.
        var folder = pickFolder()
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            serial += 1
            folder = folder.pushing(FilePath("folder \(serial)"))
            _ = folder.withPlatformString { mkdir($0, 0o755) }
            folders.append(folder)
        }
        let path = folder.appending("first-\(serial).png")
        write(picture(), to: path)
        files.append(path)
    }

    private mutating func moveFolder() {
        let folder = pickFolder()
        let parent = pickFolder()
        guard !roots.contains(folder), !parent.starts(with: folder) else { return }
        serial += 1
        let target = parent.appending("moved \(serial)")
        guard rename(folder, to: target) else { return }
        folders = folders.map { Self.replace(folder, by: target, in: $0) }
        files = files.map { Self.replace(folder, by: target, in: $0) }
    }

    private mutating func removeFolder() {
        let folder = pickFolder()
        guard !roots.contains(folder) else { return }
        FileTree.remove(folder)
        folders.removeAll { $0.starts(with: folder) }
        files.removeAll { $0.starts(with: folder) }
    }

    private static func replace(_ old: FilePath, by new: FilePath, in path: FilePath) -> FilePath {
        var rest = path
        guard rest.removePrefix(old) else { return path }
        return new.pushing(rest)
    }

    // MARK: Choices

    private mutating func picture() -> Data {
        let number = Int.random(in: 0..<pictures, using: &random)
        return number.isMultiple(of: 2)
            ? PictureFactory.bitmap(number) : PictureFactory.png(number)
    }

    private mutating func pickFile() -> FilePath {
        files.randomElement(using: &random) ?? newPath()
    }

    private mutating func pickFolder() -> FilePath {
        folders.randomElement(using: &random) ?? roots[0]
    }

    private mutating func newPath() -> FilePath {
        serial += 1
        var name = Array("\(serial)".utf8)
        if Int.random(in: 0..<5, using: &random) == 0 {
            name += Self.oddNames.randomElement(using: &random) ?? []
        }
        name += Array(
            [".png", ".bmp", ".PNG", ".Bmp"].randomElement(using: &random)?.utf8 ?? "".utf8)
        return pickFolder().pushing(
            FilePath(platformString: name.map { CChar(bitPattern: $0) } + [0]))
    }

    private mutating func forget(_ path: FilePath) {
        if let index = files.firstIndex(of: path) { files.swapAt(index, files.count - 1) }
        if files.last == path { files.removeLast() }
    }

    private func write(_ data: Data, to path: FilePath) {
        try? data.write(toExactly: path)
    }

    @discardableResult
    private func rename(_ path: FilePath, to target: FilePath) -> Bool {
        path.withPlatformString { from in
            target.withPlatformString { Glibc.rename(from, $0) == 0 }
        }
    }
}
