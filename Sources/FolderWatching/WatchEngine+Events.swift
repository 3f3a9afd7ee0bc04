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
        for root in suspectRoots { check(root) }
        suspectRoots = []
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
        guard let directory = table.directory(of: event.watch) else {
            let isKnown =
                ancestorWatches[event.watch] != nil || retired.contains(event.watch)
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
        let kind = names.classify(name)
        if kind == .control { requestScan(directory, [.recursive]) }
        guard kind != .ignored, kind != .control else { return }
        let child = table.child(of: directory, named: name)
        let file = SettleTracker.File(directory: directory, name: name)
        let mayBeDirectory = child != nil || flags.contains(.directory)
        guard mayBeDirectory || kind.isMedia else { return }
        // It will be looked at when it is due; until then only its end is news.
        if !mayBeDirectory, tracker.contains(file), !flags.contains(.gone) { return }
        let path = absolutePath(of: directory).appending(name)
        let status: FileStatus
        do {
            status = try FileStatus(at: path)
        } catch {
            if error.meansAbsence {
                vanished(name, in: directory, wasDirectory: mayBeDirectory, kind: kind)
            } else {
                notice("\(path) cannot be looked at: \(error)", root: table[directory].root)
            }
            return
        }
        switch status.kind {
        case .directory: foundDirectory(name, in: directory, status: status, kind: kind)
        case .file where child == nil && isWanted(file, kind: kind): found(file, status: status)
        case .file, .symbolicLink, .other:
            replaced(name, in: directory, child: child, kind: kind)
            if status.kind == .file, isWanted(file, kind: kind) { found(file, status: status) }
        }
    }

    /// Whether a file of this name is one to describe, by the rules of its directory.
    func isWanted(_ file: SettleTracker.File, kind: NameClass) -> Bool {
        let rules = table[file.directory].rules
        guard kind.isMedia, !rules.excludes(kind), !rules.excludesEverything else { return false }
        guard rules.hasPatterns else { return true }
        let path = table.path(of: file.directory).appending(file.name)
        return !rules.ignores(path.bytes, isDirectory: false)
    }

    /// What stands there is no directory: one that was known is gone, and so is a media file unless
    /// one stands there now.
    private func replaced(
        _ name: FilePath.Component, in directory: DirectoryID, child: DirectoryID?, kind: NameClass
    ) {
        if let child { drop(child) }
        guard child != nil || kind.isMedia else { return }
        tracker.remove(SettleTracker.File(directory: directory, name: name))
        reportAbsence(of: table.path(of: directory).appending(name), root: table[directory].root)
    }

    private func foundDirectory(
        _ name: FilePath.Component, in directory: DirectoryID, status: FileStatus, kind: NameClass
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
        guard !node.rules.excludesEverything, !roots[node.root].isShielded(path) else { return }
        if node.rules.hasPatterns, node.rules.ignores(path.bytes, isDirectory: true) { return }
        // A directory of a picture's name: what the name stood for is gone.
        if kind.isMedia {
            tracker.remove(SettleTracker.File(directory: directory, name: name))
            emit(.absent(path, volume(of: directory)), root: node.root)
        }
        adopt(name, in: directory)
    }

    /// Nothing stands under a name; make sure before saying so.
    private func vanished(
        _ name: FilePath.Component, in directory: DirectoryID, wasDirectory: Bool, kind: NameClass
    ) {
        // A directory that was not looked at yet will be, and tells the whole truth then.
        guard table[directory].identity != nil else { return }
        if environment.mounts.hasChanged() {
            mountsChanged()
            if table.contains(directory) { requestScan(directory, []) }
            return
        }
        guard stands(directory) else {
            // It is not the entry that went, but something above it.
            reconsider(directory)
            if table.contains(directory) { requestScan(directory, []) }
            return
        }
        tracker.remove(SettleTracker.File(directory: directory, name: name))
        if let child = table.child(of: directory, named: name) { drop(child) }
        guard wasDirectory || kind.isMedia else { return }
        reportAbsence(of: table.path(of: directory).appending(name), root: table[directory].root)
    }

    /// Whether the directory is still found at its path.
    private func stands(_ directory: DirectoryID) -> Bool {
        let node = table[directory]
        let status = try? FileStatus(
            at: absolutePath(of: directory), followingLinks: node.name == nil)
        return status?.identity == node.identity
    }

    /// Reports that nothing stands at a path, but for mounts below it that are only missing.
    private func reportAbsence(of path: FilePath, root: Int) {
        guard !roots[root].isShielded(path) else { return }
        guard roots[root].namesOfMissingMounts(in: path).isEmpty else {
            return listWayToMissingMounts(from: path, root: root)
        }
        emit(.absent(path, Volume(key: "", point: "")), root: root)
    }

    func volume(of directory: DirectoryID) -> Volume {
        Volume(key: "", point: "")
    }

    /// Lists directories that are gone but lead to missing mounts, so that only what these held stays
    /// known.
    func listWayToMissingMounts(from path: FilePath, root: Int) {
        guard !roots[root].isShielded(path) else { return }
        let names = roots[root].namesOfMissingMounts(in: path)
        let listing = DirectoryListing(
            directory: path, volume: Volume(key: "", point: ""), files: [],
            subdirectories: Array(names))
        emit(.listing(listing), root: root)
        for name in names { listWayToMissingMounts(from: path.appending(name), root: root) }
    }
}
