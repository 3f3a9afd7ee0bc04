import SystemPackage

/// A folder that `TreeChurn` knows, by its place among the others: it moves with all that it holds
/// when its own place changes.
final class ChurnedFolder {
    private var parent: ChurnedFolder?
    private var name: FilePath
    private var isRemoved = false

    /// A root, with its whole path.
    init(root: FilePath) {
        name = root
    }

    /// A folder below another.
    init(_ name: FilePath, in parent: ChurnedFolder) {
        self.name = name
        self.parent = parent
    }

    var isRoot: Bool { parent == nil }

    /// Where it is now.
    var path: FilePath { parent?.path.pushing(name) ?? name }

    /// Whether it, or one above it, was removed.
    var isGone: Bool { isRemoved || parent?.isGone ?? false }

    func isInside(_ other: ChurnedFolder) -> Bool {
        self === other || parent?.isInside(other) ?? false
    }

    func move(to parent: ChurnedFolder, as name: FilePath) {
        self.parent = parent
        self.name = name
    }

    func remove() { isRemoved = true }
}

/// A file that `TreeChurn` knows.
struct ChurnedFile {
    var folder: ChurnedFolder
    var name: FilePath

    var path: FilePath { folder.path.pushing(name) }
}
