import FileSystem
import Glibc
import SystemPackage

extension WatchEngine {
    /// Makes sure that a directory's changes are noticed: by a watch, or else by polling.
    func placeWatch(on directory: DirectoryID, at path: FilePath, identity: FileIdentity) {
        table[directory].flags.subtract([.polled, .alias])
        let isOut = watchesExhausted && table[directory].watch < 0
        guard let events = environment.events, !options.forcesPolling, !isOut,
            !table[directory].flags.contains(.remote)
        else { return pollInstead(directory) }
        do {
            let isRoot = table[directory].name == nil
            let follows = isRoot || table[directory].linkTarget != nil
            var watch = try events.addWatch(path, followingLink: follows)
            if let other = table.directory(of: watch), other != directory {
                guard release(watch, from: other, identity: identity),
                    table.contains(directory)
                else {
                    if table.contains(directory) { table[directory].flags.insert(.alias) }
                    return pollInstead(directory)
                }
                watch = try events.addWatch(path, followingLink: follows)
            }
            guard table[directory].watch != watch else { return }
            endWatch(of: directory)
            table.setWatch(watch, of: directory)
        } catch {
            if error == .noSpace {
                watchesExhausted = true
                notice(Self.exhaustionNotice(options), root: table[directory].root)
            }
            // Whatever else it is, opening the directory will tell.
            pollInstead(directory)
        }
    }

    /// Takes a watch from the directory that has it, if that one is no longer at its path: it was
    /// moved, and the message that tells so has not been read yet.
    ///
    /// - Returns: Whether the watch is free; false for one directory under two paths (a bind mount).
    private func release(
        _ watch: WatchDescriptor, from holder: DirectoryID, identity: FileIdentity
    ) -> Bool {
        let path = absolutePath(of: holder)
        let follows = table[holder].name == nil || table[holder].linkTarget != nil
        do {
            if try FileStatus(at: path, followingLinks: follows).identity == identity {
                return false
            }
        } catch {
            // As long as it may be there it keeps its watch.
            guard error.meansAbsence else { return false }
        }
        reconsider(holder)
        return table.directory(of: watch) == nil
    }

    private func pollInstead(_ directory: DirectoryID) {
        guard table.contains(directory) else { return }
        endWatch(of: directory)
        retryLater(directory)
    }

    /// Looks at a directory again when the next poll comes.
    func retryLater(_ directory: DirectoryID) {
        table[directory].flags.insert(.polled)
        if pollsUnwatched, pollDeadline == nil, pollStart == nil {
            pollDeadline = environment.clock.monotonic() + options.pollInterval.nanoseconds
        }
    }

    /// Looks soon again at a directory of which something could not be found out.
    ///
    /// A refusal stays one until somebody changes a permission, of which the kernel tells: it is tried a
    /// few times and not for ever.
    func lookAgain(at directory: DirectoryID, after error: Errno) {
        let limit = error.meansRefusal ? 3 : nil
        retries.add(directory, now: environment.clock.monotonic(), attemptLimit: limit)
    }

    /// Looks again where something could not be found out.
    func retryUnknown() {
        guard let due = retries.takeDue(now: environment.clock.monotonic()) else { return }
        let uncertain = uncertainRoots
        uncertainRoots = []
        for root in uncertain { check(root) }
        for directory in due where table.contains(directory) {
            requestScan(directory, .recursive)
        }
    }

    /// Whether changes of a directory are noticed, or it will be looked at anyway.
    func isServed(_ directory: DirectoryID) -> Bool {
        let node = table[directory]
        return node.watch >= 0 || environment.events == nil
            || !node.flags.isDisjoint(with: [.polled, .scanPending])
    }

    private func endWatch(of directory: DirectoryID) {
        let watch = table[directory].watch
        guard watch >= 0 else { return }
        table.setWatch(nil, of: directory)
        end(watch)
    }

    /// Forgets a directory with all below it and ends their watches.
    func drop(_ directory: DirectoryID) {
        noteDropped(directory)
        for watch in table.remove(directory) { end(watch) }
    }

    func end(_ watch: WatchDescriptor) {
        retired.insert(watch)
        guard ancestorWatches[watch] == nil, targetWatches[watch] == nil else { return }
        // It fails when the kernel has ended the watch already.
        try? environment.events?.removeWatch(watch)
    }

    /// Watches the nearest directory above an offline root that exists, to see the root come back.
    func watchAncestor(of root: Int) {
        guard let events = environment.events else { return }
        releaseAncestor(of: root)
        var path = roots[root].path
        while !path.isFileSystemRoot {
            path.removeLastComponent()
            if let watch = try? events.addWatch(path, followingLink: true) {
                ancestorWatches[watch, default: []].insert(root)
                return
            }
        }
    }

    /// Ends the watch above a root.
    func releaseAncestor(of root: Int) {
        for (watch, waiting) in ancestorWatches where waiting.contains(root) {
            let others = waiting.subtracting([root])
            ancestorWatches[watch] = others.isEmpty ? nil : others
            if others.isEmpty, table.directory(of: watch) == nil { end(watch) }
        }
    }

    /// Looks at the directories that no watch serves.
    func poll() {
        pollDeadline = nil
        watchesExhausted = false
        for directory in Array(table.all) where table[directory].flags.contains(.polled) {
            requestScan(directory, [.quiet])
            pollStart = environment.clock.monotonic()
        }
    }

    /// Sets the time of the next poll once one is over: polling takes a tenth of the time at most.
    func pollEnded() {
        guard let start = pollStart, scans.isEmpty else { return }
        pollStart = nil
        let now = environment.clock.monotonic()
        pollDeadline = now + max(options.pollInterval.nanoseconds, 9 * (now - start))
    }

    private static func exhaustionNotice(_ options: WatchOptions) -> String {
        let setting = "fs.inotify.max_user_watches"
        let current = readLimit("/proc/sys/fs/inotify/max_user_watches")
        let proposal = max(524_288, 4 * (current ?? 0))
        let limit = current.map { " (now \($0))" } ?? ""
        return """
            The kernel's limit of watched folders, \(setting)\(limit), is used up; the other folders \
            are looked at every \(options.pollInterval.components.seconds) s instead. To raise it, \
            write “\(setting) = \(proposal)” into /etc/sysctl.d/60-vignette.conf and run \
            “sysctl --system”.
            """
    }

    /// nil where the system does not say; the advice goes without the number then.
    private static func readLimit(_ path: FilePath) -> Int? {
        let text = try? BoundedFile.contents(at: path, limit: 32)
        return text.flatMap { Int(String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self)) }
    }
}
