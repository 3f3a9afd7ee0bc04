import FileSystem
import SystemPackage

/// What the control files of a directory and of those above it say; shared by the directories below
/// that have none of their own.
final class IgnoreRules: Sendable {
    /// Kinds of media that are left out.
    struct Kinds: OptionSet {
        let rawValue: UInt8
        static let stills = Kinds(rawValue: 1)
        static let videos = Kinds(rawValue: 2)
    }

    /// A pattern file above this size is not one that a person wrote; it is not read.
    static let maximumFileSize = 64 * 1024

    private let parent: IgnoreRules?
    private let patterns: [GitignorePattern]
    /// Length in bytes of the directory's path below its root, the slash behind it included.
    private let prefixLength: Int
    /// The media that are left out here and below.
    let excludedKinds: Kinds
    /// Whether nothing here and below counts (`.nomedia`).
    let excludesEverything: Bool

    /// Adds a directory's own rules to those that it inherits.
    init(
        parent: IgnoreRules?, directory: FilePath, patterns: [GitignorePattern],
        excludedKinds: Kinds, excludesEverything: Bool
    ) {
        self.parent = parent
        self.patterns = patterns
        let length = directory.bytes.count
        prefixLength = length == 0 ? 0 : length + 1
        self.excludedKinds = excludedKinds.union(parent?.excludedKinds ?? [])
        self.excludesEverything = excludesEverything
    }

    /// The rules where there are none.
    static let none = IgnoreRules(
        parent: nil, directory: FilePath(), patterns: [], excludedKinds: [],
        excludesEverything: false)

    /// Whether a pattern leaves an entry out, `path` being its path below the root.
    ///
    /// Nothing below an ignored directory can be taken back: nobody looks there.
    func ignores(_ path: [UInt8], isDirectory: Bool) -> Bool {
        var rules: IgnoreRules? = self
        while let current = rules {
            let relative = path.dropFirst(current.prefixLength)
            for pattern in current.patterns.reversed()
            where pattern.matches(relative, isDirectory: isDirectory) {
                return !pattern.isNegated
            }
            rules = current.parent
        }
        return false
    }

    /// Whether the kind of media that a name stands for is left out.
    func excludes(_ kind: NameClass) -> Bool {
        switch kind {
        case .still: excludedKinds.contains(.stills)
        case .video: excludedKinds.contains(.videos)
        case .sidecar: excludedKinds.isSuperset(of: [.stills, .videos])
        case .ignored, .control, .other: true
        }
    }

    /// Whether any pattern would have to be asked.
    var hasPatterns: Bool {
        !patterns.isEmpty || parent?.hasPatterns == true
    }

    /// Reads a directory's control files.
    ///
    /// - Parameters:
    ///   - names: The control files that stand in the directory.
    ///   - descriptor: The open directory.
    ///   - directory: Its path below the root.
    ///   - parent: The rules it inherits.
    /// - Returns: The rules for its entries, and a sentence about what may not be read.
    /// - Throws: `Errno`, when what a file says could not be found out.
    static func read(
        _ names: [FilePath.Component], in descriptor: FileDescriptor, directory: FilePath,
        inheriting parent: IgnoreRules
    ) throws(Errno) -> (rules: IgnoreRules, problem: String?) {
        guard !names.isEmpty else { return (parent, nil) }
        var kinds = Kinds()
        if names.contains(NameRules.ControlFile.noImage) { kinds.insert(.stills) }
        if names.contains(NameRules.ControlFile.noVideo) { kinds.insert(.videos) }
        var patterns: [GitignorePattern] = []
        var problem: String?
        let ignoreFile = NameRules.ControlFile.ignore
        if names.contains(ignoreFile) {
            do {
                patterns = parse(
                    try BoundedFile.contents(of: ignoreFile, in: descriptor, limit: maximumFileSize)
                )
            } catch let error as Errno where !error.meansAbsence && !error.meansRefusal {
                // Which of the names count is not known then.
                throw error
            } catch {
                problem = "its \(ignoreFile) is not used: \(error)"
            }
        }
        let rules = IgnoreRules(
            parent: parent, directory: directory, patterns: patterns, excludedKinds: kinds,
            excludesEverything: names.contains(NameRules.ControlFile.noMedia))
        return (rules, problem)
    }

    /// Splits a pattern file into its lines; a byte-order mark and carriage returns do no harm.
    static func parse(_ bytes: [UInt8]) -> [GitignorePattern] {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let hasReturn = line.last == UInt8(ascii: "\r")
            return GitignorePattern(line: hasReturn ? line.dropLast() : line)
        }
    }
}
