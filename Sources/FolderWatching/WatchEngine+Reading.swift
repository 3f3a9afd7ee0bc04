import FileSystem
import SystemPackage

/// What a directory holds after the ignore rules.
struct DirectoryContents {
    /// A media file.
    struct File {
        var name: FilePath.Component
        var status: FileStatus
    }

    var files: [File] = []
    var directories: [FilePath.Component] = []
    /// The rules for the entries, those for the directories below included.
    var rules = IgnoreRules.none
}

extension WatchEngine {
    /// Reads a directory.
    ///
    /// - Throws: `Errno`; `.canceled` when the watcher is to end.
    func read(
        _ directory: DirectoryID, from reader: inout DirectoryReader
    ) throws -> DirectoryContents {
        var media: [(name: FilePath.Component, kind: NameClass)] = []
        var directories: [FilePath.Component] = []
        var controls: [FilePath.Component] = []
        var count = 0
        while let entry = try reader.next() {
            count += 1
            if count.isMultiple(of: 1024) { try breathe() }
            let kind = names.classify(entry.name)
            guard kind != .ignored, entry.kind != .other,
                kind.isMedia || kind == .control || entry.kind != .file,
                let name = FilePath.Component(bytes: entry.name)
            else { continue }
            var isDirectory = entry.kind == .directory
            if entry.kind == .unknown {
                guard let status = try status(of: name, in: reader) else { continue }
                isDirectory = status.kind == .directory
            }
            if kind == .control {
                controls.append(name)
            } else if isDirectory {
                directories.append(name)
            } else if kind.isMedia {
                media.append((name, kind))
            }
        }
        let rules = readRules(of: directory, controls: controls, from: reader)
        guard !rules.excludesEverything else { return DirectoryContents(rules: rules) }
        let filter = EntryFilter(rules: rules, directory: table.path(of: directory))
        return DirectoryContents(
            files: try files(media, filter: filter, from: reader),
            directories: directories.filter { filter.keeps(directory: $0) }, rules: rules)
    }

    private func files(
        _ media: [(name: FilePath.Component, kind: NameClass)], filter: EntryFilter,
        from reader: borrowing DirectoryReader
    ) throws -> [DirectoryContents.File] {
        var files: [DirectoryContents.File] = []
        files.reserveCapacity(media.count)
        for (index, entry) in media.enumerated() where filter.keeps(file: entry.name, entry.kind) {
            if index % 1024 == 1023 { try breathe() }
            guard let status = try status(of: entry.name, in: reader), status.kind == .file else {
                continue
            }
            files.append(DirectoryContents.File(name: entry.name, status: status))
        }
        return files
    }

    /// An entry's status; nil when it has gone meanwhile.
    private func status(
        of name: FilePath.Component, in reader: borrowing DirectoryReader
    ) throws(Errno) -> FileStatus? {
        do {
            return try FileStatus(of: name, in: reader.descriptor)
        } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    private func readRules(
        of directory: DirectoryID, controls: [FilePath.Component],
        from reader: borrowing DirectoryReader
    ) -> IgnoreRules {
        let inherited = table.parent(of: directory).map { table[$0].rules } ?? .none
        let (rules, problem) = IgnoreRules.read(
            controls, in: reader.descriptor, directory: table.path(of: directory),
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

/// Applies a directory's rules to the names in it.
private struct EntryFilter {
    let rules: IgnoreRules
    private let prefix: [UInt8]

    init(rules: IgnoreRules, directory: FilePath) {
        self.rules = rules
        let bytes = directory.bytes
        prefix = bytes.isEmpty ? [] : bytes + [UInt8(ascii: "/")]
    }

    func keeps(file name: FilePath.Component, _ kind: NameClass) -> Bool {
        !rules.excludes(kind) && !ignores(name, isDirectory: false)
    }

    func keeps(directory name: FilePath.Component) -> Bool {
        !ignores(name, isDirectory: true)
    }

    private func ignores(_ name: FilePath.Component, isDirectory: Bool) -> Bool {
        rules.hasPatterns && rules.ignores(prefix + name.bytes, isDirectory: isDirectory)
    }
}
