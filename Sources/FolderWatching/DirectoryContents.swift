import FileSystem
import SystemPackage

/// What a directory holds after the ignore rules.
struct DirectoryContents {
    /// A media file.
    struct File {
        var name: FilePath.Component
        var status: FileStatus
    }

    /// A link to a file on another volume than the directory's.
    struct LinkedFile {
        var name: FilePath.Component
        var status: FileStatus
        var volume: Volume
    }

    /// The media files on the directory's own volume.
    var files: [File] = []
    var linkedFiles: [LinkedFile] = []
    /// Names of links that lead to a media file, or would.
    var links: [FilePath.Component] = []
    /// The directories, links to folders that are followed among them.
    var directories: [FilePath.Component] = []
    /// Names of which it could not be found out what stands there.
    var unknown: [FilePath.Component] = []
    /// The first error behind `unknown` that calls for another look soon.
    var problem: Errno?
    /// The rules for the entries, those for the directories below included.
    var rules = IgnoreRules.none
    var passedOver = PassedOver()
    /// Whether links lead to other file systems, or would if something were mounted there.
    var hasForeignLinks = false
}

/// Applies a directory's rules to the names in it.
struct EntryFilter {
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
