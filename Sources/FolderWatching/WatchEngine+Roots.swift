import FileSystem
import Glibc
import SystemPackage

extension WatchEngine {
    /// A root as it was found.
    struct Sighting {
        var location: FilePath
        var identity: FileIdentity
        var volume: Volume
        var mounted: [FilePath: RootState.Mounted]
        /// Whether a mount below could not be looked at, so that it may have to be asked again.
        var isComplete: Bool
    }

    /// Why a root cannot be looked at.
    private struct Hindrance: Error {
        var reason: String
    }

    /// Finds out whether a root is there, and follows up what has changed.
    func check(_ root: Int) {
        do {
            let sighting = try look(at: root)
            guard let directory = roots[root].directory else { return goOnline(root, sighting) }
            let isSame =
                table[directory].identity == sighting.identity
                && roots[root].location == sighting.location
                && roots[root].ownVolume == sighting.volume
                && containers(roots[root].mounted, sighting)
                    == containers(sighting.mounted, sighting)
                && isServed(directory)
            if isSame {
                update(root, sighting)
            } else {
                leave(root)
                goOnline(root, sighting)
            }
        } catch {
            goOffline(root, reason: error.reason)
        }
    }

    /// The mounts that a root stands in.
    private func containers(
        _ mounted: [FilePath: RootState.Mounted], _ sighting: Sighting
    ) -> [FilePath: Int] {
        mounted.filter { sighting.location.starts(with: $0.key) }.mapValues(\.number)
    }

    /// Follows up a change of what is mounted.
    func mountsChanged() {
        for root in roots.indices {
            check(root)
            // A link may lead to what came or went, wherever that is.
            if roots[root].hasForeignLinks { startPass(root) }
        }
    }

    /// Looks for the roots that are offline.
    func checkOfflineRoots() {
        offlineDeadline = nil
        for root in roots.indices where roots[root].directory == nil { check(root) }
    }

    private func look(at root: Int) throws(Hindrance) -> Sighting {
        let path = roots[root].path
        do {
            // Opening it makes an automounter mount what belongs there, before mounts are asked for.
            let reader = try DirectoryReader(path, followingLink: true)
            let location = try reader.descriptor.location()
            let anchor = Anchor(path: FilePath(), location: location)
            let own = try environment.volumes.volume(of: reader.descriptor, from: anchor)
            let identity = try FileStatus(of: reader.descriptor).trusted(on: own.kind).identity
            let (mounted, isComplete) = mounts(relevantTo: anchor)
            return Sighting(
                location: location, identity: identity, volume: own.volume, mounted: mounted,
                isComplete: isComplete)
        } catch {
            switch error {
            case .noSuchFileOrDirectory: throw Hindrance(reason: "\(path) does not exist")
            case .notDirectory: throw Hindrance(reason: "\(path) is no folder")
            default: throw Hindrance(reason: "\(path) cannot be read: \(error)")
            }
        }
    }

    /// What is mounted at, above and below a root, and whether all of it could be looked at.
    private func mounts(relevantTo anchor: Anchor) -> ([FilePath: RootState.Mounted], Bool) {
        let relevant = environment.volumes.mounts().table.relevant(to: anchor.location)
        var mounted: [FilePath: RootState.Mounted] = [:]
        var isComplete = true
        for (point, number) in relevant {
            mounted[point] = RootState.Mounted(number: number)
            guard point != anchor.location, point.starts(with: anchor.location) else { continue }
            do {
                let directory = try OpenDirectory(at: point)
                let found = try environment.volumes.volume(of: directory.descriptor, from: anchor)
                mounted[point]?.volume = found.volume
            } catch {
                // A mount point that cannot be reached is covered by another mount.
                if !error.meansAbsence, !error.meansRefusal { isComplete = false }
            }
        }
        return (mounted, isComplete)
    }

    private func goOnline(_ root: Int, _ sighting: Sighting) {
        releaseAncestor(of: root)
        defer { if roots.allSatisfy({ $0.directory != nil }) { offlineDeadline = nil } }
        let directory = table.addRoot(root)
        table[directory].identity = sighting.identity
        roots[root].directory = directory
        roots[root].location = sighting.location
        roots[root].offlineReason = nil
        take(sighting, of: root)
        announce(root, always: true)
        startPass(root)
    }

