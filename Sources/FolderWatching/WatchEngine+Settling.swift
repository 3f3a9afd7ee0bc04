import FileSystem
import SystemPackage

extension WatchEngine {
    /// A media file was seen: it is reported at once if it is old enough, or else once it settles.
    func found(_ file: SettleTracker.File, status: FileStatus) {
        if hasStoodStill(status, in: file.directory) {
            tracker.remove(file)
            emit(
                .settled(path(of: file), status, volume(of: file.directory)),
                root: table[file.directory].root)
        } else if !tracker.contains(file) {
            tracker.wait(for: file, status: status, now: environment.clock.monotonic())
        }
    }

    /// Whether a file's age alone shows that it has stood still.
    func hasStoodStill(_ status: FileStatus, in directory: DirectoryID) -> Bool {
        judge.hasStoodStill(
            status, foreignClock: table[directory].flags.contains(.foreignClock))
    }

    /// Looks again at the files whose time has come.
    func reportDueFiles() {
        let now = environment.clock.monotonic()
        while let (file, before) = tracker.popDue(now: now) {
            guard table.contains(file.directory) else { continue }
            let kind = names.classify(file.name)
            let path = absolutePath(of: file.directory).appending(file.name)
            guard isWanted(file, kind: kind), let status = try? FileStatus(at: path),
                status.kind == .file
            else {
                examine(file.name, in: file.directory, flags: .gone)
                continue
            }
            if status == before {
                emit(
                    .settled(self.path(of: file), status, volume(of: file.directory)),
                    root: table[file.directory].root)
            } else {
                tracker.wait(for: file, status: status, now: now)
            }
        }
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
