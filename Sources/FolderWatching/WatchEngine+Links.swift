import FileSystem
import SystemPackage

/// A link changes with the file that it leads to, of which no message tells in the link's own directory.
extension WatchEngine {
    /// So many folders are watched for the sake of links alone; beyond that links are polled.
    static let maximumTargetFolders = 16_384

    /// Takes note of what a link depends on, and sees to it that it is told of.
    func noteLink(_ name: FilePath.Component, in directory: DirectoryID) {
        // Without messages every directory is polled, and the links in it with it.
        guard environment.events != nil, !options.forcesPolling else { return }
        let link = LinkTargets.Link(directory: directory, name: name)
        let path = absolutePath(of: directory).appending(name)
        var place = links.place(ofLinkAt: path)
        // What is missing may have come before its folder was watched.
        for _ in 0..<8 {
            if let unused = linkTargets.set(place, of: link) { endTargetWatch(on: unused) }
            guard let found = place else { return }
            watchTarget(found.folder, of: directory)
            place = links.place(ofLinkAt: path)
            if place == found { return }
        }
    }

    /// Takes note of all links in a directory.
    func noteLinks(_ names: [FilePath.Component], in directory: DirectoryID) {
        let before = linkTargets.isEmpty ? [] : linkTargets.names(in: directory)
        for name in Set(before).subtracting(names) {
            let link = LinkTargets.Link(directory: directory, name: name)
            if let unused = linkTargets.set(nil, of: link) { endTargetWatch(on: unused) }
        }
        for name in names { noteLink(name, in: directory) }
    }

    /// Makes sure that changes in a folder that a link leads into are noticed, by a watch or by polling the
    /// link's directory.
    private func watchTarget(_ folder: FilePath, of directory: DirectoryID) {
        guard targetFolders[folder] == nil, let events = environment.events else { return }
        guard targetFolders.count < Self.maximumTargetFolders, reportsChanges(folder),
            let watch = try? events.addWatch(folder, followingLink: false)
        else { return retryLater(directory) }
        targetFolders[folder] = watch
        targetWatches[watch] = folder
    }

    private func reportsChanges(_ folder: FilePath) -> Bool {
        guard let opened = try? OpenDirectory(at: folder),
            let kind = try? FileSystemKind(of: opened.descriptor)
        else { return false }
        return kind.reportsChanges
    }

    private func endTargetWatch(on folder: FilePath) {
        guard let watch = targetFolders.removeValue(forKey: folder) else { return }
        targetWatches[watch] = nil
        if table.directory(of: watch) == nil { end(watch) }
    }

    /// Follows a message up about a folder that links lead into.
    func noteTargetEvent(_ event: FileEvent) {
        guard let folder = targetWatches[event.watch] else { return }
        if event.flags.contains(.watchEnded) {
            targetWatches[event.watch] = nil
            targetFolders[folder] = nil
        }
        if !event.flags.isDisjoint(with: [.watchEnded, .unmounted, .selfGone]) {
            dueLinks.formUnion(linkTargets.links(into: folder))
        } else if let name = event.name {
            dueLinks.formUnion(linkTargets.links(to: name, in: folder))
        }
    }

    /// What happened to a folder that is no longer where it was may have happened to links into it.
    func noteDropped(_ directory: DirectoryID) {
        guard !linkTargets.isEmpty else { return }
        droppedFolders.insert(absolutePath(of: directory))
    }

    /// What was seen of a directory by listing it is news of links into it.
    func noteListed(_ directory: DirectoryID) {
        guard !linkTargets.isEmpty, !roots[table[directory].root].isScanning else { return }
        dueLinks.formUnion(linkTargets.links(into: absolutePath(of: directory)))
    }

    /// Looks again at links whose files may have changed.
    func examineDueLinks() {
        if !droppedFolders.isEmpty {
            let dropped = droppedFolders
            droppedFolders = []
            for folder in linkTargets.folders where folder.isInside(anyOf: dropped) {
                dueLinks.formUnion(linkTargets.links(into: folder))
            }
        }
        let due = dueLinks
        dueLinks = []
        for link in due where table.contains(link.directory) {
            examine(link.name, in: link.directory, flags: .gone)
        }
    }

    /// Forgets links whose directories are gone.
    func forgetGoneLinks() {
        for directory in Array(linkTargets.directories) where !table.contains(directory) {
            for name in linkTargets.names(in: directory) {
                let link = LinkTargets.Link(directory: directory, name: name)
                if let unused = linkTargets.set(nil, of: link) { endTargetWatch(on: unused) }
            }
        }
    }
}

extension FilePath {
    /// Whether this is one of some folders or below one.
    fileprivate func isInside(anyOf folders: Set<FilePath>) -> Bool {
        var path = self
        while !folders.contains(path) {
            guard path.lastComponent != nil else { return false }
            path.removeLastComponent()
        }
        return true
    }
}
