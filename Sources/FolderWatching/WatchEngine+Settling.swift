import FileSystem
import SystemPackage

extension WatchEngine {
    /// A media file was seen: it is reported at once if it is old enough, or else once it settles.
    func found(_ file: SettleTracker.File, status: FileStatus, on volume: Volume) {
        if hasStoodStill(status, in: file.directory) {
            forget(file, standing: status)
            emit(.settled(path(of: file), status, volume), root: table[file.directory].root)
        } else {
            waitForRest(of: file, status: status)
        }
    }

    /// Waits until a file stands still, unless that is being done.
    func waitForRest(of file: SettleTracker.File, status: FileStatus) {
        guard !tracker.contains(file) else { return }
        tracker.wait(
            for: file, ofRoot: table[file.directory].root, status: status,
            now: environment.clock.monotonic())
    }

    /// Waits no longer for a file to stand still.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - status: What stands under its name now, if a file does.
    func forget(_ file: SettleTracker.File, standing status: FileStatus? = nil) {
        guard let last = tracker.remove(file) else { return }
        noteLostName(of: last, standing: status, root: table[file.directory].root)
    }

    /// Reports that a file which had changed is not to be found under its name any more.
    private func noteLostName(of last: FileStatus, standing status: FileStatus?, root: Int) {
        guard last.inode != 0, status?.identity != last.identity else { return }
        emit(.lostName(last), root: root)
    }

    /// Whether a file's age alone shows that it has stood still.
    func hasStoodStill(_ status: FileStatus, in directory: DirectoryID) -> Bool {
        judge.hasStoodStill(
            status, foreignClock: table[directory].flags.contains(.foreignClock))
    }

    /// Looks again at the files whose time has come.
    func reportDueFiles() {
        let now = environment.clock.monotonic()
        while let (file, root, before) = tracker.popDue(now: now) {
            guard table.contains(file.directory) else {
                noteLostName(of: before, standing: nil, root: root)
                continue
            }
            let look = look(at: file.name, in: file.directory)
            if case .present(let status, let volume) = look, status.kind == .file,
                status == before, isWanted(file, kind: classify(file.name, in: file.directory)),
                isAnnounced(volume, of: file)
            {
                emit(.settled(self.path(of: file), status, volume), root: root)
                continue
            }
            // Gone, no file any more, changed again, or not known: in any case to be seen anew.
            guard table.contains(file.directory) else { continue }
            switch look {
            case .present(let status, _):
                noteLostName(of: before, standing: status, root: root)
            case .absent: noteLostName(of: before, standing: nil, root: root)
            case .unknown: break
            }
            examine(file.name, in: file.directory, flags: .gone)
        }
    }

    private func isAnnounced(_ volume: Volume, of file: SettleTracker.File) -> Bool {
        let root = table[file.directory].root
        let isAnnounced = isAnnounced(
            volume, beginningAt: linkPath(of: file.name, in: file.directory, on: volume),
            root: root)
        return isAnnounced && table.contains(file.directory)
    }

    private func path(of file: SettleTracker.File) -> FilePath {
        table.path(of: file.directory).appending(file.name)
    }
}

extension WatchEngine {
    /// Says for each root how many files were still being written when the pass ended.
    func reportUnsettled() {
        var counts: [Int: Int] = [:]
        for file in tracker.files where table.contains(file.directory) {
            counts[table[file.directory].root, default: 0] += 1
        }
        for (root, count) in counts.sorted(by: { $0.key < $1.key }) {
            let files = count == 1 ? "file is" : "files are"
            notice(
                "\(count) \(files) still being written and left out of this pass", root: root)
        }
        flush()
    }
}
