import FileSystem
import SystemPackage

@testable import FolderWatching

/// Folds a root's events into the set of media files that stand in it, as a catalogue would: an absence
/// concerns only what is known on the same volume.
struct TreeModel {
    private struct Place: Hashable {
        var path: FilePath
        var volume: Volume
    }

    private var known: [Place: FileStatus] = [:]
    private(set) var events: [WatchEvent] = []
    private(set) var isOnline = false
    /// The volumes that are mounted.
    private(set) var volumes: Set<Volume> = []
    /// What was said of volumes that were not online.
    private(set) var strays: [WatchEvent] = []
    private var directories: Set<FilePath> = []

    /// The files on all volumes.
    var files: [FilePath: FileStatus] {
        Dictionary(known.map { ($0.key.path, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The paths of the files that are known, also of those that are offline.
    var paths: Set<FilePath> {
        Set(known.keys.map(\.path))
    }

    /// The paths of the files that can be read now.
    var onlinePaths: Set<FilePath> {
        guard isOnline else { return [] }
        return Set(known.keys.filter { volumes.contains($0.volume) }.map(\.path))
    }

    /// What a person was told.
    var notices: [String] {
        events.compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }

    /// The inodes of which names were lost before they stood still.
    var lostNames: [UInt64] {
        events.compactMap { if case .lostName(let status) = $0 { status.inode } else { nil } }
    }

    /// The reports that a file has settled.
    func settledStatuses(of path: FilePath) -> [FileStatus] {
        events.compactMap { event in
            if case .settled(path, let status, _) = event { status } else { nil }
        }
    }

    /// How often a root was looked at as a whole.
    var finishedScans: Int {
        events.count { $0 == .scanFinished }
    }

    /// What the last pass left out.
    var passedOver: PassedOver? {
        events.compactMap { if case .passedOver(let counts) = $0 { counts } else { nil } }.last
    }

    /// Forgets the events but not what they amount to.
    mutating func forgetEvents() {
        events = []
    }

    mutating func fold(_ event: WatchEvent) {
        events.append(event)
        switch event {
        case .settled(let path, let status, let volume):
            if !volumes.contains(volume) { strays.append(event) }
            known[Place(path: path, volume: volume)] = status
        case .absent(let path, let volume):
            if !volumes.contains(volume) { strays.append(event) }
            remove(path, on: volume)
        case .listing(let listing):
            if !volumes.contains(listing.volume) { strays.append(event) }
            fold(listing)
        case .online(let mounted):
            isOnline = true
            volumes = Set(mounted)
        case .offline: isOnline = false
        case .lostName, .scanStarted, .passedOver, .scanFinished, .notice: break
        }
    }

    /// Looks through all files only for what was ever a directory, so that deletions stay cheap.
    private mutating func remove(_ path: FilePath, on volume: Volume) {
        known[Place(path: path, volume: volume)] = nil
        guard directories.contains(path) else { return }
        known = known.filter { $0.key.volume != volume || !$0.key.path.starts(with: path) }
    }

    private mutating func fold(_ listing: DirectoryListing) {
        let unknown = Set(listing.unknown)
        let names = Set(listing.files.map(\.name)).union(unknown)
        let below = Set(listing.subdirectories).union(unknown)
        directories.insert(listing.directory)
        for name in below { directories.insert(listing.directory.appending(name)) }
        known = known.filter { place, _ in
            guard place.volume == listing.volume else { return true }
            var rest = place.path
            guard rest.removePrefix(listing.directory), let name = rest.components.first else {
                // A directory stands where the file stood.
                return place.path != listing.directory
            }
            return rest.components.count == 1 ? names.contains(name) : below.contains(name)
        }
        for file in listing.files where file.isSettled {
            let place = Place(
                path: listing.directory.appending(file.name), volume: listing.volume)
            known[place] = file.status
        }
    }
}
