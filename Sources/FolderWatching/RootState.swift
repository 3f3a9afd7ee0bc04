import FileSystem
import SystemPackage

/// A root as the watcher sees it at the moment.
struct RootState {
    /// What is mounted at a mount point.
    struct Mounted: Equatable {
        /// The number of the mount.
        var number: Int
        /// nil where it could not be found out.
        var volume: Volume?
    }

    /// The path as it was configured.
    let path: FilePath
    /// Whether nothing but sidecars is looked at in it.
    let holdsOnlySidecars: Bool
    /// The same with all symbolic links resolved, as of when it was last found.
    var location: FilePath
    /// Its directory; nil while it is offline.
    var directory: DirectoryID?
    /// Why it is offline, as last reported.
    var offlineReason: String?
    /// What it is on itself.
    var ownVolume: Volume?
    /// What is mounted at, above and below it, by mount point.
    var mounted: [FilePath: Mounted] = [:]
    /// The volumes that symbolic links lead to, by where they begin below the root.
    var linkVolumes: [FilePath: Volume] = [:]
    /// Those of them that the pass that runs has not come across yet.
    var unseenLinks: Set<FilePath> = []
    /// Whether links lead out of its file systems, so that any mount may matter to it.
    var hasForeignLinks = false
    /// The volumes that were reported as online.
    var announced: Set<Volume> = []
    /// Whether a pass over all of it runs.
    var isScanning = false
    /// Whether another pass is due after that.
    var scansAgain = false
    /// Whether a part of it is looked through because something came or went.
    var scansPart = false
    /// How many of its directories wait to be scanned.
    var pendingScans = 0
    /// What the pass that runs has left out so far.
    var passedOver = PassedOver()

    init(_ root: WatchedRoot) {
        path = root.path.lexicallyNormalized()
        holdsOnlySidecars = root.holdsOnlySidecars
        location = path
    }

    /// The volumes that are online.
    var volumes: Set<Volume> {
        var volumes = Set(linkVolumes.values)
        if let ownVolume { volumes.insert(ownVolume) }
        for (point, mount) in mounted where point.starts(with: location) {
            if let volume = mount.volume { volumes.insert(volume) }
        }
        return volumes
    }
}
