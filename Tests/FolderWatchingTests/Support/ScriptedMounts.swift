import CLinux
import Glibc
import Synchronization
import SystemPackage

@testable import FolderWatching

/// A mount table that a test writes.
final class ScriptedMounts: MountSource, Sendable {
    private struct State {
        var points: [FilePath: Int] = ["/": 1]
        var nextID = 2
        var hasChanged = false
    }

    private let state = Mutex(State())

    var descriptor: FileDescriptor? { nil }
    var interest: UInt32 { 0 }

    func mount(_ point: FilePath) {
        state.withLock { state in
            state.points[point] = state.nextID
            state.nextID += 1
            state.hasChanged = true
        }
    }

    func unmount(_ point: FilePath) {
        state.withLock { state in
            state.points[point] = nil
            state.hasChanged = true
        }
    }

    func hasChanged() -> Bool {
        state.withLock { state in
            defer { state.hasChanged = false }
            return state.hasChanged
        }
    }

    func table() -> MountTable {
        let lines = state.withLock { state in
            state.points.map { point, id in "\(id) 1 8:\(id) / \(point) rw - ext4 /dev/x rw\n" }
        }
        return MountTable(parsing: Array(lines.joined().utf8))
    }
}
