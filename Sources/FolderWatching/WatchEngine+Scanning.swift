import FileSystem
import SystemPackage

extension WatchEngine {
    /// How a directory is to be scanned.
    struct ScanRequest: OptionSet {
        let rawValue: UInt8
        /// Known directories below are scanned too, and not only new ones.
        static let recursive = ScanRequest(rawValue: 1)
        /// The listing is not reported if it is the same as the last.
        static let quiet = ScanRequest(rawValue: 2)
    }

    /// Begins to look at all of a root, or to do so again after the pass that runs.
    func startPass(_ root: Int) {
        guard let directory = roots[root].directory else { return }
        guard !roots[root].isScanning else {
            roots[root].scansAgain = true
            return
        }
        roots[root].isScanning = true
        emit(.scanStarted, root: root)
        requestScan(directory, .recursive)
    }

    /// Puts a directory on the list, once.
    func requestScan(_ directory: DirectoryID, _ request: ScanRequest) {
        let isPending = table[directory].flags.contains(.scanPending)
        let wasQuiet = !isPending || table[directory].flags.contains(.quiet)
        table[directory].flags.insert(.scanPending)
        if request.contains(.recursive) { table[directory].flags.insert(.recursive) }
        if request.contains(.quiet), wasQuiet {
            table[directory].flags.insert(.quiet)
        } else {
            table[directory].flags.remove(.quiet)
        }
        guard !isPending else { return }
        let root = table[directory].root
        roots[root].pendingScans += 1
        scans.append((directory, root))
    }

    /// A new directory: it is watched and listed as soon as its turn comes.
    func adopt(_ name: FilePath.Component, in directory: DirectoryID) {
        let depth = table[directory].depth + 1
        guard depth <= options.maximumDepth else {
            let path = absolutePath(of: directory)
            notice(
                "\(path) is \(depth - 1) folders deep; what lies deeper is left out",
                root: table[directory].root)
            return
        }
        requestScan(table.addChild(of: directory, named: name), .recursive)
    }

    /// Scans directories until none is left or messages ought to be looked at again.
    func scanForAWhile() {
        let end = environment.clock.monotonic() + Self.slice
        while tracker.count < Self.maximumUnsettled, let (directory, root) = scans.popLast() {
            if table.contains(directory) { scan(directory) }
            roots[root].pendingScans -= 1
            if roots[root].pendingScans == 0 { passEnded(root) }
            if environment.isStopped() || environment.clock.monotonic() >= end { break }
        }
        pollEnded()
    }

    private func passEnded(_ root: Int) {
        guard roots[root].isScanning else { return }
        roots[root].isScanning = false
        emit(.scanFinished, root: root)
        guard roots[root].scansAgain else { return }
        roots[root].scansAgain = false
        startPass(root)
    }

    /// Watches a directory, then lists it: what happens in between is told by the watch.
    private func scan(_ directory: DirectoryID) {
        let flags = table[directory].flags
        table[directory].flags.subtract([.scanPending, .recursive, .quiet])
        let path = absolutePath(of: directory)
        do {
            let isRoot = table[directory].name == nil
            let status = try FileStatus(at: path, followingLinks: isRoot)
            try noteFileSystem(of: directory, at: path, status: status)
            placeWatch(on: directory, at: path, status: status)
            guard table.contains(directory) else { return }
            var reader = try DirectoryReader(path, followingLink: isRoot)
            guard try FileStatus(of: reader.descriptor).identity == status.identity else {
                // It was replaced just now; the next look sees one of the two throughout.
                return requestScan(directory, flags.contains(.recursive) ? .recursive : [])
            }
            table[directory].identity = status.identity
            let contents = try read(directory, from: &reader)
            table[directory].flags.remove(.unreadable)
            publish(contents, of: directory, flags: flags)
        } catch {
            guard let error = error as? Errno, error != .canceled else { return }
            failed(directory, at: path, error)
        }
    }

