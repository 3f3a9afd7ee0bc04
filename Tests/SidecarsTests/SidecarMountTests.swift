import Catalogue
import Dispatch
import Foundation
import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Sidecars

/// A folder whose mount is taken away while sidecars are written into it.
@Suite(.enabled(if: MountNamespace.isAvailable, Comment(rawValue: MountNamespace.requirement)))
struct SidecarMountTests {
    @Test func aMountThatIsTakenAwayLeavesNoSidecarHalfWritten() async throws {
        try await MountNamespace.run {
            let (library, disk) = try Self.libraryOnADisk(pictures: 40)
            let sync = try SidecarSync(
                catalogue: library.catalogue, decoder: library.decoder, naming: .append)
            var failed = 0
            for (number, task) in try library.catalogue.sidecarTasks(limit: 100).tasks.enumerated()
            {
                if number == 13 { try Self.unmount(library.folder) }
                if case .failed = try sync.bring(task).outcome { failed += 1 }
            }
            #expect(failed == 27)
            // Nothing went into the empty folder below the mount, and on the disk all is whole.
            #expect(try library.names.isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: disk.string)
            let sidecars = left.filter { $0.hasSuffix(".xmp") }
            #expect(sidecars.count == 13 && left.count == 53)
            for name in sidecars {
                let facts = try library.decoder.sidecar(disk.appending(name))
                #expect(facts.texts.caption?.hasPrefix("boat ") == true)
            }
            // What is back is brought in line.
            try Self.mount(disk, over: library.folder)
            let again = try library.sync()
            #expect(again.count { $0.outcome == .written(isNew: true) } == 27)
        }
    }

    /// Taken away lazily at any moment, also while its folder is open: what is open is written whole or not at all.
    @Test func aMountThatIsTakenAwayUnderARunningWriteLosesNothing() async throws {
        try await MountNamespace.run {
            let (library, disk) = try Self.libraryOnADisk(pictures: 30)
            for round in 0..<8 {
                let tasks = try library.catalogue.sidecarTasks(limit: 100).tasks
                let sync = try SidecarSync(
                    catalogue: library.catalogue, decoder: library.decoder, naming: .append)
                // A thread that this one starts has the same mounts.
                let isAway = DispatchSemaphore(value: 0)
                let folder = library.folder.string
                Thread.detachNewThread {
                    usleep(UInt32(4_000 + 9_000 * round))
                    _ = umount2(folder, Int32(MNT_DETACH))
                    isAway.signal()
                }
                for task in tasks { _ = try sync.bring(task) }
                isAway.wait()
                let left = try FileManager.default.contentsOfDirectory(atPath: disk.string)
                for name in left where name.hasSuffix(".xmp") {
                    #expect(try library.decoder.sidecar(disk.appending(name)).texts.caption != nil)
                }
                #expect(try library.names.isEmpty)
                try Self.mount(disk, over: library.folder)
                for number in 0..<30 {
                    try library.describe(
                        "\(number).jpg", caption: "ship \(round)", tags: ["ship"],
                        version: "\(round + 2)")
                }
            }
            try library.sync()
            #expect(try library.facts("0.jpg.xmp").texts.caption == "ship 7")
        }
    }

    /// Pictures in a folder over which a disk is mounted, and where that disk lies besides.
    private static func libraryOnADisk(pictures: Int) throws -> (SidecarLibrary, FilePath) {
        let library = try SidecarLibrary()
        let disk = library.directory.path.appending("disk")
        try FileManager.default.createDirectory(
            atPath: disk.string, withIntermediateDirectories: true)
        try mount(disk, over: library.folder)
        for number in 0..<pictures { try library.add("\(number).jpg", caption: "boat \(number)") }
        return (library, disk)
    }

    private static func mount(_ disk: FilePath, over folder: FilePath) throws {
        guard Glibc.mount(disk.string, folder.string, nil, UInt(MS_BIND), nil) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    private static func unmount(_ folder: FilePath) throws {
        guard umount2(folder.string, Int32(MNT_DETACH)) == 0 else {
            throw Errno(rawValue: errno)
        }
    }
}
