import FileSystem
import SystemPackage

extension WatchEngine {
    /// A directory that is open for reading, and what its place means.
    struct OpenedDirectory: ~Copyable {
        var reader: DirectoryReader
        let anchor: Anchor
        let mounted: MountedVolume
        /// As the kernel says it; inode numbers may mean nothing.
        let status: FileStatus
    }

    /// An entry that may count, as far as its name and the directory tell.
    private struct Candidate {
        var name: FilePath.Component
        var nameClass: NameClass
        var kind: DirectoryReader.Entry.Kind
    }

    /// Reads a directory.
    ///
    /// - Throws: `Errno`; `.canceled` when the watcher is to end.
    func read(
        _ directory: DirectoryID, from opened: inout OpenedDirectory
    ) throws(Errno) -> DirectoryContents {
        var contents = DirectoryContents()
        var candidates: [Candidate] = []
        var controls: [FilePath.Component] = []
        var count = 0
        while let entry = try opened.reader.next() {
            count += 1
            if count.isMultiple(of: 1024) { try breathe() }
            let nameClass = classify(entry.name, in: directory)
            if nameClass == .control, let name = FilePath.Component(bytes: entry.name) {
                controls.append(name)
            } else if let reason = reasonToPassOver(entry, nameClass) {
                contents.passedOver.count(reason)
            } else if entry.kind == .file, !nameClass.isReported {
                contents.passedOver.count(fileExtension: names.fileExtension(entry.name))
            } else if let name = FilePath.Component(bytes: entry.name) {
                candidates.append(Candidate(name: name, nameClass: nameClass, kind: entry.kind))
            }
        }
        contents.rules = try readRules(of: directory, controls: controls, from: opened)
        guard !contents.rules.excludesEverything else {
            for _ in candidates { contents.passedOver.count(.ignoreRule) }
            return contents
        }
        let path = table.path(of: directory)
        let filter = EntryFilter(rules: contents.rules, directory: path)
        for (index, candidate) in candidates.enumerated() {
            if index % 1024 == 1023 { try breathe() }
            add(candidate, at: path, of: opened, filter: filter, to: &contents)
        }
        return contents
    }

    /// Why an entry is left out for its name or for what it is; nil if it may count, and for plain
    /// files that are no media by their extension.
    private func reasonToPassOver(
        _ entry: DirectoryReader.Entry, _ nameClass: NameClass
    ) -> PassedOver.Reason? {
        if nameClass == .ignored {
            return entry.name.first == UInt8(ascii: ".") ? .hiddenName : .ignoredName
        }
        if entry.kind == .other { return .specialFile }
        let isPlainLink = entry.kind == .link && !nameClass.isReported
        return isPlainLink && !links.followsLinks ? .unfollowedLink : nil
    }

    /// Finds out what an entry is and puts it where it belongs.
    private func add(
        _ candidate: Candidate, at path: FilePath, of opened: borrowing OpenedDirectory,
        filter: EntryFilter, to contents: inout DirectoryContents
    ) {
        let name = candidate.name
        if candidate.kind == .directory {
            addDirectory(name, filter: filter, to: &contents)
            return
        }
        guard candidate.kind != .file || filter.keeps(file: name, candidate.nameClass) else {
            contents.passedOver.count(.ignoreRule)
            return
        }
        let status: FileStatus
        do {
            status = try FileStatus(of: name, in: opened.reader.descriptor)
        } catch {
            // Gone since the directory was read, or else unknown.
            if !error.meansAbsence { contents.isUnknown(name, error) }
            return
        }
        switch status.kind {
        case .directory: addDirectory(name, filter: filter, to: &contents)
        case .symbolicLink:
            addLink(candidate, at: path, of: opened, filter: filter, to: &contents)
        case .file where !candidate.nameClass.isReported:
            let suffix = name.bytes.withUnsafeBytes { names.fileExtension($0) }
            contents.passedOver.count(fileExtension: suffix)
        case .file where filter.keeps(file: name, candidate.nameClass):
            let trusted = status.trusted(on: opened.mounted.kind)
            contents.files.append(DirectoryContents.File(name: name, status: trusted))
        case .file: contents.passedOver.count(.ignoreRule)
        case .other: contents.passedOver.count(.specialFile)
        }
    }

    private func addDirectory(
        _ name: FilePath.Component, filter: EntryFilter, to contents: inout DirectoryContents
    ) {
        if filter.keeps(directory: name) {
            contents.directories.append(name)
        } else {
            contents.passedOver.count(.ignoreRule)
        }
    }

    private func addLink(
        _ candidate: Candidate, at path: FilePath, of opened: borrowing OpenedDirectory,
        filter: EntryFilter, to contents: inout DirectoryContents
    ) {
        let name = candidate.name
        if candidate.nameClass.isReported, filter.keeps(file: name, candidate.nameClass) {
            contents.links.append(name)
        }
        do {
            let target = try links.target(
                of: name, in: opened.reader.descriptor, from: opened.anchor,
                path: path.appending(name))
            switch target {
            case .file where !candidate.nameClass.isReported:
                let suffix = name.bytes.withUnsafeBytes { names.fileExtension($0) }
                contents.passedOver.count(fileExtension: suffix)
            case .file where !filter.keeps(file: name, candidate.nameClass):
                contents.passedOver.count(.ignoreRule)
            case .file(let status, opened.mounted.volume):
                contents.files.append(DirectoryContents.File(name: name, status: status))
            case .file(let status, let volume):
                contents.hasForeignLinks = true
                contents.linkedFiles.append(
                    DirectoryContents.LinkedFile(name: name, status: status, volume: volume))
            case .folder:
                contents.hasForeignLinks = true
                addDirectory(name, filter: filter, to: &contents)
            case .unfollowed: contents.passedOver.count(.unfollowedLink)
            case .broken: contents.passedOver.count(.brokenLink)
            }
        } catch {
            guard error.meansAbsence else { return contents.isUnknown(name, error) }
            // What it leads to may be about to be mounted; until then there is nothing to wait for.
            contents.hasForeignLinks = true
            contents.unknown.append(name)
            contents.passedOver.count(.brokenLink)
        }
    }

    private func readRules(
        of directory: DirectoryID, controls: [FilePath.Component],
        from opened: borrowing OpenedDirectory
    ) throws(Errno) -> IgnoreRules {
        let inherited = table.parent(of: directory).map { table[$0].rules } ?? .none
        let (rules, problem) = try IgnoreRules.read(
            controls, in: opened.reader.descriptor, directory: table.path(of: directory),
            inheriting: inherited)
        if let problem {
            notice("\(absolutePath(of: directory)): \(problem)", root: table[directory].root)
        }
        return rules
    }

    /// Between the entries of a large directory: keeps the kernel's queue short, and stops when asked.
    private func breathe() throws(Errno) {
        try readEvents()
        if environment.isStopped() { throw .canceled }
    }
}

extension DirectoryContents {
    /// Takes note of a name that could not be looked at.
    fileprivate mutating func isUnknown(_ name: FilePath.Component, _ error: Errno) {
        unknown.append(name)
        if problem == nil { problem = error }
    }
}