    /// Takes note of the file system where it is another than the parent's.
    private func noteFileSystem(
        of directory: DirectoryID, at path: FilePath, status: FileStatus
    ) throws(Errno) {
        let parent = table.parent(of: directory)
        let own: WatchTable.Node.Flags = [.remote, .foreignClock]
        table[directory].flags.subtract(own)
        if let parent, table[parent].identity?.device == status.device {
            table[directory].flags.formUnion(table[parent].flags.intersection(own))
            return
        }
        let kind = try FileSystemKind(at: path)
        if !kind.reportsChanges { table[directory].flags.insert(.remote) }
        if !kind.usesOurClock { table[directory].flags.insert(.foreignClock) }
    }

    /// A directory could not be listed: nothing is said about what is in it.
    private func failed(_ directory: DirectoryID, at path: FilePath, _ error: Errno) {
        let root = table[directory].root
        guard let name = table[directory].name, let parent = table.parent(of: directory) else {
            return check(root)
        }
        if error.meansAbsence || error == .tooManySymbolicLinkLevels {
            drop(directory)
            return examine(name, in: parent, flags: .directory)
        }
        table[directory].flags.insert(.unreadable)
        switch error {
        case .permissionDenied, .notPermitted:
            notice(
                "\(path) cannot be read (\(error)): nothing in it is described. "
                    + "Give the user that Vignette runs as read and execute permission.",
                root: root)
        case .fileNameTooLong:
            notice("\(path): the path is too long; what lies there is left out", root: root)
        default:
            notice("\(path) cannot be read: \(error); it is tried again", root: root)
            retryLater(directory)
        }
    }

    /// Reports a listing and takes over the directories in it.
    private func publish(
        _ contents: DirectoryContents, of directory: DirectoryID, flags: WatchTable.Node.Flags
    ) {
        if environment.mounts.hasChanged() {
            // What was read may be what an unmounted file system left: look again.
            mountsChanged()
            if table.contains(directory) {
                requestScan(directory, flags.contains(.recursive) ? .recursive : [])
            }
            return
        }
        let root = table[directory].root
        table[directory].rules = contents.rules
        let path = table.path(of: directory)
        let lost = roots[root].namesOfMissingMounts(in: path)
        let onDisk = Set(contents.directories)
        for child in table.children(of: directory) {
            guard let name = table[child].name, !onDisk.contains(name) else { continue }
            drop(child)
        }
        if isNews(contents, of: directory) || !flags.contains(.quiet) {
            let listing = DirectoryListing(
                directory: path, volume: volume(of: directory),
                files: contents.files.map { listed($0, in: directory) },
                subdirectories: Array(onDisk.union(lost)))
            emit(.listing(listing), root: root)
            for name in lost.subtracting(onDisk) {
                listWayToMissingMounts(from: path.appending(name), root: root)
            }
        }
        for name in contents.directories where !roots[root].isShielded(path.appending(name)) {
            if let child = table.child(of: directory, named: name) {
                if flags.contains(.recursive) { requestScan(child, .recursive) }
            } else {
                adopt(name, in: directory)
            }
        }
    }

    private func listed(_ file: DirectoryContents.File, in directory: DirectoryID) -> ListedFile {
        let isSettled = hasStoodStill(file.status, in: directory)
        let key = SettleTracker.File(directory: directory, name: file.name)
        if isSettled {
            tracker.remove(key)
        } else if !tracker.contains(key) {
            tracker.wait(for: key, status: file.status, now: environment.clock.monotonic())
        }
        return ListedFile(name: file.name, status: file.status, isSettled: isSettled)
    }

    /// Whether a directory holds something else than when it was last read.
    ///
    /// For polled directories a digest is kept, whatever the order of the entries; what it stands for
    /// was reported, and waits to settle if it has to.
    private func isNews(_ contents: DirectoryContents, of directory: DirectoryID) -> Bool {
        guard table[directory].flags.contains(.polled) else { return true }
        var digest = 1
        for file in contents.files {
            var hasher = Hasher()
            hasher.combine(file.name)
            hasher.combine(file.status)
            digest &+= hasher.finalize()
        }
        for name in contents.directories { digest &+= name.hashValue }
        defer { table[directory].fingerprint = digest }
        return table[directory].fingerprint != digest
    }
}
