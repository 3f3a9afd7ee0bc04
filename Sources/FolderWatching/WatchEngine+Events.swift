import FileSystem
import SystemPackage

extension WatchEngine {
    /// Takes over the kernel's messages, so that its queue does not overflow.
    func readEvents() throws(Errno) {
        guard let events = environment.events else { return }
        while try readOnce(events) {
            guard pendingEvents.count > Self.maximumPendingEvents else { continue }
            pendingEvents.removeAll()
            needsRescan = true
        }
        // The queue is empty: all messages of watches that ended are in memory by now.
        retiring.formUnion(retired)
        retired = []
    }

    /// Reads what fits into one system call; a signal in between is no reason to give up.
    private func readOnce(_ events: any FileEventSource) throws(Errno) -> Bool {
        do {
            return try events.read(into: &pendingEvents)
        } catch {
            guard error == .interrupted else { throw error }
            return true
        }
    }

    /// Follows the messages up.
    func dispatchEvents() {
        let events = pendingEvents
        pendingEvents = []
        var previous: FileEvent?
        for event in events where event != previous {
            handle(event)
            previous = event
        }
        retiring = []
        let suspects = suspectRoots
        suspectRoots = []
        for root in suspects { check(root) }
        if needsRescan {
            needsRescan = false
            rescan()
        }
    }

    /// Looks at everything anew.
    func rescan() {
        for root in roots.indices {
            let before = roots[root].directory
            check(root)
            if before != nil, roots[root].directory == before { startPass(root) }
        }
    }

    private func handle(_ event: FileEvent) {
        if event.flags.contains(.overflow) {
            needsRescan = true
            return
        }
        if let waiting = ancestorWatches[event.watch] {
            suspectRoots.formUnion(waiting)
            if event.flags.contains(.watchEnded) { ancestorWatches[event.watch] = nil }
        }
        let isTarget = targetWatches[event.watch] != nil
        noteTargetEvent(event)
        guard let directory = table.directory(of: event.watch) else {
            let isKnown =
                isTarget || ancestorWatches[event.watch] != nil || retired.contains(event.watch)
                || retiring.contains(event.watch)
            // A message about nothing known means that knowledge is wrong somewhere.
            if !isKnown { needsRescan = true }
            return
        }
        if event.flags.contains(.watchEnded) { table.setWatch(nil, of: directory) }
        if !event.flags.isDisjoint(with: [.watchEnded, .unmounted, .selfGone]) {
            reconsider(directory)
        } else if let name = event.name {
            examine(name, in: directory, flags: event.flags)
        }
    }

    /// Looks at a directory from outside: whether it is still what it was.
    func reconsider(_ directory: DirectoryID) {
        guard let name = table[directory].name, let parent = table.parent(of: directory) else {
            check(table[directory].root)
            return
        }
        examine(name, in: parent, flags: .directory)
    }

    /// Finds out what stands under a name and reports it; `flags` are hints that save work.
    func examine(
        _ name: FilePath.Component, in directory: DirectoryID, flags: FileEvent.Flags
    ) {
        let kind = classify(name, in: directory)
        if kind == .control { requestScan(directory, [.recursive]) }
        guard kind != .ignored, kind != .control else { return }
        let child = table.child(of: directory, named: name)
        let file = SettleTracker.File(directory: directory, name: name)
        // A link to a folder is no directory to the kernel.
        let mayBeDirectory = child != nil || flags.contains(.directory) || links.followsLinks
        guard mayBeDirectory || kind.isReported else { return }
        if kind.isReported { noteLink(name, in: directory) }
        // It will be looked at when it is due; until then only its end is news.
        if !mayBeDirectory, tracker.contains(file), !flags.contains(.gone) { return }
        switch look(at: name, in: directory) {
        case .unknown(let error): isUnknown(name, in: directory, error)
        case .absent(let volume):
            vanished(name, in: directory, volume: volume, wasDirectory: mayBeDirectory, kind: kind)
        case .present(let status, let volume):
            let link = linkPath(of: name, in: directory, on: volume)
            guard isAnnounced(volume, beginningAt: link, root: table[directory].root) else {
                if table.contains(directory) {
                    lookAgain(at: directory, after: .staleNFSFileHandle)
                }
                return
            }
            guard table.contains(directory) else { return }
            switch status.kind {
            case .directory:
                foundDirectory(name, in: directory, status: status, volume: volume, kind: kind)
            case .file where child == nil && isWanted(file, kind: kind):
                found(file, status: status, on: volume)
            case .file, .symbolicLink, .other:
                replaced(name, in: directory, child: child, kind: kind, volume: volume)
                if status.kind == .file, isWanted(file, kind: kind) {
                    found(file, status: status, on: volume)
                }
            }
        }
    }

