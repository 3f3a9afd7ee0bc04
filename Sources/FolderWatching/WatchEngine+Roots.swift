import FileSystem
import Glibc
import SystemPackage

extension WatchEngine {
    /// A root as it is found on disk.
    private struct Sighting {
        var location: FilePath
        var identity: FileIdentity
        var mounted: [FilePath: Int]
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
            let containers = { (mounts: [FilePath: Int]) in
                mounts.filter { sighting.location.starts(with: $0.key) }
            }
            let isSame =
                table[directory].identity == sighting.identity
                && roots[root].location == sighting.location
                && containers(roots[root].mounted) == containers(sighting.mounted)
            if isSame {
                update(root, mounted: sighting.mounted)
            } else {
                leave(root)
                goOnline(root, sighting)
            }
        } catch {
            goOffline(root, reason: error.reason)
        }
    }

    /// Follows up a change of what is mounted.
    func mountsChanged() {
        for root in roots.indices { check(root) }
    }

    /// Looks for the roots that are offline.
    func checkOfflineRoots() {
        offlineDeadline = nil
        for root in roots.indices where roots[root].directory == nil { check(root) }
    }

    private func look(at root: Int) throws(Hindrance) -> Sighting {
        let path = roots[root].path
        do {
            let location = try path.resolvingLinks()
            let status = try FileStatus(at: location)
            guard status.kind == .directory else {
                throw Hindrance(reason: "\(path) is no folder")
            }
            // Opening it makes an automounter mount what belongs there, before mounts are asked for.
            let reader = try DirectoryReader(location, followingLink: false)
            let identity = try FileStatus(of: reader.descriptor).identity
            let mounted = environment.mounts.table().relevant(to: location)
            let missing = roots[root].missingContainer(mounted: mounted, location: location)
            if let missing {
                throw Hindrance(
                    reason: "\(path) belongs to what is mounted at \(missing), "
                        + "and nothing is mounted there now")
            }
            return Sighting(location: location, identity: identity, mounted: mounted)
        } catch let hindrance as Hindrance {
            throw hindrance
        } catch let error as Errno where error.meansAbsence {
            throw Hindrance(reason: "\(path) does not exist")
        } catch {
            throw Hindrance(reason: "\(path) cannot be read: \(error)")
        }
    }

    private func goOnline(_ root: Int, _ sighting: Sighting) {
        releaseAncestor(of: root)
        defer { if roots.allSatisfy({ $0.directory != nil }) { offlineDeadline = nil } }
        let directory = table.addRoot(root)
        table[directory].identity = sighting.identity
        roots[root].directory = directory
        roots[root].location = sighting.location
        roots[root].offlineReason = nil
        _ = roots[root].update(mounted: sighting.mounted)
        emit(.online(volumes: [Volume(key: "", point: "")]), root: root)
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
    }

    /// Takes in what is mounted below a root that stays online.
    private func update(_ root: Int, mounted: [FilePath: Int]) {
        guard let top = roots[root].directory, roots[root].mounted != mounted else { return }
        for point in roots[root].update(mounted: mounted) {
            // What stood there belongs to another file system than what stands there now.
            var directory = top
            var names = Array(point.components)
            while !names.isEmpty, let child = table.child(of: directory, named: names[0]) {
                names.removeFirst()
                if names.isEmpty { drop(child) } else { directory = child }
            }
            requestScan(directory, [])
        }
        emit(.online(volumes: [Volume(key: "", point: "")]), root: root)
    }

    private func sortedMounts(of root: Int) -> [FilePath] {
        let location = roots[root].location
        return roots[root].knownMounts
            .filter { location.starts(with: $0) || $0.starts(with: location) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}

extension FilePath {
    /// The path with all symbolic links resolved.
    ///
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` among them.
    func resolvingLinks() throws(Errno) -> FilePath {
        let resolved = withPlatformString { realpath($0, nil) }
        guard let resolved else { throw Errno(rawValue: errno) }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }
}
