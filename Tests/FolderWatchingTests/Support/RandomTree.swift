import Foundation
import Glibc
import SystemPackage
import TestSupport

@testable import FolderWatching

/// Changes a folder at random: few names, so that operations meet.
struct RandomTree {
    let root: FilePath
    var generator: SeededGenerator
    private let directories = ["a", "b", "c", ".h", "d.jpg", "x.tmp"]
    private let files = ["1.jpg", "2.png", "3.txt", "a", ".4.jpg", "5.jpg.part", "d.jpg"]

    /// Does one thing; much of it fails, as it may.
    mutating func step() {
        switch Int.random(in: 0..<14, using: &generator) {
        case 0...3: write(file())
        case 4: remove(file())
        case 5, 6: rename(file(), file())
        case 7, 8: makeDirectories(directory())
        case 9: remove(directory())
        case 10, 11: rename(directory(), directory())
        case 12: link(file(), file())
        default: symlink(root, file())
        }
    }

    private mutating func directory() -> FilePath {
        var path = root.appending(["r", "s"].randomElement(using: &generator) ?? "r")
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            path.append(directories.randomElement(using: &generator) ?? "a")
        }
        return path
    }

    private mutating func file() -> FilePath {
        let top = root.appending(["r", "s"].randomElement(using: &generator) ?? "r")
        let isTop = Int.random(in: 0..<4, using: &generator) == 0
        return (isTop ? top : directory()).appending(files.randomElement(using: &generator) ?? "a")
    }

    private mutating func write(_ path: FilePath) {
        let size = Int.random(in: 0..<100, using: &generator)
        var status = stat()
        // A write through a name that nobody watches is not told to those who watch another name.
        if lstat(path.string, &status) == 0, status.st_nlink > 1 { remove(path) }
        try? Data(count: size).write(to: URL(filePath: path.string))
    }

    private func remove(_ path: FilePath) {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    private func makeDirectories(_ path: FilePath) {
        try? FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: true)
    }

    private func rename(_ from: FilePath, _ to: FilePath) {
        _ = Glibc.rename(from.string, to.string)
    }

    private func link(_ from: FilePath, _ to: FilePath) {
        _ = Glibc.link(from.string, to.string)
    }

    private func symlink(_ target: FilePath, _ path: FilePath) {
        _ = Glibc.symlink(target.string, path.string)
    }
}
