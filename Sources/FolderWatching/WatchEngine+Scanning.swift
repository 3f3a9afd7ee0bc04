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
        roots[root].passedOver = PassedOver()
        beginSeeingLinks(root)
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
        let wasPass = roots[root].isScanning
        guard roots[root].directory != nil, wasPass || roots[root].scansPart else { return }
        roots[root].isScanning = false
        roots[root].scansPart = false
        if wasPass {
            endSeeingLinks(root)
            forgetGoneLinks()
            emit(.passedOver(roots[root].passedOver), root: root)
        }
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
        let again: ScanRequest = flags.contains(.recursive) ? .recursive : []
        do {
            var opened = try open(directory, at: path)
            note(opened.mounted.kind, of: directory)
            placeWatch(on: directory, at: path, identity: opened.status.identity)
            guard table.contains(directory) else { return }
            guard try isStill(opened.status, at: path, of: directory) else {
                // It was replaced just now; the next look sees one of the two throughout.
                return requestScan(directory, again)
            }
            let identity = opened.status.trusted(on: opened.mounted.kind).identity
            table[directory].identity = identity
            guard !leadsInACircle(directory) else { return drop(directory) }
            let contents = try read(directory, from: &opened)
            table[directory].flags.remove(.unreadable)
            publish(contents, of: directory, opened: opened, flags: flags)
        } catch {
            guard error != .canceled else { return }
            failed(directory, at: path, error)
        }
    }

    /// Opens a directory and finds out what it is on.
    private func open(
        _ directory: DirectoryID, at path: FilePath
    ) throws(Errno) -> OpenedDirectory {
        let isRoot = table[directory].name == nil
        let reader: DirectoryReader
        do {
            reader = try DirectoryReader(path, followingLink: isRoot)
        } catch {
            guard links.followsLinks, let location = try followedFolder(directory) else {
                throw error
            }
            reader = try DirectoryReader(location, followingLink: false)
            setLinkTarget(location, of: directory)
        }
        let anchor = anchor(of: directory)
        let mounted = try environment.volumes.volume(of: reader.descriptor, from: anchor)
        let status = try FileStatus(of: reader.descriptor)
        return OpenedDirectory(reader: reader, anchor: anchor, mounted: mounted, status: status)
    }

    /// Where a link that stands in a directory's place leads, if it is one that is followed.
    private func followedFolder(_ directory: DirectoryID) throws(Errno) -> FilePath? {
        guard let name = table[directory].name, let parent = table.parent(of: directory) else {
            return nil
        }
        let place = try OpenDirectory(at: absolutePath(of: parent))
        guard try FileStatus(of: name, in: place.descriptor).kind == .symbolicLink else {
            return nil
        }
        let target = try links.target(
            of: name, in: place.descriptor, from: anchor(of: parent),
            path: table.path(of: directory))
        guard case .folder(let location) = target else { return nil }
        return location
    }

    /// Whether the directory that was opened is still the one at its path, once it is watched.
    private func isStill(
        _ status: FileStatus, at path: FilePath, of directory: DirectoryID
    ) throws(Errno) -> Bool {
        // Where nothing is watched numbers may be made up at each look, and the next poll will tell.
        guard table[directory].watch >= 0, table[directory].linkTarget == nil else { return true }
        let isRoot = table[directory].name == nil
        return try FileStatus(at: path, followingLinks: isRoot).identity == status.identity
    }

    /// Whether a followed link leads back to where it came from.
    private func leadsInACircle(_ directory: DirectoryID) -> Bool {
        guard links.followsLinks, let identity = table[directory].identity, identity.inode != 0
        else {
            return false
        }
        var next = table.parent(of: directory)
        while let above = next {
            if table[above].identity == identity { return true }
            next = table.parent(of: above)
        }
        return false
    }

    /// Takes note of what its file system can do.
    private func note(_ kind: FileSystemKind, of directory: DirectoryID) {
        table[directory].flags.subtract([.remote, .foreignClock])
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
            return notice("\(path): the path is too long; what lies there is left out", root: root)
        default: notice("\(path) cannot be read: \(error); it is tried again", root: root)
        }
        lookAgain(at: directory, after: error)
    }

    /// Reports a listing and takes over the directories in it.
    private func publish(
        _ contents: DirectoryContents, of directory: DirectoryID,
        opened: borrowing OpenedDirectory, flags: WatchTable.Node.Flags
    ) {
        let root = table[directory].root
        let volume = opened.mounted.volume
        let link = opened.anchor.path.isEmpty ? nil : opened.anchor.path
        guard isAnnounced(volume, beginningAt: link, root: root) else {
            // It was mounted or unmounted just now.
            if table.contains(directory) { lookAgain(at: directory, after: .staleNFSFileHandle) }
            return
        }
        guard table.contains(directory) else { return }
        table[directory].rules = contents.rules
        if contents.hasForeignLinks { roots[root].hasForeignLinks = true }
        if roots[root].isScanning, flags.contains(.recursive) {
            roots[root].passedOver.add(contents.passedOver)
        }
        let path = table.path(of: directory)
        let onDisk = Set(contents.directories).union(contents.unknown)
        for child in table.children(of: directory) {
            guard let name = table[child].name, !onDisk.contains(name) else { continue }
            drop(child)
            dropLinks(under: path.appending(name), root: root)
        }
        if isNews(contents, of: directory, on: volume) || !flags.contains(.quiet) {
            let listing = DirectoryListing(
                directory: path, volume: volume,
                files: contents.files.map { listed($0, in: directory) },
                subdirectories: contents.directories, unknown: contents.unknown)
            emit(.listing(listing), root: root)
            noteListed(directory)
        }
        noteLinks(contents.links, in: directory)
        for file in contents.linkedFiles { foundLinked(file, in: directory) }
        for name in contents.directories {
            if let child = table.child(of: directory, named: name) {
                if flags.contains(.recursive) { requestScan(child, .recursive) }
            } else {
                adopt(name, in: directory)
            }
        }
        if let problem = contents.problem {
            notice(
                "\(absolutePath(of: directory)): some of it cannot be looked at (\(problem)); "
                    + "it is tried again", root: root)
            lookAgain(at: directory, after: problem)
        } else {
            retries.succeeded(directory)
        }
    }

    /// A link to a file on another volume: it is no part of the directory's listing.
    private func foundLinked(_ file: DirectoryContents.LinkedFile, in directory: DirectoryID) {
        let path = table.path(of: directory).appending(file.name)
        let root = table[directory].root
        guard isAnnounced(file.volume, beginningAt: path, root: root), table.contains(directory)
        else { return }
        found(
            SettleTracker.File(directory: directory, name: file.name), status: file.status,
            on: file.volume)
    }

    private func listed(_ file: DirectoryContents.File, in directory: DirectoryID) -> ListedFile {
        let isSettled = hasStoodStill(file.status, in: directory)
        let key = SettleTracker.File(directory: directory, name: file.name)
        if isSettled {
            forget(key, standing: file.status)
        } else {
            waitForRest(of: key, status: file.status)
        }
        return ListedFile(name: file.name, status: file.status, isSettled: isSettled)
    }

    /// Whether a directory holds something else than when it was last read.
    ///
    /// For polled directories a digest is kept, whatever the order of the entries; what it stands for
    /// was reported, and waits to settle if it has to.
    private func isNews(
        _ contents: DirectoryContents, of directory: DirectoryID, on volume: Volume
    ) -> Bool {
        guard table[directory].flags.contains(.polled) else { return true }
        var digest = volume.hashValue
        for file in contents.files {
            var hasher = Hasher()
            hasher.combine(file.name)
            hasher.combine(file.status)
            digest &+= hasher.finalize()
        }
        for name in contents.directories { digest &+= name.hashValue }
        for name in contents.unknown { digest &+= 3 &* name.hashValue }
        defer { table[directory].fingerprint = digest }
        return table[directory].fingerprint != digest
    }
}
