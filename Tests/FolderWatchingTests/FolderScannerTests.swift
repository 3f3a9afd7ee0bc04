import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct FolderScannerTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func scan(
        _ path: FilePath, settleTime: Duration = .milliseconds(30),
        patience: Duration = .seconds(60)
    ) throws -> TreeModel {
        var options = WatchOptions()
        options.settleTime = settleTime
        let box = Box()
        let scanner = try FolderScanner(
            roots: [WatchedRoot(path: path)], options: options, patience: patience
        ) { _, events in
            box.model.withLock { model in
                for event in events { model.fold(event) }
            }
        }
        try scanner.run()
        return box.model.withLock { $0 }
    }

    private final class Box: Sendable {
        let model = Mutex(TreeModel())
    }

    private func write(_ name: String) throws {
        try Data("x".utf8).write(to: URL(filePath: folder.path.appending(name).string))
    }

    @Test func reportsEverySettledFileAndReturns() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path.appending("a/b").string, withIntermediateDirectories: true)
        for name in ["1.jpg", "a/2.png", "a/b/3.mp4", "a/4.txt"] { try write(name) }
        let model = try scan(folder.path)
        #expect(model.paths == ["1.jpg", "a/2.png", "a/b/3.mp4"])
        #expect(model.finishedScans == 1)
    }

    @Test func missingFolderIsOffline() throws {
        let model = try scan(folder.path.appending("none"))
        #expect(!model.isOnline)
        #expect(model.events.count == 1)
    }

    @Test func filesThatNeverSettleAreLeftOutWithANotice() throws {
        try write("1.jpg")
        let model = try scan(folder.path, settleTime: .seconds(86_400), patience: .zero)
        #expect(model.paths.isEmpty)
        #expect(model.notices.count == 1)
    }
}
