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
    private let roots: [ChurnedFolder]
    private var folders: [ChurnedFolder]
    private var files: [ChurnedFile] = []
    private var serial = 0
    /// So many operations have been done.
    private(set) var operations = 0
    /// The pictures that files are made of; few, so that copies are common.
    private let pictures: [Data]
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

    init(roots: [FilePath], pictures: [Data], seed: UInt64) {
        random = SeededGenerator(seed: seed)
        self.roots = roots.map { ChurnedFolder(root: $0) }
        self.pictures = pictures
        folders = self.roots
    }

    /// One operation, whether or not it succeeds.
    mutating func step() {
        operations += 1
        guard let index = pickFile() else { return create() }
        if files.count > Self.manyFiles && Bool.random(using: &random) { return delete(index) }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: create()
        case 22..<26: createUnderPartialName()
        case 26..<33: write(picture(), to: files[index].path)
        case 33..<38: append(to: index)
        case 38..<40: truncate(index)
        case 40..<60: move(index, to: newFile())
        case 60..<63: move(index, onto: Int.random(in: files.indices, using: &random))
        case 63..<77: delete(index)
        case 77..<83: copy(index)
        case 83..<87: link(index)
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
            serial += 1
            let root = roots[serial % roots.count]
            let path = root.path.appending("storm-\(serial).png")
            let target = ChurnedFile(folder: root, name: Array("storm-\(serial) moved.png".utf8))
            write(picture(), to: path)
            rename(path, to: target.path)
            // Written, moved from, moved to; and deleted, but for a few.
            made += 3
            operations += 2
            if serial.isMultiple(of: 50) {
                files.append(target)
            } else {
                _ = target.path.call { unlink($0) }
                made += 1
                operations += 1
            }
        }
    }

    // MARK: Files

    private mutating func create() {
        let file = newFile()
        write(picture(), to: file.path)
        files.append(file)
    }

    private mutating func createUnderPartialName() {
        let file = newFile()
        let partial = file.folder.path.appending("download-\(serial).part")
        write(picture(), to: partial)
        rename(partial, to: file.path)
        files.append(file)
    }

    /// What is no picture by its name.
    private mutating func createOther() {
        serial += 1
        let name = ["notes-\(serial).txt", ".hidden-\(serial).png", "x-\(serial).tmp"]
            .randomElement(using: &random)
        write(picture(), to: pickFolder().path.appending(name ?? "x"))
    }

    private mutating func append(to index: Int) {
        if !files[index].path.write(Data("more".utf8), flags: O_APPEND) { forget(index) }
    }

    private mutating func truncate(_ index: Int) {
        let length = Int.random(in: 0..<200, using: &random)
        if files[index].path.call({ Glibc.truncate($0, length) }) != 0 {
            forget(index)
        }
    }

    private mutating func move(_ index: Int, to target: ChurnedFile) {
        if rename(files[index].path, to: target.path) {
            files[index] = target
        } else {
            forget(index)
        }
    }

    /// What stood at the target is gone.
    private mutating func move(_ index: Int, onto other: Int) {
        if rename(files[index].path, to: files[other].path) { forget(index) }
    }

    private mutating func copy(_ index: Int) {
        guard let data = files[index].path.read() else { return forget(index) }
        let target = newFile()
        write(data, to: target.path)
        files.append(target)
    }

    private mutating func link(_ index: Int) {
        let target = newFile()
        let result = files[index].path.call { from in
            target.path.call { Glibc.link(from, $0) }
        }
        if result == 0 { files.append(target) } else { forget(index) }
    }

    private mutating func delete(_ index: Int) {
        _ = files[index].path.call { unlink($0) }
        forget(index)
    }

    // MARK: Folders

    private mutating func makeFolder() {
        guard folders.count < Self.manyFolders else { return removeFolder() }
        // Nested at once, as `mkdir -p` and archives do, with a picture at the bottom.
        var folder = pickFolder()
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            serial += 1
            folder = ChurnedFolder("folder \(serial)", in: folder)
            _ = folder.path.call { mkdir($0, 0o755) }
            folders.append(folder)
        }
        let file = ChurnedFile(folder: folder, name: Array("first-\(serial).png".utf8))
        write(picture(), to: file.path)
        files.append(file)
    }

    private mutating func moveFolder() {
        let (folder, parent) = (pickFolder(), pickFolder())
        guard !folder.isRoot, !parent.isInside(folder) else { return }
        serial += 1
        let name = "moved \(serial)"
        if rename(folder.path, to: parent.path.appending(name)) {
            folder.move(to: parent, as: name)
        }
    }

    private mutating func removeFolder() {
        let folder = pickFolder()
        guard !folder.isRoot else { return }
        FileTree.remove(folder.path.filePath)
        folder.remove()
    }

    // MARK: Choices

    private mutating func picture() -> Data {
        pictures.randomElement(using: &random) ?? Data()
    }

    /// A file that should be there.
    private mutating func pickFile() -> Int? {
        while !files.isEmpty {
            let index = Int.random(in: files.indices, using: &random)
            guard files[index].folder.isGone else { return index }
            forget(index)
        }
        return nil
    }

    private mutating func pickFolder() -> ChurnedFolder {
        while true {
            let index = Int.random(in: folders.indices, using: &random)
            guard folders[index].isGone else { return folders[index] }
            folders.remove(at: index)
        }
    }

    private mutating func newFile() -> ChurnedFile {
        serial += 1
        var name = Array("\(serial)".utf8)
        if Int.random(in: 0..<5, using: &random) == 0 {
            name += Self.oddNames.randomElement(using: &random) ?? []
        }
        let suffix = [".png", ".bmp", ".PNG", ".Bmp"].randomElement(using: &random) ?? ""
        name += Array(suffix.utf8)
        return ChurnedFile(folder: pickFolder(), name: name)
    }

    private mutating func forget(_ index: Int) {
        files.swapAt(index, files.count - 1)
        files.removeLast()
    }

    private func write(_ data: Data, to path: RawPath) {
        path.write(data)
    }

    @discardableResult
    private func rename(_ path: RawPath, to target: RawPath) -> Bool {
        path.call { from in target.call { Glibc.rename(from, $0) == 0 } }
    }
}
