import FileSystem
import Glibc
import SystemPackage

extension WatchEngine {
    /// Makes sure that a directory's changes are noticed: by a watch, or else by polling.
    func placeWatch(on directory: DirectoryID, at path: FilePath, status: FileStatus) {
        table[directory].flags.subtract([.polled, .alias])
        let isOut = watchesExhausted && table[directory].watch < 0
        guard let events = environment.events, !options.forcesPolling, !isOut,
            !table[directory].flags.contains(.remote)
        else { return pollInstead(directory) }
        do {
            let isRoot = table[directory].name == nil
            var watch = try events.addWatch(path, followingLink: isRoot)
            if let other = table.directory(of: watch), other != directory {
                guard release(watch, from: other, identity: status.identity),
                    table.contains(directory)
                else {
                    if table.contains(directory) { table[directory].flags.insert(.alias) }
                    return pollInstead(directory)
                }
                watch = try events.addWatch(path, followingLink: isRoot)
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
        let status = try? FileStatus(
            at: absolutePath(of: holder), followingLinks: table[holder].name == nil)
        if status?.identity == identity { return false }
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

    private func endWatch(of directory: DirectoryID) {
        let watch = table[directory].watch
        guard watch >= 0 else { return }
        table.setWatch(nil, of: directory)
        end(watch)
    }

    /// Forgets a directory with all below it and ends their watches.
    func drop(_ directory: DirectoryID) {
        for watch in table.remove(directory) { end(watch) }
    }

    private func end(_ watch: WatchDescriptor) {
        retired.insert(watch)
        guard ancestorWatches[watch] == nil else { return }
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

    private static func readLimit(_ path: FilePath) -> Int? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? file.close() }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = try? buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        guard let count else { return nil }
        return Int(String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
