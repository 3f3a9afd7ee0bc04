import FileSystem
import SystemPackage

@testable import FolderWatching

/// Folds a root's events into the set of media files that stand in it, as a catalogue would.
struct TreeModel {
    private(set) var files: [FilePath: FileStatus] = [:]
    private(set) var events: [WatchEvent] = []
    private(set) var isOnline = false
    private var directories: Set<FilePath> = []

    /// The files' paths.
    var paths: Set<FilePath> {
        Set(files.keys)
    }

    /// What a person was told.
    var notices: [String] {
        events.compactMap { if case .notice(let text) = $0 { text } else { nil } }
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

    /// Forgets the events but not what they amount to.
    mutating func forgetEvents() {
        events = []
    }

    mutating func fold(_ event: WatchEvent) {
        events.append(event)
        switch event {
        case .settled(let path, let status, _): files[path] = status
        case .absent(let path, _): remove(path)
        case .listing(let listing): fold(listing)
        case .online: isOnline = true
        case .offline: isOnline = false
        case .scanStarted, .passedOver, .scanFinished, .notice: break
        }
    }

    /// Looks through all files only for what was ever a directory, so that deletions stay cheap.
    private mutating func remove(_ path: FilePath) {
        files[path] = nil
        guard directories.remove(path) != nil else { return }
        files = files.filter { !$0.key.starts(with: path) }
    }

    private mutating func fold(_ listing: DirectoryListing) {
        let names = Set(listing.files.map(\.name))
        let below = Set(listing.subdirectories)
        directories.insert(listing.directory)
        for name in below { directories.insert(listing.directory.appending(name)) }
        files = files.filter { path, _ in
            var rest = path
            guard rest.removePrefix(listing.directory), let name = rest.components.first else {
                // A directory stands where the file stood.
                return path != listing.directory
            }
            return rest.components.count == 1 ? names.contains(name) : below.contains(name)
        }
        for file in listing.files where file.isSettled {
            files[listing.directory.appending(file.name)] = file.status
        }
    }
}
