import FileSystem
import Synchronization
import SystemPackage

@testable import FolderWatching

/// A mount table that a test writes; the directories are real ones.
final class ScriptedMounts: VolumeSource {
    private struct State {
        var points: [FilePath: (number: Int, disk: String)] = ["/": (1, "system")]
        var nextID = 2
        var generation = 0
        var kind = FileSystemKind.local
    }

    private let state = Mutex(State())

    var descriptor: FileDescriptor? { nil }
    var interest: UInt32 { 0 }

    /// What may be expected of all file systems.
    func setKind(_ kind: FileSystemKind) {
        state.withLock { $0.kind = kind }
    }

    func mount(_ point: FilePath, disk: String = "disk") {
        state.withLock { state in
            state.points[point] = (state.nextID, disk)
            state.nextID += 1
            state.generation += 1
        }
    }

    func unmount(_ point: FilePath) {
        state.withLock { state in
            state.points[point] = nil
            state.generation += 1
        }
    }

    func mounts() -> (table: MountTable, generation: Int) {
        state.withLock { state in
            let lines = state.points.map { point, mount in
                "\(mount.number) 1 8:\(mount.number) / \(point) rw - ext4 /dev/\(mount.disk) rw\n"
            }
            return (MountTable(parsing: Array(lines.joined().utf8)), state.generation)
        }
    }

    func volume(of directory: FileDescriptor, from anchor: Anchor) throws(Errno) -> MountedVolume {
        let location = try directory.location()
        return state.withLock { state in
            let point = state.points.keys.filter { location.starts(with: $0) }
                .max { $0.components.count < $1.components.count }
            let place = point?.relative(to: anchor.location).map {
                anchor.path.appending($0.components)
            }
            let volume = Volume(
                key: state.points[point ?? "/"]?.disk ?? "", point: place ?? anchor.path)
            return MountedVolume(volume: volume, kind: state.kind)
        }
    }
}
