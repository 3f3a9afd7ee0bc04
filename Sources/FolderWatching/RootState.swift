import FileSystem
import SystemPackage

/// A root as the watcher sees it at the moment.
struct RootState {
    /// The path as it was configured.
    let path: FilePath
    /// The same with all symbolic links resolved, as of when it was last found.
    var location: FilePath
    /// Its directory; nil while it is offline.
    var directory: DirectoryID?
    /// Why it is offline, as last reported.
    var offlineReason: String?
    /// All mount points that ever mattered to it.
    var knownMounts: Set<FilePath>
    /// The mounts that matter and are there, with their numbers.
    var mounted: [FilePath: Int] = [:]
    /// Mount points below it that are not mounted, relative to it.
    var missingMounts: [FilePath] = []
    /// Whether a pass over all of it runs.
    var isScanning = false
    /// Whether another pass is due after that.
    var scansAgain = false
    /// How many of its directories wait to be scanned.
    var pendingScans = 0

    init(_ root: WatchedRoot) {
        path = root.path.lexicallyNormalized()
        location = path
        knownMounts = Set(root.expectedMounts)
    }

    /// Whether a path lies at or below a mount that is missing, so that nothing can be said of it.
    func isShielded(_ path: FilePath) -> Bool {
        missingMounts.contains { path.starts(with: $0) }
    }

    /// The names in a directory that lead to missing mounts.
    func namesOfMissingMounts(in directory: FilePath) -> Set<FilePath.Component> {
        var names: Set<FilePath.Component> = []
        for mount in missingMounts {
            var rest = mount
            if rest.removePrefix(directory), let name = rest.components.first {
                names.insert(name)
            }
        }
        return names
    }

    /// Takes in what is mounted now.
    ///
    /// - Returns: The mount points below the root where something was mounted, unmounted or replaced.
    mutating func update(mounted now: [FilePath: Int]) -> [FilePath] {
        let changed = Set(mounted.keys).union(now.keys).filter { mounted[$0] != now[$0] }
        mounted = now
        knownMounts.formUnion(now.keys)
        missingMounts = knownMounts.compactMap { relativeToLocation($0) }
            .filter { now[location.appending($0.components)] == nil }
        return changed.compactMap { relativeToLocation($0) }
    }

    /// The first mount that the root stands in, or is, and that is not among those given.
    func missingContainer(mounted: [FilePath: Int], location: FilePath) -> FilePath? {
        knownMounts.filter { location.starts(with: $0) && mounted[$0] == nil }
            .min { $0.components.count < $1.components.count }
    }

    /// A mount point's path below the root; nil when it is not below.
    private func relativeToLocation(_ mount: FilePath) -> FilePath? {
        var path = mount
        guard path.removePrefix(location), !path.isEmpty else { return nil }
        return path
    }
}
