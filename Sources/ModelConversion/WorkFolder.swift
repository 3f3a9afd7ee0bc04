import Foundation
import Glibc
import SystemPackage

/// Where a conversion stands until it is complete: a hidden folder beside its place.
///
/// A killed program leaves it behind; the next one to convert to the same place empties it. The
/// folder is locked while somebody works in it.
final class WorkFolder {
    let path: FilePath
    private let target: FilePath
    private let descriptor: FileDescriptor

    /// Makes the folder, or empties the one that a killed conversion has left.
    ///
    /// - Throws: `ConversionError` where the target exists or somebody else is converting to it.
    init(for target: FilePath) throws(ConversionError) {
        let place = target.lexicallyNormalized()
        guard let name = place.lastComponent, name.kind == .regular else {
            throw ConversionError(
                target, "is no name for a folder", advice: "Name the folder to make with --to.")
        }
        self.target = place
        path = place.removingLastComponent().appending(".\(name.string).converting")
        do {
            try Self.checkIsFree(place)
            let parent = place.removingLastComponent()
            try FileManager.default.createDirectory(
                atPath: parent.isEmpty ? "." : parent.string, withIntermediateDirectories: true)
            descriptor = try Self.openLocked(path)
        } catch let error as ConversionError {
            throw error
        } catch {
            throw .writing(path, error)
        }
    }

    deinit { try? descriptor.close() }

    private static func checkIsFree(_ place: FilePath) throws(ConversionError) {
        var status = stat()
        guard place.withPlatformString({ lstat($0, &status) }) != 0 else {
            throw ConversionError(
                place, "exists already",
                advice: "Remove it first, or name another folder with --to.")
        }
    }

    private static func openLocked(_ path: FilePath) throws -> FileDescriptor {
        let made = path.withPlatformString { mkdir($0, 0o755) }
        guard made == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
        let descriptor = try FileDescriptor.open(
            path, .readOnly, options: [.directory, .noFollow, .closeOnExec])
        do {
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0,
                isStill(descriptor, at: path)
            else {
                throw ConversionError(
                    path, "is being worked in by another conversion", advice: "Wait for its end.")
            }
            try empty(path)
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// Whether a folder that was opened is the one at its path: the one whose lock was waited for may
    /// have been completed and renamed.
    private static func isStill(_ descriptor: FileDescriptor, at path: FilePath) -> Bool {
        var (opened, found) = (stat(), stat())
        return fstat(descriptor.rawValue, &opened) == 0
            && path.withPlatformString { lstat($0, &found) } == 0
            && opened.st_ino == found.st_ino && opened.st_dev == found.st_dev
    }

    private static func empty(_ path: FilePath) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path.string) {
            try FileManager.default.removeItem(atPath: path.appending(name).string)
        }
    }

    /// Removes the folder with all that is in it.
    func discard() {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Puts the folder in its place, durably.
    ///
    /// - Throws: `ConversionError` where that fails; the work folder then stays.
    func finish() throws(ConversionError) {
        do {
            try Self.synchronise(path)
            try Self.checkIsFree(target)
            let result = path.withPlatformString { old in
                target.withPlatformString { new in rename(old, new) }
            }
            guard result == 0 else { throw Errno(rawValue: errno) }
            let parent = target.removingLastComponent()
            try Self.synchronise(parent.isEmpty ? "." : parent)
        } catch let error as ConversionError {
            throw error
        } catch {
            throw .writing(target, error)
        }
    }

    /// Makes the names in a folder durable.
    static func synchronise(_ folder: FilePath) throws {
        let descriptor = try FileDescriptor.open(
            folder, .readOnly, options: [.directory, .closeOnExec])
        try descriptor.closeAfter {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