    /// What stands under a name in a directory.
    func look(at name: FilePath.Component, in directory: DirectoryID) -> Look {
        lookup.look(
            at: table.path(of: directory).appending(name),
            below: roots[table[directory].root].path)
    }

    /// Where the link begins that leads to a volume; nil where no link is on the way.
    func linkPath(
        of name: FilePath.Component, in directory: DirectoryID, on volume: Volume
    ) -> FilePath? {
        let path = table.path(of: directory).appending(name)
        if volume.point == path { return path }
        let anchor = anchor(of: directory)
        return anchor.path.isEmpty ? nil : anchor.path
    }

    /// What stands under a name could not be found out: nothing is said, and it is tried again.
    private func isUnknown(
        _ name: FilePath.Component, in directory: DirectoryID, _ error: Errno
    ) {
        let root = table[directory].root
        guard !error.meansAbsence else {
            // The root itself is not there, or a link leads to what is not mounted.
            suspectRoots.insert(root)
            roots[root].hasForeignLinks = true
            return
        }
        notice(
            "\(absolutePath(of: directory).appending(name)) cannot be looked at: \(error); "
                + "it is tried again", root: root)
        // Nobody waits for it now: the next listing is to be reported though it be the same as the last.
        table[directory].fingerprint = nil
        lookAgain(at: directory, after: error)
    }

    /// What a name says about an entry of a directory.
    func classify(_ name: FilePath.Component, in directory: DirectoryID) -> NameClass {
        name.bytes.withUnsafeBytes { classify($0, in: directory) }
    }

    /// What a name, by its bytes, says about an entry of a directory.
    func classify(_ name: UnsafeRawBufferPointer, in directory: DirectoryID) -> NameClass {
        let kind = names.classify(name)
        let isPicture = kind == .still || kind == .video
        return isPicture && roots[table[directory].root].holdsOnlySidecars ? .other : kind
    }

    /// Whether a file of this name is one to describe, by the rules of its directory.
    func isWanted(_ file: SettleTracker.File, kind: NameClass) -> Bool {
        let rules = table[file.directory].rules
        guard kind.isReported, !rules.excludes(kind), !rules.excludesEverything else {
            return false
        }
        guard rules.hasPatterns else { return true }
        let path = table.path(of: file.directory).appending(file.name)
        return !rules.ignores(path.bytes, isDirectory: false)
    }

    /// What stands there is no directory: one that was known is gone, and so is a media file unless
    /// one stands there now.
    private func replaced(
        _ name: FilePath.Component, in directory: DirectoryID, child: DirectoryID?, kind: NameClass,
        volume: Volume
    ) {
        if let child { drop(child) }
        guard child != nil || kind.isReported else { return }
        emit(
            .absent(table.path(of: directory).appending(name), volume), root: table[directory].root)
        forget(SettleTracker.File(directory: directory, name: name))
    }

    private func foundDirectory(
        _ name: FilePath.Component, in directory: DirectoryID, status: FileStatus, volume: Volume,
        kind: NameClass
    ) {
        if let child = table.child(of: directory, named: name) {
            let node = table[child]
            let isSame = node.identity == nil || node.identity == status.identity
            if isSame, node.flags.contains(.scanPending) { return }
            if isSame, node.identity != nil, !node.flags.contains(.unreadable) {
                let isServed = node.watch >= 0 || node.flags.contains(.polled)
                if !isServed { requestScan(child, [.recursive]) }
                return
            }
            drop(child)
        }
        let path = table.path(of: directory).appending(name)
        let node = table[directory]
        guard !node.rules.excludesEverything else { return }
        if node.rules.hasPatterns, node.rules.ignores(path.bytes, isDirectory: true) { return }
        // A directory of a picture's name: what the name stood for is gone.
        if kind.isReported {
            emit(.absent(path, volume), root: node.root)
            forget(SettleTracker.File(directory: directory, name: name))
        }
        adopt(name, in: directory)
    }

    /// Nothing stands under a name.
    private func vanished(
        _ name: FilePath.Component, in directory: DirectoryID, volume: Volume, wasDirectory: Bool,
        kind: NameClass
    ) {
        // A directory that was not looked at yet will be, and tells the whole truth then.
        guard table[directory].identity != nil else { return }
        let path = table.path(of: directory).appending(name)
        let file = SettleTracker.File(directory: directory, name: name)
        // What is said of its other names comes when it is known to be gone from this one.
        defer { forget(file) }
        if let child = table.child(of: directory, named: name) { drop(child) }
        let root = table[directory].root
        dropLinks(under: path, root: root)
        guard wasDirectory || kind.isReported else { return }
        emit(.absent(path, volume), root: root)
    }
}