    private func goOffline(_ root: Int, reason: String) {
        leave(root)
        if roots[root].offlineReason != reason {
            roots[root].offlineReason = reason
            emit(.offline(reason: reason), root: root)
        }
        guard pollsUnwatched else { return }
        watchAncestor(of: root)
        if offlineDeadline == nil {
            offlineDeadline =
                environment.clock.monotonic() + options.offlineCheckInterval.nanoseconds
        }
    }

    /// Ends all watches of a root without a word about its files.
    private func leave(_ root: Int) {
        guard let directory = roots[root].directory else { return }
        drop(directory)
        roots[root].directory = nil
        roots[root].isScanning = false
        roots[root].scansAgain = false
        roots[root].scansPart = false
        roots[root].linkVolumes = [:]
        roots[root].unseenLinks = []
        roots[root].hasForeignLinks = false
        roots[root].announced = []
    }

    private func take(_ sighting: Sighting, of root: Int) {
        roots[root].ownVolume = sighting.volume
        roots[root].mounted = sighting.mounted
        guard !sighting.isComplete, let directory = roots[root].directory else { return }
        uncertainRoots.insert(root)
        retries.add(directory, now: environment.clock.monotonic())
    }

    /// Takes in what is mounted below a root that stays online.
    private func update(_ root: Int, _ sighting: Sighting) {
        let before = roots[root].mounted
        let now = sighting.mounted
        take(sighting, of: root)
        announce(root)
        guard before != now, let top = roots[root].directory else { return }
        for point in Set(before.keys).union(now.keys) where before[point] != now[point] {
            guard let place = point.relative(to: roots[root].location), !place.isEmpty else {
                continue
            }
            // What stood there belongs to another file system than what stands there now.
            var directory = top
            var names = Array(place.components)
            while !names.isEmpty, let child = table.child(of: directory, named: names[0]) {
                names.removeFirst()
                if names.isEmpty { drop(child) } else { directory = child }
            }
            roots[root].scansPart = true
            requestScan(directory, [])
        }
    }
}

extension WatchEngine {
    /// Reports which volumes are online, if they are others than before.
    func announce(_ root: Int, always: Bool = false) {
        let volumes = roots[root].volumes
        guard always || volumes != roots[root].announced else { return }
        roots[root].announced = volumes
        emit(.online(volumes: volumes.sorted { $0.key < $1.key }), root: root)
    }

    /// Makes sure that a volume was reported as online before anything is said about it.
    ///
    /// - Returns: Whether it is online; if not, something was mounted or unmounted meanwhile, and what
    ///   was seen is to be looked at again.
    func isAnnounced(_ volume: Volume, beginningAt link: FilePath?, root: Int) -> Bool {
        if let link, roots[root].announced.contains(volume) {
            roots[root].unseenLinks.remove(link)
            roots[root].unseenLinks.remove(volume.point)
        }
        if roots[root].announced.contains(volume) { return true }
        guard let link, volume.point.starts(with: link) else {
            check(root)
            return roots[root].announced.contains(volume)
        }
        roots[root].hasForeignLinks = true
        roots[root].linkVolumes[volume.point] = volume
        roots[root].unseenLinks.remove(volume.point)
        announce(root)
        return true
    }

    /// Forgets the volumes of links at and below a path that lead there no longer.
    func dropLinks(under path: FilePath, root: Int) {
        guard !roots[root].linkVolumes.isEmpty else { return }
        for point in roots[root].linkVolumes.keys where point.starts(with: path) {
            roots[root].linkVolumes[point] = nil
        }
        announce(root)
    }

    /// Begins to look which links there still are.
    func beginSeeingLinks(_ root: Int) {
        roots[root].unseenLinks = Set(roots[root].linkVolumes.keys)
        if roots[root].linkVolumes.isEmpty { roots[root].hasForeignLinks = false }
    }

    /// Forgets the volumes of links that a whole pass has not come across.
    func endSeeingLinks(_ root: Int) {
        for point in roots[root].unseenLinks { roots[root].linkVolumes[point] = nil }
        roots[root].unseenLinks = []
        announce(root)
    }
}
